import { beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf, isRetryable, isVendorError, type ResilientOptions, resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, gaps, played } from './helpers/play.ts'
import { breaks, fine, reply, stubFetch, throws } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
})

/** Attempts that a call makes at a service that only ever answers this. */
async function attempts(init: RequestInit, options: ResilientOptions = {}, answer = reply(503)): Promise<number> {
  const { fetch, sent } = stubFetch(answer)
  await failure(resilient(fetch, options)(url, init))
  return sent.length
}

describe('a read that meets a passing fault', () => {
  it('is repeated, and its caller sees only the reply', async () => {
    const { fetch, sent } = stubFetch(reply(503), breaks('ECONNRESET'), fine)
    const response = await played(resilient(fetch)(url))
    expect(await response.text()).toBe('fine')
    expect(sent).toHaveLength(3)
  })

  it('is waited for by a doubling curve, spread by chance, and the last time for long', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    await failure(resilient(fetch)(url))
    expect(gaps(sent)).toEqual([250, 500, 1_000, 15_000])
  })

  it('is over before the last attempt, where it passes within ten seconds', async () => {
    vi.mocked(Math.random).mockReturnValue(0)
    const { fetch, sent } = stubFetch((one) => (performance.now() < 10_000 ? reply(503) : fine)(one))
    expect((await played(resilient(fetch)(url))).status).toBe(200)
    expect(sent).toHaveLength(5)
  })

  it.each<[string, ResilientOptions, number[]]>([
    ['a time limit', { totalTimeout: 6_000 }, [250, 500, 1_000, 2_736]],
    ['patience', { patience: 4_000 }, [250, 500, 1_000, 3_000]],
    ['no patience', { patience: 0 }, [250, 500, 1_000, 2_000]],
    ['a longest wait', { maxWait: 2_500 }, [250, 500, 1_000, 2_000]],
    ['retries of the user’s own', { retry: { limit: 3 } }, [250, 500, 1_000]],
  ])('is waited for as long as this allows: %s', async (_, options, waits) => {
    const { fetch, sent } = stubFetch(reply(503))
    await failure(resilient(fetch, { limits: false, ...options })(url))
    expect(gaps(sent)).toEqual(waits)
  })

  it('is waited for in minutes where the cause lasts minutes', async () => {
    const { fetch, sent } = stubFetch(says('BELT_JAMMED', { status: 500 }))
    await failure(resilient(fetch, { vendor: depot(), retry: { jitter: 'none' } })(url))
    expect(gaps(sent)).toEqual([15_000, 30_000, 60_000, 120_000])
  })

  it('is waited for by the user’s own curve and pace', async () => {
    const backoff = { slow: { base: 100, limit: 300 } }
    const { fetch, sent } = stubFetch(reply(503))
    await failure(resilient(fetch, { retry: { jitter: 'none', pace: 'slow', backoff } })(url))
    expect(gaps(sent)).toEqual([100, 200, 300, 300])
  })

  it('fails after five attempts, and the error tells each of them', async () => {
    const { fetch } = stubFetch(reply(503, 'overloaded'), breaks('ECONNREFUSED'), reply(503, 'overloaded'))
    const error = await failure(resilient(fetch)(`${url}?token=x`))
    expect(isVendorError(error, 'http') && isRetryable(error)).toBe(true)
    expect(error).toMatchObject({ code: 'HTTP_503', status: 503, reason: 'attempts', mayBeDone: false })
    expect(error.attempts.map(({ attempt, at, code, decision }) => [attempt, at, code, decision.do])).toEqual([
      [1, 0, 'HTTP_503', 'wait'],
      [2, 250, 'ECONNREFUSED', 'wait'],
      [3, 750, 'HTTP_503', 'wait'],
      [4, 1_750, 'HTTP_503', 'wait'],
      [5, 16_750, 'HTTP_503', 'fail'],
    ])
    expect(await error.response?.text()).toBe('overloaded')
    expect(error.message).toContain('GET https://api.example/things: http HTTP_503 [503] after 5 attempts')
  })
})

