import {
  type ChecksOf,
  type CredentialsOf,
  checkNeeds,
  checkVendorOptions,
  credentialsOf,
  httpOrigin,
  listOf,
  OptionsError,
  ofType,
  originOf,
  passwordLogin,
  passwordOptions,
  text,
} from '@holdfast/core/plugin'
import type { XenApiCredentials } from './session.ts'

interface PoolAddress {
  /** The pool master's origin, or that of any member, such as `https://xen-1.example`. */
  readonly url: string | URL
  /**
   * Origins of further members, which are asked if `url` is down or no longer the master. Credentials are sent to them,
   * so they must have the scheme of `url`. Remove an ejected host from the list: it answers as a pool of its own.
   *
   * @default none
   */
  readonly members?: readonly (string | URL)[]
}

interface Sessions {
  /** Name of the program that uses the sessions. A pool keeps 500 sessions of one originator, then it ends the oldest. @default 'holdfast' */
  readonly originator?: string
  /**
   * True to ask the master for its members' addresses after each login, with one `host.get_all_records`. These hosts are
   * trusted and asked like `members`, with the scheme and port of `url`.
   * If the master has not answered within five seconds, the login goes on without them.
   *
   * @default false
   */
  readonly discoverMembers?: boolean
}

interface NoSessions {
  readonly originator?: never
  readonly discoverMembers?: never
}

/** The address of a pool, and a login. */
export type XenApiLogin =
  | (PoolAddress & Sessions & XenApiCredentials & { readonly credentials?: never })
  | (PoolAddress &
      Sessions & {
        /** Returns the credentials; called once for each login. */
        readonly credentials: () => XenApiCredentials | Promise<XenApiCredentials>
        readonly username?: never
        readonly password?: never
      })

/** Options of `xenapi`. */
export type XenApiOptions =
  | XenApiLogin
  | (Partial<PoolAddress> &
      NoSessions & { readonly credentials?: never; readonly username?: never; readonly password?: never })

/** The options, checked. */
export interface CheckedOptions {
  /** Origins of the pool, `url` first; empty without `url`. */
  readonly origins: readonly string[]
  readonly originator: string
  readonly discoverMembers: boolean
  readonly credentials: CredentialsOf<XenApiCredentials> | undefined
}

/** A check for each option. */
export const optionChecks: ChecksOf<XenApiOptions> = {
  url: httpOrigin,
  members: listOf(httpOrigin),
  originator: text,
  discoverMembers: ofType('boolean'),
  ...passwordOptions,
}

/** @throws {OptionsError} naming the option at fault. */
export function checkOptions(options: XenApiOptions): CheckedOptions {
  checkVendorOptions('xenapi', options, optionChecks)
  checkNeeds('xenapi', options, ['username', 'password', 'credentials'], 'url')
  const { url, members = [], originator = 'holdfast', discoverMembers = false } = options
  if (members.length > 0) checkNeeds('xenapi', options, ['members'], 'url')
  const credentials = credentialsOf('xenapi', options, ['username', 'password'], passwordLogin)
  if (discoverMembers && credentials === undefined) {
    throw new OptionsError('discoverMembers', 'asks after a login: give `username` and `password`.', 'xenapi')
  }
  return { origins: url === undefined ? [] : originsOf(url, members), originator, discoverMembers, credentials }
}

function originsOf(url: string | URL, members: readonly (string | URL)[]): readonly string[] {
  const first = originOf(url)
  const others = members.map((member) => originOf(member))
  const { protocol } = new URL(first)
  const stray = others.findIndex((origin) => new URL(origin).protocol !== protocol)
  if (stray !== -1) {
    const problem = `must have the scheme of \`url\`, ${protocol}, for it shares its credentials.`
    throw new OptionsError(`members[${stray}]`, problem, 'xenapi')
  }
  return [...new Set([first, ...others])]
}
