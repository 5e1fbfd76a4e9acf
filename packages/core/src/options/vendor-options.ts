import type { SessionSource } from '../contract/session.ts'
import { isOptionsError, OptionsError } from '../error/options-error.ts'
import { kindOf } from '../error/shown-value.ts'
import { type Check, members } from './check.ts'

type KeysOf<T> = T extends unknown ? keyof T : never

/** A check for every option of a vendor; if the options have several forms, for those of all forms. */
export type ChecksOf<Options> = Readonly<Record<KeysOf<Options> & string, Check>>

/**
 * Checks that a vendor's options are an object in which each member passes its check, and that there are no others.
 *
 * @param vendor the vendor that the error names.
 * @param elsewhere the end of the message about names that are no options.
 * @throws {OptionsError} naming the vendor and the option at fault.
 */
export function checkVendorOptions<Options extends object>(
  vendor: string,
  options: Options,
  checks: ChecksOf<Options>,
  elsewhere: Readonly<Record<string, string>> = {},
): void {
  nameInErrors(vendor, () => members(checks, elsewhere)(options, ''))
}

/** An absolute http or https URL, without credentials, query and fragment. */
export const httpUrl: Check = (value, path) => {
  const parsed = typeof value === 'string' || value instanceof URL ? URL.parse(String(value)) : null
  // The value is never shown: it may contain a password.
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new OptionsError(path, 'must be an absolute http or https URL, such as "https://host.example".')
  }
  if (parsed.username !== '' || parsed.password !== '') throw new OptionsError(path, 'must not carry credentials.')
  if (parsed.search !== '' || parsed.hash !== '') throw new OptionsError(path, 'must be without query and fragment.')
}

/** A {@link httpUrl} without a path. */
export const httpOrigin: Check = (value, path) => {
  httpUrl(value, path)
  if (new URL(String(value)).pathname !== '/') throw new OptionsError(path, 'must be an origin, without a path.')
}

/** The origin of a URL that was checked. */
export function originOf(value: string | URL): string
export function originOf(value: string | URL | undefined): string | undefined
export function originOf(value: string | URL | undefined): string | undefined {
  return value === undefined ? undefined : new URL(value).origin
}

/** A text that is not empty. It may be a secret, so the error does not show it. */
export const text: Check = (value, path) => {
  if (typeof value === 'string' && value !== '') return
  const problem = value === undefined ? 'is missing.' : `must be a text that is not empty, got ${kindOf(value)}.`
  throw new OptionsError(path, problem)
}

/** A source of sessions, such as `keystone({ … })` makes. */
export const sessionSource: Check = (value, path) => {
  const { open, sign } = (value ?? {}) as Partial<SessionSource>
  if (typeof open === 'function' && typeof sign === 'function') return
  throw new OptionsError(path, `must be a source of sessions, such as \`keystone({ … })\`, got ${kindOf(value)}.`)
}

/** Checks that options which have no meaning without another one are not given without it. */
export function checkNeeds<Options extends object>(
  vendor: string,
  options: Options,
  names: readonly KeysOf<Options>[],
  needed: KeysOf<Options>,
): void {
  const given = options as Readonly<Record<PropertyKey, unknown>>
  const name = given[needed] === undefined ? names.find((one) => given[one] !== undefined) : undefined
  if (name !== undefined) throw new OptionsError(String(name), `needs \`${String(needed)}\`.`, vendor)
}

/** The source of credentials. */
export type CredentialsOf<Login> = () => Login | Promise<Login>

/**
 * Reads the credentials, which are given either by their members or by a function, `credentials`. What the function returns is
 * checked each time.
 *
 * @param names the members of a login.
 * @param read returns a login, and throws if it is not complete.
 * @throws {OptionsError} if both are given.
 */
export function credentialsOf<Login extends object>(
  vendor: string,
  options: object,
  names: readonly string[],
  read: (login: object) => Login,
): CredentialsOf<Login> | undefined {
  const { credentials, ...given } = options as {
    readonly credentials?: () => unknown
    readonly [name: string]: unknown
  }
  const member = names.find((name) => given[name] !== undefined)
  if (credentials === undefined) {
    if (member === undefined) return undefined
    const login = nameInErrors(vendor, () => read(given))
    return () => login
  }
  if (member !== undefined)
    throw new OptionsError('credentials', `contradicts \`${member}\`: give one of them.`, vendor)
  return async () => {
    const login = await credentials()
    const take = () => {
      if (typeof login === 'object' && login !== null) return read(login)
      throw new OptionsError('', `must be an object, got ${kindOf(login)}.`)
    }
    return nameInErrors(vendor, take, 'credentials()')
  }
}

/** A function that returns credentials. A wrong value may be a secret, so the error does not show it. */
export const credentialsFunction: Check = (value, path) => {
  if (typeof value !== 'function') throw new OptionsError(path, `must be a function, got ${kindOf(value)}.`)
}

/** The options of a login with user name and password. */
export const passwordOptions = Object.freeze({ username: text, password: text, credentials: credentialsFunction })

/** Reads a login with user name and password. */
export function passwordLogin(login: object): { readonly username: string; readonly password: string } {
  const { username, password } = login as { readonly username: string; readonly password: string }
  text(username, 'username')
  text(password, 'password')
  return { username, password }
}

/**
 * Runs checks, and adds the source of the options to their errors: a vendor, perhaps with a file.
 *
 * @param within the path to the checked options, which precedes the option in the error.
 * @throws {OptionsError} naming the source.
 */
export function nameInErrors<T>(source: string, run: () => T, within = ''): T {
  try {
    return run()
  } catch (error) {
    if (!isOptionsError(error)) throw error
    const option = [within, error.option].filter((part) => part !== '').join('.')
    throw new OptionsError(option, error.problem, source)
  }
}
