import type { Reply } from '../contract/vendor.ts'

/** The code for a reply in which a proxy says that it passed nothing on. */
export type ProxyCode = 'PROXY_NO_HEALTHY_UPSTREAM' | 'PROXY_CONNECT_FAILED' | 'PROXY_STREAM_REFUSED'

// A proxy that had no connection says so in the first line; longer texts are somebody's page about something else.
const LONGEST = 1_024

// Envoy source/common/http/utility.cc, resetReasonToString: its reasons that come before a connection stands.
const NO_CONNECTION = new Set([
  'connection failure',
  'local connection failure',
  'remote connection failure',
  'connection timeout',
  'overflow',
])

// The same, with a stream that was refused: RFC 9113, section 8.7 has it that nothing was processed.
const REFUSED_STREAM = new Set(['local refused stream reset', 'remote refused stream reset'])

/** Whole texts: a proxy has no server that it could ask. */
const NO_SERVER: readonly RegExp[] = [
  // Envoy writes exactly this when a cluster has no member that answers its health check.
  /^no healthy upstream$/,
  // Traefik pkg/server/service/loadbalancer/wrr: no server is left that answers its health check.
  /^no available server$/,
  // HAProxy's own page, and nothing beside it.
  /^(<html><body>)?<h1>503 Service Unavailable<\/h1>\s*No server is available to handle this request\.\s*(<\/body><\/html>)?$/,
  // Fastly's page for a backend that its health check has found down (python/pythondotorg#748).
  /<h1>Error 503 Backend is unhealthy<\/h1>\s*<p>Backend is unhealthy<\/p>\s*<h3>Guru Mediation:<\/h3>/,
  // Kong kong/runloop/balancer: said before the first attempt at a server.
  /^\{\s*"message"\s*:\s*"(?:failure to get a peer from the ring-balancer|name resolution failed)"\s*(?:,\s*"request_id"\s*:\s*"\w*"\s*)?\}$/,
]

/** Beginnings of texts: a proxy could not connect. */
const NOT_CONNECTED: readonly RegExp[] = [
  // vCenter's rhttpproxy, 6.x and 7.0; the bracket names the endpoint.
  /^503 Service Unavailable \(Failed to connect to endpoint: /,
  // Akamai: the edge found no address of the server behind it.
  /<H1>Service Unavailable - DNS failure<\/H1>\s*The server is temporarily unable to service your request\./,
  // Kubernetes, the proxy of the API server: Go names the operation that failed, and `dial` comes before anything is sent.
  /^\{\s*"kind"\s*:\s*"Status",[^{}]*(?:\{\}[^{}]*)?"message"\s*:\s*"(?:no endpoints available for service |error trying to reach service: dial tcp )/,
]

// Squid src/errorpage: each code has its page, and this header.
const OF_SQUID = /^(?:ERR_CONNECT_FAIL|ERR_DNS_FAIL)\b/

/** Reads the words of a proxy that prove that it passed nothing on. */
export function proxyCode({
  status,
  headers,
  text,
}: Pick<Reply, 'status' | 'headers' | 'text'>): ProxyCode | undefined {
  const trimmed = text.trim()
  // Cloudflare: the name of the server behind it has no address, or its tunnel is not connected.
  if (status === 530) return /^error code: (?:1016|1033)$/.test(trimmed) ? 'PROXY_CONNECT_FAILED' : undefined
  if (status !== 503) return undefined
  if (OF_SQUID.test(headers.get('x-squid-error') ?? '')) return 'PROXY_CONNECT_FAILED'
  if (trimmed.length > LONGEST) return undefined
  if (NO_SERVER.some((words) => words.test(trimmed))) return 'PROXY_NO_HEALTHY_UPSTREAM'
  if (NOT_CONNECTED.some((words) => words.test(trimmed))) return 'PROXY_CONNECT_FAILED'
  return codeOfEnvoy(trimmed)
}

function codeOfEnvoy(trimmed: string): ProxyCode | undefined {
  // Unless it had tried before: then an earlier attempt may have arrived.
  const reset = /^upstream connect error or disconnect\/reset before headers\. reset reason: ([a-z ]+)/.exec(
    trimmed,
  )?.[1]
  if (reset !== undefined && NO_CONNECTION.has(reset)) return 'PROXY_CONNECT_FAILED'
  return reset !== undefined && REFUSED_STREAM.has(reset) ? 'PROXY_STREAM_REFUSED' : undefined
}
