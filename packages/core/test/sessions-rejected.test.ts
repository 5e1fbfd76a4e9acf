import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import type { ResilienceEvent, VendorError } from '../src/index.ts'
import { Lodging, many } from './helpers/lodging.ts'
import { elapsed, failure, played } from './helpers/play.ts'
import { keyHeader, lodge, lodgeOrigin, password, refusal, username } from './helpers/session-vendor.ts'

let given = 0
const room = `${lodgeOrigin}/rooms/7`
const at = new Lodging(new Date('2026-11-21T08:00:00.300Z'))
/** Rejects every key until that time. */
const rejectUntil = (ms: number) => {
  at.house.upstairs = () => (performance.now() < ms ? refusal('KEY_EXPIRED') : undefined)
}

describe('logins that succeed while their sessions are rejected', () => {
  it('of a glitch of two seconds cost no caller more than five, and no call', async () => {
    const client = at.guest()
    await client(room)
    rejectUntil(performance.now() + 2_000)
    const started = elapsed()
    const replies = await played(Promise.all(many(50, () => client(room))))
    expect(replies.every(({ ok }) => ok)).toBe(true)
    expect(elapsed() - started).toBeLessThan(5_000)
    expect(at.house.logins.length).toBeLessThanOrEqual(5)
  })

  it.each<[string, () => number]>([
    ['the same credentials', () => 0],
    ['other credentials at each login, as those of a function that makes tokens', () => ++given],
  ])('with %s are tried by one caller at a time', async (_, next) => {
    const credentials = () => {
      at.house.accepted = { username, password: `${password}-${next()}` }
      return at.house.accepted
    }
    const client = at.guest({ vendor: lodge({ credentials }) })
    rejectUntil(Number.POSITIVE_INFINITY)
    const ended = Promise.allSettled(many(50, () => client(room)))
    await vi.advanceTimersByTimeAsync(900)
    // Nothing is known of the service yet: the second login follows at once, and is for everybody.
    expect([at.house.logins.length, at.house.calls.length]).toEqual([2, 100])
    await vi.advanceTimersByTimeAsync(400)
    expect([at.house.logins.length, at.house.calls.length]).toEqual([3, 101])
    await played(ended)
    expect(at.house.logins.length).toBe(at.house.calls.length - 98)
  })

  it('are over with the session that a caller has proven, and all who waited for that take it', async () => {
    const client = at.guest()
    await client(room)
    let isOver = false
    const proven = new Set<string | null>()
    at.house.upstairs = async ({ headers }) => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      if (isOver) proven.add(headers.get(keyHeader))
      return proven.has(headers.get(keyHeader)) ? new Response('room') : refusal('KEY_EXPIRED')
    }
    const sent = Promise.all(many(5, () => client(room)))
    await vi.advanceTimersByTimeAsync(900)
    isOver = true
    expect((await played(sent)).every(({ ok }) => ok)).toBe(true)
    expect([at.house.logins.length, at.house.keysShown.at(-1)]).toEqual([3, 'key-no-3'])
  })

  it('are no refused logins: the reason says what happened, and no account is held back', async () => {
    const events: ResilienceEvent['type'][] = []
    const client = at.guest({ observers: [({ type }) => events.push(type)] })
    rejectUntil(Number.POSITIVE_INFINITY)
    for (let call = 0; call < 2; call++) await failure(client(room))
    const error = await failure(client(room))
    expect(error).toMatchObject({ code: 'KEY_EXPIRED', reason: 'session-rejected', mayBeDone: false, attempts: [] })
    expect(error.message).toContain('logins succeed, but their sessions are rejected')
    expect(error.retryAfter).toBeGreaterThan(5_000)
    expect(events).not.toContain('login-failed')
  })

  it('tell no caller the secret that the body of another had', async () => {
    const client = at.guest()
    await client(room)
    at.house.upstairs = ({ body }) =>
      refusal('KEY_EXPIRED', { message: `no key for ${/secret-of-\w+/.exec(body)?.[0] ?? 'you'}` })
    const errors: VendorError[] = []
    for (const caller of ['one', 'two', 'three', 'four']) {
      const body = JSON.stringify({ password: `secret-of-${caller}` })
      errors.push(await failure(client(room, { method: 'POST', body })))
    }
    expect(errors.at(-1)).toMatchObject({ reason: 'session-rejected', cause: { code: 'KEY_EXPIRED' } })
    for (const error of errors) expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret-of-')
  })

  it('go on with the next caller where the one that tries gives up', async () => {
    const client = at.guest()
    rejectUntil(1_000)
    const controller = new AbortController()
    const first = client(room, { signal: controller.signal })
    first.catch(() => {})
    const others = many(5, () => client(room))
    await vi.advanceTimersByTimeAsync(10)
    at.house.upstairs = () => new Promise<never>(() => {})
    await vi.advanceTimersByTimeAsync(1_300)
    at.house.upstairs = () => undefined
    controller.abort('gone')
    expect((await played(Promise.all(others))).every(({ ok }) => ok)).toBe(true)
    expect(elapsed()).toBeLessThan(40_000)
  })
})
