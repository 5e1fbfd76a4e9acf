import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isRefused, type RefusedError, type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, breaks, deaf, fine, reply, stubFetch, throws } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})

/** A client whose service answers what `now.answer` says at the moment. */
function service(options: ResilientOptions = {}) {
  const now: { answer: Answer } = { answer: reply(503) }
  const { fetch, sent } = stubFetch((one) => now.answer(one))
  const events: ResilienceEvent[] = []
  const client = resilient(fetch, {
    retry: false,
    patience: 0,
    limits: false,
    observers: [(event) => events.push(event)],
    ...options,
    breaker: options.breaker === false ? false : { openTime: 5_000, ...options.breaker },
  })
  const circuit = (at = 0) => client.state.snapshot()[at]?.circuit
  const fails = async (times: number, at = url) => {
    for (let time = 0; time < times; time++) await failure(client(at))
  }
  const succeeds = async (times: number) => {
    const before = now.answer
    now.answer = fine
    for (let time = 0; time < times; time++) await played(client(url))
    now.answer = before
  }
  const opened = () => events.filter((event) => event.type === 'circuit-opened').map(({ openTime }) => openTime)
  return { now, client, sent, events, circuit, fails, succeeds, opened }
}

describe('a closed circuit', () => {
  it('does not open at the first failure, nor at any below the minimum', async () => {
    const { fails, circuit } = service()
    await fails(1)
    expect(circuit()).toBe('closed')
    await fails(8)
    expect(circuit()).toBe('closed')
    await fails(1)
    expect(circuit()).toBe('open')
  })

  it('opens above the failure rate, not at it', async () => {
    const { fails, succeeds, circuit } = service()
    await succeeds(10)
    await fails(10)
    expect(circuit()).toBe('closed')
    await fails(1)
    expect(circuit()).toBe('open')
  })

  it('counts each call at its time, also those before there was any failure', async () => {
    const { fails, succeeds, circuit } = service()
    await succeeds(6)
    await vi.advanceTimersByTimeAsync(6_000)
    await fails(6)
    expect(circuit()).toBe('closed')
    await vi.advanceTimersByTimeAsync(5_000)
    // The successes have left the window, so nine have failed of nine.
    await fails(3)
    expect(circuit()).toBe('closed')
    await fails(1)
    expect(circuit()).toBe('open')
  })

  it('opens where everything fails, although the rate is all: none lies above it', async () => {
    const { fails, succeeds, circuit } = service({ breaker: { failureRate: 1 } })
    await succeeds(1)
    await fails(100)
    expect(circuit()).toBe('closed')
    await vi.advanceTimersByTimeAsync(10_000)
    await fails(10)
    expect(circuit()).toBe('open')
  })

  it('forgets what lies before its window', async () => {
    const { fails, circuit } = service()
    await fails(9)
    await vi.advanceTimersByTimeAsync(10_000)
    await fails(9)
    expect(circuit()).toBe('closed')
    await fails(1)
    expect(circuit()).toBe('open')
  })

  it('holds no timer, however many there are', async () => {
    const { now, client, fails } = service()
    now.answer = fine
    await Promise.all(Array.from({ length: 20 }, (_, at) => client(`https://api${at}.example/things`)))
    now.answer = reply(503)
    // So many that each has a circuit, which a few failures more would open.
    for (let at = 0; at < 20; at++) await fails(8, `https://api${at}.example/things`)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not sort its whole window at each failure', async () => {
    const { fails } = service({ breaker: { minimum: 20 } })
    // From half the minimum on it might open, so that there is something to be counted by.
    await fails(10)
    const sort = vi.spyOn(Array.prototype, 'sort')
    await fails(9)
    const ofNumbers = sort.mock.contexts.filter((list) => typeof (list as unknown[])[0] === 'number')
    expect(ofNumbers).toEqual([])
  })

  it.each<[string, Answer]>([
    ['a missing thing', reply(404)],
    ['a conflict', reply(409)],
    ['a refused session', reply(401)],
    ['a throttle', reply(429)],
    ['a name that does not resolve', breaks('ENOTFOUND')],
    ['a certificate that nobody trusts', breaks('CERT_HAS_EXPIRED')],
    ['a fault of the call itself', throws(new TypeError('Request with GET/HEAD method cannot have body.'))],
    ['one object in rejections', says('BELT_JAMMED', { status: 500 })],
  ])('is not opened by %s', async (_, answer) => {
    const { now, fails, circuit } = service({ vendor: depot() })
    now.answer = answer
    await fails(30)
    expect(circuit()).toBe('closed')
  })

  it.each<[string, Answer]>([
    ['a broken server', reply(500)],
    ['a fatal fault of the service itself', says('SCALE_BROKEN', { status: 500 })],
    ['a reset connection', breaks('ECONNRESET')],
    ['an attempt that took too long', deaf],
  ])('is opened by %s', async (_, answer) => {
    const { now, fails, circuit } = service({ vendor: depot(), timeout: 100 })
    now.answer = answer
    await fails(10)
    expect(circuit()).toBe('open')
  })

  it('is never opened by the user’s own aborts', async () => {
    const { now, client, circuit, fails } = service()
    now.answer = deaf
    for (let time = 0; time < 30; time++) {
      const controller = new AbortController()
      const call = client(url, { signal: controller.signal })
      await vi.advanceTimersByTimeAsync(5)
      controller.abort()
      await expect(call).rejects.toBe(controller.signal.reason)
    }
    expect(circuit()).toBe('closed')
    now.answer = reply(503)
    await fails(9)
    expect(circuit()).toBe('closed')
  })

  it('of one host is not opened by another dead host on the same client', async () => {
    const { now, client, circuit, fails, sent } = service()
    await fails(10, 'https://dead.example/things')
    expect([circuit(0), sent.length]).toEqual(['open', 10])
    now.answer = fine
    expect((await client(url)).status).toBe(200)
    expect(circuit(1)).toBe('closed')
  })

  it('opens for slow calls, where that is asked for, but not for those slow by nature', async () => {
    const breaker = { slowCallRate: 0.5, slowCallDuration: 2_000 }
    const vendor = depot({ limits: ({ path }) => (path === '/inventory' ? { timeout: 60_000 } : undefined) })
    const { now, client, circuit, opened, events } = service({ vendor, breaker, timeout: 30_000, totalTimeout: 60_000 })
    now.answer = () => new Promise((resolve) => setTimeout(resolve, 2_000, new Response('late')))
    const crowd = (at: string) => played(Promise.all(Array.from({ length: 12 }, () => client(at))))
    await crowd('https://api.example/inventory')
    expect(circuit()).toBe('closed')
    await vi.advanceTimersByTimeAsync(10_000)
    await crowd(url)
    expect(opened()).toEqual([5_000])
    expect(events).toContainEqual(expect.objectContaining({ type: 'circuit-opened', cause: 'slow-call-rate' }))
  })
})

