import isNetworkError from 'is-network-error'
import type { Fault } from '../contract/fault.ts'
import { chainOf, codeOf, deepest, isUndici } from './thrown.ts'
import { tlsCode } from './tls.ts'
import { type Thrown, unsentCode, unsentWrapper } from './unsent.ts'

// The kernel also reports these on a connection that stands, where the request may have arrived: connect(2), send(2).
const OF_CONNECTING = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'])

/** Codes of what is met after an answer had begun, so that the request had arrived. */
const ANSWERED = new Set(['REPLY_HEADERS_TOO_LONG', 'REPLY_TOO_LONG', 'REDIRECT_LIMIT'])

/** The code ENHANCE_YOUR_CALM, 11: Node.js names it of a stream, and has its number of a session, as undici has of a GOAWAY. */
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
 * Reads what `fetch` threw. `undefined` if it is no failure of the network, but of the call itself or of something
 * else that the caller put into it: that goes back to the caller as it is.
 */
export function readThrown(thrown: unknown, timedOut: boolean): Fault | undefined {
  if (timedOut) return { code: 'ATTEMPT_TIMEOUT' }
  const cause = deepest(thrown)
  const code = codeOf(cause)
  const message = cause instanceof Error && cause.message !== '' ? { message: cause.message } : {}
  const unsent = cause instanceof Error ? unsentCode(cause as Thrown) : undefined
  if (unsent !== undefined) return { code: unsent, ...message }
  // Without a code undici says that a proxy wants to know who asks.
  if (isUndici(thrown) && message.message === 'proxy authentication required') return { code: 'HTTP_407', ...message }
  if (code !== undefined && CALLERS_FAULT.has(code)) return undefined
  const coded = code === undefined ? undefined : ofCode(code, thrown, cause)
  if (coded !== undefined) return { ...coded, ...message }
  // Node.js 24 puts undici's parser error here without its code.
  if ((cause as Error | undefined)?.name === 'HTTPParserError') return { code: 'HTTP_PARSE', ...message }
  if (isRedirectLimit(thrown, cause)) return { code: 'REDIRECT_LIMIT', inTask: true, ...message }
  const uncoded = uncodedFailure(thrown, cause)
  return uncoded && { code: uncoded, ...message }
}

/** The fault of a code of the transport's. */
function ofCode(code: string, thrown: unknown, cause: unknown): Fault | undefined {
  const answered = statusIn(code, cause)
  if (answered !== undefined) return answered
  const own = transportCode(code, cause as Error & { syscall?: unknown })
  const known = own?.startsWith('TLS_') ? own : (wrappedIn(thrown) ?? own)
  return known === undefined ? undefined : { code: known, ...(ANSWERED.has(known) && { inTask: true }) }
}

/** The code that an error around the root proves. */
function wrappedIn(thrown: unknown): string | undefined {
  for (const error of chainOf(thrown)) {
    const code = unsentWrapper(codeOf(error))
    if (code !== undefined) return code
  }
  return undefined
}

/**
 * The answer that undici's interceptors made an error of, which had come. A request that was sent again by one of them
 * may have arrived before.
 */
function statusIn(code: string, error: unknown): Fault | undefined {
  const status = (error as { statusCode?: unknown }).statusCode
  if (typeof status !== 'number' || status < 400) return undefined
  if (code === 'UND_ERR_RESPONSE') return { code: `HTTP_${status}`, status }
  return code === 'UND_ERR_REQ_RETRY' ? { code: `HTTP_${status}`, status, inTask: true } : undefined
}

/** The code for a failure that carries none of the transport's codes. */
function uncodedFailure(thrown: unknown, cause: unknown): 'HTTP_PARSE' | 'NETWORK_ERROR' | undefined {
  // undici gives a code of the wire's to what happens on the wire. What else comes in its wrapper is what the Fetch standard
  // forbids (a redirect that the caller ruled out, a blocked port), or what the caller's own body threw.
  if (isUndici(thrown) && cause !== thrown && cause instanceof Error) {
    if (cause.message.startsWith(TOO_MANY_CODINGS)) return 'HTTP_PARSE'
    return isOfTheWire(cause) ? 'NETWORK_ERROR' : undefined
  }
  // The Fetch standard, constructor of Response: a fetch that makes its replies itself got an answer with no status of HTTP.
  if (/\bstatus(Text)?\b/.test((thrown as Error | undefined)?.message ?? '') && isPlatforms(thrown)) return 'HTTP_PARSE'
  // Browsers, Deno, Bun and older Nodes: a TypeError whose text alone tells, each runtime's own.
  return isNetworkError(thrown) || UNCODED.test((thrown as Partial<Error> | undefined)?.message ?? '')
    ? 'NETWORK_ERROR'
    : undefined
}

/** undici's words for an answer that is packed more often than it unpacks. */
const TOO_MANY_CODINGS = 'too many content-encodings in response'

/** Words of runtimes on failures of the network, beside those of `is-network-error`. */
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
    // Bun, on whatever it has no other words for (FetchTasklet, onReject): the name of its error comes first.
    '\\w+ fetching ".*"\\. For more information, pass `verbose: true`',
    // WebKit, in one word, whatever `is-network-error` makes of a stack, which Safari 16 and tools add; and the words of macOS and iOS.
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
  if (OF_CONNECTING.has(code)) return 'ECONNRESET'
  if (OF_HTTP2.has(code) && CALM.test(cause.message)) return 'HTTP2_ENHANCE_YOUR_CALM'
  if (KEPT_CODES.has(code)) return code
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'REPLY_TOO_LONG'
  const ofBun = OF_BUN.get(code)
  if (ofBun !== undefined) return ofBun
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return 'NETWORK_ERROR'
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') return 'REPLY_HEADERS_TOO_LONG'
  if (code.startsWith('HPE_')) return 'HTTP_PARSE'
  // What Node.js and undici say of an answer that they did not expect: undici asserts that a status has three digits.
  if (code === 'ERR_ASSERTION') return 'HTTP_PARSE'
  if (/^(UND_ERR|ERR_HTTP2|ERR_SOCKET)_/.test(code)) return 'NETWORK_ERROR'
  return undefined
}

const isPlatforms = (thrown: unknown): boolean => thrown instanceof TypeError || thrown instanceof RangeError

/** True for the end that fetch itself puts to redirects that go in a circle, of which undici tells in a message only. */
const isRedirectLimit = (thrown: unknown, cause: unknown): boolean =>
  isUndici(thrown) && cause instanceof Error && cause.message === 'redirect count exceeded'

/** True for a failure of the transport that carries no code, or none of the transport's codes. */
const isOfTheWire = ({ syscall, code, message }: Error & { syscall?: unknown; code?: unknown }): boolean =>
  // Node.js writes `read EIO` of a socket, and `EIO: i/o error, read` of a file that a body may come from.
  message.startsWith(`${syscall} ${code}`) ||
  // Without a word undici says that a proxy wants to know who asks.
  syscall === 'connect' ||
  syscall === 'getaddrinfo' ||
  message === 'Request was cancelled.' ||
  message === '' ||
  // Deno 2.9 wraps its errors as undici does.
  message.startsWith('error sending request')

// Node.js and undici: errors about how fetch was called, or where a reply sent it.
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
