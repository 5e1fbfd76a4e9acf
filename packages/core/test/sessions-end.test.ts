import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { failure, played } from './helpers/play.ts'
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
const MINUTE = 60_000
let house: Lodge

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T08:00:00Z') })
  house = new Lodge()
})

const guest = (options: ResilientOptions<LodgeRow> = {}) => resilient(house.fetch, { vendor: lodge(), ...options })
const bytes = (text: string) => new Blob([text]).stream()
/** A request whose body can leave only once. */
const once = (): RequestInit => ({ method: 'PUT', body: bytes('once'), duplex: 'half' }) as RequestInit

describe('a session with an end', () => {
  it('is used until shortly before, then renewed before it is shown', async () => {
    house.limits = () => ({ expiresAt: Date.now() + 10 * MINUTE })
    const client = guest()
    await client(room)
    await vi.advanceTimersByTimeAsync(9 * MINUTE)
    await client(room)
    expect(house.logins).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(45_000)
    await client(room)
    expect(house.logins).toHaveLength(2)
    expect(house.calls.map(({ headers }) => headers.get(keyHeader))).toEqual(['key-no-1', 'key-no-1', 'key-no-2'])
  })

  it('is used at all, however short it is', async () => {
    house.limits = () => ({ expiresAt: Date.now() + 4_000 })
    const client = guest()
    for (let call = 0; call < 5; call++) await client(room)
    expect(house.logins).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(3_900)
    await client(room)
    expect(house.logins).toHaveLength(2)
  })

  it.each([1, 300, 999])('of %d ms costs no login a call', async (life) => {
    house.limits = () => ({ expiresAt: Date.now() + life })
    const client = guest()
    for (let call = 0; call < 100; call++) {
      await client(room)
      await vi.advanceTimersByTimeAsync(20)
    }
    expect(house.logins).toHaveLength(3)
  })

  it('is used until the server refuses it, where the server’s clock makes it over before it began', async () => {
    house.limits = () => ({ expiresAt: Date.now() - 60 * MINUTE })
    const client = guest()
    for (let call = 0; call < 5; call++) await client(room)
    expect(house.logins).toHaveLength(1)
  })
})

describe('a session that ends while a call waits for its turn', () => {
  it('is renewed with the turn in hand, which is given back where no time is left', async () => {
    house.limits = () => ({ expiresAt: Date.now() + 4_000 })
    house.upstairs = ({ path }) =>
      path.endsWith('/busy') ? refusal('DESK_CLOSED', {}, { 'retry-after': '9' }) : undefined
    const client = guest({ retry: 0, pause: { max: MINUTE }, errors: { DESK_CLOSED: { trips: true } } })
    await failure(client(`${lodgeOrigin}/rooms/busy`))
    const desk = Promise.withResolvers<void>()
    house.atDesk = ({ method }) => (method === 'POST' ? (desk.promise as unknown as Promise<Response>) : undefined)
    setTimeout(desk.resolve, 11_400)
    const call = failure(client(room, { resilience: { totalTimeout: 12_000 } }))
    expect(await call).toMatchObject({ code: 'LOGIN_TIMEOUT', reason: 'deadline', mayBeDone: false })
    expect(house.logins).toHaveLength(2)
    expect(house.calls).toHaveLength(1)
    expect(client.state.snapshot().map(({ underWay }) => underWay)).toEqual([0, 0])
  })
})

describe('a clock that jumps', () => {
  /** The server has forgotten the key meanwhile, and the body cannot be sent again. */
  const sendOnce = async (client: ReturnType<typeof guest>) => {
    house.forgetKeys()
    expect((await client(room, once())).status).toBe(200)
    expect(house.logins).toHaveLength(2)
  }

  it.each([-2, -24])('by %d hours makes no session last longer', async (hours) => {
    house.limits = () => ({ expiresAt: Date.now() + 10 * MINUTE })
    const client = guest()
    await client(room)
    vi.setSystemTime(Date.now() + hours * 60 * MINUTE)
    await vi.advanceTimersByTimeAsync(11 * MINUTE)
    await sendOnce(client)
  })

  it('because the machine was asleep, shows that a session was not used', async () => {
    house.limits = () => ({ idleTimeout: 10 * MINUTE })
    const client = guest()
    await client(room)
    vi.setSystemTime(Date.now() + 60 * MINUTE)
    await sendOnce(client)
  })

  it('ahead costs one login', async () => {
    house.limits = () => ({ expiresAt: Date.UTC(2030, 0, 1) })
    vi.setSystemTime(Date.UTC(2029, 11, 31))
    const client = guest()
    await client(room)
    vi.setSystemTime(Date.UTC(2030, 0, 2))
    for (let call = 0; call < 5; call++) await client(room)
    expect(house.logins).toHaveLength(2)
  })
})

