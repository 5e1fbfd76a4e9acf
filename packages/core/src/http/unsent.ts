/** The members of an error that show in which step of connecting it happened. */
export interface Thrown {
  readonly name?: unknown
  readonly message?: unknown
  readonly code?: unknown
  readonly syscall?: unknown
}

// errno(3): this machine has no more handles, ports or memory.
const EXHAUSTED = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM', 'EAGAIN', 'EAI_MEMORY'])

/** Bun 1.4 has Node.js's code for this, without the `syscall`. */
const BUN_REFUSED = 'ECONNREFUSED: Unable to connect.'

/** Codes for a time-out of connecting: undici's, and that of Node.js 18 and 20 for one of several addresses. */
const CONNECT_TIMEOUTS = new Set<unknown>(['UND_ERR_CONNECT_TIMEOUT', 'ERR_SOCKET_CONNECTION_TIMEOUT'])

/** A proxy's answer to CONNECT, as the errors of undici and of Node.js's agents show it. */
const TUNNEL =
  /^Proxy response \((\d+)\) !== 200 when HTTP Tunneling|\bFailed to establish tunnel to .*: HTTP\/\d(?:\.\d)? (\d{3})\b/

/** Codes of errors that only happen before there is a connection. */
const OF_CODE = new Map([
  ['UND_ERR_MAX_ORIGINS_REACHED', 'LOCAL_LIMIT'],
  // Node.js: a tunnel of its agents, a socket that was closed while connecting, and TLS parameters of a server that are too weak.
  ['ERR_PROXY_TUNNEL', 'PROXY_TUNNEL_FAILED'],
  ['ERR_SOCKET_CLOSED_BEFORE_CONNECTION', 'CONNECT_FAILED'],
  ['ERR_TLS_DH_PARAM_SIZE', 'TLS_HANDSHAKE'],
  // Bun: it opened no socket, or the server closed it during the handshake.
  ['ConnectionRefused', 'CONNECT_FAILED'],
  ['FailedToOpenSocket', 'CONNECT_FAILED'],
  ['UNKNOWN_CERTIFICATE_VERIFICATION_ERROR', 'TLS_HANDSHAKE'],
])

const OF_WIRE = new Set(['read', 'write', 'send', 'recv'])

/** Codes of connect(2) that have a row of their own. The kernel reports them on a connection that stands, too: send(2). */
export const OF_CONNECTING = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'])

// getaddrinfo(3) and Node.js dns: no server has an address for the name.
const NO_SUCH_NAME = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA', 'EBADNAME', 'ENONAME'])

/**
 * The code for an error that proves more than its cause, such as a reset: undici throws it for a tunnel that was never
 * established, Node.js for a stream whose session never was (`pendingStreams`, lib/internal/http2/core.js).
 */
export const unsentWrapper = (code: unknown): string | undefined =>
  code === 'UND_ERR_PRX_CONN'
    ? 'PROXY_TUNNEL_FAILED'
    : code === 'ERR_HTTP2_STREAM_CANCEL'
      ? 'CONNECT_FAILED'
      : undefined

/** The code for a failure before the request had a connection; `undefined` for any other. */
export function unsentCode({ name, message, code, syscall }: Thrown): string | undefined {
  const text = typeof message === 'string' ? message : ''
  const tunnel = TUNNEL.exec(text)
  if (tunnel !== null) return tunnelCode(Number(tunnel[1] ?? tunnel[2]))
  if (CONNECT_TIMEOUTS.has(code) || name === 'ConnectTimeoutError') return 'UND_ERR_CONNECT_TIMEOUT'
  if (typeof code !== 'string') return unsentByText(text)
  if (code.startsWith('UND_ERR_SOCKS5')) return socksCode(code)
  const ofCode = OF_CODE.get(code)
  if (ofCode !== undefined) return ofCode
  // undici's DNS interceptor: the look-up found nothing.
  if (text === 'No DNS entries found') return 'ENOTFOUND'
  if (text.startsWith(BUN_REFUSED)) return 'CONNECT_FAILED'
  if (isOfHttp2(code, text)) return 'HTTP2_NOT_SENT'
  if (EXHAUSTED.has(code) && OF_WIRE.has(String(syscall))) return 'LOCAL_LIMIT_SENDING'
  const step = typeof syscall === 'string' ? syscall : stepIn(code, text)
  if (step === 'getaddrinfo' || /^query[A-Z]/.test(step)) return lookUpCode(code)
  return step === 'connect' ? connectCode(code) : undefined
}

/**
 * The system call that failed, from the beginning of Node.js's message: libraries such as node-fetch copy only the message. It is
 * empty for the error that Node.js has for several addresses, none of which could be connected to.
 */
