import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type BeforeAttempt, isOptionsError, type ResilienceEvent, resilient } from '../src/index.ts'
import { depot } from './helpers/depot.ts'
import { failure, gaps, played, toTen } from './helpers/play.ts'
import { fine, hangs, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things?a=1'
const headersOf = ({ init, input }: { init: RequestInit | undefined; input: unknown }) =>
  Object.fromEntries(new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined)))

beforeEach(() => {
  vi.useFakeTimers()
})

describe('`beforeAttempt`', () => {
  it('adds headers to each attempt, over those of the request', async () => {
    const { fetch, sent } = stubFetch(reply(503), fine)
    const seen: unknown[] = []
    const beforeAttempt: BeforeAttempt = async ({ request, attempt }) => {
      seen.push([request.method, request.url, request.bodyText])
      return { 'x-attempt': attempt, authorization: `Bearer token-${attempt}`, 'x-none': undefined }
    }
    const client = resilient(fetch, { beforeAttempt })
    await played(client(url, { method: 'PUT', body: 'b', headers: { authorization: 'old', accept: 'a/b' } }))
    expect(sent.map(headersOf)).toEqual([
      { accept: 'a/b', 'x-attempt': '1', authorization: 'Bearer token-1' },
      { accept: 'a/b', 'x-attempt': '2', authorization: 'Bearer token-2' },
    ])
    expect(seen).toEqual(Array(2).fill(['PUT', url, 'b']))
  })

  it('keeps the headers of a `Request`', async () => {
    const { fetch, sent } = stubFetch(reply(503), fine)
    const request = new Request(url, { method: 'PUT', body: 'b', headers: { accept: 'a/b' } })
    await played(resilient(fetch, { beforeAttempt: () => new Headers({ 'x-id': '7' }) })(request))
    for (const one of sent) expect(headersOf(one)).toMatchObject({ accept: 'a/b', 'x-id': '7' })
  })

  it('returns nothing where there is nothing to add', async () => {
    const { fetch, sent } = stubFetch(fine)
    await resilient(fetch, { beforeAttempt: () => {} })(url, { headers: { accept: 'a/b' } })
    expect(sent.map(headersOf)).toEqual([{ accept: 'a/b' }])
  })

  it('takes its time from the attempt’s', async () => {
    const { fetch, sent } = stubFetch(hangs, fine)
    const beforeAttempt = () => new Promise<undefined>((resolve) => setTimeout(resolve, 400))
    const client = resilient(fetch, {
      beforeAttempt,
      timeout: 1_000,
      retry: { backoff: { fast: { base: 1, limit: 1 } }, jitter: 'none' },
    })
    await played(client(url))
    expect(gaps(sent).map(toTen)).toEqual([1_000])
  })

  it('that never ends is ended by the time of the attempt, and tells so', async () => {
    const { fetch, sent } = stubFetch(fine)
    const signals: AbortSignal[] = []
    const beforeAttempt: BeforeAttempt = ({ signal }) => {
      signals.push(signal)
      return new Promise(() => {})
    }
    const error = await failure(resilient(fetch, { beforeAttempt, timeout: 700 })(url))
    expect(error).toMatchObject({ code: 'OPTION_FAILED', mayBeDone: false })
    expect(error.message).toMatch(/`beforeAttempt` took longer than the 700 ms/)
    expect([sent.length, performance.now(), signals[0]?.aborted]).toEqual([0, expect.closeTo(700, -1), true])
  })

  it('ends with the caller’s abort', async () => {
    const { fetch } = stubFetch(fine)
    const beforeAttempt = () => new Promise<undefined>(() => {})
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 50)
    const call = resilient(fetch, { beforeAttempt })(url, { signal: controller.signal })
    await expect(played(call)).rejects.toThrow('enough')
  })

  it.each<[string, unknown, RegExp]>([
    ['a throw', () => JSON.parse('-'), /`beforeAttempt` threw/],
    ['a rejection', () => Promise.reject(new Error('no token')), /`beforeAttempt` threw/],
    ['a text', () => 'text', /must return headers or nothing/],
    ['a list', () => [['a', 'b']], /must return headers or nothing/],
    ['an init', () => ({ headers: { a: 'b' } }), /`beforeAttempt\(\).headers` must be a text/],
    ['a bad value', () => ({ 'x-id': 'a\nb' }), /`beforeAttempt\(\).x-id` cannot be sent/],
    ['a bad name', () => ({ 'x id': 'a' }), /cannot be sent/],
    ['another host', () => ({ host: 'other.example' }), /`beforeAttempt\(\).host` is no header of one attempt/],
    ['another length', () => ({ 'Content-Length': '7' }), /is no header of one attempt/],
    ['a key of idempotency', () => ({ 'Idempotency-Key': 'a' }), /is no header of one attempt/],
  ])('ends the call clearly, before anything is sent: %s', async (_, beforeAttempt, words) => {
    const { fetch, sent } = stubFetch(fine)
    const error = await failure(
      resilient(fetch, { beforeAttempt: beforeAttempt as BeforeAttempt })(url, { method: 'POST' }),
    )
    expect(error).toMatchObject({ code: 'OPTION_FAILED', kind: 'fatal', outcome: 'rejected', mayBeDone: false })
    expect(error.message).toMatch(words)
    expect([isOptionsError(error.cause), sent.length]).toEqual([true, 0])
  })

  it('that fails later says that an earlier attempt may have been done', async () => {
    const { fetch } = stubFetch(reply(502))
    const beforeAttempt: BeforeAttempt = ({ attempt }) => (attempt === 1 ? {} : JSON.parse('-'))
    const error = await failure(resilient(fetch, { beforeAttempt, idempotent: true })(url, { method: 'POST' }))
    expect(error).toMatchObject({ code: 'OPTION_FAILED', mayBeDone: true, mayBeDoneBy: 1 })
  })

  it('says nothing of the service, and leaves nobody in its place', async () => {
    const { fetch } = stubFetch(fine)
    const client = resilient(fetch, { beforeAttempt: () => JSON.parse('-') })
    for (let time = 0; time < 20; time++) await failure(client(url))
    expect(client.state.snapshot()).toMatchObject([{ circuit: 'closed', underWay: 0, limit: Number.POSITIVE_INFINITY }])
  })

  it('shows its credential to no other host by a redirect', async () => {
    const { fetch, sent } = stubFetch(reply(307, null, { location: 'https://other.example/' }), fine)
    const beforeAttempt = () => ({ authorization: 'Bearer s3cret-s3cret', 'x-api-key': 's3cret-s3cret', 'x-id': '7' })
    await played(resilient(fetch, { beforeAttempt })(url, { method: 'PUT', body: 'b' }))
    expect(headersOf(sent[1] ?? { init: undefined, input: undefined })).toEqual({ 'x-id': '7' })
  })

  it('tells none of its secrets, of an earlier attempt either', async () => {
    const events: ResilienceEvent[] = []
    const { fetch } = stubFetch(reply(503), ({ init }) => {
      return new Response(`no: ${new Headers(init?.headers).get('authorization')} nor first-secret-1`, { status: 400 })
    })
    const beforeAttempt: BeforeAttempt = ({ attempt }) => ({
      authorization: `Bearer ${attempt === 1 ? 'first-secret-1' : 'second-secret-2'}`,
    })
    const observers = [(event: ResilienceEvent) => events.push(event)]
    const error = await failure(resilient(fetch, { beforeAttempt, observers })(url))
    const shown = JSON.stringify([error, String(error), events])
    expect(shown).not.toMatch(/(?:first|second)-secret/)
    expect(error.message).toContain('[redacted]')
  })
})

