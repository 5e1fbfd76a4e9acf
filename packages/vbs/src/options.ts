import type { SessionSource } from '@holdfast/core/plugin'

interface Home {
  /**
   * Where the service is, such as `https://vbs.example`. A path, as endpoints in a service catalogue have it, is left
   * aside.
   */
  readonly url: string | URL
}

interface Reading {
  /**
   * Whether a failed backup that is looked at (`GET …/backups/{id}` with `status: "error"`) is an error of the call. It is
   * a thing that one lists, reads and deletes; but who polls for a backup wants to know. A failed job always is one.
   *
   * @default 'return'
   */
  readonly failedBackups?: 'return' | 'throw'
}

/** What `vbs` may be told. */
export type VbsOptions =
  | (Home &
      Reading & {
        /** Where tokens come from: `keystone({ … })`, the same one for several services where they are to share a token. */
        readonly auth: SessionSource
      })
  | (Partial<Home> & Reading & { readonly auth?: never })

/** The options, checked. */
export interface CheckedOptions {
  readonly origin: string | undefined
  readonly auth: SessionSource | undefined
  readonly failedBackups: 'return' | 'throw'
}

const known = ['url', 'auth', 'failedBackups']

/** @throws {TypeError} naming the option at fault. */
export function checkOptions(options: VbsOptions): CheckedOptions {
  const stray = Object.keys(options).find((name) => !known.includes(name))
  if (stray !== undefined) throw new TypeError(`vbs: there is no option \`${stray}\`; there are ${known.join(', ')}.`)
  const { url, auth, failedBackups = 'return' } = options
  if (failedBackups !== 'return' && failedBackups !== 'throw') {
    throw new TypeError("vbs: `failedBackups` must be 'return' or 'throw'.")
  }
  if (auth !== undefined && !isSource(auth)) throw new TypeError('vbs: `auth` must be made by `keystone()`.')
  if (auth !== undefined && url === undefined) throw new TypeError('vbs: `auth` needs a home: give `url`.')
  return { origin: url === undefined ? undefined : originOf(url), auth, failedBackups }
}

const isSource = (auth: Partial<SessionSource> | null): boolean =>
  typeof auth?.open === 'function' && typeof auth.sign === 'function'

function originOf(url: string | URL): string {
  const parsed = URL.parse(String(url))
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new TypeError('vbs: `url` must be an absolute http or https URL.')
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new TypeError('vbs: `url` must not carry credentials; give `auth`.')
  }
  if (parsed.search !== '' || parsed.hash !== '') throw new TypeError('vbs: `url` must have no query or fragment.')
  return parsed.origin
}
