import type { Reply } from '../contract/vendor.ts'

/** The code for a reply in which a proxy says that it passed nothing on. */
export type ProxyCode =
  | 'PROXY_NO_HEALTHY_UPSTREAM'
  | 'PROXY_CONNECT_FAILED'
  | 'PROXY_CERTIFICATE'
  | 'PROXY_OVERLOADED'
  | 'PROXY_STREAM_REFUSED'

// A proxy's message is near the beginning of a text; longer texts are pages about something else.
const LONGEST = 2_048

// Envoy source/common/http/utility.cc, resetReasonToString: its reasons before there is a connection.
const NO_CONNECTION = new Set([
  'connection failure',
  'local connection failure',
  'remote connection failure',
  'connection timeout',
  'overflow',
])

// The same, and refused streams: by RFC 9113, section 8.7, nothing was processed.
const REFUSED_STREAM = new Set(['local refused stream reset', 'remote refused stream reset'])

/** Fastly's page with one of these reasons (its documentation: errors in VCL; python/pythondotorg#748). */
const ofFastly = (reasons: string): RegExp =>
  new RegExp(`<h1>Error 503 (?:${reasons})</h1>\\s*<p>[^<]*</p>\\s*<h3>Guru Mediation:</h3>`, 'i')

/** The page of the API server of Kubernetes, with Go's error for the request that it passes on. */
const ofKubernetes = (words: string): RegExp =>
  new RegExp(`^\\{\\s*"kind"\\s*:\\s*"Status",[^{}]*(?:\\{\\}[^{}]*)?"message"\\s*:\\s*"(?:${words})`)

const REACH = 'error trying to reach service: '

