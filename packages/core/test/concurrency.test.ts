import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createState, type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, breaks, fine, hangs, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/orders'
const post = { method: 'POST', body: '{}' } as const

beforeEach(() => {
  vi.useFakeTimers()
})

/** A server that takes so long for each answer, and counts how many requests it has at once. */
function busy(ms: number, options: ResilientOptions) {
  const now: { answer: Answer } = { answer: fine }
  const load = { present: 0, most: 0 }
  const { fetch, sent } = stubFetch(async (one) => {
    load.present++
    load.most = Math.max(load.most, load.present)
    try {
      await new Promise((resolve) => setTimeout(resolve, ms))
      return await now.answer(one)
    } finally {
      load.present--
    }
  })
  const events: ResilienceEvent[] = []
  const client = resilient(fetch, { observers: [(event) => events.push(event)], ...options })
  return { now, load, client, sent, events }
}

const crowd = (count: number, one: (at: number) => Promise<Response>) =>
  Promise.all(Array.from({ length: count }, (_, at) => one(at)))

describe('`concurrency`', () => {
  it('has no more attempts under way than that, and leaves none of its places unused', async () => {
    const { client, load, sent, events } = busy(100, { concurrency: 8 })
    const began = performance.now()
    await played(crowd(80, () => client(url, post)))
    expect(load.most).toBe(8)
    expect(sent).toHaveLength(80)
    expect(performance.now() - began).toBeLessThan(1_100)
    expect(events).toContainEqual(expect.objectContaining({ type: 'call-waited', reason: 'limited' }))
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is for each key, and shared by the clients of one state', async () => {
    const state = createState()
    const one = busy(100, { concurrency: 2, state })
    const urls = [url, 'https://other.example/orders']
    await played(crowd(12, (at) => one.client(urls[at % 2] ?? url)))
    expect(one.load.most).toBe(4)
    const child = one.client.extend({ retry: 1 })
    one.load.most = 0
    await played(crowd(12, (at) => (at % 2 ? child : one.client)(url)))
    expect(one.load.most).toBe(2)
  })

  it('lets go by priority, then by deadline', async () => {
    const { client, sent } = busy(100, { concurrency: 1 })
    const ask = (name: string, resilience: object) => client(`${url}/${name}`, { resilience })
    const all = [
      ask('first', {}),
      ask('low', { priority: 'low' }),
      ask('late', { totalTimeout: 200_000 }),
      ask('soon', { totalTimeout: 100_000 }),
      ask('high', { priority: 'high' }),
    ]
    await played(Promise.all(all))
    expect(sent.map((one) => one.url.split('/').at(-1))).toEqual(['first', 'high', 'soon', 'late', 'low'])
  })

  it('refuses who has no patience for a place', async () => {
    const { client } = busy(100, { concurrency: 1 })
    const first = client(url)
    const refused = await failure(client(url, { resilience: { patience: 0 } }))
    expect(refused).toMatchObject({ name: 'RefusedError', reason: 'limited' })
    await played(first)
  })

  it('gives a place back that its call is aborted in, and that of one that times out', async () => {
    const { fetch, sent } = stubFetch(hangs, hangs, fine)
    const client = resilient(fetch, { concurrency: 1, retry: 0, timeout: 5_000 })
    const stop = new AbortController()
    const aborted = client(url, { signal: stop.signal }).catch(({ name }) => name)
    const late = client(url).catch(({ code }) => code)
    const last = client(url)
    await vi.advanceTimersByTimeAsync(0)
    expect(sent).toHaveLength(1)
    stop.abort()
    expect(await aborted).toBe('AbortError')
    await expect(played(last)).resolves.toMatchObject({ status: 200 })
    expect(await late).toBe('ATTEMPT_TIMEOUT')
  })

  it('takes no place while a call backs off', async () => {
    const { client, now, load } = busy(10, { concurrency: 1, limits: false, budget: false, breaker: false })
    now.answer = reply(502)
    const slow = client(url, { resilience: { retry: { limit: 1, pace: 'slow', jitter: 'none' } } })
    await vi.advanceTimersByTimeAsync(20)
    now.answer = fine
    await played(client(url))
    expect(load.present).toBe(0)
    await played(slow)
  })

  it.each([0, -1, 1.5, Number.POSITIVE_INFINITY, '8'])('cannot be %s', (concurrency) => {
    expect(() => resilient(fetch, { concurrency: concurrency as number })).toThrow('`concurrency`')
  })
})

describe('500 POSTs, 8 under way, through an outage of 3 s that plainly refuses', () => {
  const haproxy =
    '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>'
  it.each<[string, Answer, ResilientOptions]>([
    ['nobody listens', breaks('ECONNREFUSED'), {}],
    ['a proxy has nobody to pass it to', reply(503, haproxy), {}],
    ['a throttle', reply(429), {}],
    [
      'a 503 that is known to come before any work',
      reply(503, null, { 'retry-after': '1' }),
      { errors: { HTTP_503: { kind: 'retryable', outcome: 'rejected' } } },
    ],
  ])('are all done, each once: %s', async (_, refusal, options) => {
    const { client, now, load } = busy(50, { concurrency: 8, patience: 60_000, ...options })
    const done = new Map<string, number>()
    now.answer = (one) => {
      if (one.at >= 1_000 && one.at < 4_000) return refusal(one)
      done.set(one.url, (done.get(one.url) ?? 0) + 1)
      return fine(one)
    }
    const replies = await played(crowd(500, (at) => client(`${url}/${at}`, post)))
    expect(replies.filter(({ ok }) => ok)).toHaveLength(500)
    expect([...done.values()]).toEqual(Array(500).fill(1))
    expect(load.most).toBe(8)
  })
})
