import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isOptionsError, type ResilientOptions, resilient } from '../src/index.ts'
import { resilientKy } from '../src/ky.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { elapsed, failure, played } from './helpers/play.ts'
import { keySource, lodge, lodgeOrigin } from './helpers/session-vendor.ts'
import { type Answer, breaks, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const throttled = (seconds: number) => reply(429, null, { 'retry-after': String(seconds) })

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})

function service(first: Answer, options: ResilientOptions = {}) {
  const now = { answer: first }
  const { fetch, sent } = stubFetch((one) => now.answer(one))
  return { now, sent, client: resilient(fetch, options) }
}

describe('`maxWait`', () => {
  it('ends a call at once whose server asks for more, with the time after which to try again', async () => {
    const { client, sent } = service(throttled(60), { maxWait: 10_000 })
    const began = elapsed()
    const error = await failure(client(url))
    expect(error).toMatchObject({ code: 'HTTP_429', kind: 'retryable', reason: 'max-wait', retryAfter: 60_000 })
    expect(error.message).toContain('asks for more time than `maxWait` allows')
    expect(elapsed()).toBe(began)
    expect(sent).toHaveLength(1)
  })

  it('names times in whole milliseconds, whatever the clock shows, and long ones in seconds', async () => {
    const { client } = service(throttled(60), { maxWait: 10_000 })
    await failure(client(url))
    const now = performance.now()
    vi.spyOn(performance, 'now').mockReturnValue(now + 0.25)
    expect(client.state.snapshot()).toMatchObject([{ pausedFor: 60_000 }])
    const error = await failure(client(url))
    expect(error).toMatchObject({ reason: 'paused', retryAfter: 60_000 })
    expect(error.message).toMatch(/Try again in 60 s\.$/)
  })

  it('lets a wait of just its length happen', async () => {
    const { client, now, sent } = service(throttled(10), { maxWait: 10_000 })
    const call = client(url)
    await vi.advanceTimersByTimeAsync(5_000)
    now.answer = fine
    await expect(played(call)).resolves.toMatchObject({ status: 200 })
    expect(sent).toHaveLength(2)
  })

  it('is no bound by default, and `false` takes the client’s away for a call', async () => {
    const patient = service(throttled(60))
    const call = patient.client(url)
    await vi.advanceTimersByTimeAsync(30_000)
    patient.now.answer = fine
    await expect(played(call)).resolves.toMatchObject({ status: 200 })

    const bounded = service(throttled(60), { maxWait: 10_000 })
    const own = bounded.client(url, { resilience: { maxWait: false } })
    await vi.advanceTimersByTimeAsync(30_000)
    bounded.now.answer = fine
    await expect(played(own)).resolves.toMatchObject({ status: 200 })
  })

  it('refuses a call at once while the service is paused for longer, however patient it is', async () => {
    const { client, now } = service(throttled(60), { limits: false })
    await failure(client(url, { resilience: { maxWait: 10_000 } }))
    now.answer = fine
    const began = elapsed()
    const refused = await failure(client(url, { resilience: { maxWait: 10_000 } }))
    expect(refused).toMatchObject({ name: 'RefusedError', reason: 'paused' })
    expect(refused.retryAfter).toBeCloseTo(60_000, -2)
    expect(elapsed()).toBe(began)
    await vi.advanceTimersByTimeAsync(51_000)
    await expect(played(client(url, { resilience: { maxWait: 10_000 } }))).resolves.toMatchObject({ status: 200 })
  })

  it('refuses those who wait already when the wait grows beyond it, and nobody else', async () => {
    const { client, now } = service(throttled(5), { retry: 0 })
    await failure(client(url))
    now.answer = throttled(60)
    const began = elapsed()
    const refused: unknown[] = []
    const first = client(url, { resilience: { priority: 'high' } })
    client(url, { resilience: { maxWait: 10_000 } }).catch(({ reason }) => refused.push(reason, elapsed() - began))
    const patient = client(url)
    await failure(first)
    await vi.advanceTimersByTimeAsync(0)
    now.answer = fine
    expect(refused).toEqual(['paused', 5_000])
    await expect(played(patient)).resolves.toMatchObject({ status: 200 })
  })

  it('is asked anew of those who wait once a longer wait is over before its time', async () => {
    const { client, now } = service(throttled(200), { retry: 0, concurrency: 1 })
    await failure(client(url))
    const held = client(url)
    await vi.advanceTimersByTimeAsync(1_000)
    const [answer, began] = [Promise.withResolvers<Response>(), elapsed()]
    now.answer = () => answer.promise
    client.state.reset()
    const refused: unknown[] = []
    client(url, { resilience: { maxWait: 10_000 } }).catch(({ reason }) => refused.push(reason, elapsed() - began))
    const patient = client(url)
    await vi.advanceTimersByTimeAsync(1_000)
    answer.resolve(throttled(60)({} as never) as Response)
    await failure(held)
    now.answer = fine
    expect(refused).toEqual(['paused', 1_000])
    await expect(played(patient)).resolves.toMatchObject({ status: 200 })
  })

  it('refuses a call whose circuit is open for longer', async () => {
    const breaker = { minimum: 1, failureRate: 0, openTime: 60_000, maxOpenTime: 60_000 }
    const { client, now } = service(breaks('ECONNREFUSED'), { retry: 0, limits: false, breaker, maxWait: 5_000 })
    await failure(client(url))
    now.answer = fine
    const refused = await failure(client(url))
    expect(refused).toMatchObject({ name: 'RefusedError', reason: 'circuit-open' })
    await expect(played(client(url, { resilience: { maxWait: false } }))).resolves.toMatchObject({ status: 200 })
  })

  it('ends a call at once that would wait longer for the next login', async () => {
    const lodging = new Lodge()
    lodging.atDesk = () => new Response(null, { status: 503, headers: { 'retry-after': '90' } })
    const credentials = { username: 'guest', password: 'open-sesame' }
    const vendor = lodge({ auth: keySource(() => credentials) })
    const client = resilient(lodging.fetch, { vendor, maxWait: 5_000 })
    const began = elapsed()
    const error = await failure(client(`${lodgeOrigin}/rooms/7`))
    expect(error).toMatchObject({ code: 'HTTP_503', reason: 'login-failed', retryAfter: 90_000 })
    expect(elapsed()).toBe(began)
  })

  it('is no bound for the back-off of this client', async () => {
    const { client, now } = service(reply(503), { maxWait: 0, retry: { limit: 1, pace: 'slow', jitter: 'none' } })
    const call = client(url)
    await vi.advanceTimersByTimeAsync(1_000)
    now.answer = fine
    await expect(played(call)).resolves.toMatchObject({ status: 200 })
    expect(elapsed()).toBeGreaterThan(14_000)
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '5s'])('cannot be %s', (maxWait) => {
    expect(() => resilient(fetch, { maxWait: maxWait as number })).toThrow('`maxWait`')
  })

  it('stands in place of ky’s `maxRetryAfter`, which comes back sooner than the server has asked for', () => {
    try {
      resilientKy({ retry: { maxRetryAfter: 1_000 } as object })
      expect.unreachable()
    } catch (error) {
      expect(isOptionsError(error)).toBe(true)
      expect(String(error)).toContain('Use `maxWait`')
    }
  })
})
