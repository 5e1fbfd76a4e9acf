import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { elapsed, failure, played } from './helpers/play.ts'
import { type Answer, fine, hangs, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const usedUp = (seconds: number, status = 200) => reply(status, 'x', { ratelimit: `"a";r=0;t=${seconds}` })

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})

function service(first: Answer, options: ResilientOptions = {}) {
  const now = { answer: first }
  const { fetch, sent } = stubFetch((one) => now.answer(one))
  const events: ResilienceEvent[] = []
  const client = resilient(fetch, { observers: [(event) => events.push(event)], ...options })
  const key = () => client.state.snapshot()[0]
  return { now, sent, events, client, key }
}

/** A server that counts: so many requests in each window of so many seconds, and the next one gets a 429. */
function counting(limit: number, seconds: number, headers: (left: number, seconds: number) => HeadersInit): Answer {
  let [window, used] = [-1, 0]
  return ({ at }) => {
    const current = Math.floor(at / (seconds * 1_000))
    if (current !== window) [window, used] = [current, 0]
    used++
    const left = Math.ceil((current + 1) * seconds - at / 1_000)
    const counted = headers(Math.max(0, limit - used), left)
    return new Response('x', { status: used > limit ? 429 : 200, headers: counted })
  }
}

const latency =
  (answer: Answer): Answer =>
  (one) =>
    new Promise((resolve) => setTimeout(() => resolve(answer(one)), 20))

