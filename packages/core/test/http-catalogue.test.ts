import { describe, expect, it } from 'vitest'
import { type ErrorRow, http, resilient } from '../src/index.ts'
import { defineCatalogue } from '../src/plugin.ts'
import { reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

/** The row that a bare reply falls under, and what a caller sees of it. */
async function met(status: number, body: string | null = '') {
  const { fetch } = stubFetch(reply(status, body))
  const error = await resilient(fetch, { retry: false })(url).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error as { code: string; kind: string; outcome: string; vendor: string; hint: string } | undefined
}

const rows: readonly ErrorRow[] = http.catalogue.rows

const codes = (pick: (row: ErrorRow) => boolean) => rows.filter(pick).map(({ code }) => code)

describe('the rows for bare statuses and for transport', () => {
  it('are found by their codes alone, which any catalogue would find too', () => {
    const { find } = defineCatalogue('http', rows)
    expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length)
    for (const { code, status } of rows) {
      for (const wanted of [{ code }, { code, status }, { code, status: 599, details: ['HTTP_400'] }])
        expect(http.catalogue.find(wanted as never)).toEqual(find(wanted as never))
    }
    expect(http.catalogue.find({ code: 'HTTP_498' })).toBeUndefined()
  })

  it('say `rejected` only where nothing can have been done', () => {
    expect(codes((row) => row.kind === 'retryable' && row.outcome === 'rejected')).toEqual([
      'TOO_LARGE_FOR_NOW',
      'HTTP_425',
      'HTTP_429',
      'RATE_LIMITED',
      'HTTP_521',
      'HTTP_523',
      'HTTP_525',
      'PROXY_NO_HEALTHY_UPSTREAM',
      'PROXY_CONNECT_FAILED',
      'PROXY_OVERLOADED',
      'PROXY_STREAM_REFUSED',
      'ECONNREFUSED',
      'EHOSTUNREACH',
      'EHOSTDOWN',
      'ENETUNREACH',
      'ENETDOWN',
      'UND_ERR_CONNECT_TIMEOUT',
      'EAI_AGAIN',
      'TLS_HANDSHAKE',
      'CONNECT_FAILED',
      'LOCAL_LIMIT',
      'PROXY_TUNNEL_FAILED',
      'HTTP2_NOT_SENT',
      'LOGIN_TIMEOUT',
      'CREDENTIALS_FAILED',
      'IDEMPOTENCY_KEY_IN_USE',
    ])
  })

  it('say `unknown` of everything else that may pass', () => {
    expect(codes((row) => row.kind === 'retryable' && row.outcome === 'unknown')).toEqual([
      'HTTP_408',
      'HTTP_500',
      'HTTP_502',
      'HTTP_503',
      'HTTP_504',
      'FOREIGN_PAGE',
      'HTTP_520',
      'HTTP_522',
      'HTTP_524',
      'HTTP_527',
      'HTTP_529',
      'HTTP_530',
      'HTTP_598',
      'HTTP_599',
      'LOCAL_LIMIT_SENDING',
      'HTTP2_ENHANCE_YOUR_CALM',
      'ECONNRESET',
      'EPIPE',
      'ECONNABORTED',
      'ETIMEDOUT',
      'UND_ERR_SOCKET',
      'UND_ERR_HEADERS_TIMEOUT',
      'UND_ERR_BODY_TIMEOUT',
      'UND_ERR_INFO',
      'HTTP_PARSE',
      'ATTEMPT_TIMEOUT',
      'NETWORK_ERROR',
    ])
  })

  it('send to a login for 401 alone', () => {
    expect(codes((row) => row.kind === 'auth')).toEqual(['HTTP_401', 'HTTP_403', 'HTTP_407'])
    expect(codes((row) => row.kind === 'auth' && row.reauth)).toEqual(['HTTP_401'])
  })

  it('see a conflict in the four statuses about a state', () => {
    expect(codes((row) => row.kind === 'conflict')).toEqual(['HTTP_409', 'HTTP_412', 'HTTP_423', 'HTTP_428'])
  })

  it('never count a client error, a name or a certificate against the service', () => {
    const tripping = rows.filter(({ trips }) => trips)
    expect(tripping.filter(({ kind }) => kind !== 'retryable')).toEqual([])
    expect(tripping.filter(({ status = 500 }) => status < 500 && status !== 408)).toEqual([])
    expect(codes((row) => row.kind === 'retryable' && row.trips !== true)).toEqual([
      'TOO_LARGE_FOR_NOW',
      'HTTP_425',
      'HTTP_429',
      'RATE_LIMITED',
      'PROXY_STREAM_REFUSED',
      'ENETDOWN',
      'EAI_AGAIN',
      'LOCAL_LIMIT',
      'LOCAL_LIMIT_SENDING',
      'HTTP2_NOT_SENT',
      'HTTP2_ENHANCE_YOUR_CALM',
      'LOGIN_TIMEOUT',
      'CREDENTIALS_FAILED',
      'IDEMPOTENCY_KEY_IN_USE',
    ])
  })

  it('each say in one line what to do, and where that is known from', () => {
    for (const { hint, source, code } of rows) {
      expect(hint, code).toMatch(/^[A-Z`][^\n]{8,80}[.?]$/)
      expect(source, code).toBeTruthy()
    }
  })
})

describe('a bare reply', () => {
  const statuses = rows.flatMap(({ status, code }) =>
    status !== undefined && code === `HTTP_${status}` ? [status] : [],
  )

  it.each(statuses)('with status %i falls under its row', async (status) => {
    const row = http.catalogue.find({ code: `HTTP_${status}` })
    expect(await met(status)).toMatchObject({ code: row?.code, kind: row?.kind, hint: row?.hint, vendor: 'http' })
  })

  it.each([418, 430, 456])('with the unknown status %i is as a 400', async (status) => {
    const expected = { code: `HTTP_${status}`, kind: 'fatal', outcome: 'rejected', reason: 'unlisted' }
    expect(await met(status)).toMatchObject(expected)
  })

  it.each([509, 561, 588])('with the unknown status %i is as a 500', async (status) => {
    expect(await met(status)).toMatchObject({ code: `HTTP_${status}`, kind: 'retryable', outcome: 'unknown' })
  })

  it.each([200, 201, 202, 204, 206, 301, 304])('with status %i is fine', async (status) => {
    expect(await met(status, status === 204 || status === 304 ? null : '')).toBeUndefined()
  })
})

describe('the words of a proxy', () => {
  it.each([
    ['no healthy upstream', 'PROXY_NO_HEALTHY_UPSTREAM'],
    ['no healthy upstream\n', 'PROXY_NO_HEALTHY_UPSTREAM'],
    [
      '503 Service Unavailable (Failed to connect to endpoint: [N7Vmacore4Http20NamedPipeServiceSpecE:0x00] _port = 8085)',
      'PROXY_CONNECT_FAILED',
    ],
  ])('prove that nothing was passed on: %j', async (body, code) => {
    expect(await met(503, body)).toMatchObject({ code, outcome: 'rejected' })
  })

  it.each([
    'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
    '<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>',
    'there was no healthy upstream',
    `no healthy upstream${' '.repeat(2)}and more`,
    `503 Service Unavailable (Failed to connect to endpoint: ${'x'.repeat(2_000)}`,
  ])('prove nothing: %s', async (body) => {
    expect(await met(503, body)).toMatchObject({ code: 'HTTP_503', outcome: 'unknown' })
  })

  it('count for their own status alone', async () => {
    expect(await met(502, 'no healthy upstream')).toMatchObject({ code: 'HTTP_502', outcome: 'unknown' })
    const page = '<h1>Proxy Error</h1><p>Reason: <strong>DNS lookup failure for: backend</strong></p>'
    expect(await met(502, page)).toMatchObject({ code: 'PROXY_CONNECT_FAILED', status: 502, outcome: 'rejected' })
    expect(await met(503, page)).toMatchObject({ code: 'HTTP_503', outcome: 'unknown' })
  })
})
