import { createHash } from 'node:crypto'
import { dig, textAt } from '@holdfast/openstack/simulator'
import type { KeystoneProject, KeystoneSettings, KeystoneUser } from './options.ts'

/** A thing with a name in a domain. */
export interface Named {
  readonly id: string
  readonly name: string
  readonly domain: { readonly id: string; readonly name: string }
}

/** A user as the directory has it. */
export interface User extends Named {
  readonly roles: readonly string[]
  /** Projects that a token of this user may be for. */
  readonly projects: readonly Named[]
}

/** Users and projects, found as requests name them. */
export interface Directory {
  readonly users: readonly User[]
  readonly projects: readonly Named[]
  /** By identifier, or by name and domain: the `user` of a request. */
  user(named: unknown): User | undefined
  project(named: unknown): Named | undefined
}

/** Reads users and projects from the options. */
export function createDirectory({ users, projects }: Pick<KeystoneSettings, 'users' | 'projects'>): Directory {
  const allProjects = projects.map(entry)
  const allUsers = users.map((user) => withRights(user, allProjects))
  return {
    users: allUsers,
    projects: allProjects,
    user: (named) => find(allUsers, named),
    project: (named) => find(allProjects, named),
  }
}

function withRights(user: KeystoneUser, projects: readonly Named[]): User {
  const { roles = ['member'], projects: allowed } = user
  const may = ({ id, name }: Named) => allowed === undefined || allowed.includes(id) || allowed.includes(name)
  return { ...entry(user), roles, projects: projects.filter(may) }
}

const entry = ({ name, id = idOf(name), domain = 'Default' }: KeystoneUser | KeystoneProject): Named => ({
  id,
  name,
  domain: { id: domain.toLowerCase(), name: domain },
})

/** 32 hexadecimal digits, the same for the same name. */
export const idOf = (name: string) => createHash('md5').update(name).digest('hex')

function find<Entry extends Named>(entries: readonly Entry[], named: unknown): Entry | undefined {
  const id = textAt(named, 'id')
  if (id !== undefined) return entries.find((entry) => entry.id === id)
  const domain = dig(named, 'domain')
  return entries.find(
    (entry) =>
      entry.name === textAt(named, 'name') &&
      (entry.domain.id === textAt(domain, 'id') || entry.domain.name === textAt(domain, 'name')),
  )
}
