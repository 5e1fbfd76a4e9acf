import type { XenApiCredentials } from './session.ts'

interface Home {
  /** The pool master's origin, or that of any member, such as `https://xen-1.example`. */
  readonly url: string | URL
  /**
   * Origins of further members, to be asked where `url` is gone or no longer the master. Credentials are sent to them,
   * so they must have the scheme of `url`. Take an ejected host off: it answers as a pool of its own.
   *
   * @default none
   */
  readonly members?: readonly (string | URL)[]
}

interface Sessions {
  /** Who is using the sessions: at most 500 stand for an originator, then the oldest end. @default 'holdfast' */
  readonly originator?: string
  /**
   * Whether each login also asks the master for its members' addresses, with one `host.get_all_records`: these are
   * trusted, and asked, like `members`, with the scheme and port of `url`.
   *
   * @default false
   */
  readonly discoverMembers?: boolean
}

interface NoSessions {
  readonly originator?: never
  readonly discoverMembers?: never
}

/** Where a pool is and how to log in. */
export type XenApiLogin =
  | (Home & Sessions & XenApiCredentials & { readonly credentials?: never })
  | (Home &
      Sessions & {
        /** Fetches the credentials; called once a login. */
        readonly credentials: () => XenApiCredentials | Promise<XenApiCredentials>
        readonly username?: never
        readonly password?: never
      })

/** What `xenapi` may be told. */
export type XenApiOptions =
  | XenApiLogin
  | (Partial<Home> &
      NoSessions & { readonly credentials?: never; readonly username?: never; readonly password?: never })

/** The options, checked. */
export interface CheckedOptions {
  /** Where the pool is to be found, `url` first; empty where nobody said. */
  readonly origins: readonly string[]
  readonly originator: string
  readonly discoverMembers: boolean
  readonly credentials: (() => XenApiCredentials | Promise<XenApiCredentials>) | undefined
}

const known = ['url', 'members', 'username', 'password', 'credentials', 'originator', 'discoverMembers']

/** @throws {TypeError} naming the option at fault. */
export function checkOptions(options: XenApiOptions): CheckedOptions {
  const stray = Object.keys(options).find((name) => !known.includes(name))
  if (stray !== undefined)
    throw new TypeError(`xenapi: there is no option \`${stray}\`; there are ${known.join(', ')}.`)
  const { url, members = [], originator = 'holdfast', discoverMembers = false } = options
  const credentials = checkCredentials(options)
  if (url === undefined && credentials !== undefined)
    throw new TypeError('xenapi: credentials need a home: give `url`.')
  if (!Array.isArray(members)) throw new TypeError('xenapi: `members` must be a list of origins.')
  if (url === undefined && members.length > 0)
    throw new TypeError('xenapi: `members` are further ones: give `url`, too.')
  if (typeof originator !== 'string' || originator === '') {
    throw new TypeError('xenapi: `originator` must be a text: without one, strangers share a limit on sessions.')
  }
  if (typeof discoverMembers !== 'boolean') throw new TypeError('xenapi: `discoverMembers` must be true or false.')
  if (discoverMembers && credentials === undefined) {
    throw new TypeError('xenapi: `discoverMembers` asks after a login: give `username` and `password`.')
  }
  return { origins: url === undefined ? [] : originsOf(url, members), originator, discoverMembers, credentials }
}

function checkCredentials(options: XenApiOptions): CheckedOptions['credentials'] {
  const { username, password, credentials } = options
  if (credentials !== undefined) {
    if (typeof credentials !== 'function') throw new TypeError('xenapi: `credentials` must be a function.')
    if (username !== undefined || password !== undefined) {
      throw new TypeError('xenapi: give either `credentials` or `username` and `password`.')
    }
    return async () => checkLogin(await credentials(), '`credentials()` gave ')
  }
  if (username === undefined && password === undefined) return undefined
  const login = checkLogin({ username, password }, '')
  return () => login
}

function checkLogin(login: Partial<XenApiCredentials> | undefined, where: string): XenApiCredentials {
  const { username, password } = login ?? {}
  if (typeof username !== 'string' || username === '') throw new TypeError(`xenapi: ${where}no \`username\`.`)
  if (typeof password !== 'string' || password === '') throw new TypeError(`xenapi: ${where}no \`password\`.`)
  return { username, password }
}

function originsOf(url: string | URL, members: readonly (string | URL)[]): readonly string[] {
  const home = originOf(url, 'url')
  const others = members.map((member) => originOf(member, 'members'))
  const { protocol } = new URL(home)
  if (others.some((origin) => new URL(origin).protocol !== protocol)) {
    throw new TypeError(
      `xenapi: \`members\` must have the scheme of \`url\`, ${protocol}, for they share its credentials.`,
    )
  }
  return [...new Set([home, ...others])]
}

function originOf(url: string | URL, option: string): string {
  const parsed = URL.parse(String(url))
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new TypeError(
      `xenapi: \`${option}\` must be ${option === 'url' ? 'an absolute http or https URL' : 'absolute http or https URLs'}.`,
    )
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new TypeError(`xenapi: \`${option}\` must not carry credentials; give \`username\` and \`password\`.`)
  }
  if (parsed.pathname !== '/' || parsed.search !== '' || parsed.hash !== '') {
    throw new TypeError(`xenapi: \`${option}\` must be an origin, without path, query or fragment.`)
  }
  return parsed.origin
}
