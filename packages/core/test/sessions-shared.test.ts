import { describe, expect, it } from 'vitest'
import { createState } from '../src/index.ts'
import { Lodging } from './helpers/lodging.ts'
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

  it('share nothing where the credentials differ, or the vendor does not say that they may', async () => {
    const state = createState()
    at.house.accepted = { username }
    const second = { ...keySource(() => ({ username, password: 'another' })), shareKey: 'lodge' }
    for (const auth of [own(), second, keySource(() => ({ username, password }))])
      await at.guest({ vendor: lodge({ auth }), state })(room)
    expect(at.house.logins).toHaveLength(3)
  })
})
