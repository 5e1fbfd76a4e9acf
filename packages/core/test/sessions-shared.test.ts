import { describe, expect, it, vi } from 'vitest'
import { createState } from '../src/index.ts'
import { Lodging } from './helpers/lodging.ts'
import { failure } from './helpers/play.ts'
import { keySource, lodge, lodgeOrigin, password, username } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`
const at = new Lodging()

describe('two vendor objects with the same account on one state', () => {
  const own = () => ({ ...keySource(() => ({ username, password })), shareKey: 'lodge' })

  it('share one session, and end it with the last that is closed', async () => {
    const state = createState()
    const [one, other] = [
      at.guest({ vendor: lodge({ auth: own() }), state }),
      at.guest({ vendor: lodge({ auth: own() }), state }),
    ]
    await Promise.all([one(room), other(room)])
    expect(at.house.logins).toHaveLength(1)
    await one.close()
    expect((await other(room)).ok).toBe(true)
    expect([at.house.logins.length, at.house.logouts.length]).toEqual([1, 0])
    await other.close()
    expect(at.house.logouts).toHaveLength(1)
  })

  it('share the pace of a login that failed', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const state = createState()
    at.house.atDesk = () => {
      throw new TypeError('fetch failed')
    }
    const clients = [0, 1, 2].map(() => at.guest({ vendor: lodge({ auth: own() }), state, retry: 0 }))
    await Promise.all(clients.map((client) => failure(client(room))))
    for (const client of clients) expect(await failure(client(room))).toMatchObject({ reason: 'login-failed' })
    expect(at.house.logins).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1_000)
    await Promise.all(clients.map((client) => failure(client(room))))
    expect(at.house.logins).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(2_000)
    at.house.atDesk = () => undefined
    expect(await Promise.all(clients.map(async (client) => (await client(room)).ok))).toEqual([true, true, true])
    expect(at.house.logins).toHaveLength(3)
  })

  it('begin the pace anew after a login that succeeded', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const one = at.guest({ vendor: lodge({ auth: own() }), breaker: false, retry: 0 })
    for (const waits of [[1_000, 2_000], [1_000]]) {
      at.house.forgetKeys()
      at.house.atDesk = () => {
        throw new TypeError('fetch failed')
      }
      for (const ms of waits) {
        expect(await failure(one(room))).toMatchObject({ retryAfter: ms })
        await vi.advanceTimersByTimeAsync(ms)
      }
      at.house.atDesk = () => undefined
      expect((await one(room)).ok).toBe(true)
    }
  })

  it('share nothing where the credentials differ, or the vendor does not say that they may', async () => {
    const state = createState()
    at.house.accepted = { username }
    const second = { ...keySource(() => ({ username, password: 'another' })), shareKey: 'lodge' }
    for (const auth of [own(), second, keySource(() => ({ username, password }))])
      await at.guest({ vendor: lodge({ auth }), state })(room)
    expect(at.house.logins).toHaveLength(3)
  })
})

it('one client more costs the same, however many others a state has', async () => {
  const state = createState()
  const clients = Array.from({ length: 200 }, () => at.guest({ vendor: lodge(), state }))
  const looks = vi.spyOn(WeakRef.prototype, 'deref')
  const last = at.guest({ vendor: lodge(), state })
  await last.close()
  expect(looks.mock.calls.length).toBeLessThan(100)
  await Promise.all(clients.map((client) => client.close()))
})
