import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { failure } from './helpers/play.ts'
import { catalogue, type LodgeRow, lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'
import { fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const room = `${lodgeOrigin}/rooms/7`

beforeEach(() => {
  vi.useFakeTimers()
})

const { auth: _, ...withoutLogin } = lodge()

function asked(options: ResilientOptions<LodgeRow> = {}, answer = fine) {
  const { fetch, sent } = stubFetch(answer)
  const events: unknown[] = []
  const observers = [(event: unknown) => void events.push(event)]
  const client = resilient(fetch, { vendor: lodge(), retry: { jitter: 'none' }, observers, ...options })
  return { client, sent, events }
}
const rowOf = (code: LodgeRow['code']) => catalogue.rows.find((row) => row.code === code)

describe('explain says what a code means, which row says so, and what would be done', () => {
  it.each<[LodgeRow['code'], object]>([
    ['DESK_CLOSED', { do: 'wait', ms: 500, reason: 'back-off' }],
    ['KEY_EXPIRED', { do: 'renew', reason: 'session-rejected' }],
    ['FLOOR_FORBIDDEN', { do: 'fail', reason: 'auth' }],
    ['ROOM_TAKEN', { do: 'fail', reason: 'conflict' }],
    ['ROOM_BEING_CLEANED', { do: 'wait', ms: 15_000, reason: 'back-off' }],
    ['ROOM_UNKNOWN', { do: 'fail', reason: 'fatal' }],
  ])('%s: %j', async (code, decision) => {
    const { client } = asked()
    const explained = await client.explain({ code })
    expect(explained.decision).toEqual(decision)
    expect(explained.row).toBe(rowOf(code))
    expect(explained.verdict).toMatchObject({ vendor: 'lodge', kind: rowOf(code)?.kind, source: 'vendor' })
    expect(explained.why).toContain('a row of lodge says so')
  })

  it('as the answer to the request in question', async () => {
    const { client } = asked()
    const bell = (method: string) => client.explain({ code: 'BELL_BROKEN' }, { method, url: room })
    expect((await bell('GET')).decision).toMatchObject({ do: 'wait' })
    expect((await bell('POST')).decision).toEqual({ do: 'fail', reason: 'not-repeatable' })
    expect((await client.explain({ code: 'KEY_EXPIRED' }, { url: 'https://elsewhere.example/' })).decision).toEqual({
      do: 'fail',
      reason: 'auth',
    })
  })

  it('with the client’s own policy', async () => {
    const decisionOf = async (options: ResilientOptions<LodgeRow>, code: LodgeRow['code']) =>
      (await asked(options).client.explain({ code })).decision
    expect(await decisionOf({ retry: 0 }, 'DESK_CLOSED')).toEqual({ do: 'fail', reason: 'attempts' })
    expect(await decisionOf({ totalTimeout: 400 }, 'DESK_CLOSED')).toMatchObject({ reason: 'deadline' })
    expect(await decisionOf({ acceptAchieved: true }, 'ROOM_READY')).toEqual({ do: 'return', reason: 'achieved' })
    expect(await decisionOf({ onConflict: () => 'fail' }, 'ROOM_TAKEN')).toEqual({ do: 'ask', reason: 'conflict' })
    expect(await decisionOf({ errors: { ROOM_TAKEN: { kind: 'fatal' } } }, 'ROOM_TAKEN')).toMatchObject({
      reason: 'fatal',
    })
  })

  it('of bare statuses and the network too', async () => {
    const { client } = asked()
    expect(await client.explain({ code: 'HTTP_503' })).toMatchObject({
      verdict: { vendor: 'http', code: 'HTTP_503', status: 503, kind: 'retryable', outcome: 'unknown' },
      decision: { do: 'wait' },
    })
    const refused = await client.explain({ code: 'ECONNREFUSED' }, { method: 'POST', url: room })
    expect(refused).toMatchObject({ verdict: { outcome: 'rejected' }, decision: { do: 'wait' } })
    expect(refused.why).toContain('No connection stood')
  })

  it('and of a code that nobody lists', async () => {
    const explained = await asked().client.explain({ code: 'CHIMNEY_BLOCKED' as LodgeRow['code'] })
    expect(explained).toMatchObject({
      verdict: { kind: 'fatal', outcome: 'unknown', source: 'unlisted' },
      decision: { do: 'fail', reason: 'unlisted' },
    })
    expect(explained).not.toHaveProperty('row')
    expect(explained.why).toContain('no row of lodge lists it')
  })
})

describe('explain reads', () => {
  it('a reply from a copy, which stays the asker’s to read', async () => {
    const { client } = asked()
    const given = refusal('ROOM_TAKEN', { params: ['7', 'somebody'] })
    expect(await client.explain(given)).toMatchObject({ verdict: { code: 'ROOM_TAKEN', status: 400 } })
    expect(await given.json()).toEqual({ error: { code: 'ROOM_TAKEN', params: ['7', 'somebody'] } })
    expect(await client.explain(await reply(429, null, { 'retry-after': '7' })({} as never))).toMatchObject({
      verdict: { code: 'HTTP_429' },
      decision: { do: 'wait', reason: 'server-hint' },
    })
  })

  it('a reply that has been read already by its status', async () => {
    const { client } = asked()
    const given = refusal('ROOM_TAKEN', { status: 409 })
    await given.text()
    expect(await client.explain(given)).toMatchObject({ verdict: { code: 'HTTP_409', kind: 'conflict' } })
  })

  it('a success as one, without waiting for a body that tells nothing', async () => {
    const { client } = asked()
    const endless = new Response(new ReadableStream({ type: 'bytes' }))
    expect(await client.explain(endless)).toEqual({
      decision: { do: 'return', reason: 'fine' },
      why: 'Nothing is wrong.',
    })
    const named = asked({ vendor: lodge({ successes: { 201: 'Booked' } }) }).client
    expect((await named.explain(new Response(null, { status: 201 }))).why).toBe('Nothing is wrong: Booked.')
  })

  it('the errors of this library and of the network', async () => {
    const { fetch } = stubFetch(() => refusal('ROOM_TAKEN', { details: ['ROOM_BEING_CLEANED'] }))
    const error = await failure(resilient(fetch, { vendor: withoutLogin, retry: 0 })(room))
    const { client } = asked()
    expect(await client.explain(error)).toMatchObject({
      row: rowOf('ROOM_BEING_CLEANED'),
      decision: { do: 'fail', reason: error.reason },
    })
    const reset = new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })
    expect(await client.explain(reset)).toMatchObject({ verdict: { code: 'ECONNRESET', source: 'transport' } })
    expect(await client.explain(new DOMException('late', 'TimeoutError'))).toMatchObject({
      verdict: { code: 'ATTEMPT_TIMEOUT' },
    })
  })

  it('an error that is none of its affair as what it is', async () => {
    const { client } = asked()
    for (const error of [new RangeError('a mistake'), new DOMException('gone', 'AbortError')]) {
      expect((await client.explain(error)).why).toContain('it goes to the caller as it is')
    }
  })

  it('a refusal as what it says', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const breaker = { minimum: 1, failureRate: 0, openTime: 5_000 }
    const { client } = asked({ vendor: withoutLogin, retry: 0, patience: 0, breaker }, reply(502))
    await client.fetch(room)
    const refused = await failure(client(room))
    expect(await client.explain(refused)).toEqual({
      decision: { do: 'fail', reason: 'circuit-open', retryAfter: 5_000 },
      why: refused.message,
    })
  })
})

