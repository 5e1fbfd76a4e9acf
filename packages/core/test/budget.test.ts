import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, breaks, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
/** The budget by itself: no other guard, and nobody waits for a token. */
const alone: ResilientOptions = { breaker: false, limits: false, patience: 0 }
const options: ResilientOptions = { ...alone, retry: { limit: 1, jitter: 'none' } }
const ten = { size: 10, perSecond: 0, perCall: 0 }

beforeEach(() => {
  vi.useFakeTimers()
})

/** Tokens left for the only key of a client. */
const left = (client: ReturnType<typeof resilient>) => Math.round((client.state.snapshot()[0]?.budget ?? 0) * 10) / 10

const crowd = (client: ReturnType<typeof resilient>, size: number, init?: RequestInit) =>
  Promise.all(Array.from({ length: size }, () => failure(client(url, init))))

describe('the retry budget', () => {
  it('starts full, and a retry about the service spends one', async () => {
    const { fetch } = stubFetch(reply(503))
    const client = resilient(fetch, { ...options, budget: ten })
    await failure(client(url))
    expect(left(client)).toBe(9)
  })

  it('gets the tokens of all retries of a call back that succeeds', async () => {
    const { fetch } = stubFetch(reply(503), reply(503), fine)
    const client = resilient(fetch, { ...alone, retry: { limit: 2, jitter: 'none' }, budget: ten })
    await played(client(url))
    expect(left(client)).toBe(10)
  })

  it('is never used up by requests whose first attempt fails, and whose second succeeds', async () => {
    let count = 0
    const { fetch } = stubFetch((sent) => (count++ % 2 === 0 ? breaks('ECONNRESET') : fine)(sent))
    const client = resilient(fetch, { ...options, patience: false, budget: { size: 1, perSecond: 0, perCall: 0 } })
    const startedAt = Date.now()
    for (let time = 0; time < 20; time++) await played(client(url))
    expect(count).toBe(40)
    expect(Date.now() - startedAt).toBeLessThan(20 * 1_000)
  })

  it('holds a crowd to ten retries although all of it failed in the same moment', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const client = resilient(fetch, { ...options, budget: ten })
    const errors = await crowd(client, 50)
    expect(sent).toHaveLength(60)
    expect(errors.filter(({ reason }) => reason === 'budget')).toHaveLength(40)
    expect(errors.filter(({ reason }) => reason === 'attempts')).toHaveLength(10)
  })

  it('is each key’s own: what one spends no other misses, though all begin with the same', async () => {
    const { fetch } = stubFetch(reply(503), reply(503), fine)
    const client = resilient(fetch, { ...options, budget: ten })
    await failure(client(url))
    await played(client('https://other.example/things'))
    expect(client.state.snapshot().map(({ budget }) => budget)).toEqual([9, 10])
  })

  it('says in the error which retry it forbade', async () => {
    const { fetch } = stubFetch(breaks('ECONNRESET'))
    const error = await failure(resilient(fetch, { ...options, budget: { size: 0 } })(url))
    expect(error).toMatchObject({ reason: 'budget', code: 'ECONNRESET' })
    expect(error.attempts).toHaveLength(1)
    expect(error.message).toContain('the retry budget is spent')
  })

  it('grows by a tenth with each other success and by what each second brings, and never above its size', async () => {
    const { fetch } = stubFetch(reply(503), reply(503), reply(503), fine)
    const client = resilient(fetch, {
      ...alone,
      retry: { limit: 3, jitter: 'none' },
      budget: { size: 10, perSecond: 1 },
    })
    await played(client(url))
    // Full at first; the waits of 0.5, 1 and 2 s bring some, and the success brings all back that the retries took.
    expect(left(client)).toBe(10)
    const poor = stubFetch(reply(503), reply(503), fine)
    const slow = resilient(poor.fetch, { ...options, budget: { size: 10, perSecond: 0.2 } })
    await failure(slow(url))
    expect(left(slow)).toBe(9.1)
    await played(slow(url))
    expect(left(slow)).toBe(9.2)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(left(slow)).toBe(9.6)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(left(slow)).toBe(10)
  })

  it('is not fed by attempts that fail', async () => {
    const { fetch } = stubFetch(reply(503))
    const client = resilient(fetch, {
      ...alone,
      retry: { limit: 4, jitter: 'none' },
      budget: { ...ten, perCall: 0.5 },
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
    const client = resilient(fetch, { ...options, vendor: depot(), budget: ten })
    await failure(client(url))
    expect(left(client)).toBe(tokens)
  })

  it('is spent by an attempt that took too long', async () => {
    const { fetch } = stubFetch(() => new Promise(() => {}))
    const client = resilient(fetch, { ...options, timeout: 1_000, budget: ten })
    await failure(client(url))
    expect(left(client)).toBe(9)
  })

  it.each<[string, Answer]>([
    ['a connection that was refused', breaks('ECONNREFUSED')],
    ['a throttle', reply(429)],
    ['a pause that the server asked for', reply(503, null, { 'retry-after': '2' })],
  ])(
    'costs nothing where nothing was done, or the server has said when, as long as the limit paces it: %s',
    async (_, answer) => {
      const { fetch, sent } = stubFetch(answer, answer, fine)
      const client = resilient(fetch, { budget: { size: 1, perCall: 0, perSecond: 0 } })
      expect((await played(client(url))).status).toBe(200)
      expect([sent.length, left(client)]).toEqual([3, 1])
    },
  )

  it('is waited for by a retry that has no token, where its patience allows', async () => {
    const { fetch, sent } = stubFetch(reply(503), reply(503), fine)
    const client = resilient(fetch, { retry: { jitter: 'none' }, budget: { size: 1, perCall: 0, perSecond: 0.1 } })
    expect((await played(client(url))).status).toBe(200)
    // The first retry took the only token when it was decided upon; the next comes by a tenth each second.
    expect(sent.map(({ at }) => Math.round(at))).toEqual([0, 500, 10_000])
  })

  it.each([
    ['comes by successes alone', { perSecond: 0 }, 60_000],
    ['comes too late for all who wait', { perSecond: 0.01 }, 30_000],
  ])(
    'does not keep those who wait from finding out that a service is there again, where a token %s',
    async (_, budget, totalTimeout) => {
      let isDown = true
      const { fetch } = stubFetch((sent) => (isDown ? breaks('ECONNRESET') : fine)(sent))
      const client = resilient(fetch, { budget, totalTimeout })
      const calls = Array.from({ length: 20 }, () => client(url))
      await vi.advanceTimersByTimeAsync(15_000)
      isDown = false
      const replies = await played(Promise.allSettled(calls))
      expect(replies.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    },
  )

  it('holds back the probes of those who wait for a token that comes in time', async () => {
    const { fetch, sent } = stubFetch(breaks('ECONNRESET'))
    const client = resilient(fetch, { budget: { perSecond: 0.05 } })
    void Promise.allSettled(Array.from({ length: 20 }, () => client(url)))
    await vi.advanceTimersByTimeAsync(15_000)
    expect(sent).toHaveLength(24)
  })

  it('ends at once the retry that would wait in vain', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const client = resilient(fetch, { retry: { jitter: 'none' }, budget: { size: 1, perCall: 0, perSecond: 0 } })
    expect(await failure(client(url))).toMatchObject({ reason: 'budget', code: 'HTTP_503' })
    expect(sent).toHaveLength(2)
  })

  it('may be left out', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const client = resilient(fetch, { ...options, budget: false })
    await crowd(client, 50)
    expect(sent).toHaveLength(100)
    expect(client.state.snapshot()[0]?.budget).toBe(Number.POSITIVE_INFINITY)
  })
})