describe('`deadlineHeader`', () => {
  it.each([
    ['a name', 'x-request-timeout', { 'x-request-timeout': '30000' }],
    [
      'milliseconds',
      { name: 'x-envoy-expected-rq-timeout-ms', unit: 'ms' },
      { 'x-envoy-expected-rq-timeout-ms': '30000' },
    ],
    ['seconds', { name: 'Request-Timeout', unit: 's' }, { 'request-timeout': '30' }],
    ['gRPC’s own', 'grpc-timeout', { 'grpc-timeout': '30000m' }],
  ] as const)('sends the time left: %s', async (_, deadlineHeader, headers) => {
    const { fetch, sent } = stubFetch(fine)
    await resilient(fetch, { deadlineHeader })(url)
    expect(sent.map(headersOf)).toEqual([headers])
  })

  it('is reckoned anew for each attempt, out of what is left of the call', async () => {
    const { fetch, sent } = stubFetch(reply(503, null, { 'retry-after': '4' }), fine)
    await played(resilient(fetch, { deadlineHeader: 'x-timeout', timeout: 6_000, totalTimeout: 8_000 })(url))
    const [first, second] = sent.map((one) => Number(headersOf(one)['x-timeout']))
    expect(first).toBe(6_000)
    expect(second).toBeLessThanOrEqual(4_000)
    expect(second).toBeGreaterThan(3_000)
  })

  it('is left out where nothing limits the call', async () => {
    const { fetch, sent } = stubFetch(fine)
    await resilient(fetch, { deadlineHeader: 'x-timeout', timeout: false, totalTimeout: false })(url)
    expect(sent.map(headersOf)).toEqual([{}])
  })

  it.each([['two words'], [''], [7], [{ unit: 's' }], [{ name: 'a', unit: 'min' }]])(
    'takes no %j',
    (deadlineHeader) => {
      expect(() => resilient(fetch, { deadlineHeader } as never)).toThrow(/`deadlineHeader/)
    },
  )
})

it('`beforeAttempt` never makes a request one that its caller has signed', async () => {
  const { fetch, sent } = stubFetch(reply(503), fine)
  const vendor = depot({
    origins: ['https://depot.example'],
    auth: {
      credentials: () => ({ username: 'u', password: 'abcdefgh' }),
      open: async () => ({ secrets: ['of-the-vendor'] }),
      sign: ({ headers }) => headers.set('authorization', 'of-the-vendor'),
    },
  })
  const client = resilient(fetch, { vendor, beforeAttempt: ({ attempt }) => ({ authorization: `own ${attempt}` }) })
  await played(client('https://depot.example/belts', { headers: { 'x-a': '1' } }))
  expect(sent.map((one) => headersOf(one).authorization)).toEqual(['of-the-vendor', 'of-the-vendor'])
})
