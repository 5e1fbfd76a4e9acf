import { describe, expect, it, vi } from 'vitest'
import { Lodging } from './helpers/lodging.ts'
import { failure, played } from './helpers/play.ts'
import { lodge, lodgeOrigin, password, username } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`
const at = new Lodging()

describe('a login refused by a server that may count for ever', () => {
  const wrong = () => ({ username, password: 'open-barley' })
  const client = () => at.guest({ vendor: lodge({ credentials: wrong }), retry: 0 })

  it('at a server that may count for ever is repeated once, and then not before the credentials change', async () => {
    const pauses: unknown[] = []
    let credentials = wrong()
    const one = at.guest({
      vendor: lodge({ credentials: () => credentials }),
      observers: [(event) => event.type === 'login-failed' && pauses.push(event.retryAfter)],
    })
    for (let minute = 0; minute < 24 * 60; minute++) {
      await failure(one(room))
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(at.house.logins).toHaveLength(2)
    expect(pauses).toEqual([60_000, undefined])
    expect(await failure(one(room))).toMatchObject({ reason: 'login-failed', retryAfter: undefined })
    credentials = { username, password }
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await played(one(room))).ok).toBe(true)
  })

  it('is one for all clients of the process', async () => {
    for (let vendor = 0; vendor < 6; vendor++) await failure(client()(room))
    expect(at.house.logins).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(60_000)
    for (let vendor = 0; vendor < 6; vendor++) await failure(client()(room))
    expect(at.house.logins).toHaveLength(2)
  })

  it('is forgotten when a person says so', async () => {
    const one = client()
    for (let call = 0; call < 3; call++) {
      await failure(one(room))
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(at.house.logins).toHaveLength(2)
    one.state.reset()
    await failure(one(room))
    expect(at.house.logins).toHaveLength(3)
  })
})
