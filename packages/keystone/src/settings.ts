import { OptionsError, oneOf, suggestion } from '@holdfast/core/plugin'
import type { KeystoneLogin } from './login.ts'
import { identityUrl, type KeystoneOptions } from './options.ts'

/** Settings by the names that OpenStack's own clients use, such as `user_domain_name`. */
export interface Settings {
  /** The value of a setting; empty ones count as absent. */
  get(name: string): string | undefined
  /** The path of a setting, for errors. */
  path(name: string): string
  /** Names of all settings, unknown ones included. */
  readonly names: readonly string[]
  /** The end of an error about a missing setting. @default nothing */
  readonly advice?: string
  /** The `auth_type` of OpenStack's own clients, and the path of that setting. */
  readonly type: readonly [name: string | undefined, path: string]
}

/**
 * Makes options from the settings of OpenStack's own clients, older names included. `domain_*` and `default_domain*` are the
 * domain of a user or project without its own.
 *
 * @throws {OptionsError} naming the setting at fault by its path.
 */
export function optionsFrom(settings: Settings): KeystoneOptions {
  const [authUrl, region] = ['auth_url', 'region_name'].map(settings.get)
  const isCredential = isOfCredential(settings)
  if (authUrl === undefined) throw missing(settings, 'auth_url')
  identityUrl(authUrl, settings.path('auth_url'))
  const login = isCredential ? credentialOf(settings) : passwordLogin(settings)
  return { authUrl, ...login, ...(region !== undefined && { region }) }
}

/** True if the settings name an application credential, or have only the secret of one. */
function isOfCredential({ type: [type, path], get }: Settings): boolean {
  if (type === undefined) return get('application_credential_secret') !== undefined
  oneOf('password', 'v3password', 'v3applicationcredential')(type, path)
  return type === 'v3applicationcredential'
}

/** The login with an application credential. A project is left out: files often have one, and Keystone refuses it there. */
function credentialOf(settings: Settings): KeystoneLogin {
  const [id, name, secret] = ['id', 'name', 'secret'].map((part) => settings.get(`application_credential_${part}`))
  if (secret === undefined) throw missing(settings, 'application_credential_secret')
  if (id !== undefined) return { applicationCredentialId: id, applicationCredentialSecret: secret }
  if (name === undefined) throw missing(settings, 'application_credential_id', 'application_credential_name')
  return { ...userOf(settings), applicationCredentialName: name, applicationCredentialSecret: secret }
}

function passwordLogin(settings: Settings): KeystoneLogin {
  const user = userOf(settings)
  const password = settings.get('password')
  if (password === undefined) throw missing(settings, 'password')
  return { ...user, password, ...projectOf(settings) }
}

function userOf(settings: Settings) {
  const userId = settings.get('user_id')
  if (userId !== undefined) return { userId }
  const username = settings.get('username')
  if (username === undefined) throw missing(settings, 'username', 'user_id')
  const { id, name } = domainOf('user', settings) ?? {}
  if (id !== undefined) return { username, userDomainId: id }
  if (name !== undefined) return { username, userDomainName: name }
  throw missing(settings, 'user_domain_name', 'user_domain_id')
}

function projectOf(settings: Settings) {
  const projectId = settings.get('project_id') ?? settings.get('tenant_id')
  if (projectId !== undefined) return { projectId }
  const projectName = settings.get('project_name') ?? settings.get('tenant_name')
  if (projectName === undefined) {
    const advice = `, as each token is for a project${settings.advice ?? ''}`
    throw missing({ ...settings, advice }, 'project_id', 'project_name')
  }
  // If none is found it is the user's own, unless the user is identified without one.
  const { id, name } =
    domainOf('project', settings) ?? (settings.get('user_id') ? undefined : domainOf('user', settings)) ?? {}
  if (id !== undefined) return { projectName, projectDomainId: id }
  if (name !== undefined) return { projectName, projectDomainName: name }
  throw missing(settings, 'project_domain_name', 'project_domain_id')
}

const sharedDomains = [
  ['domain_id', 'domain_name'],
  ['default_domain_id', 'default_domain_name'],
  ['default_domain', undefined],
] as const

function domainOf(whose: 'user' | 'project', { get }: Settings) {
  const own = [`${whose}_domain_id`, `${whose}_domain_name`] as const
  for (const [ofId, ofName] of [own, ...sharedDomains]) {
    const [id, name] = [get(ofId), ofName && get(ofName)]
    if (id !== undefined || name !== undefined) return { id, name }
  }
  return undefined
}

/** The error for a missing setting, with its alternatives. */
function missing({ path, names, advice = '' }: Settings, ...wanted: readonly [string, ...string[]]): OptionsError {
  const give = wanted.length > 1 ? `: give ${wanted.map((name) => `\`${path(name)}\``).join(' or ')}` : ''
  const typo = names
    .flatMap((name) => wanted.map((meant) => [name, meant] as const))
    .find(([name, meant]) => !known.test(name) && suggestion(name, [meant]) !== '')
  const hint = typo === undefined ? '' : ` \`${path(typo[0])}\` is not known. Did you mean \`${path(typo[1])}\`?`
  return new OptionsError(path(wanted[0]), `is missing${give}${advice}.${hint}`)
}

const known =
  /^(?:auth_url|application_credential_(?:id|name|secret)|username|user_id|password|region_name|(?:project|tenant)_(?:id|name)|(?:user_|project_|default_)?domain_(?:id|name)|default_domain)$/
