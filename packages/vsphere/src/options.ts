import type { VsphereCredentials, VsphereSurface } from './session.ts'

interface Home {
  /** vCenter's origin, such as `https://vc.example`. */
  readonly url: string | URL
  /** Which surface to log in at; calls may go to both. @default 'api' */
  readonly surface?: VsphereSurface
}

/** What `vsphere` may be told. */
export type VsphereOptions =
  | (Home & VsphereCredentials & { readonly credentials?: never })
  | (Home & {
      /** Fetches the credentials; called once a login. */
      readonly credentials: () => VsphereCredentials | Promise<VsphereCredentials>
      readonly username?: never
      readonly password?: never
    })
  | (Partial<Home> & { readonly credentials?: never; readonly username?: never; readonly password?: never })

/** The options, checked. */
export interface CheckedOptions {
  readonly origin: string | undefined
  readonly surface: VsphereSurface
  readonly credentials: (() => VsphereCredentials | Promise<VsphereCredentials>) | undefined
}

const known = ['url', 'surface', 'username', 'password', 'credentials']

/** @throws {TypeError} naming the option at fault. */
export function checkOptions(options: VsphereOptions): CheckedOptions {
  const stray = Object.keys(options).find((name) => !known.includes(name))
  if (stray !== undefined)
    throw new TypeError(`vsphere: there is no option \`${stray}\`; there are ${known.join(', ')}.`)
  const { url, surface = 'api' } = options
  if (surface !== 'api' && surface !== 'rest') throw new TypeError("vsphere: `surface` must be 'api' or 'rest'.")
  const credentials = checkCredentials(options)
  if (url === undefined && credentials !== undefined)
    throw new TypeError('vsphere: credentials need a home: give `url`.')
  return { origin: url === undefined ? undefined : originOf(url), surface, credentials }
}

function checkCredentials(options: VsphereOptions): CheckedOptions['credentials'] {
  const { username, password, credentials } = options
  if (credentials !== undefined) {
    if (typeof credentials !== 'function') throw new TypeError('vsphere: `credentials` must be a function.')
    if (username !== undefined || password !== undefined) {
      throw new TypeError('vsphere: give either `credentials` or `username` and `password`.')
    }
    return async () => checkLogin(await credentials(), '`credentials()` gave ')
  }
  if (username === undefined && password === undefined) return undefined
  const login = checkLogin({ username, password }, '')
  return () => login
}

function checkLogin(login: Partial<VsphereCredentials> | undefined, where: string): VsphereCredentials {
  const { username, password } = login ?? {}
  if (typeof username !== 'string' || username === '') throw new TypeError(`vsphere: ${where}no \`username\`.`)
  if (username.includes(':'))
    throw new TypeError(`vsphere: ${where}a \`username\` with a colon, which Basic cannot carry.`)
  if (typeof password !== 'string' || password === '') throw new TypeError(`vsphere: ${where}no \`password\`.`)
  return { username, password }
}

function originOf(url: string | URL): string {
  const parsed = URL.canParse(String(url)) ? new URL(String(url)) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new TypeError('vsphere: `url` must be an absolute http or https URL.')
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new TypeError('vsphere: `url` must not carry credentials; give `username` and `password`.')
  }
  if (parsed.pathname !== '/' || parsed.search !== '' || parsed.hash !== '') {
    throw new TypeError('vsphere: `url` must be an origin, without path, query or fragment.')
  }
  return parsed.origin
}
