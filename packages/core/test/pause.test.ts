import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, gaps, played } from './helpers/play.ts'
import { type Answer, breaks, deaf, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const throttled = (seconds: number, status = 503) => reply(status, null, { 'retry-after': String(seconds) })

beforeEach(() => {
  vi.useFakeTimers()
})

/** A client of which one call has just been answered by `first`; everything else is fine. */
async function paused(first: Answer, options: ResilientOptions = {}) {
  const now: { answer: Answer } = { answer: first }
  const { fetch, sent } = stubFetch((one) => now.answer(one))
  const events: ResilienceEvent[] = []
  const client = resilient(fetch, { retry: false, observers: [(event) => events.push(event)], ...options })
  await failure(client(url))
  now.answer = fine
  const pausedFor = () => client.state.snapshot()[0]?.pausedFor
  return { client, sent, events, now, pausedFor }
}

describe('a pause that one caller was told', () => {
  it('is kept by all: nobody goes earlier, and they leave one after the other', async () => {
    const { client, sent } = await paused(throttled(10))
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    await vi.advanceTimersByTimeAsync(2_000)
    const crowd = Promise.all(Array.from({ length: 4 }, () => client(url)))
    await vi.advanceTimersByTimeAsync(7_999)
    expect(sent).toHaveLength(1)
    await played(crowd)
    const times = sent.slice(1).map(({ at }) => at)
    expect(times).toHaveLength(4)
    expect(Math.min(...gaps(sent).slice(1))).toBeGreaterThan(50)
    expect(times.at(-1)).toBeLessThan(14_000)
  })

  it('is told of in events, and so is each wait for it', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { client, events } = await paused(throttled(10))
    await played(client(url))
    expect(events).toContainEqual({ type: 'key-paused', key: 'http https://api.example all', ms: 10_000 })
    expect(events).toContainEqual(expect.objectContaining({ type: 'call-waited', reason: 'paused', ms: 10_000 }))
    expect(events.at(-1)).toMatchObject({ type: 'call-ended', attempts: 1, waited: 10_000 })
  })

  it.each<[string, Answer, number]>([
    ['a throttle with a hint', throttled(10, 429), 10_000],
    ['a bare 503 with a hint', throttled(10), 10_000],
    ['a row that trips, with a hint', says('DEPOT_DOWN', { status: 503, retryAfter: 10_000 }), 10_000],
    ['a 502 with a hint', throttled(10, 502), 10_000],
    ['a throttle without a hint', reply(429), 0],
    ['a hint of "now"', throttled(0), 0],
    ['one busy object', says('BELT_BUSY', { params: ['3', '10'] }), 0],
    ['a hint about one content', throttled(10, 413), 0],
    ['a hint beside a fatal status', throttled(10, 414), 0],
    ['a failure of the network', breaks('ECONNRESET'), 0],
  ])('comes of what is about the service alone: %s', async (_, answer, ms) => {
    const { pausedFor } = await paused(answer, { vendor: depot() })
    expect(pausedFor()).toBe(ms)
  })

  it('is not made by a reply that is fine, whatever header it carries', async () => {
    const { fetch } = stubFetch(throttled(10, 200))
    const client = resilient(fetch)
    await client(url)
    expect(client.state.snapshot()[0]?.pausedFor).toBe(0)
  })

  it('is not shortened by a shorter one, but prolonged by a longer one', async () => {
    const answers = [throttled(10), throttled(2), throttled(30)]
    let next = 0
    const { fetch } = stubFetch(() => (answers[next++] ?? fine)({ input: url, init: {}, method: 'GET', url, at: 0 }))
    const client = resilient(fetch, { retry: false })
    await Promise.all([failure(client(url)), failure(client(url)), failure(client(url))])
    expect(client.state.snapshot()[0]?.pausedFor).toBe(30_000)
  })

  it('holds back no other key', async () => {
    const { client, sent } = await paused(throttled(10))
    await played(client('https://other.example/things'))
    expect(gaps(sent)).toEqual([0])
  })

  it('may be left out', async () => {
    const { client, sent } = await paused(throttled(10), { pause: false })
    await played(client(url))
    expect(gaps(sent)).toEqual([0])
  })
})

