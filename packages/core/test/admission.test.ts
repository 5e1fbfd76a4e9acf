import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, breaks, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
})

const after =
  (ms: number, answer: Answer): Answer =>
  (sent) =>
    new Promise((resolve) => setTimeout(() => resolve(answer(sent)), ms))

/** A client whose service answers what `now.answer` says at the moment. */
function service(options: ResilientOptions = {}) {
  const now: { answer: Answer } = { answer: fine }
  const { fetch, sent } = stubFetch((one) => now.answer(one))
  const events: ResilienceEvent[] = []
  const client = resilient(fetch, { observers: [(event) => events.push(event)], ...options })
  const key = () => client.state.snapshot()[0]
  return { now, client, sent, events, key }
}

/** As nginx's `limit_req`: so many a second, and a few more in advance. */
function limited(rate: number, burst: number, refusal: Answer): Answer {
  let [credit, at] = [burst + 1, 0]
  return (sent) => {
    credit = Math.min(burst + 1, credit + ((sent.at - at) * rate) / 1_000)
    at = sent.at
    if (credit < 1) return refusal(sent)
    credit--
    return fine(sent)
  }
}

describe('calls that wait for their turn', () => {
  it('outlast an outage that plainly refuses: not one of 500 POSTs, 8 at a time, is lost', async () => {
    const { now, client, sent } = service()
    now.answer = (one) => (one.at >= 1_000 && one.at < 4_000 ? breaks('ECONNREFUSED')(one) : after(50, fine)(one))
    let left = 500
    const statuses: number[] = []
    const lane = async () => {
      while (left-- > 0) statuses.push((await client(url, { method: 'POST', body: 'x' })).status)
    }
    await played(Promise.all(Array.from({ length: 8 }, lane)))
    expect(statuses).toHaveLength(500)
    expect(new Set(statuses)).toEqual(new Set([200]))
    // Some were refused, and no more than it took to find out.
    expect(sent.length - 500).toBeGreaterThan(0)
    expect(sent.length - 500).toBeLessThan(30)
  })

  it.each<[string, Answer]>([
    ['a throttle that says when to come again', reply(429, null, { 'retry-after': '1' })],
    ['a bare throttle', reply(429)],
    ['a 503 that says nothing', reply(503)],
  ])('are all served in the end by a server that takes two a second: %s', async (_, refusal) => {
    const { now, client } = service()
    now.answer = limited(2, 3, refusal)
    const crowd = await played(Promise.all(Array.from({ length: 20 }, () => client(url))))
    expect(crowd.every(({ status }) => status === 200)).toBe(true)
  })

  it('are not ended by a circuit that opens while they back off', async () => {
    const { now, client, events } = service({ limits: false, retry: { limit: 2, jitter: 'none' } })
    now.answer = (one) => (one.at < 3_000 ? breaks('ECONNREFUSED')(one) : fine(one))
    const crowd = await played(Promise.all(Array.from({ length: 12 }, () => client(url))))
    expect(crowd.every(({ status }) => status === 200)).toBe(true)
    expect(events.some(({ type }) => type === 'circuit-opened')).toBe(true)
    expect(events.some((event) => event.type === 'call-waited' && event.reason === 'circuit-open')).toBe(true)
  })

  it('go by priority, then by deadline', async () => {
    const { now, client, sent } = service()
    now.answer = reply(429, null, { 'retry-after': '5' })
    await failure(client(url, { resilience: { retry: 0 } }))
    now.answer = fine
    const ask = (name: string, resilience: object) => client(`${url}/${name}`, { resilience })
    const crowd = [
      ask('low', { priority: 'low' }),
      ask('late', { totalTimeout: 200_000 }),
      ask('soon', { totalTimeout: 100_000 }),
      ask('high', { priority: 'high' }),
    ]
    await played(Promise.all(crowd))
    expect(sent.slice(1).map((one) => one.url.split('/').at(-1))).toEqual(['high', 'soon', 'late', 'low'])
  })

  it('leave when their patience ends, with the reason and when to return', async () => {
    const { now, client } = service({ limits: false, retry: 0, breaker: { openTime: 20_000, maxOpenTime: 20_000 } })
    now.answer = breaks('ECONNREFUSED')
    for (let call = 0; call < 10; call++) await failure(client(url))
    const before = performance.now()
    const known = await failure(client(url, { resilience: { patience: 3_000 } }))
    expect(known).toMatchObject({ name: 'RefusedError', reason: 'circuit-open' })
    // Nothing goes for longer than that, so it does not even wait.
    expect(performance.now()).toBe(before)
    expect((known as unknown as { retryAfter: number }).retryAfter).toBeGreaterThan(10_000)
  })

  it('are refused at once behind more than the service could ever take in their time', async () => {
    const { now, client, key } = service({ retry: 0 })
    now.answer = after(100, fine)
    for (let call = 0; call < 30; call++) {
      await played(client(url))
      await vi.advanceTimersByTimeAsync(400)
    }
    now.answer = after(100, reply(429))
    for (let call = 0; call < 6; call++) await failure(client(url))
    const crowd = Array.from({ length: 200 }, () => client(url, { resilience: { patience: 10_000 } }))
    const settled = Promise.allSettled(crowd)
    const refused = Promise.allSettled(crowd.slice(100))
    await vi.advanceTimersByTimeAsync(1)
    // Two a second before, or somewhat more: fifty in ten seconds at the very best.
    expect(key()?.waiting).toBeGreaterThan(30)
    expect(key()?.waiting).toBeLessThanOrEqual(50)
    for (const one of await refused) {
      expect(one).toMatchObject({ status: 'rejected', reason: { name: 'RefusedError', reason: 'limited' } })
    }
    await played(settled)
  })
})