describe('the limit', () => {
  it('may be set for a client, a call and one error', async () => {
    expect(await attempts({}, { retry: 2 })).toBe(3)
    expect(await attempts({}, { retry: { limit: 0 } })).toBe(1)
    expect(await attempts({}, { retry: false })).toBe(1)
    expect(await attempts({ resilience: { retry: 1 } } as RequestInit, { retry: 2 })).toBe(2)
    expect(await attempts({}, { retry: 1, errors: { HTTP_503: { retry: { limit: 7 } } } } as ResilientOptions)).toBe(8)
    expect(await attempts({}, { errors: { HTTP_503: { retry: false } } } as ResilientOptions)).toBe(1)
  })

  it('holds for each call by itself', async () => {
    const { fetch, sent } = stubFetch(reply(503), reply(503), fine, reply(503), reply(503), fine)
    const client = resilient(fetch, { retry: 2 })
    for (const _ of [1, 2]) expect((await played(client(url))).status).toBe(200)
    expect(sent).toHaveLength(6)
  })

  it('counts the retries of a call, not those of one error', async () => {
    const { fetch, sent } = stubFetch(reply(503), reply(500), reply(503), reply(500))
    await failure(resilient(fetch, { retry: 3 })(url))
    expect(sent).toHaveLength(4)
  })
})

describe('a request that changes something', () => {
  it.each(['POST', 'PATCH'])('by %s is not repeated when it may have been done', async (method) => {
    const { fetch, sent } = stubFetch(reply(503), fine)
    const error = await failure(resilient(fetch)(url, { method, body: '{}' }))
    expect(sent).toHaveLength(1)
    expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true, mayBeDoneBy: 1, outcome: 'unknown' })
  })

  it('is not repeated after a socket that broke or an answer that never came', async () => {
    for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'EPIPE']) {
      expect(await attempts({ method: 'POST' }, {}, breaks(code))).toBe(1)
    }
  })

  it('is repeated when the server surely did nothing', async () => {
    expect(await attempts({ method: 'POST' }, {}, reply(429))).toBe(5)
    expect(await attempts({ method: 'POST' }, {}, breaks('ECONNREFUSED'))).toBe(5)
    expect(await attempts({ method: 'POST' }, { vendor: depot() }, says('BELT_BUSY'))).toBe(5)
  })

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'QUERY', 'get', 'put'])('by %s is repeated', async (method) => {
    expect(await attempts({ method })).toBe(5)
  })

  it('is repeated when its caller says that it may be, by option or by header', async () => {
    const method = 'POST'
    expect(await attempts({ method, resilience: { idempotent: true } } as RequestInit)).toBe(5)
    expect(await attempts({ method, headers: { 'Idempotency-Key': '7' } })).toBe(5)
    expect(await attempts({ method, headers: [['idempotency-key', '7']] })).toBe(5)
    expect(await attempts({ method: 'GET', resilience: { idempotent: false } } as RequestInit)).toBe(1)
  })

  it('is repeated as its vendor says, unless its caller knows better', async () => {
    const vendor = (repeatable: boolean) => ({ vendor: depot({ isRepeatable: () => repeatable }) })
    expect(await attempts({ method: 'POST' }, vendor(true))).toBe(5)
    expect(await attempts({ method: 'GET', headers: { 'idempotency-key': '7' } }, vendor(false))).toBe(1)
    expect(await attempts({ method: 'POST', resilience: { idempotent: true } } as RequestInit, vendor(false))).toBe(5)
  })

  it('says which attempt may have done it, when a later one finds it done', async () => {
    const { fetch } = stubFetch(breaks('ECONNREFUSED'), reply(502), reply(404))
    const error = await failure(resilient(fetch)(url, { method: 'DELETE' }))
    expect(error).toMatchObject({ code: 'HTTP_404', reason: 'fatal', mayBeDone: true, mayBeDoneBy: 2 })
  })
})