describe('a call that would have to wait for a pause', () => {
  it('is refused where its time does not suffice, and told when to return', async () => {
    const { client, sent } = await paused(throttled(10))
    await vi.advanceTimersByTimeAsync(4_000)
    const error = await failure(client(url, { resilience: { totalTimeout: 6_000, timeout: 6_000 } }))
    expect(error).toMatchObject({ name: 'RefusedError', reason: 'paused', retryAfter: 6_000 })
    expect(performance.now()).toBe(4_000)
    expect(sent).toHaveLength(1)
  })

  it('leaves with its time, where the spread would use that up', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999)
    const { client, sent } = await paused(throttled(10))
    await played(client(url, { resilience: { totalTimeout: 11_500 } }))
    expect(gaps(sent)).toEqual([10_000])
  })

  it('fails with its last real verdict where the pause came between its retries', async () => {
    const answers = [reply(500), throttled(60)]
    const { fetch } = stubFetch((one) => (answers[one.url.endsWith('slow') ? 0 : 1] ?? fine)(one))
    const client = resilient(fetch, { totalTimeout: 30_000, retry: { jitter: 'none' } })
    const slow = failure(client(`${url}/slow`))
    await failure(client(url))
    expect(await slow).toMatchObject({ code: 'HTTP_500', reason: 'paused', retryAfter: 59_500 })
  })

  it('leaves at once when its caller aborts, and its place in the queue is free', async () => {
    const { client, sent } = await paused(throttled(10), { queue: 1 })
    const controller = new AbortController()
    const call = client(url, { signal: controller.signal })
    call.catch(() => {})
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await failure(client(url))).toMatchObject({ name: 'RefusedError', reason: 'queue-full', retryAfter: 9_000 })
    controller.abort('enough')
    await expect(call).rejects.toBe('enough')
    expect(performance.now()).toBe(1_000)
    await played(client(url))
    expect(sent).toHaveLength(2)
  })

  it('is refused where the pause leaves no time for an answer', async () => {
    const { client, sent } = await paused(throttled(10))
    expect(await failure(client(url, { resilience: { totalTimeout: 10_500 } }))).toMatchObject({ reason: 'paused' })
    expect(sent).toHaveLength(1)
  })

  it('waits with one timer, however many wait, and in steps that a timer can hold', async () => {
    const { client, sent } = await paused(throttled(2_147_483), { pause: { max: 2 ** 31 - 1 } })
    for (let call = 0; call < 3; call++) void client(url, { resilience: { totalTimeout: false } })
    await vi.advanceTimersByTimeAsync(60_000)
    expect([vi.getTimerCount(), sent.length]).toEqual([1, 1])
  })

  it('is refused at once where it has no patience', async () => {
    const { client, sent } = await paused(throttled(10))
    const error = await failure(client(url, { resilience: { patience: 0 } }))
    expect(error).toMatchObject({ name: 'RefusedError', reason: 'paused', retryAfter: 10_000 })
    expect([performance.now(), sent.length]).toEqual([0, 1])
  })
})

describe('a pause longer than the longest', () => {
  const answer = throttled(3_600)
  const options: ResilientOptions = { totalTimeout: false, pause: { max: 60_000 } }

  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
  })

  it('ends after the longest, with one that goes first and the others upon its result', async () => {
    const { client, sent, now } = await paused(answer, options)
    now.answer = () => new Promise((resolve) => setTimeout(resolve, 2_500, new Response('back')))
    const crowd = Promise.all(Array.from({ length: 20 }, () => client(url)))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sent).toHaveLength(2)
    await played(crowd)
    expect(gaps(sent).slice(2, 3)[0]).toBeLessThanOrEqual(1_000 + 2_500)
    expect(sent).toHaveLength(21)
  })

  it('is not ended by a straggler: a reply to a request from before it says nothing of it', async () => {
    const { fetch, sent } = stubFetch((one) => {
      if (one.url.endsWith('old')) return new Promise((resolve) => setTimeout(resolve, 5_000, new Response('old')))
      return one.at < 60_000 ? answer(one) : new Promise(() => {})
    })
    const client = resilient(fetch, { retry: false, ...options })
    const straggler = client(`${url}/old`)
    await failure(client(url))
    for (let time = 0; time < 20; time++) client(url).catch(() => {})
    await vi.advanceTimersByTimeAsync(5_000)
    expect((await straggler).status).toBe(200)
    await vi.advanceTimersByTimeAsync(56_000)
    expect(sent).toHaveLength(3)
  })

  it('is not ended by the network either, where the one that goes first finds none', async () => {
    const { client, sent, now } = await paused(answer, options)
    now.answer = breaks('EAI_AGAIN')
    for (let time = 0; time < 20; time++) client(url).catch(() => {})
    await vi.advanceTimersByTimeAsync(65_000)
    expect(sent).toHaveLength(2)
  })

  it('goes on where the one that goes first is told so', async () => {
    const { client, sent, now, pausedFor } = await paused(answer, options)
    now.answer = answer
    const crowd = Array.from({ length: 5 }, () => client(url).catch(() => undefined))
    await vi.advanceTimersByTimeAsync(61_000)
    expect(sent).toHaveLength(2)
    expect(pausedFor()).toBe(59_000)
    now.answer = fine
    await played(Promise.all(crowd))
  })

  it('is not wedged by the one that goes first and never comes back', async () => {
    const { client, sent, now } = await paused(answer, { ...options, timeout: false })
    now.answer = deaf
    void client(url)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toHaveLength(2)
    now.answer = fine
    await played(client(url))
    expect(gaps(sent)).toEqual([60_000, 10_000])
  })

  it('is remembered as such where another was told the very length it is cut to', async () => {
    const answers = [throttled(60), answer]
    const { fetch, sent } = stubFetch((one) => (answers.shift() ?? deaf)(one))
    const client = resilient(fetch, { retry: false, ...options })
    await Promise.all([failure(client(url)), failure(client(url))])
    for (let time = 0; time < 20; time++) client(url).catch(() => {})
    await vi.advanceTimersByTimeAsync(61_000)
    expect(sent).toHaveLength(3)
  })
})
