import { type OptionCheck, OptionsError, text } from '@holdfast/core/plugin'

/**
 * The login: a user with a password and a project, or an application credential, which has its project.
 *
 * A user is identified by `userId`, or by `username` within a domain; a project by `projectId`, or by `projectName` within a
 * domain, by default the user's. An application credential is identified by `applicationCredentialId`, or by
 * `applicationCredentialName` together with its user.
 */
export type KeystoneLogin = {
  readonly username?: string
  readonly userId?: string
  readonly password?: string
  readonly userDomainName?: string
  readonly userDomainId?: string
  readonly projectId?: string
  readonly projectName?: string
  readonly projectDomainName?: string
  readonly projectDomainId?: string
  readonly applicationCredentialId?: string
  readonly applicationCredentialName?: string
  readonly applicationCredentialSecret?: string
}

/** A complete login, without members that are not used. */
export type KeystoneCredentials = Readonly<Record<string, string>>

/** Members of the credentials that are no secrets: they identify user and project. */
export const shownMembers = [
  'username',
  'userId',
  'userDomainName',
  'userDomainId',
  'projectId',
  'projectName',
  'projectDomainName',
  'projectDomainId',
  'applicationCredentialId',
  'applicationCredentialName',
] as const

/** All members of a login. */
export const loginMembers = [...shownMembers, 'password', 'applicationCredentialSecret'] as const

/** A check for each member. */
export const loginChecks = {
  username: text,
  userId: text,
  password: text,
  userDomainName: text,
  userDomainId: text,
  projectId: text,
  projectName: text,
  projectDomainName: text,
  projectDomainId: text,
  applicationCredentialId: text,
  applicationCredentialName: text,
  applicationCredentialSecret: text,
} satisfies Record<keyof KeystoneLogin, OptionCheck>

type Given = Partial<Record<(typeof loginMembers)[number], string>>

export const noUser = 'is missing: give `username` or `userId`.'

/** Copies the members that are used, so that the same login always has the same digest. */
export function readLogin(login: object): KeystoneCredentials {
  const given: Given = {}
  for (const name of loginMembers) {
    const value = (login as KeystoneLogin)[name]
    if (value === undefined) continue
    text(value, name)
    given[name] = value
  }
  if (given.applicationCredentialId ?? given.applicationCredentialName ?? given.applicationCredentialSecret) {
    return credentialOf(given)
  }
  const user = userOf(given)
  if (given.password === undefined) throw new OptionsError('password', 'is missing.')
  return { ...user, password: given.password, ...projectOf(given, user) }
}

function userOf({ username, userId, userDomainName, userDomainId }: Given): KeystoneCredentials {
  if (userId !== undefined) return { userId }
  if (username === undefined) throw new OptionsError('username', noUser)
  if (userDomainId !== undefined) return { username, userDomainId }
  if (userDomainName !== undefined) return { username, userDomainName }
  throw new OptionsError('userDomainName', 'is missing: a `username` needs `userDomainName` or `userDomainId`.')
}

function projectOf(given: Given, user: KeystoneCredentials): KeystoneCredentials {
  const { projectId, projectName } = given
  if (projectId !== undefined) return { projectId }
  if (projectName === undefined) {
    throw new OptionsError('projectId', 'is missing: give `projectId` or `projectName`.')
  }
  const named = given.projectDomainId ?? given.projectDomainName
  const projectDomainId = named === undefined ? user.userDomainId : given.projectDomainId
  if (projectDomainId !== undefined) return { projectName, projectDomainId }
  const projectDomainName = given.projectDomainName ?? user.userDomainName
  if (projectDomainName !== undefined) return { projectName, projectDomainName }
  throw new OptionsError(
    'projectDomainName',
    'is missing: a `projectName` needs `projectDomainName` or `projectDomainId`.',
  )
}

/** A login with an application credential. It has its own user and project, so Keystone refuses any other project. */
function credentialOf(given: Given): KeystoneCredentials {
  const { applicationCredentialId, applicationCredentialName, applicationCredentialSecret } = given
  const contrary = (['password', 'projectId', 'projectName'] as const).find((name) => given[name] !== undefined)
  if (contrary !== undefined) {
    throw new OptionsError(contrary, 'contradicts the application credential, which has user, project and secret.')
  }
  if (applicationCredentialSecret === undefined) throw new OptionsError('applicationCredentialSecret', 'is missing.')
  if (applicationCredentialId !== undefined) return { applicationCredentialId, applicationCredentialSecret }
  if (applicationCredentialName === undefined) {
    throw new OptionsError(
      'applicationCredentialId',
      'is missing: give `applicationCredentialId`, or `applicationCredentialName` and the user.',
    )
  }
  return { ...userOf(given), applicationCredentialName, applicationCredentialSecret }
}
