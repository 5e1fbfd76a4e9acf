import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createState, type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { elapsed, failure, played } from './helpers/play.ts'
import {
  keyHeader,
  keySource,
  type LodgeRow,
  lodge,
  lodgeOrigin,
  password,
  refusal,
  username,
} from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`
let house: Lodge

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T08:00:00.300Z') })
  house = new Lodge()
})
afterEach(() => {
  vi.useRealTimers()
})

const guest = (options: ResilientOptions<LodgeRow> = {}) => resilient(house.fetch, { vendor: lodge(), ...options })
const many = <T>(number: number, make: (index: number) => T): T[] => Array.from({ length: number }, (_, at) => make(at))
/** Rejects every key until that time. */
const rejectUntil = (ms: number) => {
  house.upstairs = () => (performance.now() < ms ? refusal('KEY_EXPIRED') : undefined)
}

describe('logins that succeed while their sessions are rejected', () => {
  it('of a glitch of two seconds cost no caller more than five, and no call', async () => {
    const client = guest()
    await client(room)
    rejectUntil(performance.now() + 2_000)
    const started = elapsed()
    const replies = await played(Promise.all(many(50, () => client(room))))
    expect(replies.every(({ ok }) => ok)).toBe(true)
    expect(elapsed() - started).toBeLessThan(5_000)
    expect(house.logins.length).toBeLessThanOrEqual(5)
  })

  it('are tried by one caller at a time', async () => {
    const client = guest()
    rejectUntil(Number.POSITIVE_INFINITY)
    const ended = Promise.allSettled(many(50, () => client(room)))
    await vi.advanceTimersByTimeAsync(900)
    // Nothing is known of the service yet: the second login follows at once, and is for everybody.
    expect([house.logins.length, house.calls.length]).toEqual([2, 100])
    await vi.advanceTimersByTimeAsync(400)
    expect([house.logins.length, house.calls.length]).toEqual([3, 101])
    await played(ended)
    expect(house.logins.length).toBe(house.calls.length - 98)
  })

  it('are no refused logins: the reason says what happened, and no account is held back', async () => {
    const events: ResilienceEvent['type'][] = []
    const client = guest({ observers: [({ type }) => events.push(type)] })
    rejectUntil(Number.POSITIVE_INFINITY)
    for (let call = 0; call < 2; call++) await failure(client(room))
    const error = await failure(client(room))
    expect(error).toMatchObject({ code: 'KEY_EXPIRED', reason: 'session-rejected', mayBeDone: false, attempts: [] })
    expect(error.message).toContain('logins succeed, but their sessions are rejected')
    expect(error.retryAfter).toBeGreaterThan(5_000)
    expect(events).not.toContain('login-failed')
  })

  it('go on with the next caller where the one that tries gives up', async () => {
    const client = guest()
    rejectUntil(1_000)
    const controller = new AbortController()
    const first = client(room, { signal: controller.signal })
    first.catch(() => {})
    const others = many(5, () => client(room))
    await vi.advanceTimersByTimeAsync(10)
    house.upstairs = () => new Promise<never>(() => {})
    await vi.advanceTimersByTimeAsync(1_300)
    house.upstairs = () => undefined
    controller.abort('gone')
    expect((await played(Promise.all(others))).every(({ ok }) => ok)).toBe(true)
    expect(elapsed()).toBeLessThan(40_000)
  })
})

describe('what a call took before it waited', () => {
  it('is taken anew: no session known dead is sent after a pause', async () => {
    const client = guest({ retry: { jitter: 'none' }, breaker: false })
    await client(room)
    house.upstairs = () => refusal('DESK_CLOSED', {}, { 'retry-after': '5' })
    const calls = many(8, () => client(room))
    await vi.advanceTimersByTimeAsync(10)
    house.upstairs = () => undefined
    // Somebody else learns meanwhile that the key is good no more.
    house.forgetKeys()
    const state = house.calls.length
    expect((await played(Promise.all(calls))).every(({ ok }) => ok)).toBe(true)
    const dead = house.calls.slice(state).filter(({ headers }) => headers.get(keyHeader) === 'key-no-1')
    expect(dead.length).toBeLessThanOrEqual(8)
    expect(house.logins).toHaveLength(2)
  })

  it('is taken anew by calls that waited in the queue of a pause', async () => {
    const client = guest({ retry: { jitter: 'none' }, breaker: false })
    await client(room)
    house.upstairs = ({ path }) =>
      path === '/rooms/1' ? refusal('DESK_CLOSED', { status: 503 }, { 'retry-after': '5' }) : undefined
    const holder = client(`${lodgeOrigin}/rooms/1`)
    await vi.advanceTimersByTimeAsync(10)
    const waiting = many(8, () => client(room))
    await vi.advanceTimersByTimeAsync(10)
    house.upstairs = () => undefined
    house.forgetKeys()
    const before = house.calls.length
    await played(Promise.all([holder, ...waiting]))
    const dead = house.calls.slice(before).filter(({ headers }) => headers.get(keyHeader) === 'key-no-1')
    // They leave spread: whoever is first learns it, and nobody after him sends it again.
    expect(dead).toHaveLength(1)
    expect(house.logins).toHaveLength(2)
  })

  it('has time for an answer: a POST is not sent with nothing left after a slow login', async () => {
    house.atDesk = () => new Promise((resolve) => setTimeout(resolve, 2_995, undefined)) as never
    const client = guest({ timeout: false, totalTimeout: 3_000 })
    const error = await failure(client(room, { method: 'POST', body: 'once' }))
    expect(error).toMatchObject({ code: 'LOGIN_TIMEOUT', reason: 'deadline', mayBeDone: false, attempts: [] })
    expect(house.calls).toEqual([])
  })
})

describe('two vendor objects with the same account on one state', () => {
  const own = () => ({ ...keySource(() => ({ username, password })), shareKey: 'lodge' })

  it('share one session, and end it with the last that is closed', async () => {
    const state = createState()
    const [one, other] = [
      guest({ vendor: lodge({ auth: own() }), state }),
      guest({ vendor: lodge({ auth: own() }), state }),
    ]
    await Promise.all([one(room), other(room)])
    expect(house.logins).toHaveLength(1)
    await one.close()
    expect((await other(room)).ok).toBe(true)
    expect([house.logins.length, house.logouts.length]).toEqual([1, 0])
    await other.close()
    expect(house.logouts).toHaveLength(1)
  })

  it('share nothing where the credentials differ, or the vendor does not say that they may', async () => {
    const state = createState()
    house.accepted = { username }
    const second = { ...keySource(() => ({ username, password: 'another' })), shareKey: 'lodge' }
    for (const auth of [own(), second, keySource(() => ({ username, password }))])
      await guest({ vendor: lodge({ auth }), state })(room)
    expect(house.logins).toHaveLength(3)
  })
})

describe('a refused login', () => {
  const wrong = () => ({ username, password: 'open-barley' })
  const client = () => guest({ vendor: lodge({ credentials: wrong }), retry: 0 })

  it('at a server that may count for ever is repeated once, and then not before the credentials change', async () => {
    const pauses: unknown[] = []
    let credentials = wrong()
    const one = guest({
      vendor: lodge({ credentials: () => credentials }),
      observers: [(event) => event.type === 'login-failed' && pauses.push(event.retryAfter)],
    })
    for (let minute = 0; minute < 24 * 60; minute++) {
      await failure(one(room))
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(house.logins).toHaveLength(2)
    expect(pauses).toEqual([60_000, undefined])
    expect(await failure(one(room))).toMatchObject({ reason: 'login-failed', retryAfter: undefined })
    credentials = { username, password }
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await played(one(room))).ok).toBe(true)
  })

  it('is one for all clients of the process', async () => {
    for (let vendor = 0; vendor < 6; vendor++) await failure(client()(room))
    expect(house.logins).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(60_000)
    for (let vendor = 0; vendor < 6; vendor++) await failure(client()(room))
    expect(house.logins).toHaveLength(2)
  })

  it('is forgotten when a person says so', async () => {
    const one = client()
    for (let call = 0; call < 3; call++) {
      await failure(one(room))
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(house.logins).toHaveLength(2)
    one.state.reset()
    await failure(one(room))
    expect(house.logins).toHaveLength(3)
  })
})
