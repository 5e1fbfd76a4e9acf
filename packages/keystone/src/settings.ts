import type { KeystoneOptions } from './options.ts'

/** Looks a setting up by its usual name (`user_domain_name`); empty ones count as absent. */
export type Setting = (name: string) => string | undefined

/** Says that a setting is missing, in the words of where it was looked for. */
export type Missing = (...names: readonly string[]) => Error

/**
 * Makes options of the settings that OpenStack's own clients take, older names included. `domain_*` and
 * `default_domain*` stand for the domain of whatever has none of its own.
 */
export function optionsFrom(setting: Setting, missing: Missing): KeystoneOptions {
  const [authUrl, password, region] = [setting('auth_url'), setting('password'), setting('region_name')]
  if (authUrl === undefined) throw missing('auth_url')
  const user = userOf(setting, missing)
  if (password === undefined) throw missing('password')
  const project = projectOf(setting, missing)
  return { authUrl, ...user, password, ...project, ...(region !== undefined && { region }) }
}

function userOf(setting: Setting, missing: Missing) {
  const userId = setting('user_id')
  if (userId !== undefined) return { userId }
  const username = setting('username')
  if (username === undefined) throw missing('username', 'user_id')
  const { id, name } = domainOf('user', setting) ?? {}
  if (id !== undefined) return { username, userDomainId: id }
  if (name !== undefined) return { username, userDomainName: name }
  throw missing('user_domain_name', 'user_domain_id')
}

function projectOf(setting: Setting, missing: Missing) {
  const projectId = setting('project_id') ?? setting('tenant_id')
  if (projectId !== undefined) return { projectId }
  const projectName = setting('project_name') ?? setting('tenant_name')
  if (projectName === undefined) throw missing('project_id', 'project_name')
  // The user's own, where none is found, unless the user is known without one.
  const { id, name } =
    domainOf('project', setting) ?? (setting('user_id') ? undefined : domainOf('user', setting)) ?? {}
  if (id !== undefined) return { projectName, projectDomainId: id }
  if (name !== undefined) return { projectName, projectDomainName: name }
  throw missing('project_domain_name', 'project_domain_id')
}

function domainOf(whose: 'user' | 'project', setting: Setting) {
  const places = [
    [`${whose}_domain_id`, `${whose}_domain_name`],
    ['domain_id', 'domain_name'],
    ['default_domain_id', 'default_domain_name'],
    ['default_domain', ''],
  ] as const
  for (const [ofId, ofName] of places) {
    const [id, name] = [setting(ofId), setting(ofName)]
    if (id !== undefined || name !== undefined) return { id, name }
  }
  return undefined
}