/** Messages of proxies, with the codes that they prove and the statuses with which they do: 503, unless others are named. */
const WORDS: readonly (readonly [code: ProxyCode, words: RegExp, statuses?: readonly number[]])[] = [
  // Whole texts. Envoy: no member of a cluster answers its health check. Traefik pkg/server/service/loadbalancer/wrr: the same.
  ['PROXY_NO_HEALTHY_UPSTREAM', /^(?:no healthy upstream|no available server)$/],
  // HAProxy's own page, and nothing else.
  [
    'PROXY_NO_HEALTHY_UPSTREAM',
    /^(<html><body>)?<h1>503 Service Unavailable<\/h1>\s*No server is available to handle this request\.\s*(<\/body><\/html>)?$/,
  ],
  ['PROXY_NO_HEALTHY_UPSTREAM', ofFastly('Backend is unhealthy|Quorum weight not reached')],
  // Kong kong/runloop/balancer and kong/init.lua: sent before the first attempt at a server.
  [
    'PROXY_NO_HEALTHY_UPSTREAM',
    /^\{\s*"message"\s*:\s*"(?:failure to get a peer from the ring-balancer|name resolution failed|no Service found with those values)"\s*(?:,\s*"request_id"\s*:\s*"\w*"\s*)?\}$/,
  ],
  // vCenter's rhttpproxy, 6.x and 7.0; the bracket names the endpoint.
  ['PROXY_CONNECT_FAILED', /^503 Service Unavailable \(Failed to connect to endpoint: /],
  // Akamai: the edge found no address of the server behind it.
  [
    'PROXY_CONNECT_FAILED',
    /<H1>Service Unavailable - DNS failure<\/H1>\s*The server is temporarily unable to service your request\./,
  ],
  // CloudFront: the same. Its other messages about a failed connection are also sent for an established one.
  [
    'PROXY_CONNECT_FAILED',
    /<H2>[^<]*<\/H2>\s*<HR[^<>]*>\s*CloudFront wasn't able to resolve the origin domain name\./,
    [502],
  ],
  // Apache modules/proxy/proxy_util.c: ap_proxyerror.
  [
    'PROXY_CONNECT_FAILED',
    /<h1>Proxy Error<\/h1>[\s\S]*Reason: <strong>(?:DNS lookup failure for: |Error during SSL Handshake with remote server<)/,
    [500, 502],
  ],
  [
    'PROXY_CONNECT_FAILED',
    ofFastly(
      'connection refused|connection timed out|network unreachable|backend\\.max_conn reached|SSL handshake error',
    ),
  ],
  // Go names the operation that failed: `dial` and the handshake come before anything is sent.
  [
    'PROXY_CONNECT_FAILED',
    ofKubernetes(
      `no endpoints available for service |${REACH}(?:dial (?:tcp|udp|unix)\\b|net/http: TLS handshake timeout|http: server gave HTTP response to HTTPS client)`,
    ),
  ],
  ['PROXY_CERTIFICATE', ofKubernetes(`${REACH}(?:tls: failed to verify certificate: )?x509: `)],
  [
    'PROXY_CERTIFICATE',
    ofFastly(
      "certificate has expired|hostname doesn't match against certificate|unable to get local issuer certificate|self signed certificate",
    ),
  ],
  // Cloudflare: the name of the server behind it has no address, or its tunnel is not connected. As text, or as RFC 9457 has it.
  ['PROXY_CONNECT_FAILED', /^error code: (?:1016|1033)$|^\{[\s\S]*"error_code"\s*:\s*(?:1016|1033)\b/, [530]],
  // Envoy conn_manager_impl.cc, router.cc, fault_filter.cc: sent before the request has a route.
  ['PROXY_OVERLOADED', /^(?:envoy overloaded|maintenance mode|fault filter abort)$/],
]

/** The value of a header, with the code that it proves and, if there is only one, the status with which it does. */
type Sign = readonly [code: ProxyCode, words: RegExp, status?: number]

/** Headers in which proxies name their error. */
const HEADERS: readonly (readonly [name: string, signs: readonly Sign[]])[] = [
  // AWS, Application Load Balancer: its own 503 is only for groups without a target, and it passes a target's header on.
  ['server', [['PROXY_NO_HEALTHY_UPSTREAM', /^awselb\//, 503]]],
  // Squid src/FwdState.cc, src/security/PeerConnector.cc: each code has its page, and this header.
  ['x-squid-error', [['PROXY_CONNECT_FAILED', /^ERR_(?:(?:SECURE_)?CONNECT|DNS)_FAIL\b/]]],
  // Linkerd linkerd/stack/src, failfast.rs and loadshed.rs, and its client's errors about a connection.
  [
    'l5d-proxy-error',
    [
      ['PROXY_NO_HEALTHY_UPSTREAM', /\bservice in fail-fast$/],
      ['PROXY_OVERLOADED', /(?:^|: )service unavailable$/],
      ['PROXY_CONNECT_FAILED', /(?:^|: )(?:client error \(Connect\)|connect timed out after )/],
    ],
  ],
  // Cloud Foundry's gorouter handlers/lookup.go, proxy/round_tripper/error_handler.go, with Go's errors.
  [
    'x-cf-routererror',
    [
      ['PROXY_NO_HEALTHY_UPSTREAM', /^no_endpoints$/],
      ['PROXY_OVERLOADED', /^Connection Limit Reached$/],
      ['PROXY_CONNECT_FAILED', /^endpoint_failure \(dial (?:tcp|udp|unix)\b/],
    ],
  ],
]

/** Reads a proxy's message that proves that it passed nothing on. */
export function proxyCode({
  status,
  headers,
  text,
}: Pick<Reply, 'status' | 'headers' | 'text'>): ProxyCode | undefined {
  if (status < 500) return undefined
  const ofHeader = codeInHeaders(status, headers)
  if (ofHeader !== undefined || text.length > LONGEST) return ofHeader
  const trimmed = text.trim()
  const ofWords = WORDS.find(([, words, statuses = [503]]) => statuses.includes(status) && words.test(trimmed))?.[0]
  return ofWords ?? (status === 503 ? codeOfEnvoy(trimmed) : undefined)
}

function codeInHeaders(status: number, headers: Headers): ProxyCode | undefined {
  for (const [name, signs] of HEADERS) {
    const value = headers.get(name)
    const sign =
      value === null ? undefined : signs.find(([, words, beside]) => (beside ?? status) === status && words.test(value))
    if (sign !== undefined) return sign[0]
  }
  return undefined
}

function codeOfEnvoy(trimmed: string): ProxyCode | undefined {
  // Not if the proxy has retried: an earlier attempt of its own may have arrived.
  const reset = /^upstream connect error or disconnect\/reset before headers\. reset reason: ([a-z ]+)/.exec(
    trimmed,
  )?.[1]
  if (reset === undefined) return undefined
  if (NO_CONNECTION.has(reset))
    return trimmed.includes('CERTIFICATE_VERIFY_FAILED') ? 'PROXY_CERTIFICATE' : 'PROXY_CONNECT_FAILED'
  return REFUSED_STREAM.has(reset) ? 'PROXY_STREAM_REFUSED' : undefined
}
