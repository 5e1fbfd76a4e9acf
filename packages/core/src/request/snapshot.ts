import type { OneCallOptions } from '../contract/policy.ts'
import { isRequest } from './is-request.ts'
import { ignoreStreamErrors } from './made/body-factory.ts'

/** Bytes up to which a body is copied when the call is made. Larger ones must not be changed until the call has ended. */
const COPIED_BYTES = 1_048_576

/** The members of an init that `fetch` reads, for one whose members stand on its prototype. */
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

/** The input of a call as it is now: a `URL` may be pointed elsewhere before the last attempt has left. */
export const snapshotInput = (input: string | URL | Request): string | Request =>
  typeof input === 'string' || isRequest(input) ? input : String(input)

/**
 * The init of a call as it is now, as `fetch` reads it once: its caller may use the same object for the next call.
 *
 * @param options those of the call, which a client within may read later.
 */
export function snapshotInit(init: RequestInit | undefined, options?: OneCallOptions): RequestInit | undefined {
  const copy: (RequestInit & { resilience?: OneCallOptions }) | undefined = plainInit(init)
  if (copy === undefined) return undefined
  if (options !== undefined && copy.resilience !== undefined) copy.resilience = options
  // What fetch makes a text of each time is made one now: it must say the same to everybody who asks.
  if (copy.method !== undefined) copy.method = String(copy.method)
  if (copy.redirect !== undefined) copy.redirect = String(copy.redirect) as RequestRedirect
  if (copy.headers !== undefined) copy.headers = snapshotHeaders(copy.headers)
  if (typeof copy.body === 'object' && copy.body !== null) copy.body = snapshotBody(copy.body)
  return copy
}

/** An init as an object of its own, whatever its caller's is: members that stand on a prototype are no part of a spread. */
export function plainInit(init: RequestInit | undefined): RequestInit | undefined {
  if (init === undefined || init === null) return undefined
  return isPlain(init) ? { ...init } : membersOf(init)
}

/** The signal of a request. @throws {TypeError} for one that is none. */
export function signalOf(init: RequestInit | undefined, input: string | URL | Request): AbortSignal | null | undefined {
  const signal = init?.signal !== undefined ? init.signal : isRequest(input) ? input.signal : undefined
  if (signal == null || typeof signal.addEventListener === 'function') return signal
  throw new TypeError(`\`signal\` must be an \`AbortSignal\`, got ${typeof signal}.`)
}

function snapshotHeaders(headers: HeadersInit): HeadersInit {
  // Not as a list: msw (3.0.5) writes into the one that `Headers` are made of.
  if (!isPlain(headers) || Array.isArray(headers)) return Object.fromEntries(new Headers(headers))
  const copy = { ...(headers as Record<string, string>) }
  // A value may be a list or an object, which fetch makes a text of each time. `String` would take a symbol, too.
  for (const name of Object.keys(copy)) if (typeof copy[name] !== 'string') copy[name] = `${copy[name]}`
  return copy
}

function snapshotBody(body: Exclude<BodyInit, string>): BodyInit {
  if (body instanceof URLSearchParams) return new URLSearchParams(body)
  if (body instanceof FormData) return copyOfForm(body)
  if (body instanceof ArrayBuffer) return body.byteLength > COPIED_BYTES ? body : body.slice(0)
  if (ArrayBuffer.isView(body) && body.byteLength <= COPIED_BYTES)
    return new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength).slice()
  ignoreStreamErrors(body)
  return isText(body) ? String(body) : body
}

/** True for an object that `fetch` makes a text of, each time anew: a list, or one that says itself which text it is. */
const isText = (body: object): boolean =>
  (body.toString !== Object.prototype.toString || Symbol.toPrimitive in body) &&
  !(Symbol.toStringTag in body || Symbol.asyncIterator in body || 'pipe' in body || 'getReader' in body)

function copyOfForm(form: FormData): FormData {
  const copy = new FormData()
  for (const [name, value] of form) {
    if (typeof value === 'string') copy.append(name, value)
    else copy.append(name, value, value.name)
  }
  return copy
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const membersOf = (init: RequestInit): RequestInit =>
  Object.fromEntries(
    MEMBERS.flatMap((name) => {
      const value = (init as Readonly<Record<string, unknown>>)[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
