import { isBadPort } from './bad-ports.ts'
import { bodyOf, type RequestBody } from './body.ts'
import { type HeaderList, headerList } from './header-list.ts'

/** One request to one address. */
export interface Hop {
  readonly url: URL
  readonly method: string
  readonly headers: HeaderList
  readonly body: RequestBody | null
}

/** A parsed request. */
export interface Plan {
  readonly first: Hop
  readonly redirect: RequestRedirect
  readonly signal: AbortSignal | null
}

/**
 * True for init members that need nothing special here; requests with any others go to the platform's own fetch. Written out for
 * speed, because it runs for every request.
 */
const isUsual = (members: RequestInit & { readonly duplex?: string; readonly window?: unknown }): boolean =>
  (members.cache === undefined || members.cache === 'default') &&
  (members.integrity === undefined || members.integrity === '') &&
  (members.mode === undefined || members.mode === 'cors') &&
  (members.referrer === undefined || members.referrer === 'about:client') &&
  (members.referrerPolicy === undefined || members.referrerPolicy === '') &&
  (members.duplex === undefined || members.duplex === 'half') &&
  !members.keepalive &&
  members.window === undefined &&
  isOneOf(members.redirect, REDIRECT_MODES) &&
  isOneOf(members.credentials, CREDENTIALS)

const REDIRECT_MODES: readonly unknown[] = ['follow', 'error', 'manual']
const CREDENTIALS: readonly unknown[] = ['same-origin', 'include', 'omit']
const isOneOf = (value: unknown, values: readonly unknown[]) => value === undefined || values.includes(value)

/**
 * Parses the arguments of `fetch` like the constructor of `Request` in the Fetch standard; `undefined` if they are unusual or
 * invalid.
 */
export function planOf(input: string | URL | Request, init: RequestInit): Plan | undefined {
  const request = input instanceof Request ? input : undefined
  if (!isUsual(init) || (request !== undefined && !isUsual(request))) return undefined
  const signal = signalOf(init, request)
  const url = urlOf(request?.url ?? String(input))
  const method = methodOf(init.method ?? request?.method ?? 'GET')
  const body = bodyOfInit(init, request)
  if (signal === undefined || url === undefined || method === undefined || body === undefined) return undefined
  if (body !== null && (method === 'GET' || method === 'HEAD')) return undefined
  const headers = headerList(init.headers ?? request?.headers)
  if (body?.type !== undefined && !headers.has('content-type')) headers.set('content-type', ['content-type', body.type])
  return {
    first: { url, method, headers, body },
    redirect: init.redirect ?? request?.redirect ?? 'follow',
    signal,
  }
}

/** The signal; `null` for none, `undefined` for a value that is no signal. */
function signalOf(init: RequestInit, request: Request | undefined): AbortSignal | null | undefined {
  const signal = init.signal !== undefined ? init.signal : (request?.signal ?? null)
  return signal === null || signal instanceof AbortSignal ? signal : undefined
}

/** The body; `null` for none, `undefined` for one that is left to the platform. */
function bodyOfInit(init: RequestInit, request: Request | undefined): RequestBody | null | undefined {
  if (init.body != null) return bodyOf(init.body, (init as { readonly duplex?: string }).duplex)
  // The stream of a `Request` has no length, so that its content-length would be missing.
  return request === undefined || request.body === null ? null : undefined
}

function urlOf(text: string): URL | undefined {
  const url = URL.parse(text)
  const isPlain =
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && !isBadPort(url.port)
  return isPlain ? url : undefined
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])

/** The method as it is sent; `undefined` for one that `fetch` refuses. */
function methodOf(method: string): string | undefined {
  if (METHODS.has(method)) return method
  const upper = method.toUpperCase()
  if (METHODS.has(upper)) return upper
  return /^[\w!#$%&'*+\-.^`|~]+$/.test(method) && !/^(?:CONNECT|TRACE|TRACK)$/.test(upper) ? method : undefined
}