describe('explain answers for the request that failed', () => {
  it('an error: its method, its URL, and the end of its call, whatever is asked', async () => {
    const { client } = asked({ vendor: withoutLogin }, () => refusal('BELL_BROKEN'))
    const error = await failure(client(room, { method: 'POST' }))
    const explained = await client.explain(error, { method: 'GET' })
    expect(explained).toMatchObject({
      verdict: { code: 'BELL_BROKEN', outcome: 'unknown' },
      decision: { do: 'fail', reason: 'not-repeatable' },
      request: { method: 'POST', url: room, operation: 'POST', repeatable: false },
    })
    expect(explained.why).toContain('The call ended so (not-repeatable), and it may not be repeated blindly.')
  })

  it('a reply that was returned with its failure', async () => {
    const { client } = asked({ vendor: withoutLogin }, () => refusal('BELL_BROKEN'))
    const given = await client.fetch(room, { method: 'POST' })
    expect(await client.explain(given)).toMatchObject({
      decision: { reason: 'not-repeatable' },
      request: { url: room },
    })
  })

  it('a call that a busy object outlasted, as the conflict that its error is', async () => {
    const { client } = asked({ vendor: withoutLogin, retry: 0 }, () => refusal('ROOM_BEING_CLEANED'))
    const error = await failure(client(room))
    expect((await client.explain(error)).verdict?.kind).toBe(error.kind)
  })

  it('with the body of an RPC, which says what it asks for', async () => {
    const vendor = lodge({ isRepeatable: ({ bodyText }) => bodyText === 'look', operation: ({ bodyText }) => bodyText })
    const { client } = asked({ vendor })
    const bell = (body: string) => client.explain({ code: 'BELL_BROKEN' }, { url: room, body })
    expect(await bell('look')).toMatchObject({
      decision: { do: 'wait' },
      request: { method: 'POST', operation: 'look', repeatable: true },
    })
    expect(await bell('ring')).toMatchObject({
      decision: { reason: 'not-repeatable' },
      request: { operation: 'ring', repeatable: false },
    })
  })
})

describe('explain does nothing:', () => {
  it('sends nothing, tells nobody, asks nobody, and leaves no key behind', async () => {
    const onConflict = vi.fn(() => 'fail' as const)
    const { client, sent, events } = asked({ onConflict })
    for (const { code } of catalogue.rows) await client.explain({ code }, { method: 'POST', url: room })
    await client.explain(refusal('ROOM_TAKEN'))
    expect(sent).toEqual([])
    expect(events).toEqual([])
    expect(onConflict).not.toHaveBeenCalled()
    expect(client.state.snapshot()).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('holds no secret, though the reply did', async () => {
    const { client } = asked()
    const explained = await client.explain(refusal('ROOM_TAKEN', { message: 'swordfish', params: ['swordfish'] }))
    expect(JSON.stringify(explained)).not.toContain('swordfish')
  })
})

it('says no secret of a request in a row that `classify` has made from the reply', async () => {
  const answer = reply(400, 'abcdefgh')
  const classify: ResilientOptions['classify'] = ({ text }) => ({ code: text, kind: 'fatal', hint: `no ${text}` })
  const client = resilient(stubFetch(answer).fetch, { classify, bodyNeed: 'whole' })
  const secret = { url: `${room}?token=abcdefgh` }
  const error = await failure(client(secret.url))
  for (const explained of [await client.explain(error), await client.explain(await answer({} as never), secret)]) {
    expect(explained.row).toMatchObject({ code: '[redacted]', hint: 'no [redacted]' })
    expect(JSON.stringify(explained)).not.toContain('abcdefgh')
  }
})
