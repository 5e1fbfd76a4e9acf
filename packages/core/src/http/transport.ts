import isNetworkError from 'is-network-error'
import type { Fault } from '../contract/fault.ts'

// The kernel also reports these on a connection that stands, where the request may have arrived: connect(2), send(2).
const OF_CONNECTING = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'])

const KEPT_CODES = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
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

// Node.js, the X.509 errors of `tls` that do not begin with CERT_: the peer's certificate or name is not acceptable.
const CERTIFICATE = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CRL_SIGNATURE_FAILURE',
  'CRL_NOT_YET_VALID',
  'CRL_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'OUT_OF_MEM',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_TLS_CERT_ALTNAME_FORMAT',
])

/**
 * Reads what `fetch` threw. `undefined` where it is no failure of the network, but of the call itself or of something
 * else that the caller put into it: that goes back to the caller as it is.
 */
export function readThrown(thrown: unknown, timedOut: boolean): Fault | undefined {
  if (timedOut) return { code: 'ATTEMPT_TIMEOUT' }
  const cause = deepest(thrown)
  const code = codeOf(cause)
  const message = cause instanceof Error && cause.message !== '' ? { message: cause.message } : {}
  const proxy = isUndici(thrown) ? proxyFault(cause) : undefined
  if (proxy !== undefined) return { code: proxy, ...message }
  if (code !== undefined) {
    if (CALLERS_FAULT.has(code)) return undefined
    const known = transportCode(code, cause as Error & { syscall?: unknown })
    if (known !== undefined) return { code: known, ...message }
  }
  // Node.js 24 puts undici's parser error here without its code.
  if ((cause as Error | undefined)?.name === 'HTTPParserError') return { code: 'HTTP_PARSE', ...message }
  // undici gives a code of the wire's to what happens on the wire. What else comes in its wrapper is what the Fetch standard
  // forbids (a redirect that the caller ruled out, a blocked port), or what the caller's own body threw.
  if (isUndici(thrown) && cause !== thrown && cause instanceof Error) {
    return isOfTheWire(cause) ? { code: 'NETWORK_ERROR', ...message } : undefined
  }
  // The Fetch standard, constructor of Response: a fetch that makes its replies itself got an answer with no status of HTTP.
  if (/\bstatus(Text)?\b/.test((thrown as Error | undefined)?.message ?? '') && isPlatforms(thrown))
    return { code: 'HTTP_PARSE', ...message }
  // Browsers, Deno, Bun and older Nodes: a TypeError whose text alone tells, each runtime's own.
  if (isNetworkError(thrown)) return { code: 'NETWORK_ERROR', ...message }
  return undefined
}

function transportCode(code: string, cause: Error & { syscall?: unknown }): string | undefined {
  // Node.js tells a connection lost before the handshake was over from a reset by its text alone.
  if (/before secure TLS connection was established/.test(String(cause.message))) return 'TLS_HANDSHAKE'
  // The same code for a connection that never stood and for one that fell silent.
  if (code === 'ETIMEDOUT' && cause.syscall === 'connect') return 'UND_ERR_CONNECT_TIMEOUT'
  if (OF_CONNECTING.has(code)) return cause.syscall === 'connect' ? code : 'ECONNRESET'
  if (KEPT_CODES.has(code)) return code
  if (CERTIFICATE.has(code) || /^(CERT_|ERR_TLS_CERT)/.test(code)) return 'TLS_CERTIFICATE'
  // OpenSSL alerts about a certificate: the server did not like ours.
  if (/^ERR_SSL_.*CERTIFICATE/.test(code)) return 'TLS_CERTIFICATE'
  // OpenSSL errors of records that can only come before application data.
  if (
    /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|HTTP_REQUEST|.*HANDSHAKE_FAILURE|.*PROTOCOL_VERSION|.*UNRECOGNIZED_NAME)$/.test(
      code,
    )
  ) {
    return 'TLS_HANDSHAKE'
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return 'ECONNRESET'
  if (code.startsWith('HPE_')) return 'HTTP_PARSE'
  // What Node.js and undici say of an answer that they did not expect: undici asserts that a status has three digits.
  if (code === 'ERR_ASSERTION') return 'HTTP_PARSE'
  if (/^(UND_ERR|ERR_HTTP2|ERR_SOCKET)_/.test(code)) return 'NETWORK_ERROR'
  return undefined
}

/**
 * The code for an answer that fetch itself did not take, though one had come; `undefined` for anything else. To a request
 * that changes nothing it is the caller's own affair.
 */
export function refusedAnswer(thrown: unknown): 'REDIRECT_REFUSED' | 'NETWORK_ERROR' | undefined {
  const cause = deepest(thrown) as Partial<Error> | null | undefined
  if (!isUndici(thrown) || cause === thrown) return undefined
  if (codeOf(cause) === 'ERR_INVALID_URL' || /\bredirect\b/.test(cause?.message ?? '')) return 'REDIRECT_REFUSED'
  return cause?.message === 'integrity mismatch' ? 'NETWORK_ERROR' : undefined
}

const isPlatforms = (thrown: unknown): boolean => thrown instanceof TypeError || thrown instanceof RangeError

const isUndici = (thrown: unknown): boolean => thrown instanceof TypeError && thrown.message === 'fetch failed'

/** The code for a proxy that refused to open a tunnel or wants a login, which undici reports in a message only. */
function proxyFault(cause: unknown): 'HTTP_407' | 'NETWORK_ERROR' | undefined {
  if (!(cause instanceof Error)) return undefined
  const said = /^(?:Proxy response \((?<status>\d+)\) |proxy authentication required$)/.exec(cause.message)
  if (said === null) return undefined
  return (said.groups?.status ?? '407') === '407' ? 'HTTP_407' : 'NETWORK_ERROR'
}

/** True for a failure of the transport that carries no code, or none of the transport's codes. */
const isOfTheWire = ({ syscall, message }: Error & { syscall?: unknown }): boolean =>
  // Without a word undici says that a proxy wants to know who asks.
  syscall === 'connect' || syscall === 'getaddrinfo' || message === 'Request was cancelled.' || message === ''

// Node.js and undici: errors about how fetch was called, or where a reply sent it.
const CALLERS_FAULT = new Set([
  'ERR_INVALID_URL',
  'UND_ERR_INVALID_ARG',
  'UND_ERR_INVALID_RETURN_VALUE',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_ABORTED',
])

/** The error at the root: runtimes wrap a socket's error once or twice, happy eyeballs puts several into one. */
function deepest(thrown: unknown): unknown {
  let error = thrown
  for (let depth = 0; depth < 5; depth++) {
    const { cause, errors } = (error ?? {}) as { cause?: unknown; errors?: unknown }
    const inner = Array.isArray(errors) && errors.length > 0 ? errors[errors.length - 1] : cause
    if (inner === undefined || inner === null || typeof inner !== 'object') return error
    error = inner
  }
  return error
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}
