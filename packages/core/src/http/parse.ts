import type { Fault } from '../contract/fault.ts'
import type { Reply } from '../contract/vendor.ts'

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

// HAProxy's own page, and nothing beside it.
const HAPROXY =
  /^(<html><body>)?<h1>503 Service Unavailable<\/h1>\s*No server is available to handle this request\.\s*(<\/body><\/html>)?$/

/** Reads a bare reply: the words of a proxy that prove that it passed nothing on, else the status alone. */
export function parseBare({ status, text }: Reply): Fault | undefined {
  if (status < 400) return undefined
  const trimmed = text.trim()
  const message = trimmed === '' || trimmed.startsWith('<') ? {} : { message: trimmed }
  const code = status === 503 && trimmed.length <= LONGEST ? (proxyCode(trimmed) ?? `HTTP_${status}`) : `HTTP_${status}`
  return { code, status, ...message }
}

function proxyCode(trimmed: string): string | undefined {
  // Envoy writes exactly this when a cluster has no member that answers its health check.
  if (trimmed === 'no healthy upstream') return 'PROXY_NO_HEALTHY_UPSTREAM'
  // vCenter's rhttpproxy, 6.x and 7.0; the bracket names the endpoint.
  if (/^503 Service Unavailable \(Failed to connect to endpoint: /.test(trimmed)) return 'PROXY_CONNECT_FAILED'
  // Envoy, unless it had tried before: then an earlier attempt may have arrived.
  const reset = /^upstream connect error or disconnect\/reset before headers\. reset reason: ([a-z ]+)/.exec(
    trimmed,
  )?.[1]
  if (reset !== undefined && NO_CONNECTION.has(reset)) return 'PROXY_CONNECT_FAILED'
  if (reset !== undefined && REFUSED_STREAM.has(reset)) return 'PROXY_STREAM_REFUSED'
  return HAPROXY.test(trimmed) ? 'PROXY_NO_HEALTHY_UPSTREAM' : undefined
}