describe('an open circuit', () => {
  it('refuses at once and says when to return', async () => {
    const { fails, client, sent } = service()
    await fails(10)
    await vi.advanceTimersByTimeAsync(2_000)
    const limit = Error.stackTraceLimit
    const error = (await failure(client(url))) as unknown as RefusedError
    expect(isRefused(error) && error instanceof Error).toBe(true)
    expect(error).toMatchObject({ reason: 'circuit-open', retryAfter: 3_000, key: 'http https://api.example all' })
    expect(Error.stackTraceLimit).toBe(limit)
    expect(sent).toHaveLength(10)
    await expect(client.fetch(url)).rejects.toMatchObject({ reason: 'circuit-open' })
  })

  it('costs the caller neither a retry nor a token', async () => {
    const { fails, client, events } = service({ budget: { perSecond: 0, perCall: 0.5 } })
    await fails(10)
    const before = client.state.snapshot()[0]?.budget
    for (let time = 0; time < 5; time++) await failure(client(url))
    expect(client.state.snapshot()[0]?.budget).toBe(before)
    expect(events.filter(({ type }) => type === 'attempt-started')).toHaveLength(10)
  })

  it('ends the retries of a call with the last real verdict', async () => {
    const { client, fails, sent } = service()
    await fails(9)
    const error = await failure(client.extend({ retry: { limit: 4, jitter: 'none' } })(url))
    expect(error).toMatchObject({ name: 'VendorError', code: 'HTTP_503', reason: 'circuit-open', retryAfter: 5_000 })
    expect(error.attempts).toHaveLength(1)
    expect(sent).toHaveLength(10)
  })

  it('may be left out', async () => {
    const { fails, sent, circuit } = service({ breaker: false })
    await fails(40)
    expect([sent.length, circuit()]).toEqual([40, 'closed'])
  })
})