describe('a rate limit that is used up', () => {
  it('holds back all callers before it is exceeded, until it begins anew', async () => {
    const { client, sent, events, key, now } = service(usedUp(30))
    await played(client(url))
    expect(key()).toMatchObject({ pausedFor: 30_000, remaining: 0 })
    expect(events).toContainEqual({ type: 'key-paused', key: 'http https://api.example all', ms: 30_000 })
    now.answer = fine
    const began = elapsed()
    await played(client(url))
    expect(elapsed() - began).toBe(30_000)
    expect(sent).toHaveLength(2)
  })

  it.each<[string, Answer]>([
    ['a fatal status', usedUp(30, 404)],
    ['a conflict', usedUp(30, 409)],
  ])('is obeyed whatever the reply says beside: %s', async (_, answer) => {
    const { client, key } = service(answer)
    await failure(client(url))
    expect(key()?.pausedFor).toBe(30_000)
  })

  it('refuses at once whom its reset comes too late for, with the time', async () => {
    const { client } = service(usedUp(30))
    await played(client(url))
    const refused = await failure(client(url, { resilience: { maxWait: 5_000 } }))
    expect(refused).toMatchObject({ name: 'RefusedError', reason: 'paused', retryAfter: expect.closeTo(30_000, -2) })
  })

  it('is believed for as long as the longest pause, and then one call looks', async () => {
    const { client, sent, key, now } = service(usedUp(86_400))
    await played(client(url))
    expect(key()?.pausedFor).toBe(300_000)
    now.answer = fine
    const patient = { resilience: { totalTimeout: false } } as const
    await played(Promise.all([client(url, patient), client(url, patient), client(url, patient)]))
    const times = sent.slice(1).map(({ at }) => Math.round(at - (sent[0]?.at ?? 0)))
    expect(times[0]).toBe(300_000)
    expect(Math.max(...times)).toBeLessThan(303_000)
  })

  it.each<[string, HeadersInit]>([
    ['no time', { ratelimit: '"a";r=0' }],
    ['a time that has passed', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1000000000' }],
    ['a time in a hundred years', { ratelimit: '"a";r=0;t=3153600000' }],
    ['a reply out of a cache', { age: '9', ratelimit: '"a";r=0;t=60' }],
    ['something left', { ratelimit: '"a";r=1;t=60' }],
    ['no count', { 'x-ratelimit-remaining': '-0', 'x-ratelimit-reset': '60' }],
  ])('holds nobody back by %s', async (_, headers) => {
    const { client, key } = service(reply(200, 'x', headers))
    await played(client(url))
    expect(key()?.pausedFor).toBe(0)
    await expect(played(client(url))).resolves.toMatchObject({ status: 200 })
  })

  it('is not looked for where the user wants none of it', async () => {
    const { client, key } = service(usedUp(30), { rateLimit: false })
    await played(client(url))
    expect(key()).toMatchObject({ pausedFor: 0, remaining: Number.POSITIVE_INFINITY })
  })

  it('is forgotten by a reset of the state', async () => {
    const { client, key } = service(usedUp(30))
    await played(client(url))
    client.state.reset()
    expect(key()).toMatchObject({ pausedFor: 0, remaining: Number.POSITIVE_INFINITY })
  })

  it('is seen in `observe`, which changes nothing', async () => {
    const { client, key, events, sent } = service(usedUp(30), { mode: 'observe' })
    await client(url)
    await client(url)
    expect(key()?.pausedFor).toBe(30_000)
    expect(events).toContainEqual(expect.objectContaining({ type: 'call-refused', reason: 'paused', observed: true }))
    expect(sent).toHaveLength(2)
  })
})

describe('a crowd and a rate limit', () => {
  it.each<[string, (left: number, seconds: number) => HeadersInit]>([
    ['the IETF’s field', (r, t) => ({ ratelimit: `"a";r=${r};t=${t}`, 'ratelimit-policy': '"a";q=10;w=10' })],
    [
      'the three fields',
      (r, t) => ({ 'ratelimit-limit': '10', 'ratelimit-remaining': `${r}`, 'ratelimit-reset': `${t}` }),
    ],
    [
      'GitHub’s headers',
      (r, t) => ({
        'x-ratelimit-limit': '10',
        'x-ratelimit-remaining': `${r}`,
        'x-ratelimit-reset': String(Date.now() / 1_000 + t),
      }),
    ],
  ])('come together without one 429 too many: %s', async (_, headers) => {
    const { client, sent } = service(latency(counting(10, 10, headers)))
    // The first call finds out that there is a limit.
    await played(client(url))
    const replies = await played(Promise.all(Array.from({ length: 45 }, () => client(url))))
    expect(replies.every(({ status }) => status === 200)).toBe(true)
    expect(sent).toHaveLength(46)
  })

  it('send one request first where nobody knows how many may go after the reset', async () => {
    const { client, sent, now } = service(usedUp(10))
    await played(client(url))
    now.answer = latency(reply(200, 'x', { ratelimit: '"a";r=3;t=10' }))
    const crowd = Promise.all(Array.from({ length: 4 }, () => client(url)))
    await vi.advanceTimersByTimeAsync(10_010)
    expect(sent).toHaveLength(2)
    await played(crowd)
    expect(sent).toHaveLength(5)
  })

  it('are held up for a second by one that gets no answer after the reset, and not until that times out', async () => {
    const { client, sent, now } = service(usedUp(10), { retry: 0 })
    await played(client(url))
    now.answer = hangs
    const lost = client(url).catch(({ code }) => code)
    await vi.advanceTimersByTimeAsync(10_010)
    now.answer = reply(200, 'x', { ratelimit: '"a";r=50;t=10' })
    const began = elapsed()
    await played(Promise.all([client(url), client(url)]))
    expect(elapsed() - began).toBeLessThanOrEqual(1_000)
    expect(sent).toHaveLength(4)
    expect(await played(lost)).toBe('ATTEMPT_TIMEOUT')
  })

  it('go on freely when the service no longer counts', async () => {
    const { client, sent, now } = service(usedUp(10))
    await played(client(url))
    now.answer = latency(fine)
    const began = elapsed()
    await played(Promise.all(Array.from({ length: 40 }, () => client(url))))
    expect(sent).toHaveLength(41)
    expect(elapsed() - began).toBeLessThan(10_100)
  })
})

describe('a throttle', () => {
  it.each<[string, HeadersInit, number]>([
    ['its reset, where nothing is left', { ratelimit: '"a";r=0;t=20' }, 20_000],
    ['its reset alone', { 'x-ratelimit-reset': '20' }, 20_000],
    ['`Retry-After`, before the reset', { 'retry-after': '5', ratelimit: '"a";r=0;t=20' }, 5_000],
    ['`retry-after-ms`', { 'retry-after-ms': '7000' }, 7_000],
  ])('is waited upon by %s', async (_, headers, ms) => {
    const { client, sent, now } = service(reply(429, null, headers))
    const call = client(url)
    await vi.advanceTimersByTimeAsync(1)
    now.answer = fine
    await played(call)
    expect((sent[1]?.at ?? 0) - (sent[0]?.at ?? 0)).toBeCloseTo(ms, -2)
  })

  it('is not waited upon by the reset of a limit of which something is left', async () => {
    const { client, now } = service(reply(429, null, { 'x-ratelimit-remaining': '40', 'x-ratelimit-reset': '3000' }))
    const call = client(url)
    await vi.advanceTimersByTimeAsync(0)
    now.answer = fine
    await expect(played(call)).resolves.toMatchObject({ status: 200 })
    expect(elapsed()).toBeLessThan(30_000)
  })
})
