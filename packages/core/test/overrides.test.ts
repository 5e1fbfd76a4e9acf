import { beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import {
  type CallOptions,
  type CodeOf,
  type ErrorOptions,
  isAuth,
  type Override,
  type ResilientFetch,
  type ResilientOptions,
  resilient,
} from '../src/index.ts'
import { failure, gaps, played } from './helpers/play.ts'
import { type catalogue, type LodgeRow, lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'
import { type Answer, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const room = `${lodgeOrigin}/rooms/7`
const post = { method: 'POST', body: 'x' }
const { auth: _, ...withoutLogin } = lodge()

beforeEach(() => {
  vi.useFakeTimers()
})

const says =
  (code: LodgeRow['code'], details?: readonly string[]): Answer =>
  () =>
    refusal(code, { ...(details && { details }) })

function guest(script: readonly [Answer, ...Answer[]], options: ResilientOptions<LodgeRow> = {}) {
  const { fetch, sent } = stubFetch(...script)
  return { client: resilient(fetch, { vendor: withoutLogin, retry: { jitter: 'none' }, ...options }), sent }
}

/** The codes that an editor completes: those that stand in the type one by one. */
type Completed<Errors> = keyof {
  [Code in keyof Errors as Uppercase<string> extends Code
    ? never
    : `${string}.${string}` extends Code
      ? never
      : Code]: 1
}

describe('the user’s word on one error', () => {
  it('is completed by an editor for common statuses, with a vendor and without', () => {
    expectTypeOf<'HTTP_503' | 'HTTP_4XX'>().toExtend<Completed<ErrorOptions>>()
    expectTypeOf<'HTTP_503' | 'ROOM_TAKEN'>().toExtend<Completed<ErrorOptions<LodgeRow>>>()
  })

  it('makes a conflict retryable: repeated at will if it was rejected', async () => {
    const errors = { ROOM_TAKEN: { kind: 'retryable', outcome: 'rejected' } } as const
    const { client, sent } = guest([says('ROOM_TAKEN'), fine], { errors })
    expect((await played(client(room, post))).status).toBe(200)
    expect(gaps(sent)).toEqual([500])
  })

  it('makes a conflict retryable: only what may be repeated, if the outcome is unknown', async () => {
    const errors = { ROOM_TAKEN: { kind: 'retryable', outcome: 'unknown' } } as const
    const { client, sent } = guest([says('ROOM_TAKEN'), fine, says('ROOM_TAKEN')], { errors })
    expect((await played(client(room))).status).toBe(200)
    expect(await failure(client(room, post))).toMatchObject({
      kind: 'retryable',
      outcome: 'unknown',
      reason: 'not-repeatable',
      mayBeDone: true,
    })
    expect(sent).toHaveLength(3)
  })

  it('makes a retryable error fatal', async () => {
    const { client, sent } = guest([says('DESK_CLOSED')], { errors: { DESK_CLOSED: { kind: 'fatal' } } })
    expect(await failure(client(room))).toMatchObject({ kind: 'fatal', reason: 'fatal', hint: 'Come back later.' })
    expect(sent).toHaveLength(1)
  })

  it('makes an error one of rights, which no login cures', async () => {
    const { client } = guest([says('ROOM_UNKNOWN')], { errors: { ROOM_UNKNOWN: { kind: 'auth' } } })
    expect(isAuth(await failure(client(room)))).toBe(true)
  })

  it('changes the outcome of a retryable row alone', async () => {
    const { client } = guest([says('BELL_BROKEN'), fine], { errors: { BELL_BROKEN: { outcome: 'rejected' } } })
    expect((await played(client(room, post))).status).toBe(200)
  })

  it('changes how often and how slowly it is repeated, for that error only', async () => {
    const backoff = { fast: { base: 10, limit: 40 } }
    const errors: ErrorOptions<LodgeRow> = { DESK_CLOSED: { retry: { limit: 2, backoff } } }
    const busy = guest([says('DESK_CLOSED')], { errors })
    expect(await failure(busy.client(room))).toMatchObject({ reason: 'attempts' })
    expect(gaps(busy.sent)).toEqual([10, 20])
    const broken = guest([says('BELL_BROKEN')], { errors })
    await failure(broken.client(room))
    expect(gaps(broken.sent)).toEqual([500, 1_000, 2_000, 4_000])
    const slow = guest([says('DESK_CLOSED')], { errors: { DESK_CLOSED: { retry: { limit: 1, pace: 'slow' } } } })
    await failure(slow.client(room))
    expect(gaps(slow.sent)).toEqual([15_000])
    for (const retry of [false, 0] as const) {
      const never = guest([says('DESK_CLOSED')], { errors: { DESK_CLOSED: { retry } } })
      await failure(never.client(room))
      expect(never.sent).toHaveLength(1)
    }
  })

  it('says whether it speaks against the service', async () => {
    const breaker = { minimum: 1, failureRate: 0 }
    const tripping = guest([says('ROOM_UNKNOWN')], { breaker, errors: { ROOM_UNKNOWN: { trips: true } } })
    await failure(tripping.client(room))
    expect(tripping.client.state.snapshot()[0]).toMatchObject({ circuit: 'open' })
    const harmless = guest([reply(500)], { breaker, retry: 0, errors: { HTTP_500: { trips: false } } })
    await failure(harmless.client(room))
    expect(harmless.client.state.snapshot()[0]).toMatchObject({ circuit: 'closed' })
  })

  it('holds for the finer errors of its code, unless one of them has a word of its own', async () => {
    const cleaned = says('ROOM_TAKEN', ['ROOM_BEING_CLEANED'])
    const coarse = guest([cleaned], { errors: { ROOM_TAKEN: { kind: 'fatal' } } })
    expect(await failure(coarse.client(room))).toMatchObject({ kind: 'fatal', detail: 'ROOM_BEING_CLEANED' })
    const fineOnes = guest([cleaned, fine], {
      errors: { ROOM_TAKEN: { kind: 'fatal' }, ROOM_BEING_CLEANED: { retry: { pace: 'fast' } } },
    })
    expect((await played(fineOnes.client(room))).status).toBe(200)
    expect(gaps(fineOnes.sent)).toEqual([500])
    const others = guest([says('ROOM_TAKEN')], { errors: { ROOM_BEING_CLEANED: { kind: 'fatal' } } })
    expect(await failure(others.client(room))).toMatchObject({ kind: 'conflict' })
  })

  it('holds for bare statuses and the network as well', async () => {
    const errors = { HTTP_404: { kind: 'retryable', outcome: 'rejected' }, HTTP_503: { kind: 'fatal' } } as const
    const { fetch, sent } = stubFetch(reply(404), reply(404), reply(503))
    expect(await failure(resilient(fetch, { errors, retry: { jitter: 'none' } })(room, post))).toMatchObject({
      code: 'HTTP_503',
      kind: 'fatal',
    })
    expect(sent).toHaveLength(3)
  })

  it('is told by the error’s history and by explain', async () => {
    const { client } = guest([fine], { errors: { DESK_CLOSED: { kind: 'fatal' } } })
    const { why, verdict } = await client.explain({ code: 'DESK_CLOSED' })
    expect(why).toContain('changed by your `errors` option')
    expect(verdict).toMatchObject({ kind: 'fatal' })
  })
})

describe('the user’s word on one error for one call', () => {
  const script: readonly [Answer, ...Answer[]] = [says('DESK_CLOSED')]

  it('outranks the client’s, member by member', async () => {
    const { client, sent } = guest(script, { errors: { DESK_CLOSED: { retry: 3, trips: true } } })
    await failure(client(room, { resilience: { errors: { DESK_CLOSED: { retry: 1 } } } }))
    expect(sent).toHaveLength(2)
    await failure(client(room, { resilience: { errors: { BELL_BROKEN: { retry: 1 } } } }))
    expect(sent).toHaveLength(6)
  })

  it('does not outlive the call', async () => {
    const { client, sent } = guest(script, { retry: { limit: 1, jitter: 'none' } })
    await failure(client(room, { resilience: { errors: { DESK_CLOSED: { kind: 'fatal' } } } }))
    expect(sent).toHaveLength(1)
    await failure(client(room))
    expect(sent).toHaveLength(3)
  })

  it('is inherited through extend', async () => {
    const { client, sent } = guest(script, { errors: { DESK_CLOSED: { retry: 1 } } })
    await failure(client.extend({ errors: { BELL_BROKEN: { kind: 'fatal' } } })(room))
    expect(sent).toHaveLength(2)
  })
})

describe('the user’s word on an error that no catalogue lists', () => {
  it('needs a `kind`; a slip of the pen has none', () => {
    const made = (errors: ErrorOptions<LodgeRow>) => () => guest([fine], { errors })
    expect(made({ ROOM_TAKN: { retry: 1 } })).toThrow('Did you mean `ROOM_TAKEN`? One that no catalogue lists must say')
    expect(made({ POOL_CLOSED: { trips: true } })).toThrow('must say its `kind`')
    expect(made({ POOL_CLOSED: { kind: 'retryable' } as never })).toThrow('without an `outcome`')
    for (const code of ['HTTP_499', 'HTTP_5XX', 'HTTP_4XX']) expect(made({ [code]: { retry: 1 } })).not.toThrow()
    for (const code of ['HTTP_200', 'HTTP_6XX', 'HTTP_5O3'])
      expect(made({ [code]: { kind: 'fatal' as const } })).toThrow(code)
  })

  it('is taken for a code of the vendor', async () => {
    const errors = { POOL_CLOSED: { kind: 'retryable', outcome: 'rejected', retry: 1 } } as const
    const { client, sent } = guest([() => refusal('POOL_CLOSED' as never)], { errors })
    expect(await failure(client(room, post))).toMatchObject({
      code: 'POOL_CLOSED',
      kind: 'retryable',
      mayBeDone: false,
    })
    expect(sent).toHaveLength(2)
  })

  it('is taken for its family, unless the code has one of its own', async () => {
    const errors = {
      'POOL_*': { kind: 'retryable', outcome: 'rejected' },
      'POOL_D*': { kind: 'auth' },
      POOL_DRY: { kind: 'conflict' },
      'ROOM_*': { kind: 'auth' },
    } as const
    const kinds = ['POOL_CLOSED', 'POOL_DEEP', 'POOL_DRY', 'ROOM_TAKEN', 'ROOM_ODD'].map(async (code) => {
      const { client } = guest([() => refusal(code as never)], { errors, retry: 0 })
      return (await failure(client(room))).kind
    })
    expect(await Promise.all(kinds)).toEqual(['retryable', 'auth', 'conflict', 'conflict', 'auth'])
  })

  it('is taken for a status and for its class, where nothing but the status speaks', async () => {
    const errors = {
      HTTP_529: { kind: 'conflict' },
      HTTP_5XX: { kind: 'fatal' },
      HTTP_4XX: { kind: 'retryable', outcome: 'rejected' },
    } as const
    const kinds = [reply(529), reply(503), reply(555), reply(404), says('ROOM_TAKEN')].map(async (answer) => {
      const { client } = guest([answer], { errors, retry: 0 })
      return (await failure(client(room))).kind
    })
    expect(await Promise.all(kinds)).toEqual(['conflict', 'fatal', 'fatal', 'retryable', 'conflict'])
  })
})

describe('types', () => {
  it('know the vendor’s codes, and the form of others', () => {
    type Code = CodeOf<typeof catalogue>
    expectTypeOf<Code>().toExtend<keyof ErrorOptions<LodgeRow>>()
    expectTypeOf<'HTTP_529' | 'HTTP_5XX' | 'POOL_*' | 'Desk.0042'>().toExtend<keyof ErrorOptions<LodgeRow>>()
    expectTypeOf<'roomTaken'>().not.toExtend<keyof ErrorOptions<LodgeRow>>()
    expectTypeOf<Code>().toExtend<string>()
    expectTypeOf<string>().not.toExtend<Code>()
    expectTypeOf<'ROOM_TAKEN' | 'ROOM_BEING_CLEANED'>().toExtend<Code>()
    const client = resilient(fetch, { vendor: lodge() })
    expectTypeOf(client).toEqualTypeOf<ResilientFetch<LodgeRow>>()
    expectTypeOf(client.extend)
      .parameter(0)
      .toHaveProperty('errors')
      .toEqualTypeOf<ErrorOptions<LodgeRow> | undefined>()
  })

  it('refuse a code that the vendor has not, before it is run', () => {
    const wrong = () => [
      // @ts-expect-error -- no code looks so
      resilient(fetch, { vendor: lodge(), errors: { room_taken: { retry: 1 } } }),
      // @ts-expect-error -- for a call as well
      resilient(fetch, { vendor: lodge() })(room, { resilience: { errors: { room_taken: {} } } }),
      // @ts-expect-error -- and to be explained
      resilient(fetch, { vendor: lodge() }).explain({ code: 'ROOM_TAKN' }),
    ]
    expect(wrong).toThrow('ROOM_TAKEN')
  })

  it('demand an outcome of what becomes retryable', () => {
    type Of<Code extends LodgeRow['code']> = Override<Extract<LodgeRow, { code: Code }>>
    for (const code of ['ROOM_TAKEN', 'KEY_EXPIRED', 'ROOM_UNKNOWN'] as const) {
      type Changed = Of<typeof code>
      expectTypeOf<{ kind: 'retryable' }>().not.toExtend<Changed>()
      expectTypeOf<{ kind: 'retryable'; outcome: 'rejected' }>().toExtend<Changed>()
      expectTypeOf<{ kind: 'fatal' }>().toExtend<Changed>()
      expectTypeOf<{ outcome: 'rejected' }>().not.toExtend<Changed>()
      expectTypeOf<{ retry: 3; trips: true }>().toExtend<Changed>()
    }
    expectTypeOf<{ outcome: 'unknown' }>().toExtend<Of<'DESK_CLOSED'>>()
    expectTypeOf<{ kind: 'retryable'; outcome: 'unknown' }>().toExtend<Of<'DESK_CLOSED'>>()
    // @ts-expect-error -- the outcome decides whether a POST may be repeated
    const call: CallOptions<LodgeRow> = { errors: { ROOM_TAKEN: { kind: 'retryable' } } }
    expect(() => guest([fine], call)).toThrow('without an `outcome`')
  })

  it('leave strings open where no vendor is given', () => {
    const client = resilient(fetch, { errors: { HTTP_503: { kind: 'fatal' } } })
    expectTypeOf(client).toEqualTypeOf<ResilientFetch>()
  })
})