describe('the server’s own word', () => {
  it('outranks the row where it says that time will help, or will not', async () => {
    const vendor = depot()
    const is = (transient: boolean) => says('LABEL_BAD', { transient })
    expect(await attempts({}, { vendor }, is(true))).toBe(5)
    expect(await attempts({ method: 'POST' }, { vendor }, is(true))).toBe(1)
    expect(await attempts({}, { vendor }, says('BELT_BUSY', { transient: false }))).toBe(1)
  })

  it('makes an outcome unknown where it comes out of a task', async () => {
    expect(await attempts({ method: 'POST' }, { vendor: depot() }, says('BELT_BUSY', { inTask: true }))).toBe(1)
  })

  it('is outranked by the user’s', async () => {
    const vendor = depot()
    const patient = { LABEL_BAD: { kind: 'retryable', outcome: 'rejected' } } as const
    expect(await attempts({ method: 'POST' }, { vendor, errors: patient }, says('LABEL_BAD'))).toBe(5)
    expect(await attempts({}, { vendor, errors: { BELT_BUSY: { kind: 'fatal' } } }, says('BELT_BUSY'))).toBe(1)
  })
})

describe('what is none of our affair', () => {
  const oddity = { not: 'an error' }
  it.each([
    ['a TypeError about the request', new TypeError('Request with GET/HEAD method cannot have body.')],
    ['any other error', new RangeError('Out of range')],
    ['a value that is no error', oddity],
    ['nothing', undefined],
  ])('comes back as it is, after one attempt: %s', async (_, thrown) => {
    const { fetch, sent } = stubFetch(throws(thrown))
    expect(await failure(resilient(fetch)(url))).toBe(thrown)
    expect(sent).toHaveLength(1)
  })

  it('comes back as it is from a retry, too', async () => {
    const isRepeatable = vi.fn(() => true).mockReturnValueOnce(true)
    isRepeatable.mockImplementation(() => {
      throw oddity
    })
    const { fetch, sent } = stubFetch(says('BELT_JAMMED', { status: 500 }))
    expect(await failure(resilient(fetch, { vendor: depot({ isRepeatable }) })(url))).toBe(oddity)
    expect(sent).toHaveLength(2)
  })

  it('comes back as it is: a mistake of the vendor’s, or of a fetch that gives out a reply twice', async () => {
    const vendor = depot({
      isRepeatable: () => {
        throw oddity
      },
    })
    const busy = stubFetch(says('BELT_JAMMED', { status: 500 }))
    expect(await failure(resilient(busy.fetch, { vendor })(url))).toBe(oddity)
    expect(busy.sent).toHaveLength(1)
    const same = new Response('overloaded', { status: 503 })
    const { fetch, sent } = stubFetch(() => same)
    expect(await failure(resilient(fetch)(url))).toBeInstanceOf(TypeError)
    expect(sent).toHaveLength(2)
  })
})

describe('fetch’s own contract', () => {
  it('returns the last reply unread, and failureOf has the verdict', async () => {
    const { fetch, sent } = stubFetch(reply(500), reply(503, 'still down'))
    const response = await played(resilient(fetch, { retry: 1 }).fetch(url))
    expect([response.status, response.bodyUsed, sent.length]).toEqual([503, false, 2])
    expect(failureOf(response)).toMatchObject({ code: 'HTTP_503', reason: 'attempts' })
    expect(await response.text()).toBe('still down')
  })

  it('returns a fatal reply at once, and has no verdict on a fine one', async () => {
    const { fetch } = stubFetch(reply(404, 'no such thing'), fine)
    const client = resilient(fetch)
    const response = await client.fetch(url)
    expect([response.status, await response.text()]).toEqual([404, 'no such thing'])
    expect(failureOf(await client.fetch(url))).toBeUndefined()
  })

  it('rejects where no reply came, with the cause', async () => {
    const { fetch } = stubFetch(breaks('ECONNREFUSED'))
    const error = await failure(resilient(fetch, { retry: false }).fetch(url))
    expect(error).toMatchObject({ name: 'VendorError', code: 'ECONNREFUSED', reason: 'attempts' })
    expect(error.cause).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } })
  })
})
