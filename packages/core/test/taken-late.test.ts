import { describe, expect, it, vi } from 'vitest'
import { Lodging, many } from './helpers/lodging.ts'
import { failure, played } from './helpers/play.ts'
import { keyHeader, lodgeOrigin, refusal } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`
const at = new Lodging()

describe('what a call took before it waited', () => {
  it('is taken anew: no session known dead is sent after a pause', async () => {
    const client = at.guest({ retry: { jitter: 'none' }, breaker: false })
    await client(room)
    at.house.upstairs = () => refusal('DESK_CLOSED', {}, { 'retry-after': '5' })
    const calls = many(8, () => client(room))
    await vi.advanceTimersByTimeAsync(10)
    at.house.upstairs = () => undefined
    // Somebody else learns meanwhile that the key is good no more.
    at.house.forgetKeys()
    const state = at.house.calls.length
    expect((await played(Promise.all(calls))).every(({ ok }) => ok)).toBe(true)
    const dead = at.house.calls.slice(state).filter(({ headers }) => headers.get(keyHeader) === 'key-no-1')
    // They go again spread: whoever is first learns it, and nobody after him sends it again.
    expect(dead).toHaveLength(1)
    expect(at.house.logins).toHaveLength(2)
  })

  it('is taken anew by calls that waited in the queue of a pause', async () => {
    const client = at.guest({ retry: { jitter: 'none' }, breaker: false })
    await client(room)
    at.house.upstairs = ({ path }) =>
      path === '/rooms/1' ? refusal('DESK_CLOSED', { status: 429 }, { 'retry-after': '5' }) : undefined
    const holder = client(`${lodgeOrigin}/rooms/1`)
    await vi.advanceTimersByTimeAsync(10)
    const waiting = many(8, () => client(room))
    await vi.advanceTimersByTimeAsync(10)
    at.house.upstairs = () => undefined
    at.house.forgetKeys()
    const before = at.house.calls.length
    await played(Promise.all([holder, ...waiting]))
    const dead = at.house.calls.slice(before).filter(({ headers }) => headers.get(keyHeader) === 'key-no-1')
    // They leave spread: whoever is first learns it, and nobody after him sends it again.
    expect(dead).toHaveLength(1)
    expect(at.house.logins).toHaveLength(2)
  })

  it('is taken anew by calls whose key has ended by its own time while they waited in line', async () => {
    const ends = new Map<string | null, number>()
    at.house.limits = () => {
      const expiresAt = Date.now() + 10_000
      ends.set(`key-no-${ends.size + 1}`, expiresAt)
      return { expiresAt }
    }
    at.house.upstairs = ({ headers }) =>
      Date.now() > (ends.get(headers.get(keyHeader)) ?? 0)
        ? refusal('KEY_EXPIRED')
        : new Promise((resolve) => setTimeout(resolve, 4_000, new Response()))
    const client = at.guest({ concurrency: 1, retry: { limit: 0 } })
    const replies = await played(Promise.all(many(8, () => client(room))))
    expect(replies.every(({ ok }) => ok)).toBe(true)
    // The line is longer than three lives of a key, and nobody has shown a dead one.
    expect(at.house.calls).toHaveLength(8)
    expect(at.house.logins.length).toBeGreaterThan(3)
  })

  it('holds no place in line while the login that it needs anew is waited for', async () => {
    at.house.limits = () => ({ expiresAt: Date.now() + 10_000 })
    at.house.upstairs = () => new Promise((resolve) => setTimeout(resolve, 12_000, new Response()))
    const client = at.guest({ concurrency: 1 })
    const [first, second] = many(2, () => client(room))
    await vi.advanceTimersByTimeAsync(11_000)
    at.house.atDesk = () => refusal('DESK_CLOSED', {}, { 'retry-after': '5' })
    await vi.advanceTimersByTimeAsync(2_000)
    // Signed by its caller, it needs no login.
    const own = client(room, { headers: { [keyHeader]: 'key-no-1' } })
    await vi.advanceTimersByTimeAsync(0)
    expect(at.house.calls.map((visit) => Math.round(visit.at / 1_000))).toEqual([0, 13])
    at.house.atDesk = () => undefined
    expect((await played(Promise.all([first, second, own]))).map((reply) => reply?.ok)).toEqual([true, true, true])
  })

  it('has time for an answer: a POST is not sent with nothing left after a slow login', async () => {
    at.house.atDesk = () => new Promise((resolve) => setTimeout(resolve, 2_995, undefined)) as never
    const client = at.guest({ timeout: false, totalTimeout: 3_000 })
    const error = await failure(client(room, { method: 'POST', body: 'once' }))
    expect(error).toMatchObject({ code: 'LOGIN_TIMEOUT', reason: 'deadline', mayBeDone: false, attempts: [] })
    expect(at.house.calls).toEqual([])
  })
})
