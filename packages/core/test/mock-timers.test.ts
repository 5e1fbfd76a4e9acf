import { mock } from 'node:test'
import FakeTimers from '@sinonjs/fake-timers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../src/contract/clock.ts'
import { resilient } from '../src/index.ts'
import { withWork } from '../src/work/index.ts'
import { depot } from './helpers/depot.ts'
import { played } from './helpers/play.ts'
import { walls } from './helpers/use-workshop.ts'
import { workshop, workshopWork } from './helpers/workshop.ts'

const url = 'https://api.example/things'
// Before anything takes its place.
const { setImmediate: turn } = globalThis

/** Timers that stand still until they are told: those of test runners. Jest's are sinon's. */
interface MockTimers {
  begin(): void
  tick(ms: number): void
  end(): void
}

let clock: FakeTimers.Clock | undefined
const all: FakeTimers.FakeMethod[] = [
  ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const),
  ...(['Date', 'performance', 'hrtime', 'queueMicrotask'] as const),
]
const ofSinon = (toFake: FakeTimers.FakeMethod[]): MockTimers => ({
  begin() {
    clock = FakeTimers.install({ toFake })
  },
  tick: (ms) => clock?.tick(ms),
  end: () => clock?.uninstall(),
})
// Not its `setImmediate`: set within a timer, it makes Node.js run that timer for ever.
const ofNode = (...apis: ('setTimeout' | 'Date')[]): MockTimers => ({
  begin: () => mock.timers.enable({ apis }),
  tick: (ms) => mock.timers.tick(ms),
  end: () => mock.timers.reset(),
})
const timers: Readonly<Record<string, MockTimers>> = {
  vitest: { begin: () => vi.useFakeTimers(), tick: (ms) => vi.advanceTimersByTime(ms), end: () => vi.useRealTimers() },
  // Not its `nextTick`: a message of the test runner that comes meanwhile would be lost, and waited for without end.
  'sinon and jest': ofSinon(all),
  'sinon, timers alone': ofSinon(['setTimeout', 'clearTimeout']),
  'node:test': ofNode('setTimeout', 'Date'),
  'node:test, timers alone': ofNode('setTimeout'),
}

/** Ticks until a call ends; the seconds that it took by the mock timers. */
async function seconds(mocked: MockTimers, call: () => Promise<unknown>): Promise<number> {
  let hasEnded = false
  void call().finally(() => {
    hasEnded = true
  })
  for (let second = 0; second < 100; second++) {
    for (let index = 0; index < 3; index++) await new Promise<void>((resolve) => turn(resolve))
    if (hasEnded) return second
    mocked.tick(1_000)
  }
  throw new Error('It waits for ever.')
}