describe('a body that can leave only once', () => {
  it('is sent with a session whose life is surely not over, however short that is', async () => {
    house.limits = () => ({ expiresAt: Date.now() + 300 })
    const client = guest()
    await client(room)
    await vi.advanceTimersByTimeAsync(400)
    await client(room)
    house.forgetKeys()
    expect((await client(room, once())).status).toBe(200)
    expect(house.logins).toHaveLength(2)
  })

  it('is sent with the session in hand while that is surely fresh', async () => {
    house.limits = () => ({ idleTimeout: 10 * MINUTE })
    const client = guest()
    await client(room)
    await vi.advanceTimersByTimeAsync(8 * MINUTE)
    expect((await client(room, once())).status).toBe(200)
    expect(house.logins).toHaveLength(1)
  })

  it('is sent only with a fresh session, where the one in hand may have ended unused', async () => {
    house.limits = () => ({ idleTimeout: 10 * MINUTE })
    const client = guest()
    await client(room)
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    house.forgetKeys()
    expect((await client(room, once())).status).toBe(200)
    expect(house.logins).toHaveLength(2)
  })

  it('leaves the session that it replaced to its own end: a long upload may still go on with it', async () => {
    house.limits = () => ({ idleTimeout: 10 * MINUTE })
    house.upstairs = async () => {
      await new Promise((resolve) => setTimeout(resolve, 12 * MINUTE))
      return house.logouts.length === 0 ? new Response('stored') : refusal('KEY_EXPIRED')
    }
    const client = guest({ timeout: false, totalTimeout: false })
    const upload = client(room, once())
    await vi.advanceTimersByTimeAsync(9.5 * MINUTE)
    const second = client(room, once())
    expect((await played(upload)).status).toBe(200)
    expect((await played(second)).status).toBe(200)
    expect(house.keysShown).toEqual(['key-no-1', 'key-no-2'])
  })

  it('is so in a Request as well, where it says that it is larger than what is kept', async () => {
    house.limits = () => ({ idleTimeout: 10 * MINUTE })
    const client = guest()
    await client(room)
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    house.forgetKeys()
    const upload = new Request(room, { method: 'POST', body: 'luggage', headers: { 'content-length': '7' } })
    expect((await client(upload, { resilience: { replayLimit: 6 } })).status).toBe(200)
    expect(house.logins).toHaveLength(2)
  })

  it('fails where the session had ended unforeseen, but the next one goes out with a fresh session', async () => {
    const client = guest()
    await client(room)
    house.forgetKeys()
    expect(await failure(client(room, once()))).toMatchObject({ code: 'KEY_EXPIRED', reason: 'body-not-replayable' })
    expect((await client(room, once())).status).toBe(200)
    expect(house.logins).toHaveLength(2)
  })
})

describe('close', () => {
  it('ends the session at its server, once', async () => {
    const events: ResilienceEvent['type'][] = []
    const client = guest({ observers: [({ type }) => events.push(type)] })
    await client(room)
    await client.close()
    expect(house.logouts.map(({ headers }) => headers.get(keyHeader))).toEqual(['key-no-1'])
    expect(events).toContain('session-closed')
    await client.close()
    expect(house.logouts).toHaveLength(1)
    expect(house.logins).toHaveLength(1)
  })

  it('is what `await using` does at the end of its block', async () => {
    const client = guest()
    await client(room)
    // Written out: Node.js 22 does not know the syntax.
    await client[Symbol.asyncDispose]()
    expect(house.logouts).toHaveLength(1)
  })

  it('is done by an extended client for both', async () => {
    const client = guest()
    await client(room)
    await client.extend({ retry: 0 }).close()
    expect(house.logouts).toHaveLength(1)
  })

  it('resolves though the server refuses, or is out of reach', async () => {
    const one = guest()
    await one(room)
    const other = guest()
    await other(room)
    house.atDesk = () => refusal('ROOM_UNKNOWN')
    await one.close()
    house.atDesk = () => {
      const refused = { code: 'ECONNREFUSED', syscall: 'connect' }
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), refused) })
    }
    await other.close()
    expect(house.logouts).toHaveLength(2)
  })

  it('does nothing where nobody logged in, or the vendor knows no logout', async () => {
    await guest().close()
    await resilient(house.fetch).close()
    const { close: _, ...source } = keySource(() => ({ username, password }))
    const client = guest({ vendor: lodge({ auth: source }) })
    await client(room)
    await client.close()
    expect(house.logouts).toEqual([])
  })

  it('ends also the session that a login under way brings', async () => {
    const desk = Promise.withResolvers<undefined>()
    house.atDesk = ({ method }) => (method === 'POST' ? (desk.promise as unknown as Promise<Response>) : undefined)
    const client = guest()
    const call = client(room)
    await vi.advanceTimersByTimeAsync(1)
    const closing = client.close()
    desk.resolve(undefined)
    await closing
    await call.catch(() => {})
    expect(house.logouts.map(({ headers }) => headers.get(keyHeader))).toEqual(['key-no-1'])
  })
})

describe('a session that comes after its login was given up', () => {
  it('is ended at the server', async () => {
    const late = new Promise((resolve) => setTimeout(resolve, 40_000)).then(() => ({ key: 'late', secrets: ['late'] }))
    const auth = { ...keySource(() => ({ username, password })), open: () => late }
    const call = failure(guest({ vendor: lodge({ auth }), retry: 0 })(room))
    expect(await call).toMatchObject({ code: 'LOGIN_TIMEOUT', mayBeDone: false })
    expect(house.logouts).toEqual([])
    await vi.advanceTimersByTimeAsync(40_000)
    expect(house.logouts.map(({ headers }) => headers.get(keyHeader))).toEqual(['late'])
    expect(house.calls).toEqual([])
  })
})

describe('a session that another answer than a plain 401 refuses', () => {
  it('is ended at the server, where it would count until it expires', async () => {
    const client = guest()
    await client(room)
    let observed = 0
    house.upstairs = () => (observed++ === 0 ? refusal('KEY_EXPIRED', { status: 403 }) : undefined)
    expect((await client(room)).status).toBe(200)
    expect(house.logouts.map(({ headers }) => headers.get(keyHeader))).toEqual(['key-no-1'])
    expect(house.keysShown).toEqual(['key-no-1', 'key-no-2'])
  })
})
