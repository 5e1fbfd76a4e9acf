import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, breaks, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const options: ResilientOptions = { breaker: false, retry: { limit: 1, jitter: 'none' } }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Tokens left for the only key of a client. */
const left = (client: ReturnType<typeof resilient>) => Math.round((client.state.snapshot()[0]?.budget ?? 0) * 10) / 10

const crowd = (client: ReturnType<typeof resilient>, size: number, init?: RequestInit) =>
  Promise.all(Array.from({ length: size }, () => failure(client(url, init))))

describe('the retry budget', () => {
  it('starts full, and a retry about the service spends one', async () => {
    const { fetch } = stubFetch(reply(503), fine)
    const client = resilient(fetch, { ...options, budget: { perSecond: 0, perCall: 0 } })
    await played(client(url))
    expect(left(client)).toBe(9)
  })

  it('holds a crowd to ten retries although all of it failed in the same moment', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const client = resilient(fetch, { ...options, budget: { perSecond: 0, perCall: 0 } })
    const errors = await crowd(client, 50)
    expect(sent).toHaveLength(60)
    expect(errors.filter(({ reason }) => reason === 'budget')).toHaveLength(40)
    expect(errors.filter(({ reason }) => reason === 'attempts')).toHaveLength(10)
  })

  it('says in the error which retry it forbade', async () => {
    const { fetch } = stubFetch(breaks('ECONNRESET'))
    const error = await failure(resilient(fetch, { ...options, budget: { size: 0 } })(url))
    expect(error).toMatchObject({ reason: 'budget', code: 'ECONNRESET' })
    expect(error.attempts).toHaveLength(1)
    expect(error.message).toContain('the retry budget is spent')
  })

  it('grows by a tenth with each call and by one with each second, and never above its size', async () => {
    const { fetch } = stubFetch(reply(503), reply(503), reply(503), fine)
    const client = resilient(fetch, { breaker: false, retry: { limit: 3, jitter: 'none' } })
    await played(client(url))
    // Full at first; a retry takes one, the waits of 0.5, 1 and 2 s bring some back.
    expect(left(client)).toBe(10)
    const poor = stubFetch(reply(503), reply(503), fine)
    const slow = resilient(poor.fetch, {
      breaker: false,
      retry: { limit: 3, jitter: 'none' },
      budget: { perSecond: 0.2 },
    })
    await played(slow(url))
    expect(left(slow)).toBe(8.3)
    await played(slow(url))
    expect(left(slow)).toBe(8.4)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(left(slow)).toBe(9.4)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(left(slow)).toBe(10)
  })

  it('is not fed by retries', async () => {
    const { fetch } = stubFetch(reply(503))
    const client = resilient(fetch, {
      breaker: false,
      retry: { limit: 4, jitter: 'none' },
      budget: { perSecond: 0, perCall: 0.5 },
    })
    await failure(client(url))
    expect(left(client)).toBe(6)
  })

  it.each<[string, Answer, number]>([
    ['a throttle', reply(429), 9],
    ['a row that trips', says('DEPOT_DOWN', { status: 503 }), 9],
    ['a failure of the network', breaks('EAI_AGAIN'), 9],
    ['one busy object', says('BELT_BUSY'), 10],
    ['one jammed object', says('BELT_JAMMED', { status: 500 }), 10],
  ])('is spent by what is about the service, not about one object: %s', async (_, answer, tokens) => {
    const { fetch } = stubFetch(answer)
    const client = resilient(fetch, { ...options, vendor: depot(), budget: { perSecond: 0, perCall: 0 } })
    await failure(client(url))
    expect(left(client)).toBe(tokens)
  })

  it('is spent by an attempt that took too long', async () => {
    const { fetch } = stubFetch(() => new Promise(() => {}))
    const client = resilient(fetch, { ...options, timeout: 1_000, budget: { perSecond: 0, perCall: 0 } })
    await failure(client(url))
    expect(left(client)).toBe(9)
  })

  it('may be left out', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const client = resilient(fetch, { ...options, budget: false })
    await crowd(client, 50)
    expect(sent).toHaveLength(100)
    expect(client.state.snapshot()[0]?.budget).toBe(Number.POSITIVE_INFINITY)
  })
})
