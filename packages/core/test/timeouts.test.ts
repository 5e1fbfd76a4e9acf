import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import type { BodyNeed } from '../src/plugin.ts'
import { depot, says } from './helpers/depot.ts'
import { elapsed, failure, gaps, played, toTen } from './helpers/play.ts'
import { fineAfter } from './helpers/sniffs.ts'
import { deaf, fine, hangs, reply, type Sent, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const steady: ResilientOptions = { retry: { jitter: 'none' } }

beforeEach(() => {
  vi.useFakeTimers()
})

const after = (ms: number, response: () => Response) => () =>
  new Promise<Response>((resolve) => setTimeout(() => resolve(response()), ms))

/** A body that gives one chunk and then nothing more. */
const stuck = (text = 'beginning') => {
  const state = { cancelled: false }
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
    cancel: () => {
      state.cancelled = true
    },
  })
  return { body, state }
}

const signalOf = ({ init }: Sent): AbortSignal | undefined => init?.signal ?? undefined

describe('the time for an attempt', () => {
  it('is told by the error, for who has given seconds', async () => {
    const error = await failure(resilient(stubFetch(hangs).fetch, { timeout: 30, retry: 0 })(url))
    expect(error.message).toMatch(/no answer in 3\d ms/)
  })

  it('is thirty seconds, and the attempt that outlasts it is aborted and repeated', async () => {
    const { fetch, sent } = stubFetch(hangs, fine)
    const response = await played(resilient(fetch, steady)(url))
    expect(await response.text()).toBe('fine')
    expect(gaps(sent).map(toTen)).toEqual([30_500])
    expect(sent.map((one) => signalOf(one)?.aborted)).toEqual([true, false])
  })

  it('gives a retry a signal of its own: one born aborted would never leave', async () => {
    const controller = new AbortController()
    const { fetch, sent } = stubFetch(hangs, hangs, fine)
    const response = await played(resilient(fetch, { timeout: 1_000 })(url, { signal: controller.signal }))
    expect(response.status).toBe(200)
    expect(sent.map((one) => signalOf(one)?.aborted)).toEqual([true, true, false])
    expect(new Set(sent.map(signalOf)).size).toBe(3)
  })

  it('is told of in the error, with an outcome that nobody knows', async () => {
    const { fetch, sent } = stubFetch(hangs)
    const error = await failure(resilient(fetch, { timeout: 1_000 })(url, { method: 'POST' }))
    expect(error).toMatchObject({ code: 'ATTEMPT_TIMEOUT', reason: 'not-repeatable', mayBeDone: true })
    expect(error.attempts.map(({ attempt, at, ms }) => [attempt, at, toTen(ms)])).toEqual([[1, 0, 1_000]])
    expect(error.cause).toBeUndefined()
    expect(sent).toHaveLength(1)
  })

  it('holds for a fetch that is deaf to its signal, whose late reply keeps no socket', async () => {
    const { body, state } = stuck()
    const { fetch } = stubFetch(after(5_000, () => new Response(body)))
    await failure(resilient(fetch, { timeout: 1_000, retry: false })(url))
    expect(elapsed()).toBe(1_000)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(state.cancelled).toBe(true)
  })

  it('does not beat a reply that was there before the timer could be served', async () => {
    const { fetch, sent } = stubFetch(after(1_000, () => new Response('in time')))
    const response = await played(resilient(fetch, { timeout: 1_000 })(url))
    expect(await response.text()).toBe('in time')
    expect(sent).toHaveLength(1)
  })

  it('may be set for a call, or left out', async () => {
    const { fetch, sent } = stubFetch(hangs)
    const client = resilient(fetch, { timeout: 1_000, retry: false })
    await failure(client(url, { resilience: { timeout: 50 } }))
    expect(elapsed()).toBe(50)
    await failure(client(url, { resilience: { timeout: false, totalTimeout: 7_000 } }))
    expect(elapsed()).toBe(7_050)
    expect(sent).toHaveLength(2)
  })

  it('goes on while we read a failure, which is known by its status all the same', async () => {
    const { body, state } = stuck('{"error"')
    const { fetch } = stubFetch(reply(500, body))
    const error = await failure(resilient(fetch, { timeout: 3_000, retry: false })(url))
    expect(elapsed()).toBe(3_000)
    expect(error).toMatchObject({ code: 'HTTP_500', status: 500 })
    expect(state.cancelled).toBe(true)
  })

  it('is ten seconds at most for the body of a failure, where there is no limit at all', async () => {
    const { body, state } = stuck('{"error"')
    const { fetch } = stubFetch(reply(500, body))
    const client = resilient(fetch, { timeout: false, totalTimeout: false, retry: false })
    expect(await failure(client(url))).toMatchObject({ code: 'HTTP_500' })
    expect([elapsed(), state.cancelled]).toEqual([10_000, true])
  })

  it.each([
    ['head', fineAfter(4_096)],
    ['whole', 'whole'],
  ] satisfies [string, BodyNeed][])('goes on while we read the %s of a success', async (_, need) => {
    const { body, state } = stuck()
    const { fetch, sent } = stubFetch(reply(200, body), fine)
    const client = resilient(fetch, { ...steady, timeout: 3_000, vendor: depot({ bodyNeed: () => need }) })
    const response = await played(client(url))
    expect(await response.text()).toBe('fine')
    expect(gaps(sent).map(toTen)).toEqual([3_500])
    expect(state.cancelled).toBe(true)
  })

  it('leaves no timer behind after an early answer', async () => {
    const { fetch } = stubFetch(fine, reply(404, 'no'), reply(500, 'no'), fine)
    const client = resilient(fetch, { vendor: depot({ bodyNeed: () => 'whole' }) })
    await client(url)
    expect(vi.getTimerCount()).toBe(0)
    await client(url).catch(() => {})
    expect(vi.getTimerCount()).toBe(0)
    await played(client(url))
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the time for a call', () => {
  it('is five minutes, waits included', async () => {
    const { fetch, sent } = stubFetch(hangs)
    const error = await failure(resilient(fetch, { ...steady, timeout: 100_000 })(url))
    expect(elapsed()).toBe(300_000)
    expect(gaps(sent).map(toTen)).toEqual([100_500, 101_000])
    expect(error).toMatchObject({ code: 'ATTEMPT_TIMEOUT', reason: 'deadline' })
    expect(error.attempts.map(({ ms }) => toTen(ms))).toEqual([100_000, 100_000, 98_500])
  })

  it('is not less than what the user gives one attempt', async () => {
    const { fetch } = stubFetch(deaf)
    await failure(resilient(fetch, { retry: false, timeout: 900_000 })(url))
    expect(elapsed()).toBe(900_000)
  })

  it('is not less than what the vendor gives a request that is slow by nature', async () => {
    const vendor = depot({ limits: ({ path }) => (path === '/inventory' ? { timeout: 900_000 } : undefined) })
    const { fetch } = stubFetch(deaf)
    const client = resilient(fetch, { vendor, retry: false })
    await failure(client('https://api.example/inventory'))
    expect(elapsed()).toBe(900_000)
    await failure(client(url))
    expect(elapsed()).toBe(930_000)
  })

  it('is the vendor’s only where the user has said nothing', async () => {
    const vendor = depot({ limits: () => ({ timeout: 900_000, totalTimeout: 1_000_000 }) })
    const { fetch } = stubFetch(deaf)
    await failure(resilient(fetch, { vendor, retry: false, timeout: 2_000 })(url))
    expect(elapsed()).toBe(2_000)
    await failure(resilient(fetch, { vendor, retry: false, totalTimeout: 3_000 })(url))
    expect(elapsed()).toBe(5_000)
  })

  it('lets no wait begin that it cannot end', async () => {
    const { fetch, sent } = stubFetch(reply(503, null, { 'retry-after': '2' }))
    const error = await failure(resilient(fetch, { ...steady, totalTimeout: 1_400, maxWait: 5_000 })(url))
    expect(error).toMatchObject({ reason: 'deadline', code: 'HTTP_503', retryAfter: 2_000 })
    expect(elapsed()).toBe(0)
    expect(sent).toHaveLength(1)
  })

  it('makes a back-off as short as the time that is left', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const error = await failure(resilient(fetch, { ...steady, totalTimeout: 1_400 })(url))
    expect(error).toMatchObject({ reason: 'deadline', code: 'HTTP_503' })
    const [first, second = 0] = gaps(sent)
    expect([first, sent.length]).toEqual([500, 3])
    // The next wait of the curve is a second.
    expect(second).toBeGreaterThan(700)
    expect(second).toBeLessThan(900)
  })

  it('lets no attempt begin that has no time for an answer: what was refused stays surely not done', async () => {
    const throttled = reply(429, null, { 'retry-after-ms': '480' })
    const { fetch, sent } = stubFetch(throttled, hangs)
    const client = resilient(fetch, { totalTimeout: 500, timeout: 400, pause: false })
    const error = await failure(client(url, { method: 'POST' }))
    expect(error).toMatchObject({ code: 'HTTP_429', reason: 'deadline', retryAfter: 480, mayBeDone: false })
    expect(sent).toHaveLength(1)
  })

  it('lets no attempt begin either after a login, an answer or a timer that took its time', async () => {
    const onConflict = () => new Promise<{ url: string }>((resolve) => setTimeout(resolve, 3_950, { url }))
    const { fetch, sent } = stubFetch(says('PARCEL_LOCKED'), fine)
    const error = await failure(resilient(fetch, { vendor: depot(), onConflict, totalTimeout: 4_000 })(url))
    expect(error).toMatchObject({ code: 'PARCEL_LOCKED', reason: 'deadline' })
    expect(sent).toHaveLength(1)
  })

  it('opens no circuit by attempts that it cuts short', async () => {
    const slow = after(1_500, () => new Response('late'))
    const throttled = reply(429, null, { 'retry-after': '8' })
    let asked = 0
    const { fetch } = stubFetch((one) => (asked++ < 6 ? throttled : slow)(one))
    const client = resilient(fetch, {
      totalTimeout: 9_200,
      timeout: 5_000,
      pause: false,
      limits: false,
      budget: false,
      breaker: { minimum: 3 },
    })
    const codes = await played(Promise.all(Array.from({ length: 6 }, () => failure(client(url)))))
    expect(codes.map(({ code }) => code)).toEqual(Array(6).fill('ATTEMPT_TIMEOUT'))
    expect(client.state.snapshot()[0]?.circuit).toBe('closed')
  })

  it('is an attempt’s own where it is shorter: who is hung upon opens the circuit', async () => {
    const { fetch } = stubFetch(hangs)
    const client = resilient(fetch, { totalTimeout: 2_000, retry: 0 })
    await played(Promise.all(Array.from({ length: 10 }, () => client(url).catch(() => {}))))
    expect(client.state.snapshot()[0]?.circuit).not.toBe('closed')
  })

  it('sends nothing more once it is over', async () => {
    const onConflict = () => new Promise<{ url: string }>((resolve) => setTimeout(resolve, 5_000, { url }))
    const { fetch, sent } = stubFetch(says('PARCEL_LOCKED'), fine)
    const error = await failure(resilient(fetch, { vendor: depot(), onConflict, totalTimeout: 4_000 })(url))
    expect(error).toMatchObject({ code: 'PARCEL_LOCKED', reason: 'deadline' })
    expect(sent).toHaveLength(1)
  })

  it('ends when the reply is handed over: its body may take as long as it likes', async () => {
    let end: (() => void) | undefined
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        end = () => {
          controller.enqueue(new TextEncoder().encode('at last'))
          controller.close()
        }
      },
    })
    const { fetch } = stubFetch(reply(200, body))
    const response = await played(resilient(fetch, { timeout: 1_000, totalTimeout: 2_000 })(url))
    await vi.advanceTimersByTimeAsync(3_600_000)
    end?.()
    expect(await response.text()).toBe('at last')
  })

  it('may be left out, and with it every timer of ours', async () => {
    const { fetch } = stubFetch(hangs)
    const { signal } = new AbortController()
    void resilient(fetch, { timeout: false, totalTimeout: false })(url, { signal })
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})
