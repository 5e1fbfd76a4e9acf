import type { OneCallOptions } from '../contract/policy.ts'
import { isRequest } from './is-request.ts'
import { ignoreStreamErrors, ownBytes } from './made/body-factory.ts'

/** Bytes up to which a body is copied when the call is made. Larger ones must not be changed until the call has ended. */
const COPIED_BYTES = 1_048_576

/** The members of an init that `fetch` reads, for an init whose members are inherited. */
const MEMBERS = [
  'method',
  'headers',
  'body',
  'redirect',
  'signal',
  'mode',
  'credentials',
  'cache',
  'referrer',
  'referrerPolicy',
  'integrity',
  'keepalive',
  'duplex',
  'dispatcher',
] as const

/** A copy of the input of a call: a `URL` may be changed before the last attempt is sent. */
export const snapshotInput = (input: string | URL | Request): string | Request =>
  typeof input === 'string' || isRequest(input) ? input : String(input)

/**
 * A copy of the init of a call: the caller may change and reuse the object for the next call.
 *
 * @param options the options of the call, which an inner client may read later.
 */
export function snapshotInit(init: RequestInit | undefined, options?: OneCallOptions): RequestInit | undefined {
  const copy: (RequestInit & { resilience?: OneCallOptions }) | undefined = plainInit(init)
  if (copy === undefined) return undefined
  if (options !== undefined && copy.resilience !== undefined) copy.resilience = options
  // Values that fetch turns into text each time are turned into text once, so that all attempts have the same.
  if (copy.method !== undefined) copy.method = String(copy.method)
  if (copy.redirect !== undefined) copy.redirect = String(copy.redirect) as RequestRedirect
  if (copy.headers !== undefined) copy.headers = snapshotHeaders(copy.headers)
  if (typeof copy.body === 'object' && copy.body !== null) copy.body = snapshotBody(copy.body)
  return copy
}

/** A plain copy of an init, with its inherited members, which a spread would leave out. */
export function plainInit(init: RequestInit | undefined): RequestInit | undefined {
  if (init === undefined || init === null) return undefined
  return isPlain(init) ? { ...init } : membersOf(init)
}

/** The caller's arguments over the client's defaults. */
export function withDefaults(
  defaults: RequestInit | undefined,
  input: string | URL | Request,
  init: RequestInit | undefined,
): RequestInit | undefined {
  if (defaults === undefined) return init
  const own = plainInit(init)
  if (!isRequest(input)) return overInit(defaults, own)
  // A default in the init would override the members of a `Request`.
  const { method, signal } = input
  return overInit(defaults, { method, signal, ...own, headers: own?.headers ?? [...input.headers] })
}

/** One init over another; the headers of both, by name. */
export function overInit(defaults: RequestInit | undefined, init: RequestInit | undefined): RequestInit {
  const headers = new Headers(defaults?.headers)
  for (const [name, value] of new Headers(init?.headers)) headers.set(name, value)
  return { ...defaults, ...init, headers }
}

/** The signal of a request. @throws {TypeError} if it is not an `AbortSignal`. */
export function signalOf(init: RequestInit | undefined, input: string | URL | Request): AbortSignal | null | undefined {
  const signal = init?.signal !== undefined ? init.signal : isRequest(input) ? input.signal : undefined
  if (signal == null || typeof signal.addEventListener === 'function') return signal
  throw new TypeError(`\`signal\` must be an \`AbortSignal\`, got ${typeof signal}.`)
}

function snapshotHeaders(headers: HeadersInit): HeadersInit {
  // Not a list: msw (3.0.5) writes into the list from which `Headers` are made.
  if (!isPlain(headers) || Array.isArray(headers)) return Object.fromEntries(new Headers(headers))
  const copy = { ...(headers as Record<string, string>) }
  // A value may be a list or an object, which fetch turns into text. `String` would accept a symbol, too.
  for (const name of Object.keys(copy)) if (typeof copy[name] !== 'string') copy[name] = `${copy[name]}`
  return copy
}

function snapshotBody(given: Exclude<BodyInit, string>): BodyInit {
  const body = ownBytes(given)
  if (body instanceof URLSearchParams) return new URLSearchParams(body)
  if (body instanceof FormData) return copyOfForm(body)
  if (body instanceof ArrayBuffer) return body.byteLength > COPIED_BYTES ? body : body.slice(0)
  if (ArrayBuffer.isView(body) && body.byteLength <= COPIED_BYTES)
    return new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength).slice()
  ignoreStreamErrors(body)
  return isText(body) ? String(body) : body
}

/** True for an object that `fetch` turns into text each time: a list, or one with its own `toString`. */
const isText = (body: object): boolean =>
  (body.toString !== Object.prototype.toString || Symbol.toPrimitive in body) &&
  !(Symbol.toStringTag in body || Symbol.asyncIterator in body || 'pipe' in body || 'getReader' in body)

function copyOfForm(form: FormData): FormData {
  const copy = new FormData()
  for (const [name, value] of form) copy.append(name, value)
  return copy
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The members that `fetch` reads of an init, or would of a `Request` in its place. */
export const membersOf = (init: RequestInit): RequestInit =>
  Object.fromEntries(
    MEMBERS.flatMap((name) => {
      const value = (init as Readonly<Record<string, unknown>>)[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