describe('the limit of a service', () => {
  it('is not there while it is well, and leaves no timer and no wait', async () => {
    const { client, events, key } = service()
    await Promise.all(Array.from({ length: 100 }, () => client(url)))
    expect(key()).toMatchObject({ limit: Number.POSITIVE_INFINITY, rate: Number.POSITIVE_INFINITY, waiting: 0 })
    expect(events.filter(({ type }) => type === 'call-waited')).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not begun by one bad answer among good ones, nor by a 500 at all', async () => {
    const { now, client, events } = service({ retry: 0, breaker: false })
    for (const answer of [reply(503), reply(500), reply(500), reply(500), reply(500), reply(404)]) {
      now.answer = answer
      await failure(client(url))
    }
    now.answer = fine
    await client(url)
    expect(events.filter(({ type }) => type === 'call-waited')).toEqual([])
  })

  it('is shown by the state, and forgotten when the service has been well for a while', async () => {
    const { now, client, key } = service({ retry: 0, breaker: false })
    now.answer = after(20, reply(503))
    for (let call = 0; call < 8; call++) await failure(client(url))
    expect(key()?.limit).toBeLessThan(1)
    expect(key()?.rate).toBeLessThan(10)
    now.answer = after(20, fine)
    for (let call = 0; call < 20; call++) await played(client(url))
    await vi.advanceTimersByTimeAsync(11_000)
    await played(client(url))
    expect(key()?.limit).toBe(Number.POSITIVE_INFINITY)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('asks a server again when that says so, however often, and not ever later', async () => {
    const { now, client, sent } = service({ retry: { limit: 6 } })
    now.answer = (one) => (sent.length < 6 ? reply(429, null, { 'retry-after': '1' })(one) : fine(one))
    await played(client(url))
    expect(sent).toHaveLength(6)
    expect(sent.at(-1)?.at).toBeLessThan(8_000)
  })

  it('learns the pace of a throttle that does not say when to come again', async () => {
    const { now, client, sent } = service({
      retry: { limit: 6, jitter: 'none', backoff: { fast: { base: 1, limit: 1 } } },
    })
    now.answer = (one) => (sent.length < 6 ? reply(429) : fine)(one)
    await played(client(url))
    expect(sent).toHaveLength(6)
    expect(sent.at(-1)?.at).toBeGreaterThan(3_500)
  })

  it('lets a crowd out fast where nothing was known of the service and one refusal was all', async () => {
    const { now, client, sent } = service()
    now.answer = (one) => (sent.length < 2 ? reply(429, null, { 'retry-after': '1' })(one) : after(20, fine)(one))
    const first = client(url)
    await vi.advanceTimersByTimeAsync(10)
    await played(Promise.all([first, ...Array.from({ length: 20 }, () => client(url))]))
    expect(sent).toHaveLength(22)
    expect(sent.at(-1)?.at).toBeLessThan(6_000)
  })

  it('may be left out', async () => {
    const { now, client, sent } = service({ limits: false, breaker: false, retry: 0 })
    now.answer = reply(503)
    await Promise.all(Array.from({ length: 50 }, () => failure(client(url))))
    expect(sent).toHaveLength(50)
    expect(performance.now()).toBe(0)
  })
})

describe('a client that asks once in a while', () => {
  it.each([
    ['a status 503', reply(503)],
    ['refused connections', breaks('ECONNREFUSED')],
  ])('is heard soon after an outage: %s', async (_, fault) => {
    const { now, client } = service()
    await played(client(url))
    await vi.advanceTimersByTimeAsync(400_000)
    now.answer = fault
    for (let second = 0; second < 300; second++) {
      client(url).catch(() => {})
      await vi.advanceTimersByTimeAsync(1_000)
    }
    now.answer = fine
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await played(client(url))).status).toBe(200)
  })
})
