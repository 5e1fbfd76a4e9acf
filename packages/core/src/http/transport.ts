import isNetworkError from 'is-network-error'
import type { Fault } from '../contract/fault.ts'
import { chainOf, codeOf, deepest, isUndici } from './thrown.ts'
import { tlsCode } from './tls.ts'
import { OF_CONNECTING, type Thrown, unsentCode, unsentWrapper } from './unsent.ts'

/** Codes of faults after an answer had begun, so that the request had arrived. */
const ANSWERED = new Set(['REPLY_HEADERS_TOO_LONG', 'REPLY_TOO_LONG', 'REDIRECT_LIMIT'])

/** ENHANCE_YOUR_CALM: Node.js shows the name for a stream, and the number 11 for a session, as undici does for a GOAWAY. */
const CALM = /\bNGHTTP2_ENHANCE_YOUR_CALM\b|\bwith (?:error )?code 11$/
const OF_HTTP2 = new Set(['ERR_HTTP2_STREAM_ERROR', 'ERR_HTTP2_SESSION_ERROR', 'UND_ERR_SOCKET'])

/** The names that Bun's own errors have for codes. */
const OF_BUN = new Map([
  ['ConnectionClosed', 'ECONNRESET'],
  ['Malformed_HTTP_Response', 'HTTP_PARSE'],
  ['TooManyRedirects', 'REDIRECT_LIMIT'],
])

const KEPT_CODES = new Set([
  'EAI_AGAIN',
  'ENOTFOUND',
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_INFO',
])

/**
 * Reads what `fetch` threw. `undefined` for an error that is not about the network but about the call's own arguments, which is
 * passed on to the caller as it is.
 *
 * @param ms the time of the attempt, which the fault of a time-out tells.
 */
export function readThrown(thrown: unknown, timedOut: boolean, ms = 0): Fault | undefined {
  if (timedOut) return { code: 'ATTEMPT_TIMEOUT', ...(ms > 0 && { message: `no answer in ${Math.round(ms)} ms` }) }
  const cause = deepest(thrown)
  const code = codeOf(cause)
  const message = cause instanceof Error && cause.message !== '' ? { message: cause.message } : {}
  const unsent = cause instanceof Error ? unsentCode(cause as Thrown) : undefined
  if (unsent !== undefined) return { code: unsent, ...message }
  // undici's error for a proxy that demands authentication has no code.
  if (isUndici(thrown) && message.message === 'proxy authentication required') return { code: 'HTTP_407', ...message }
  if (code !== undefined && CALLERS_FAULT.has(code)) return undefined
  if (isTimeout(thrown)) return { code: 'ETIMEDOUT', ...message }
  const coded = code === undefined ? undefined : ofCode(code, thrown, cause)
  if (coded !== undefined) return { ...coded, ...message }
  // Node.js 24 puts undici's parser error here without its code.
  if ((cause as Error | undefined)?.name === 'HTTPParserError') return { code: 'HTTP_PARSE', ...message }
  if (isRedirectLimit(thrown, cause)) return { code: 'REDIRECT_LIMIT', inTask: true, ...message }
  const uncoded = uncodedFailure(thrown, cause)
  return uncoded && { code: uncoded, ...message }
}

/** The fault for a code of the transport. */
function ofCode(code: string, thrown: unknown, cause: unknown): Fault | undefined {
  const answered = statusIn(code, cause)
  if (answered !== undefined) return answered
  const own = transportCode(code, cause as Error & { syscall?: unknown })
  const known = own?.startsWith('TLS_') ? own : (wrappedIn(thrown) ?? own)
  return known === undefined ? undefined : { code: known, ...(ANSWERED.has(known) && { inTask: true }) }
}

/** The code that an error around the root cause proves. */
function wrappedIn(thrown: unknown): string | undefined {
  for (const error of chainOf(thrown)) {
    const code = unsentWrapper(codeOf(error))
    if (code !== undefined) return code
  }
  return undefined
}

/**
 * The fault for an answer from which undici's interceptors have made an error. If an interceptor has retried the request, an
 * earlier attempt may have arrived.
 */
function statusIn(code: string, error: unknown): Fault | undefined {
  const status = (error as { statusCode?: unknown }).statusCode
  if (typeof status !== 'number' || status < 400) return undefined
  if (code === 'UND_ERR_RESPONSE') return { code: `HTTP_${status}`, status }
  return code === 'UND_ERR_REQ_RETRY' ? { code: `HTTP_${status}`, status, inTask: true } : undefined
}

