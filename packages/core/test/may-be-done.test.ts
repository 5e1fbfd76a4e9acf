import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient, type VendorError } from '../src/index.ts'
import { defineCatalogue, defineVendor, type Fault } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { type LodgeRow, lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'
import { type Answer, breaks, fine, hangs, reply, stubFetch, throws } from './helpers/stub-fetch.ts'

const room = `${lodgeOrigin}/rooms/7`
const { auth: _, ...vendor } = lodge()

beforeEach(() => {
  vi.useFakeTimers()
})

const says = (code: LodgeRow['code']) => () => refusal(code)
const ends = (method: string, script: readonly [Answer, ...Answer[]], options: ResilientOptions<LodgeRow> = {}) =>
  failure(resilient(stubFetch(...script).fetch, { vendor, ...options })(room, { method }))
const done = ({ mayBeDone, mayBeDoneBy }: VendorError) => [mayBeDone, mayBeDoneBy]

describe('after an attempt of unknown outcome', () => {
  it.each<[string, Answer]>([
    ['a time-out', hangs],
    ['a broken socket', breaks('UND_ERR_SOCKET')],
    ['a proxy’s 502', reply(502)],
    ['the vendor’s own word', says('BELL_BROKEN')],
  ])('a DELETE that finds nothing may have done it itself: %s', async (_name, first) => {
    const error = await ends('DELETE', [first, says('ROOM_UNKNOWN')])
    expect(error).toMatchObject({ code: 'ROOM_UNKNOWN', kind: 'fatal' })
    expect(done(error)).toEqual([true, 1])
    expect(error.attempts.map(({ outcome }) => outcome)).toEqual(['unknown', 'rejected'])
  })

  it('a PUT that meets a conflict may have made it itself', async () => {
    const error = await ends('PUT', [says('DESK_CLOSED'), reply(504), says('ROOM_TAKEN')])
    expect(error).toMatchObject({ code: 'ROOM_TAKEN', kind: 'conflict', reason: 'conflict' })
    expect(done(error)).toEqual([true, 2])
  })

  it('the wanted state holds already, and that may be taken for success', async () => {
    const { fetch, sent } = stubFetch(hangs, says('ROOM_READY'))
    const client = resilient(fetch, { vendor, acceptAchieved: true })
    expect((await played(client(room, { method: 'PUT' }))).status).toBe(204)
    expect(sent).toHaveLength(2)
  })

  it('a DELETE that finds nothing is no success for whoever accepts what is achieved: it may have been another thing', async () => {
    const error = await ends('DELETE', [hangs, says('ROOM_UNKNOWN')], { acceptAchieved: true })
    expect(error).toMatchObject({ code: 'ROOM_UNKNOWN', achieved: false, mayBeDone: true })
  })

  it('a read has done nothing, whatever came of it', async () => {
    expect(done(await ends('GET', [reply(502), says('ROOM_UNKNOWN')]))).toEqual([false, undefined])
  })

  it('what the given fetch throws, and nobody knows, is the cause of an error that says so', async () => {
    const thrown = new RangeError('no token')
    const error = await ends('DELETE', [hangs, throws(thrown)])
    expect(error).toMatchObject({ name: 'VendorError', reason: 'fatal', cause: thrown })
    expect(done(error)).toEqual([true, 1])
    expect(error.attempts.map(({ code, outcome }) => [code, outcome])).toEqual([
      ['ATTEMPT_TIMEOUT', 'unknown'],
      ['HOOK_FAILED', 'unknown'],
    ])
  })

  it.each<[string, Answer]>([
    ['DELETE', says('DESK_CLOSED')],
    ['GET', hangs],
  ])('and is passed on as it is where nothing can have been done: %s', async (method, first) => {
    const thrown = new RangeError('no token')
    const client = resilient(stubFetch(first, throws(thrown)).fetch, { vendor })
    expect(await played(client(room, { method }).catch((error: unknown) => error))).toBe(thrown)
  })

  it('all retries spent, any of them may have done it', async () => {
    const error = await ends('PUT', [says('DESK_CLOSED'), hangs], { retry: 1 })
    expect(error).toMatchObject({ code: 'ATTEMPT_TIMEOUT', reason: 'attempts' })
    expect(done(error)).toEqual([true, 2])
  })

  it('the circuit opened before the next: the last real verdict still says that it may be done', async () => {
    const { fetch, sent } = stubFetch(reply(502))
    const error = await failure(
      resilient(fetch, { vendor, patience: 0, breaker: { minimum: 1, failureRate: 0, openTime: 60_000 } })(room, {
        method: 'PUT',
      }),
    )
    expect(error).toMatchObject({ code: 'HTTP_502', reason: 'circuit-open' })
    expect(done(error)).toEqual([true, 1])
    expect(sent).toHaveLength(1)
  })
})

describe('after attempts that were plainly rejected', () => {
  it.each<[string, readonly [Answer, ...Answer[]]]>([
    ['by the vendor', [says('DESK_CLOSED'), says('ROOM_TAKEN')]],
    ['by the network', [breaks('ECONNREFUSED'), says('ROOM_UNKNOWN')]],
    ['by a throttle', [reply(429), says('ROOM_TAKEN')]],
  ])('nothing may be done: %s', async (_name, script) => {
    expect(done(await ends('POST', script))).toEqual([false, undefined])
  })
})

describe('an error whose row says what was done', () => {
  const parcels = 'https://sorter.example/parcels/7'
  const rows = [
    { code: 'SORTER_STOPPED', kind: 'fatal', outcome: 'unknown', hint: 'Look for the parcel.' },
    { code: 'PARCEL_SPLIT', kind: 'conflict', outcome: 'unknown', hint: 'Look for both halves.' },
    { code: 'LABEL_BAD', kind: 'fatal', outcome: 'rejected', hint: 'Print another label.' },
    { code: 'PARCEL_LOCKED', kind: 'conflict', outcome: 'rejected', hint: 'Unlock it.' },
  ] as const
  const own = defineVendor({
    name: 'sorter',
    catalogue: defineCatalogue('sorter', rows),
    parse: ({ text }) => JSON.parse(text) as Fault,
  })
  const met = (method: string, code: string, status: number) =>
    failure(resilient(stubFetch(() => Response.json({ code }, { status })).fetch, { vendor: own })(parcels, { method }))

  it.each(rows)('says the same whatever the status: $code', async ({ code, kind, outcome }) => {
    for (const status of [400, 500, 503]) {
      const error = await met('POST', code, status)
      expect(error).toMatchObject({ code, kind, outcome, mayBeDone: outcome === 'unknown' })
    }
  })

  it.each(rows)('has done nothing where a read met it: $code', async ({ code, outcome }) => {
    expect(await met('GET', code, 400)).toMatchObject({ outcome, mayBeDone: false })
  })

  it('that no row knows may have been done', async () => {
    expect(await met('POST', 'GREMLIN', 400)).toMatchObject({ code: 'GREMLIN', outcome: 'unknown', mayBeDone: true })
  })
})

describe('a conflict after an unknown outcome', () => {
  it('is decided by onConflict, who knows what he wanted', async () => {
    const { fetch, sent } = stubFetch(reply(502), says('ROOM_TAKEN'), fine)
    const onConflict = vi.fn(() => 'accept' as const)
    const reply1 = await played(resilient(fetch, { vendor, onConflict })(room, { method: 'PUT' }))
    expect(reply1.status).toBe(204)
    expect(onConflict).toHaveBeenCalledOnce()
    expect(sent).toHaveLength(2)
  })

  const oddity = new RangeError('no such shelf')
  const mistakes: readonly [string, () => never][] = [
    [
      'throws',
      () => {
        throw oddity
      },
    ],
    ['answers with junk', () => 7 as never],
    ['gives a request that cannot be made', () => ({ init: { headers: { 'no name': 'x' } } }) as never],
  ]
  it.each(mistakes)('says that it may be done where onConflict %s', async (_name, onConflict) => {
    const error = await ends('PUT', [reply(502), says('ROOM_TAKEN')], { onConflict })
    expect(error).toMatchObject({ code: 'HOOK_FAILED', outcome: 'unknown', reason: 'fatal' })
    expect(done(error)).toEqual([true, 1])
    expect((error.cause as Error).message).toBeTruthy()
    expect(error.attempts.map(({ code }) => code)).toEqual(['HTTP_502', 'ROOM_TAKEN'])
  })

  it('ends with what onConflict throws, where nothing can have been done', async () => {
    const onConflict = mistakes[0]?.[1]
    const call = ends('PUT', [says('DESK_CLOSED'), says('ROOM_TAKEN')], { ...(onConflict && { onConflict }) })
    expect(await call).toBe(oddity)
  })
})
