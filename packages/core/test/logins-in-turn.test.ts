import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createState, type ResilientOptions } from '../src/index.ts'
import type { Visit } from './helpers/lodge-service.ts'
import { Lodging, many } from './helpers/lodging.ts'
import { failure, played } from './helpers/play.ts'
import { keyHeader, keySource, type LodgeRow, lodge, lodgeOrigin, refusal, username } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`
const at = new Lodging()
let password = ''
let underWay = 0
let mostAtATime = 0

beforeEach(() => {
  password = 'open-sesame'
  underWay = 0
  mostAtATime = 0
})

const source = () => ({ ...keySource(() => ({ username, password })), shareKey: 'lodge' })
/** A client with a vendor object of its own. */
const guest = (options: ResilientOptions<LodgeRow> = {}) => at.guest({ vendor: lodge({ auth: source() }), ...options })
const keysOf = (visits: readonly Visit[]) => visits.map(({ headers }) => headers.get(keyHeader))

const thrownBy = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (thrown) => thrown,
  )

/** Logins take a while, and are counted for as long as they are under way. */
function slowDesk(ms: number): void {
  at.house.atDesk = ({ method }) => (method === 'POST' ? (counted(ms) as never) : undefined)
}

async function counted(ms: number): Promise<undefined> {
  underWay++
  mostAtATime = Math.max(mostAtATime, underWay)
  await new Promise((resolve) => setTimeout(resolve, ms))
  underWay--
}

describe('a login waits for another one with the same credentials', () => {
  it('that a closed client of its state still hears out', async () => {
    slowDesk(1_000)
    const state = createState()
    const [one, other] = [guest({ state }), guest({ state })]
    const ended = failure(one(room))
    await vi.advanceTimersByTimeAsync(10)
    const closing = one.close({ drain: 0 })
    await vi.advanceTimersByTimeAsync(1)
    const reply = await played(other(room))
    expect([reply.ok, mostAtATime, at.house.logins.length]).toEqual([true, 1, 2])
    await played(closing)
    expect(await ended).toMatchObject({ reason: 'closed' })
    expect(keysOf(at.house.logouts)).toEqual(['key-no-1'])
    expect(at.house.keysShown).toEqual(['key-no-2'])
  })

  it('of another state, which is let through alone until it was accepted', async () => {
    slowDesk(1_000)
    const first = Promise.all(many(4, () => guest()(room)))
    await vi.advanceTimersByTimeAsync(999)
    expect(at.house.logins).toHaveLength(1)
    const replies = await played(first)
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(at.house.logins).toHaveLength(4)
  })

  it('of another state, and is not sent where that was refused', async () => {
    slowDesk(1_000)
    password = 'open-barley'
    const errors = await Promise.all(many(6, () => failure(guest({ retry: 0 })(room))))
    expect(errors.map(({ code }) => code)).toEqual(many(6, () => 'PASSWORD_REFUSED'))
    expect(at.house.logins).toHaveLength(1)
  })

  it('that is refused after its client has closed, and is not sent then', async () => {
    slowDesk(1_000)
    password = 'open-barley'
    const state = createState()
    const [one, other] = [guest({ state, retry: 0 }), guest({ state, retry: 0 })]
    const ended = failure(one(room))
    await vi.advanceTimersByTimeAsync(10)
    const closing = one.close({ drain: 0 })
    await vi.advanceTimersByTimeAsync(1)
    expect(await failure(other(room))).toMatchObject({ code: 'PASSWORD_REFUSED', reason: 'login-failed' })
    await played(closing)
    await ended
    expect(at.house.logins).toHaveLength(1)
  })

  it('for as long as its caller waits, and is not sent afterwards', async () => {
    slowDesk(3_000)
    const first = guest()(room)
    await vi.advanceTimersByTimeAsync(10)
    const impatient = thrownBy(guest()(room, { resilience: { totalTimeout: 1_000 } }))
    const giveUp = new AbortController()
    const aborted = thrownBy(guest()(room, { signal: giveUp.signal }))
    const closed = guest()
    const refused = thrownBy(closed(room))
    await vi.advanceTimersByTimeAsync(500)
    giveUp.abort()
    await closed.close()
    expect(await refused).toMatchObject({ reason: 'closed' })
    expect(await aborted).toBe(giveUp.signal.reason)
    expect(performance.now()).toBeLessThan(600)
    expect(await played(impatient)).toMatchObject({ code: 'LOGIN_TIMEOUT', reason: 'deadline' })
    expect(performance.now()).toBeLessThan(1_100)
    expect((await played(first)).ok).toBe(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(at.house.logins).toHaveLength(1)
  })

  it('and is left to another client of its state by a caller that gives up', async () => {
    slowDesk(1_000)
    const first = guest()(room)
    await vi.advanceTimersByTimeAsync(10)
    const [state, giveUp] = [createState(), new AbortController()]
    const aborted = thrownBy(guest({ state })(room, { signal: giveUp.signal }))
    await vi.advanceTimersByTimeAsync(10)
    const patient = guest({ state })(room)
    await vi.advanceTimersByTimeAsync(10)
    giveUp.abort()
    expect((await played(patient)).ok).toBe(true)
    await Promise.all([first, aborted])
    expect([mostAtATime, at.house.logins.length]).toEqual([1, 2])
  })

  it('and has its own time after it', async () => {
    slowDesk(6_000)
    const clients = many(3, () => guest({ loginTimeout: 8_000 }))
    const replies = await played(Promise.all(clients.map((client) => client(room))))
    expect(replies.map(({ ok }) => ok)).toEqual([true, true, true])
    expect([mostAtATime, at.house.logins.length]).toEqual([2, 3])
  })

  it('that never ends for no longer than its own time', async () => {
    at.house.atDesk = ({ method }) =>
      method === 'POST' && at.house.logins.length === 1 ? new Promise(() => {}) : undefined
    failure(guest({ loginTimeout: 3_600_000 })(room)).catch(() => {})
    await vi.advanceTimersByTimeAsync(10)
    expect((await played(guest({ loginTimeout: 8_000 })(room))).ok).toBe(true)
    expect(performance.now()).toBeLessThan(9_000)
  })
})

/** A client whose session nobody shares. */
const loner = () => at.guest({ vendor: lodge({ credentials: () => ({ username, password }) }), retry: 0 })

it('a login that is refused speaks for all sessions that the credentials would bring', async () => {
  slowDesk(1_000)
  password = 'open-barley'
  await Promise.all(many(5, () => failure(loner()(room))))
  expect(at.house.logins).toHaveLength(1)
})

describe('a login does not wait', () => {
  it('for one with other credentials', async () => {
    slowDesk(1_000)
    const first = failure(guest()(room))
    await vi.advanceTimersByTimeAsync(10)
    at.house.accepted = { username, password: 'open-barley' }
    password = 'open-barley'
    expect((await played(guest()(room))).ok).toBe(true)
    expect(performance.now()).toBeLessThan(1_500)
    await first
  })

  it.each([
    ['its session is another', () => loner()],
    ['it is one of another state', () => guest()],
  ])('for more than one that is accepted, where %s', async (_, client) => {
    slowDesk(1_000)
    await played(Promise.all(many(5, () => client()(room))))
    expect(performance.now()).toBeLessThan(2_500)
    expect(at.house.logins).toHaveLength(5)
  })
})

describe('credentials are those that were asked for, though their owner changes his object:', () => {
  const login = { username, password: '' }
  const client = (options: ResilientOptions<LodgeRow> = {}) =>
    at.guest({ vendor: lodge({ auth: { ...keySource(() => login), shareKey: 'lodge' } }), ...options })

  it('a login that waits for another sends them, and is remembered by them', async () => {
    slowDesk(1_000)
    login.password = password
    const first = guest()(room)
    await vi.advanceTimersByTimeAsync(10)
    const waiting = client()
    const second = thrownBy(waiting(room))
    await vi.advanceTimersByTimeAsync(10)
    login.password = 'open-rye'
    await played(Promise.all([first, second]))
    expect(at.house.logins.map(({ body }) => (JSON.parse(body) as typeof login).password)).toEqual([password, password])
  })

  it('the password that was sent is told by nobody', async () => {
    login.password = 'open-barley'
    at.house.atDesk = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return refusal('PASSWORD_REFUSED', { message: 'not open-barley' })
    }
    const call = failure(client()(room))
    await vi.advanceTimersByTimeAsync(10)
    login.password = password
    expect((await played(call)).message).not.toContain('open-barley')
  })

  it('a getter is asked once', async () => {
    let asked = 0
    const credentials = () => ({
      username,
      get password() {
        asked++
        return asked === 1 ? password : 'open-rye'
      },
    })
    const reply = await played(at.guest({ vendor: lodge({ auth: keySource(credentials) }) })(room))
    expect([reply.ok, asked]).toEqual([true, 1])
  })
})