describe.each(Object.entries(timers))('the mock timers of %s', (_, mocked) => {
  afterEach(() => mocked.end())

  const answers = (...replies: readonly (() => Promise<Response>)[]) => {
    const left = [...replies]
    return () => (left.shift() ?? (async () => new Response('done')))()
  }
  const busy =
    (headers: Record<string, string> = {}) =>
    async () =>
      new Response('', { status: 503, headers })

  it('end the wait between attempts', async () => {
    mocked.begin()
    const client = resilient(answers(busy(), busy()))
    expect(await seconds(mocked, () => client(url))).toBeLessThan(10)
  })

  it('end the pause that a server asks for, of every caller', async () => {
    mocked.begin()
    const client = resilient(answers(busy({ 'retry-after': '20' })))
    const took = await seconds(mocked, () => Promise.all([client(url), client(url), client(url)]))
    expect(took).toBeGreaterThanOrEqual(20)
    expect(took).toBeLessThan(60)
  })

  it('end an attempt without an answer, and the call', async () => {
    mocked.begin()
    const silent = resilient(() => new Promise(() => {}), { timeout: 5_000, totalTimeout: 12_000 })
    const took = await seconds(mocked, () => silent(url).catch(() => {}))
    expect(took).toBeGreaterThanOrEqual(5)
    expect(took).toBeLessThan(20)
  })

  it('end the wait of a vendor’s slow pace', async () => {
    mocked.begin()
    const jammed = async () => Response.json({ error: { code: 'BELT_JAMMED' } }, { status: 500 })
    const client = resilient(answers(jammed), { vendor: depot() })
    expect(await seconds(mocked, () => client(url))).toBeLessThan(60)
  })

  const auth = (open: () => Promise<{ readonly secrets: [] }>) =>
    depot({
      origins: ['https://depot.example'],
      auth: { credentials: () => ({ username: 'me' }), open, sign: () => {} },
    })

  it('end a login without an answer, and the wait for the next', async () => {
    mocked.begin()
    let logins = 0
    const vendor = auth(() => (++logins === 1 ? new Promise(() => {}) : Promise.resolve({ secrets: [] })))
    const client = resilient(answers(), { vendor, loginTimeout: 5_000 })
    const took = await seconds(mocked, () => client('https://depot.example/belts'))
    expect([logins, took >= 5, took < 30]).toEqual([2, true, true])
  })

  it('end the time of an open circuit, and of a service that takes no more', async () => {
    mocked.begin()
    for (const status of [503, 429]) {
      let failing = 4
      const fetch = async () => new Response('', { status: failing-- > 0 ? status : 200 })
      const client = resilient(fetch, { retry: 0, breaker: { minimum: 2, openTime: 10_000, maxOpenTime: 10_000 } })
      for (let call = 0; call < 4; call++) void client(url, { method: 'POST' }).catch(() => {})
      expect(await seconds(mocked, () => client(url).catch(() => {}))).toBeLessThan(60)
    }
  })

  it('end the silence of a body', async () => {
    mocked.begin()
    const silent = async () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))
    const client = resilient(silent, { bodyTimeout: 5_000 })
    const read = async () => (await client(url)).text().catch(() => {})
    expect(await seconds(mocked, read)).toBeLessThan(10)
  })

  it('end the time that running calls have when their client closes', async () => {
    mocked.begin()
    const client = resilient(() => new Promise(() => {}))
    const call = client(url).catch((error: { readonly reason?: string }) => error.reason)
    expect(await seconds(mocked, () => client.close({ drain: 5_000 }))).toBeLessThan(10)
    expect(await call).toBe('closed')
  })

  it('end the wait between the polls after a state', async () => {
    mocked.begin()
    let asked = 0
    const client = withWork(
      resilient(async () => Response.json({ badge: 'b', isReady: ++asked === 5 }), { vendor: workshop() }),
      workshopWork,
    )
    const until = () =>
      client.until(walls, (body) => (body as { readonly isReady: boolean }).isReady, { timeout: 90_000 })
    expect(await seconds(mocked, until)).toBeLessThan(90)
    // The first was for a login.
    expect(asked).toBe(5)
  })
})

describe('mock timers that come while something waits by the real ones', () => {
  it('do not set the clock forward by the life of the process', async () => {
    const before = systemClock.now() - performance.now()
    const waits = systemClock.sleep(5)
    const ends = new Promise<void>((resolve) => systemClock.after(5, resolve))
    vi.useFakeTimers()
    await Promise.all([waits, ends])
    vi.useRealTimers()
    expect(systemClock.now() - performance.now() - before).toBeLessThan(100)
  })

  it('do not keep an attempt from its end, whose clock stands still from then on', async () => {
    const client = resilient(() => new Promise(() => {}), { timeout: 5, retry: false })
    const call = client(url)
    vi.useFakeTimers({ toFake: ['performance'] })
    await expect(call).rejects.toMatchObject({ code: 'ATTEMPT_TIMEOUT' })
  })

  it.each([
    ['ran ahead of the real ones', 3_600_000],
    ['stood behind them', 0],
  ])('and go, let polls be asked that were due by a clock which %s', async (_, ms) => {
    const answer = async () => Response.json({ badge: 'b', isReady: true })
    const client = withWork(resilient(answer, { vendor: workshop() }), workshopWork)
    const isReady = () => client.until(walls, (body) => (body as { readonly isReady: boolean }).isReady)
    vi.useFakeTimers()
    await vi.advanceTimersByTimeAsync(ms)
    // Somebody waits on, by a clock that is gone.
    void client.until(walls, () => false).catch(() => {})
    await vi.advanceTimersByTimeAsync(100)
    vi.useRealTimers()
    await isReady()
    vi.useFakeTimers()
    const since = performance.now()
    await played(isReady())
    expect(performance.now() - since).toBeLessThan(60_000)
    await client.close()
  })
})
