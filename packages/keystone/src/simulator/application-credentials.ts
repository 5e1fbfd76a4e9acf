import { dig, textAt } from '@holdfast/openstack/simulator'
import { OptionsError } from '@holdfast/testing/simulator-kit'
import { type Directory, idOf, type Named, type User } from './directory.ts'
import { credentialMisses, noCredential, noUser, unauthorized } from './messages.ts'
import type { KeystoneApplicationCredential, KeystoneSettings } from './options.ts'

/** An application credential as the service stores it: it acts for its user in one project. */
export interface ApplicationCredential {
  readonly id: string
  readonly name: string
  readonly user: User
  readonly project: Named
}

/** Application credentials, found as requests name them. */
export interface ApplicationCredentials {
  readonly all: readonly ApplicationCredential[]
  /** The one that a login names, if its secret is right. Throws a `Refusal`. */
  open(named: unknown): ApplicationCredential
  isDeleted(credential: ApplicationCredential): boolean
  delete(credential: ApplicationCredential): void
}

/** Reads them from the options. @throws {OptionsError} for a user or a project that does not exist. */
export function createApplicationCredentials(
  { applicationCredentials }: Pick<KeystoneSettings, 'applicationCredentials'>,
  directory: Directory,
): ApplicationCredentials {
  const entries = applicationCredentials.map((given, index) => entry(given, index, directory))
  const secrets = new Map(entries.map((credential, index) => [credential, applicationCredentials[index]?.secret]))
  return {
    get all() {
      return [...secrets.keys()]
    },
    open(named) {
      const credential = find([...secrets.keys()], named, directory)
      if (secrets.get(credential) !== dig(named, 'secret')) throw unauthorized()
      return credential
    },
    isDeleted: (credential) => !secrets.has(credential),
    delete: (credential) => void secrets.delete(credential),
  }
}

/** By identifier, whatever user is named with it; or by name among those of its user. */
function find(all: readonly ApplicationCredential[], named: unknown, directory: Directory): ApplicationCredential {
  const [id, name] = [textAt(named, 'id'), textAt(named, 'name')]
  if (id !== undefined) {
    const credential = all.find((candidate) => candidate.id === id)
    if (credential === undefined) throw noCredential(id)
    return credential
  }
  if (name === undefined) throw credentialMisses('name or ID')
  if (dig(named, 'user') === undefined) throw credentialMisses('user')
  const credential = all.find((candidate) => candidate.name === name && candidate.user === userOf(named, directory))
  if (credential === undefined) throw unauthorized()
  return credential
}

/** The answer shows that a name does not exist, but not that an identifier does not exist. */
function userOf(named: unknown, directory: Directory): User | undefined {
  const user = directory.user(dig(named, 'user'))
  const name = textAt(named, 'user', 'name')
  if (user === undefined && name !== undefined && textAt(named, 'user', 'id') === undefined) throw noUser(name)
  return user
}

function entry(
  given: KeystoneApplicationCredential,
  index: number,
  { users: [first], users }: Directory,
): ApplicationCredential {
  const path = `applicationCredentials[${index}]`
  const user = given.user === undefined ? first : users.find(isCalled(given.user))
  if (user === undefined) throw new OptionsError(`${path}.user`, 'must be one of `users`.', 'keystoneServer')
  const project = given.project === undefined ? user.projects[0] : user.projects.find(isCalled(given.project))
  if (project === undefined) {
    throw new OptionsError(`${path}.project`, `must be one of the projects of ${user.name}.`, 'keystoneServer')
  }
  return { id: given.id ?? idOf(`${user.id} ${given.name}`), name: given.name, user, project }
}

/** True for the thing with that name or identifier. */
export const isCalled =
  (nameOrId: string) =>
  ({ id, name }: { readonly id: string; readonly name: string }): boolean =>
    id === nameOrId || name === nameOrId
