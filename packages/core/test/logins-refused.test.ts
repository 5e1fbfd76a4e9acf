import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createState,
  failureOf,
  isAuth,
  type ResilienceEvent,
  type ResilientOptions,
  resilient,
  type VendorError,
} from '../src/index.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { failure, gaps, played } from './helpers/play.ts'
import { keySource, type LodgeRow, lodge, lodgeOrigin, password, refusal, username } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`
let house: Lodge

beforeEach(() => {
  vi.useFakeTimers()
  house = new Lodge()
})

const wrong = { username, password: 'open-barley' }
type Login = typeof wrong
/** A guest of a house whose count of refused logins goes down with time. */
const guest = (credentials: () => Login | Promise<Login> = () => wrong, options: ResilientOptions<LodgeRow> = {}) =>
  resilient(house.fetch, {
    vendor: lodge({ auth: { ...keySource(credentials), lockoutDecays: true } }),
    retry: { jitter: 'none' },
    ...options,
  })
const refused = async (call: Promise<Response>) => expect(call).rejects.toMatchObject({ reason: 'login-failed' })
const down = () => new Response(null, { status: 503 })

describe('a refused login', () => {
  it('fails everybody who waits for it with its own verdict, by one attempt', async () => {
    const client = guest()
    const errors = await Promise.all(Array.from({ length: 20 }, () => failure(client(room))))
    for (const error of errors) {
      expect(isAuth(error) && error).toMatchObject({ code: 'PASSWORD_REFUSED', reason: 'login-failed', status: 401 })
      expect(error.request).toEqual({ method: 'GET', url: room })
      expect(error.attempts).toEqual([])
      expect(error.mayBeDone).toBe(false)
    }
    expect(house.logins).toHaveLength(1)
    expect(house.calls).toEqual([])
  })

  it('is remembered and not repeated until its pause ends, so that no account is locked by it', async () => {
    const client = guest()
    await refused(client(room))
    await vi.advanceTimersByTimeAsync(59_000)
    for (let call = 0; call < 50; call++) await refused(client(room))
    await expect(client(room)).rejects.toMatchObject({ retryAfter: 1_000 })
    expect(house.logins).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1_000)
    await refused(client(room))
    expect(house.logins).toHaveLength(2)
  })

  it('is left alone for longer each time, up to a quarter of an hour', async () => {
    const pauses: number[] = []
    const observers = [
      (event: ResilienceEvent) =>
        event.type === 'login-failed' && pauses.push(event.retryAfter ?? Number.POSITIVE_INFINITY),
    ]
    const client = guest(undefined, { observers })
    for (let login = 0; login < 7; login++) {
      await refused(client(room))
      await vi.advanceTimersByTimeAsync(pauses.at(-1) ?? 0)
    }
    expect(pauses.map((ms) => ms / 60_000)).toEqual([1, 2, 4, 8, 15, 15, 15])
  })

  it('is tried again at once with other credentials, and forgotten when they are right', async () => {
    let now = wrong
    const client = guest(() => now)
    await refused(client(room))
    now = { username, password }
    expect((await client(room)).status).toBe(200)
    expect(house.logins).toHaveLength(2)
    house.forgetKeys()
    now = wrong
    await refused(client(room))
    expect(await failure(client(room))).toMatchObject({ retryAfter: 60_000 })
  })

  it('is remembered for new credentials too', async () => {
    let now = wrong
    const client = guest(() => now)
    await refused(client(room))
    now = { username, password: 'open-rye' }
    for (let call = 0; call < 10; call++) await refused(client(room))
    expect(house.logins).toHaveLength(2)
  })

  it('gives each caller of client.fetch a reply of its own to read', async () => {
    const client = guest()
    const replies = await Promise.all([client.fetch(room), client.fetch(room), client.fetch(room)])
    for (const reply of replies) {
      expect(reply.status).toBe(401)
      expect(await reply.json()).toEqual({ error: { code: 'PASSWORD_REFUSED' } })
      expect(failureOf(reply)).toMatchObject({ reason: 'login-failed' })
    }
  })

  it('gives later callers a whole reply too, when somebody has read that of the login', async () => {
    const client = guest()
    const { cause } = await failure(client(room))
    const body = { error: { code: 'PASSWORD_REFUSED' } }
    expect(await (cause as VendorError).response?.json()).toEqual(body)
    for (let call = 0; call < 3; call++) {
      const reply = await client.fetch(room)
      expect(await reply.json()).toEqual(body)
      expect((await failure(client(room))).response?.bodyUsed).toBe(false)
    }
  })

  it('gives each caller a reply of its own where it has no body', async () => {
    house.atDesk = () => new Response(null, { status: 401 })
    const client = guest(() => ({ username, password }))
    const [one, other] = [await client.fetch(room), await client.fetch(`${lodgeOrigin}/rooms/8`)]
    expect(failureOf(one)?.request.url).toBe(room)
    expect(failureOf(other)?.request.url).toBe(`${lodgeOrigin}/rooms/8`)
  })

  it('asks for credentials at once and then no oftener than once a second', async () => {
    let asked = 0
    const client = guest(() => {
      asked++
      return wrong
    })
    for (let call = 0; call < 50; call++) await refused(client(room))
    expect(asked).toBe(2)
    for (let second = 0; second < 5; second++) {
      await vi.advanceTimersByTimeAsync(1_000)
      for (let call = 0; call < 50; call++) await refused(client(room))
    }
    expect(asked).toBe(7)
    expect(house.logins).toHaveLength(1)
  })

  it('leaves other credentials alone, on the same state', async () => {
    const state = createState()
    const vendorOf = (login: typeof wrong) => lodge({ credentials: () => login })
    await refused(resilient(house.fetch, { vendor: vendorOf(wrong), state })(room))
    const right = resilient(house.fetch, { vendor: vendorOf({ username, password }), state })
    expect((await right(room)).status).toBe(200)
  })
})

describe('a login that is not served', () => {
  it('asks for no credentials while it is left alone: others would not help', async () => {
    house.atDesk = down
    const credentials = vi.fn(() => ({ username, password }))
    const client = guest(credentials, { retry: false, breaker: false })
    for (let call = 0; call < 20; call++) await refused(client(room))
    expect(credentials).toHaveBeenCalledOnce()
  })

  it('is judged by the rows alone: the user’s words are about his own requests', async () => {
    house.atDesk = () => refusal('ROOM_TAKEN')
    const onConflict = vi.fn(() => 'accept' as const)
    const client = guest(() => ({ username, password }), {
      onConflict,
      errors: { ROOM_TAKEN: { kind: 'retryable', outcome: 'rejected' } },
    })
    await expect(played(client(room))).rejects.toMatchObject({ code: 'ROOM_TAKEN', kind: 'conflict' })
    expect(house.logins).toHaveLength(1)
    const other = guest(() => ({ username, password }), { onConflict })
    await expect(played(other(room))).rejects.toMatchObject({ code: 'ROOM_TAKEN' })
    expect(onConflict).not.toHaveBeenCalled()
  })

  it('is not sent again for the user’s word that his own requests may be repeated', async () => {
    house.atDesk = () => new Response(null, { status: 502 })
    const credentials = () => ({ username, password })
    const vendor = lodge({ credentials, isRepeatable: () => undefined })
    await refused(played(resilient(house.fetch, { vendor, idempotent: true, retry: 0 })(room)))
    expect(house.logins).toHaveLength(1)
  })

  it('is tried again by a pace of its own, one for all callers, who wait for it as often as they retry', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    house.atDesk = down
    const client = guest(() => ({ username, password }), { retry: 2, patience: 0, breaker: false })
    const errors = await Promise.all(Array.from({ length: 20 }, () => failure(client(room))))
    for (const error of errors)
      expect(error).toMatchObject({ code: 'HTTP_503', kind: 'retryable', reason: 'login-failed', attempts: [] })
    expect(gaps(house.logins)).toEqual([1_000, 2_000])
    expect(errors[0]?.retryAfter).toBe(4_000)
    for (let call = 0; call < 20; call++) await refused(client(room, { resilience: { retry: 0 } }))
    expect(house.logins).toHaveLength(3)
    const call = client(room)
    house.atDesk = () => undefined
    expect((await played(call)).status).toBe(200)
    expect(gaps(house.logins).at(-1)).toBe(4_000)
  })

  it('is tried again where the timer of its pace fires a hair early, as real ones do', async () => {
    const clock = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => clock() * 0.9995)
    const client = guest(() => ({ username, password }), { retry: { limit: 1, jitter: 'none' } })
    let left = 1
    house.atDesk = () => (left-- > 0 ? down() : undefined)
    expect((await played(client(room))).status).toBe(200)
    expect(house.logins).toHaveLength(2)
  })

  it('is paced by the server’s own word where that is longer', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    house.atDesk = () => new Response(null, { status: 503, headers: { 'retry-after': '90' } })
    const client = guest(() => ({ username, password }), { retry: false })
    expect(await failure(client(room))).toMatchObject({ retryAfter: 90_000 })
  })

  it('is paced also for credentials that changed after a refusal', async () => {
    let now = wrong
    const client = guest(() => now, { retry: false, breaker: false })
    await refused(client(room))
    now = { username, password }
    house.atDesk = down
    for (let call = 0; call < 20; call++) await refused(client(room))
    expect(house.logins).toHaveLength(2)
  })

  it('does not stop calls that hold a good session: logins fail apart', async () => {
    const state = createState()
    const holder = guest(() => ({ username, password }), { state, limits: false })
    await holder(room)
    house.atDesk = down
    for (let user = 0; user < 15; user++) {
      await expect(guest(() => ({ username, password }), { state, retry: false, patience: 0 })(room)).rejects.toThrow()
    }
    const broken = state.snapshot().filter(({ circuit }) => circuit !== 'closed')
    expect(broken.map(({ key }) => key)).toEqual([`lodge ${lodgeOrigin} login`])
    expect((await holder(room)).status).toBe(200)
  })

  it('for a circuit of its own that is open refuses the call, and says for how long still', async () => {
    house.atDesk = down
    const heard: ResilienceEvent[] = []
    const client = guest(() => ({ username, password }), {
      retry: 0,
      patience: 0,
      breaker: { minimum: 1, failureRate: 0, openTime: 5_000 },
      observers: [(event) => heard.push(event)],
    })
    vi.spyOn(Math, 'random').mockReturnValue(0)
    await refused(client(room))
    await vi.advanceTimersByTimeAsync(1_000)
    const refusal = { name: 'RefusedError', reason: 'circuit-open', key: `lodge ${lodgeOrigin} login` }
    await expect(client(room)).rejects.toMatchObject({ ...refusal, retryAfter: 4_000 })
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(client(room)).rejects.toMatchObject({ ...refusal, retryAfter: 3_000 })
    expect(house.logins).toHaveLength(1)
    const events = heard.filter((event) => event.type === 'call-refused' && event.url === room)
    expect(events).toMatchObject([4_000, 3_000].map((retryAfter) => ({ reason: 'circuit-open', retryAfter })))
  })

  it('says what the vendor threw, and is paced, where that is no reply’s verdict', async () => {
    const mistake = new RangeError('no key in the drawer')
    let opened = 0
    const source = keySource(() => ({ username, password }))
    const open = async () => {
      opened++
      throw mistake
    }
    const client = resilient(house.fetch, { vendor: lodge({ auth: { ...source, open } }), retry: 0 })
    for (let call = 0; call < 2; call++) {
      const error = await failure(client(room))
      expect(error).toMatchObject({ code: 'LOGIN_FAILED', reason: 'login-failed', mayBeDone: false })
      expect(error.message).toContain('no key in the drawer')
      expect((error.cause as Error).cause).toMatchObject({ name: 'RangeError', message: 'no key in the drawer' })
    }
    expect(opened).toBe(1)
  })

  it('for want of credentials says what their function threw, and asks it again by a pace', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    let asked = 0
    const vault = new Error('the vault is closed')
    const client = guest(() => {
      asked++
      if (asked === 1) throw vault
      return { username, password }
    })
    for (let call = 0; call < 50; call++) {
      const error = await failure(client(room, { resilience: { retry: 0 } }))
      expect(error).toMatchObject({ code: 'CREDENTIALS_FAILED', reason: 'login-failed', retryAfter: 1_000 })
      expect((error.cause as Error).cause).toMatchObject({ message: 'the vault is closed' })
    }
    expect(asked).toBe(1)
    expect((await played(client(room))).status).toBe(200)
    expect(asked).toBe(2)
  })

  it('in the midst of retries ends the call with what the login met, and keeps what was seen before', async () => {
    house.upstairs = () => refusal('DESK_CLOSED')
    const client = guest(() => ({ username, password }), { retry: { limit: 3, jitter: 'none' } })
    const call = failure(client(room))
    await vi.advanceTimersByTimeAsync(1)
    house.forgetKeys()
    house.accepted = { username, password: 'changed over night' }
    expect(await call).toMatchObject({
      code: 'PASSWORD_REFUSED',
      reason: 'login-failed',
      attempts: [{ code: 'DESK_CLOSED' }, { code: 'KEY_EXPIRED', decision: { do: 'renew' } }],
    })
  })

  it('in the midst of retries is not begun for a circuit that opened: the call fails with its last real verdict', async () => {
    house.upstairs = () => new Response(null, { status: 502 })
    // Over before the retry.
    house.limits = () => ({ expiresAt: Date.now() + 400 })
    const credentials = () => ({ username, password })
    const client = guest(credentials, { retry: { limit: 1, jitter: 'none' }, patience: 0, breaker: { minimum: 2 } })
    const call = client(room)
    call.catch(() => {})
    await vi.advanceTimersByTimeAsync(1)
    await expect(client(room, { resilience: { retry: 0 } })).rejects.toMatchObject({ code: 'HTTP_502' })
    await vi.advanceTimersByTimeAsync(500)
    await expect(call).rejects.toMatchObject({ code: 'HTTP_502', reason: 'circuit-open', attempts: [{ attempt: 1 }] })
    expect(house.logins).toHaveLength(1)
  })
})
