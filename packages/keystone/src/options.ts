/**
 * Who logs in, and for which project.
 *
 * A user is known by `userId` alone, or by `username` within a domain; a project by `projectId` alone, or by
 * `projectName` within a domain, which is the user's where no other is named.
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
}

interface Home {
  /** Where the identity service is, with or without `/v3`: `https://iam.example/v3`, `http://host/identity`. */
  readonly authUrl: string | URL
  /** The region that the settings were for. The login needs none; whoever writes the services' addresses does. */
  readonly region?: string
}

type Nothing = { readonly [Name in keyof KeystoneLogin]?: never }

/** What `keystone` may be told. */
export type KeystoneOptions =
  | (Home & KeystoneLogin & { readonly credentials?: never })
  | (Home &
      Nothing & {
        /** Fetches who logs in; called once a login. Where its answer names an `authUrl`, too, that is not looked at. */
        readonly credentials: () => KeystoneLogin | Promise<KeystoneLogin>
      })

/** A login that is complete, with nothing in it that is not used. */
export type KeystoneCredentials = Readonly<Record<string, string>>

/** The options, checked. */
export interface CheckedOptions {
  readonly origin: string
  /** The path before `/v3`, without a slash at its end. */
  readonly path: string
  readonly credentials: () => KeystoneCredentials | Promise<KeystoneCredentials>
}

/** Members of the credentials that say who and for what, and are no secret. */
export const shownMembers = [
  'username',
  'userId',
  'userDomainName',
  'userDomainId',
  'projectId',
  'projectName',
  'projectDomainName',
  'projectDomainId',
] as const

const loginMembers = [...shownMembers, 'password'] as const
const known: readonly string[] = ['authUrl', 'region', 'credentials', ...loginMembers]

/** @throws {TypeError} naming the option at fault. */
export function checkOptions(options: KeystoneOptions): CheckedOptions {
  const stray = Object.keys(options).find((name) => !known.includes(name))
  if (stray !== undefined) {
    throw new TypeError(`keystone: there is no option \`${stray}\`; there are ${known.join(', ')}.`)
  }
  const { authUrl, credentials } = options
  return { ...homeOf(authUrl), credentials: checkCredentials(credentials, options) }
}

function checkCredentials(
  credentials: KeystoneOptions['credentials'],
  options: KeystoneOptions,
): CheckedOptions['credentials'] {
  if (credentials === undefined) {
    const login = checkLogin(options)
    return () => login
  }
  if (typeof credentials !== 'function') throw new TypeError('keystone: `credentials` must be a function.')
  const both = loginMembers.find((name) => options[name] !== undefined)
  if (both !== undefined) throw new TypeError(`keystone: give either \`credentials\` or \`${both}\`.`)
  return async () => checkLogin(await credentials(), ' in what `credentials()` gave')
}

/** Takes over what is used, so that the same login is always the same credentials. */
function checkLogin(login: KeystoneLogin | undefined, where = ''): KeystoneCredentials {
  const given: Partial<Record<(typeof loginMembers)[number], string>> = {}
  for (const name of loginMembers) {
    const value: unknown = login?.[name]
    if (value === undefined) continue
    if (typeof value !== 'string' || value === '') {
      throw new TypeError(`keystone: \`${name}\`${where} must be a text that is not empty.`)
    }
    given[name] = value
  }
  const no = (what: string) => new TypeError(`keystone: there is no ${what}${where}.`)
  const user = userOf(given, no)
  if (given.password === undefined) throw no('`password`')
  return { ...user, password: given.password, ...projectOf(given, user, no) }
}

type Given = Partial<Record<(typeof loginMembers)[number], string>>

function userOf(given: Given, no: (what: string) => TypeError): KeystoneCredentials {
  const { username, userId, userDomainName, userDomainId } = given
  if (userId !== undefined) return { userId }
  if (username === undefined) throw no('`username` or `userId`')
  if (userDomainId !== undefined) return { username, userDomainId }
  if (userDomainName !== undefined) return { username, userDomainName }
  throw no('`userDomainName` or `userDomainId`, which a `username` needs')
}

function projectOf(given: Given, user: KeystoneCredentials, no: (what: string) => TypeError): KeystoneCredentials {
  const { projectId, projectName } = given
  if (projectId !== undefined) return { projectId }
  if (projectName === undefined) throw no('`projectId` or `projectName`')
  const named = given.projectDomainId ?? given.projectDomainName
  const projectDomainId = named === undefined ? user.userDomainId : given.projectDomainId
  if (projectDomainId !== undefined) return { projectName, projectDomainId }
  const projectDomainName = given.projectDomainName ?? user.userDomainName
  if (projectDomainName !== undefined) return { projectName, projectDomainName }
  throw no('`projectDomainName` or `projectDomainId`, which a `projectName` needs')
}

function homeOf(authUrl: string | URL): { readonly origin: string; readonly path: string } {
  const parsed = URL.parse(String(authUrl))
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new TypeError('keystone: `authUrl` must be an absolute http or https URL.')
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new TypeError('keystone: `authUrl` must not carry credentials; give `username` and `password`.')
  }
  if (parsed.search !== '' || parsed.hash !== '') {
    throw new TypeError('keystone: `authUrl` must be without query and fragment.')
  }
  const path = parsed.pathname.replace(/(?:\/auth\/tokens)?\/*$/, '')
  if (/\/v2(?:\.\d+)?$/.test(path))
    throw new TypeError('keystone: `authUrl` must lead to version 3 of the identity API.')
  return { origin: parsed.origin, path: path.replace(/\/v3$/, '').replace(/\/+$/, '') }
}