/** The code for a failure without a code of the transport. */
function uncodedFailure(thrown: unknown, cause: unknown): 'HTTP_PARSE' | 'NETWORK_ERROR' | undefined {
  // undici gives a code of the wire's to what happens on the wire. What else comes in its wrapper is what the Fetch standard
  // forbids (a redirect that the caller ruled out, a blocked port), or what the caller's own body threw.
  if (isUndici(thrown) && cause !== thrown && cause instanceof Error) {
    if (cause.message.startsWith(TOO_MANY_CODINGS)) return 'HTTP_PARSE'
    return isOfTheWire(cause) ? 'NETWORK_ERROR' : undefined
  }
  // The Fetch standard, constructor of Response: a given fetch got an answer whose status HTTP does not have.
  if (/\bstatus(Text)?\b/.test((thrown as Error | undefined)?.message ?? '') && isPlatforms(thrown)) return 'HTTP_PARSE'
  // Browsers, Deno, Bun and older Node.js: a TypeError with only a message, which each runtime words differently.
  return isNetworkError(thrown) || UNCODED.test((thrown as Partial<Error> | undefined)?.message ?? '')
    ? 'NETWORK_ERROR'
    : undefined
}

/** undici's message for an answer with more content codings than it decodes. */
const TOO_MANY_CODINGS = 'too many content-encodings in response'

/** Messages of runtimes for network failures that `is-network-error` does not know. */
const UNCODED = new RegExp(
  [
    // Cloudflare's workerd, in plain errors.
    'Network connection lost\\.$',
    'internal error; reference = \\w+$',
    // Deno, on a body that breaks off, and on requests.
    'error reading a body from connection$',
    'error sending request (?:for|from) ',
    'client error \\(SendRequest\\)',
    // Bun 1.0.
    'The socket connection was closed unexpectedly\\.',
    // Bun, for every error without another message (FetchTasklet, onReject): the name of its error comes first.
    '\\w+ fetching ".*"\\. For more information, pass `verbose: true`',
    // WebKit, also with a stack, which Safari 16 and tools add and `is-network-error` refuses; and the messages of macOS and iOS.
    'Load failed(?: \\(.*\\))?$',
    'The network connection was lost\\.$',
    'The request timed out\\.$',
    // React Native.
    'Network request timed out$',
    // node-fetch 2, by its own option `timeout`.
    'network timeout at: ',
  ]
    .map((words) => `^${words}`)
    .join('|'),
)

function transportCode(code: string, cause: Error & { syscall?: unknown }): string | undefined {
  const tls = tlsCode(code, String(cause.message))
  if (tls !== undefined) return tls
  // Of a connection that stood: the request may have arrived.
  if (OF_CONNECTING.has(code)) return 'ECONNRESET'
  if (OF_HTTP2.has(code) && CALM.test(cause.message)) return 'HTTP2_ENHANCE_YOUR_CALM'
  if (KEPT_CODES.has(code)) return code
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'REPLY_TOO_LONG'
  const ofBun = OF_BUN.get(code)
  if (ofBun !== undefined) return ofBun
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return 'NETWORK_ERROR'
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') return 'REPLY_HEADERS_TOO_LONG'
  if (code.startsWith('HPE_')) return 'HTTP_PARSE'
  // The errors of Node.js and undici for an answer that they did not expect: undici asserts that a status has three digits.
  if (code === 'ERR_ASSERTION') return 'HTTP_PARSE'
  if (/^(UND_ERR|ERR_HTTP2|ERR_SOCKET)_/.test(code)) return 'NETWORK_ERROR'
  return undefined
}

const isPlatforms = (thrown: unknown): boolean => thrown instanceof TypeError || thrown instanceof RangeError

/** True for a time limit of the runtime's own, as Bun has one on a silent connection. */
const isTimeout = (thrown: unknown): boolean => thrown instanceof DOMException && thrown.name === 'TimeoutError'

/** True for fetch's own limit on redirects, which undici shows only in a message. */
const isRedirectLimit = (thrown: unknown, cause: unknown): boolean =>
  isUndici(thrown) && cause instanceof Error && cause.message === 'redirect count exceeded'

/** True for a transport failure without a code, or with a code that is not the transport's. */
const isOfTheWire = ({ syscall, code, message }: Error & { syscall?: unknown; code?: unknown }): boolean =>
  // Node.js writes `read EIO` for a socket, and `EIO: i/o error, read` for a file from which a body may come.
  message.startsWith(`${syscall} ${code}`) ||
  // undici's error for a proxy that demands authentication has no message.
  syscall === 'connect' ||
  syscall === 'getaddrinfo' ||
  message === 'Request was cancelled.' ||
  message === '' ||
  // Deno 2.9 wraps its errors as undici does.
  message.startsWith('error sending request')

// Node.js and undici: errors about the arguments of fetch, or about the address of a redirect.
const CALLERS_FAULT = new Set([
  'ERR_INVALID_URL',
  'UND_ERR_INVALID_ARG',
  'UND_ERR_INVALID_RETURN_VALUE',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_BPL_MISSING_UPSTREAM',
  'UND_ERR_ABORTED',
])