function stepIn(code: string, text: string): string {
  if (/^request to .* failed, reason: $/.test(text)) return ofSeveralAddresses(code) ? 'connect' : ''
  return /^(?:request to .* failed, reason: )?([a-zA-Z]{1,20}) E[A-Z_]+\b/.exec(text)?.[1] ?? ''
}

const ofSeveralAddresses = (code: string): boolean => code === 'ETIMEDOUT' || OF_CONNECTING.has(code)

/** The code for an error of undici 8 with SOCKS (RFC 1928 and 1929), all of which comes before the request. */
function socksCode(code: string): string {
  if (code.startsWith('UND_ERR_SOCKS5_AUTH')) return 'HTTP_407'
  // The proxy's rules do not allow the connection.
  return code === 'UND_ERR_SOCKS5_REPLY_2' ? 'PROXY_TUNNEL_DENIED' : 'PROXY_TUNNEL_FAILED'
}

/** The code for a proxy's answer to CONNECT. A 4xx is a rule, which time does not change, except for those about time. */
function tunnelCode(status: number): string {
  if (status === 407) return 'HTTP_407'
  const isRule = status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429
  return isRule ? 'PROXY_TUNNEL_DENIED' : 'PROXY_TUNNEL_FAILED'
}

function lookUpCode(code: string): string {
  if (EXHAUSTED.has(code)) return 'LOCAL_LIMIT'
  return NO_SUCH_NAME.has(code) ? 'ENOTFOUND' : 'EAI_AGAIN'
}

function connectCode(code: string): string {
  if (EXHAUSTED.has(code)) return 'LOCAL_LIMIT'
  if (code === 'EACCES' || code === 'EPERM') return 'CONNECT_DENIED'
  if (code === 'ETIMEDOUT') return 'UND_ERR_CONNECT_TIMEOUT'
  return OF_CONNECTING.has(code) ? code : 'CONNECT_FAILED'
}

// RFC 9113, section 8.7: a refused stream, and one beyond the last of a GOAWAY, was not processed.
const isOfHttp2 = (code: string, text: string): boolean =>
  code === 'ERR_HTTP2_GOAWAY_SESSION' ||
  // Node.js lib/internal/http2/core.js, `request`: the session was destroyed before.
  code === 'ERR_HTTP2_INVALID_SESSION' ||
  code === 'ERR_HTTP2_OUT_OF_STREAMS' ||
  (code === 'ERR_HTTP2_STREAM_ERROR' && /\bNGHTTP2_REFUSED_STREAM\b/.test(text))

/** Messages of runtimes without codes, for failures before the request had a connection. */
const TEXTS: readonly (readonly [code: string, text: RegExp])[] = [
  // WebKit gives the words of Foundation for NSURLErrorCannotConnectToHost, …CannotFindHost, …NotConnectedToInternet,
  // …SecureConnectionFailed and …ServerCertificateUntrusted.
  ['CONNECT_FAILED', /^Could not connect to the server\.$/],
  ['ENOTFOUND', /^A server with the specified hostname could not be found\.$/],
  ['ENETDOWN', /^The Internet connection appears to be offline\.$/],
  ['TLS_HANDSHAKE', /^(?:An SSL error has occurred and a|A TLS error caused the) secure connection to /],
  ['TLS_CERTIFICATE', /^The certificate for this server is invalid\./],
  // Deno: its HTTP library h2 has the words of RFC 9113 for REFUSED_STREAM.
  [
    'HTTP2_NOT_SENT',
    /^(?:error sending request|client error \(SendRequest\)).*: refused stream before processing any application logic$/,
  ],
]

/** Deno 2, Deno 2 without an address, Deno 1: its HTTP library names the step that failed. */
const OF_DENO = /^(?:error sending request\b.*: )?(?:client error \(Connect\)|error trying to connect: )/

/** The reason after that, in the words of rustls, hyper-util and the systems' name resolution. */
const REASONS: readonly (readonly [code: string, reason: RegExp])[] = [
  ['TLS_CERTIFICATE', /invalid peer certificate/],
  ['HTTP_407', /tunnel error: proxy authorization required/],
  ['ENOTFOUND', /dns error: .*(?:Name or service not known|nodename nor servname provided|No such host is known)/],
  ['EAI_AGAIN', /dns error: .*Temporary failure in name resolution/],
]

const find = (rows: readonly (readonly [code: string, words: RegExp])[], text: string): string | undefined =>
  rows.find(([, words]) => words.test(text))?.[0]

/** The code for a failure before the request had a connection, by its message alone; `undefined` for any other. */
const unsentByText = (text: string): string | undefined =>
  OF_DENO.test(text) ? (find(REASONS, text) ?? 'CONNECT_FAILED') : find(TEXTS, text)
