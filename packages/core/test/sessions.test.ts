import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isAuth, type ResilientOptions, resilient } from '../src/index.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { failure, gaps, played } from './helpers/play.ts'
import { keyHeader, type LodgeRow, lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`
let house: Lodge

beforeEach(() => {
  vi.useFakeTimers()
  house = new Lodge()
})

const guest = (options: ResilientOptions<LodgeRow> = {}) => resilient(house.fetch, { vendor: lodge(), ...options })
/** Logins that take a while; the lodge does as usual then. */
const slowDesk = (ms: number) => {
  house.atDesk = () => new Promise((resolve) => setTimeout(resolve, ms, undefined)) as never
}
const many = <T>(number: number, make: (index: number) => T): T[] => Array.from({ length: number }, (_, at) => make(at))

describe('a login', () => {
  it('is one for all callers that wait for it, and shown with each request', async () => {
    const client = guest()
    const replies = await played(Promise.all(many(20, (number) => client(`${lodgeOrigin}/rooms/${number}`))))
    expect(replies.every(({ status }) => status === 200)).toBe(true)
    expect(house.logins).toHaveLength(1)
    expect(house.keysShown).toEqual(['key-no-1'])
    await played(client(room))
    expect(house.logins).toHaveLength(1)
  })

  it('is left to the others by a caller that gives up waiting', async () => {
    const desk = Promise.withResolvers<undefined>()
    house.atDesk = () => desk.promise as unknown as Promise<Response>
    const client = guest()
    const controller = new AbortController()
    const reason = { any: 'value' }
    const impatient = client(room, { signal: controller.signal })
    const patient = client(room)
    controller.abort(reason)
    await expect(impatient).rejects.toBe(reason)
    desk.resolve(undefined)
    expect((await played(patient)).status).toBe(200)
    expect(house.logins).toHaveLength(1)
    expect(house.calls).toHaveLength(1)
  })

  it('is heard out when nobody waits for it any more, and what it brings is kept', async () => {
    const client = guest()
    slowDesk(5_000)
    const controllers = many(3, () => new AbortController())
    const settled = Promise.allSettled(controllers.map(({ signal }) => client(room, { signal })))
    await vi.advanceTimersByTimeAsync(10)
    for (const [at, controller] of controllers.entries()) controller.abort(at)
    expect((await settled).map((one) => one.status === 'rejected' && one.reason)).toEqual([0, 1, 2])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(vi.getTimerCount()).toBe(0)
    expect((await played(client(room))).status).toBe(200)
    expect(house.logins).toHaveLength(1)
  })

  it('that takes longer than every caller has patience is one login, and its refusal is heard', async () => {
    const client = resilient(house.fetch, {
      vendor: lodge({ credentials: () => ({ username: 'guest', password: 'wrong' }) }),
      timeout: false,
      totalTimeout: 1_000,
    })
    slowDesk(5_000)
    const codes: unknown[] = []
    for (let call = 0; call < 10; call++) codes.push((await failure(client(room))).code)
    expect([codes.at(0), codes.at(-1)]).toEqual(['LOGIN_TIMEOUT', 'PASSWORD_REFUSED'])
    expect(house.logins).toHaveLength(1)
  })

  it('is given up by its time limit and tried again, and the calls that wait for it go on', async () => {
    let logins = 0
    house.atDesk = () => {
      logins++
      if (logins > 1) return undefined
      // The head comes at once, the body never.
      return new Response(new ReadableStream({ pull: () => new Promise(() => {}) }), { status: 201 })
    }
    const client = guest()
    const replies = await played(Promise.all(many(24, () => client(room))))
    expect(replies.every(({ ok }) => ok)).toBe(true)
    expect(house.logins).toHaveLength(2)
    // The pace between logins is a second, by half more or less.
    expect(performance.now()).toBeGreaterThanOrEqual(30_500)
    expect(performance.now()).toBeLessThan(32_000)
  })

  it.each([
    ['hangs', () => new Promise<never>(() => {})],
    ['throws', () => Promise.reject(new Error('the vault is closed'))],
  ])('for which credentials() once %s costs the calls that wait some time, and no more', async (_what, fail) => {
    let asked = 0
    const credentials = () => (asked++ === 0 ? fail() : { username: 'guest', password: 'open-sesame' })
    const client = resilient(house.fetch, { vendor: lodge({ credentials }), loginTimeout: 10_000 })
    const replies = await played(Promise.all(many(240, () => client(room))))
    expect(replies.every(({ ok }) => ok)).toBe(true)
    expect(asked).toBe(2)
    expect(house.logins).toHaveLength(1)
    expect(performance.now()).toBeLessThan(12_000)
  })

  it('whose body breaks off is an error of the login, and tried again', async () => {
    const broken = () => {
      const terminated = new TypeError('terminated', {
        cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
      })
      return new Response(new ReadableStream({ pull: (controller) => controller.error(terminated) }), { status: 201 })
    }
    house.atDesk = () => (house.logins.length === 1 ? broken() : undefined)
    const client = guest()
    expect((await played(client(room))).ok).toBe(true)
    house.forgetKeys()
    house.atDesk = broken
    expect(await failure(client(room, { resilience: { retry: 0 } }))).toMatchObject({
      name: 'VendorError',
      code: 'UND_ERR_SOCKET',
      reason: 'login-failed',
      mayBeDone: false,
    })
  })

  it('is bounded by the total time of each caller that waits for it', async () => {
    house.atDesk = () => new Promise(() => {})
    const client = guest({ timeout: false })
    const ends: unknown[] = []
    for (const totalTimeout of [2_000, 3_000]) {
      client(room, { resilience: { totalTimeout } }).catch((error) => ends.push([totalTimeout, error]))
    }
    await vi.advanceTimersByTimeAsync(1_999)
    expect(ends).toEqual([])
    await vi.advanceTimersByTimeAsync(10)
    const late = { reason: 'deadline', kind: 'retryable', mayBeDone: false, attempts: [] }
    expect(ends).toEqual([[2_000, expect.objectContaining(late)]])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(ends[1]).toEqual([3_000, expect.objectContaining(late)])
    expect(house.calls).toEqual([])
  })

  it('that was given up does not come back to take the place of the next one', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const first = Promise.withResolvers<undefined>()
    house.atDesk = () => first.promise as unknown as Promise<Response>
    const deaf = resilient((input, init) => house.fetch(input, { ...init, signal: null }), {
      vendor: lodge(),
      timeout: false,
      totalTimeout: false,
      retry: 0,
    })
    expect(await failure(deaf(room))).toMatchObject({ code: 'ATTEMPT_TIMEOUT', reason: 'login-failed' })
    await vi.advanceTimersByTimeAsync(1_000)
    house.atDesk = () => undefined
    expect((await played(deaf(room))).status).toBe(200)
    const [shown] = house.keysShown
    first.resolve(undefined)
    await vi.advanceTimersByTimeAsync(1)
    await played(deaf(room))
    expect(house.keysShown).toEqual([shown])
  })

  it('is not begun by a request that its caller has signed, and the request is left as it is', async () => {
    const client = guest()
    for (const headers of [{ [keyHeader]: 'my-own-key' }, { Authorization: 'Bearer mine' }]) {
      const error = await failure(client(room, { headers }))
      expect(isAuth(error) && error.reason).toBe('auth')
    }
    expect(house.logins).toEqual([])
    expect(house.calls.map(({ headers }) => [headers.get(keyHeader), headers.get('authorization')])).toEqual([
      ['my-own-key', null],
      [null, 'Bearer mine'],
    ])
  })

  it('is not attempted for a service whose circuit is open', async () => {
    const refused: string[] = []
    const client = guest({
      retry: 0,
      patience: 0,
      breaker: { minimum: 2, failureRate: 0.4, openTime: 5_000 },
      observers: [(event) => event.type === 'call-refused' && refused.push(event.reason)],
    })
    house.upstairs = () => new Response(null, { status: 502 })
    house.limits = () => ({ expiresAt: Date.now() + 1_000 })
    for (let call = 0; call < 2; call++) await expect(client(room)).rejects.toThrow('HTTP_502')
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(client(room)).rejects.toMatchObject({ name: 'RefusedError', reason: 'circuit-open' })
    expect(house.logins).toHaveLength(1)
    expect(refused).toEqual(['circuit-open'])
  })

  it('takes nothing from what the service allows: the wait for it is no request', async () => {
    house.limits = () => ({ expiresAt: Date.now() + 3_600_000 })
    const client = guest({ retry: 0, limits: false, breaker: { minimum: 4, openTime: 1_000 } })
    await client(room)
    house.upstairs = () => new Response(null, { status: 502, headers: { ratelimit: '"a";r=1;t=600' } })
    await played(Promise.allSettled(many(4, () => client(room))))
    expect(client.state.snapshot()[0]).toMatchObject({ circuit: 'open', remaining: 1 })
    house.upstairs = () => undefined
    vi.setSystemTime(Date.now() + 3_600_000)
    expect((await played(client(room))).status).toBe(200)
    expect(house.logins).toHaveLength(2)
  })

  it('is one for all that wait for a service that is down, though their turns come apart', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    house.limits = () => ({ expiresAt: Date.now() + 3_600_000 })
    const client = guest({ retry: 0, breaker: { minimum: 2, window: 600_000, openTime: 1_000 } })
    await client(room)
    house.upstairs = () => new Response(null, { status: 429 })
    await Promise.allSettled(many(2, () => client(room)))
    house.upstairs = () => new Response(null, { status: 502 })
    await played(Promise.allSettled(many(4, () => client(room))))
    expect(client.state.snapshot()[0]).toMatchObject({ circuit: 'open' })
    house.upstairs = () => undefined
    vi.setSystemTime(Date.now() + 3_600_000)
    expect((await played(Promise.all(many(4, () => client(room))))).every(({ ok }) => ok)).toBe(true)
    expect(new Set(gaps(house.calls).slice(-3)).has(0)).toBe(false)
    expect(house.logins).toHaveLength(2)
  })
})

describe('a session that ended', () => {
  it('is renewed by one login for N callers with a late 401, and stragglers take the new one', async () => {
    const slow = Promise.withResolvers<void>()
    const client = resilient(
      async (input, init) => {
        const reply = await house.fetch(input, init)
        if (String(input).endsWith('/late') && reply.status === 401) await slow.promise
        return reply
      },
      { vendor: lodge() },
    )
    await played(client(room))
    house.forgetKeys()
    const late = client(`${lodgeOrigin}/rooms/late`)
    const replies = await played(Promise.all(many(20, () => client(room))))
    expect(replies.every(({ ok }) => ok)).toBe(true)
    expect(house.logins).toHaveLength(2)
    slow.resolve()
    expect((await played(late)).status).toBe(200)
    expect(house.logins).toHaveLength(2)
    expect(house.keysShown).toEqual(['key-no-1', 'key-no-2'])
  })

  it('costs no retry, and is renewed three times at most for a call, by a pace', async () => {
    const client = guest({ retry: 0 })
    await played(client(room))
    house.forgetKeys()
    expect((await played(client(room, { method: 'POST', body: 'same bytes' }))).status).toBe(200)
    house.upstairs = () => refusal('KEY_EXPIRED')
    expect(await failure(client(room))).toMatchObject({ code: 'KEY_EXPIRED', reason: 'auth', kind: 'auth' })
    expect(house.logins).toHaveLength(5)
    const [one = 0, two = 0] = gaps(house.logins).slice(-2)
    expect(one).toBeGreaterThanOrEqual(1_000)
    expect(two).toBeGreaterThanOrEqual(2_000)
    expect(one + two).toBeLessThanOrEqual(3_600)
  })

  it('is not renewed for lack of a right', async () => {
    const client = guest()
    house.upstairs = () => refusal('FLOOR_FORBIDDEN')
    expect(await failure(client(room))).toMatchObject({ code: 'FLOOR_FORBIDDEN', reason: 'auth' })
    expect(house.logins).toHaveLength(1)
    expect(house.calls).toHaveLength(1)
  })

  it('is not renewed for ever, where the service says 401 to every fresh one', async () => {
    const client = guest()
    house.upstairs = () => refusal('KEY_EXPIRED')
    const reasons: unknown[] = []
    for (let call = 0; call < 10; call++) reasons.push((await failure(client(room))).reason)
    expect(reasons).toEqual(['auth', 'auth', ...Array(8).fill('session-rejected')])
    expect(house.logins).toHaveLength(5)
    const started = performance.now()
    while (performance.now() < started + 600_000) {
      await failure(client(room))
      await vi.advanceTimersByTimeAsync(1_000)
    }
    // One each half minute in the end.
    expect(house.logins.length).toBeLessThanOrEqual(5 + 23)
    house.upstairs = () => undefined
    await vi.advanceTimersByTimeAsync(36_000)
    expect((await played(client(room))).ok).toBe(true)
    expect((await client(room)).ok).toBe(true)
  })

  it('is not renewed for ever, where faults of the network come between', async () => {
    const client = guest({ breaker: false, budget: false, retry: { limit: 1, jitter: 'none' } })
    let turn = 0
    house.upstairs = () => {
      turn++
      if (turn % 2 === 1)
        throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })
      return refusal('KEY_EXPIRED')
    }
    for (let call = 0; call < 10; call++) await failure(client(room))
    expect(house.logins.length).toBeLessThanOrEqual(5)
  })
})
