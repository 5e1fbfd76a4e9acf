import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { keyHeader, type LodgeRow, lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'
import { type Answer, fine, reply, stubFetch, throws } from './helpers/stub-fetch.ts'

const room = `${lodgeOrigin}/rooms/7`
let events: ResilienceEvent[]

beforeEach(() => {
  vi.useFakeTimers()
  events = []
})

/** An observing client over a script of answers. */
function watcher(script: readonly [Answer, ...Answer[]], options: ResilientOptions<LodgeRow> = {}) {
  const { fetch, sent } = stubFetch(...script)
  const client = resilient(fetch, {
    vendor: lodge(),
    mode: 'observe',
    observers: [(event) => void events.push(event)],
    retry: { jitter: 'none' },
    ...options,
  })
  return { client, sent }
}
const settle = () => vi.advanceTimersByTimeAsync(0)
const decisions = () => events.flatMap((event) => (event.type === 'decision-made' ? [event] : []))

describe('mode observe changes nothing:', () => {
  it('the arguments of fetch are the caller’s own, in number and identity', async () => {
    const { client, sent } = watcher([fine])
    const init = { method: 'POST', body: 'x', headers: { 'x-count': '1' }, signal: new AbortController().signal }
    const inputs = [room, new URL(room), new Request(room, { method: 'POST', body: 'y' })]
    for (const input of inputs) {
      await client(input, init)
      expect(sent.at(-1)?.input).toBe(input)
      expect(sent.at(-1)?.init).toBe(init)
    }
    await client(room)
    expect(sent.at(-1)?.init).toBeUndefined()
  })

  it.each([200, 204, 302, 400, 401, 429, 503])('the reply is the very object that fetch gave: %i', async (status) => {
    const given = new Response(status === 204 ? null : 'body', { status, headers: { 'retry-after': '1' } })
    const { client, sent } = watcher([() => given])
    expect(await client(room)).toBe(given)
    expect(await client.fetch(room)).toBe(given)
    if (status !== 204) expect(await given.text()).toBe('body')
    expect(sent).toHaveLength(2)
  })

  it('what fetch throws is thrown as it is, after one attempt', async () => {
    const thrown = new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })
    const { client, sent } = watcher([
      () => {
        throw thrown
      },
    ])
    await expect(client(room)).rejects.toBe(thrown)
    await expect(client.fetch(room)).rejects.toBe(thrown)
    expect(sent).toHaveLength(2)
    expect(decisions()[0]).toMatchObject({ observed: true, decision: { do: 'wait' }, verdict: { code: 'ECONNRESET' } })
  })

  it('nothing is signed, and nobody logs in', async () => {
    const { client, sent } = watcher([fine])
    await client(room)
    await client.close()
    expect(sent.map((one) => one.url)).toEqual([room])
    expect(new Headers(sent[0]?.init?.headers).has(keyHeader)).toBe(false)
  })

  it('nothing is waited for, refused or timed out', async () => {
    const { client, sent } = watcher([reply(503, 'down', { 'retry-after': '60' })], {
      breaker: { minimum: 1, failureRate: 0 },
      timeout: 1,
      totalTimeout: 1,
    })
    for (let call = 0; call < 5; call++) expect((await client(room)).status).toBe(503)
    expect(sent).toHaveLength(5)
    expect(performance.now()).toBe(0)
  })

  it('the reply is not held back by a body that is long in coming', async () => {
    for (const status of [200, 500]) {
      const endless = new Response(new ReadableStream({ type: 'bytes' }), { status })
      const { client } = watcher([() => endless], { vendor: lodge({ bodyNeed: () => 'whole' }) })
      expect(await client(room)).toBe(endless)
    }
    expect(vi.getTimerCount()).toBe(2)
    await vi.advanceTimersByTimeAsync(10_001)
    expect(vi.getTimerCount()).toBe(0)
    expect(events.filter(({ type }) => type === 'call-ended')).toHaveLength(2)
  })

  it.each([
    ['parse', 400],
    ['isRepeatable', 502],
    ['bodyNeed', 200],
  ] as const)('a vendor’s mistake harms nobody: %s', async (hook, status) => {
    const mistake = () => {
      throw new Error('a mistake')
    }
    const breaker = { minimum: 1, failureRate: 0, openTime: 5_000 }
    const { client } = watcher([reply(status, 'x')], { vendor: lodge({ [hook]: mistake }), breaker })
    for (let call = 1; call <= 2; call++) {
      expect(await (await client(room)).text()).toBe('x')
      await settle()
      expect(events.filter(({ type }) => type === 'attempt-ended')).toHaveLength(call)
      expect(events.at(-1)).toMatchObject({ type: 'call-ended' })
      expect(client.state.snapshot()[0]).toMatchObject({ circuit: hook === 'isRepeatable' ? 'open' : 'closed' })
    }
  })

  it.each(['limits', 'scope', 'covers'] as const)('nor one before anything is sent: %s', async (hook) => {
    const mistake = () => {
      throw new Error('a mistake')
    }
    const thrown = new TypeError('fetch failed')
    const { client, sent } = watcher([reply(400, 'x'), throws(thrown)], { vendor: lodge({ [hook]: mistake }) })
    expect(await (await client(room)).text()).toBe('x')
    await expect(client(room)).rejects.toBe(thrown)
    expect(sent).toHaveLength(2)
  })

  it('redirects are left to fetch', async () => {
    const { client, sent } = watcher([fine])
    await client(room, { headers: { [keyHeader]: 'mine' } })
    expect(sent[0]?.init).not.toHaveProperty('redirect')
  })
})

describe('what would have been done is told:', () => {
  const lodgeSays = (code: LodgeRow['code']) => () => refusal(code)

  it.each<[LodgeRow['code'], RequestInit, object]>([
    ['DESK_CLOSED', {}, { do: 'wait', ms: 500, reason: 'back-off' }],
    ['DESK_CLOSED', { method: 'POST', body: 'x' }, { do: 'wait', ms: 500, reason: 'back-off' }],
    ['BELL_BROKEN', { method: 'POST', body: 'x' }, { do: 'fail', reason: 'not-repeatable' }],
    ['KEY_EXPIRED', {}, { do: 'renew', reason: 'session-rejected' }],
    ['ROOM_TAKEN', {}, { do: 'fail', reason: 'conflict' }],
    ['ROOM_UNKNOWN', {}, { do: 'fail', reason: 'fatal' }],
  ])('upon %s, %j: %j', async (code, init, decision) => {
    const { client } = watcher([lodgeSays(code)])
    await client(room, init)
    await settle()
    expect(decisions()).toEqual([
      expect.objectContaining({ decision, observed: true, verdict: expect.objectContaining({ code }) }),
    ])
  })

  it('for a Request with a body as well, which acting would have kept', async () => {
    const { client } = watcher([lodgeSays('DESK_CLOSED')])
    await client(new Request(room, { method: 'POST', body: 'x' }))
    await settle()
    expect(decisions()[0]).toMatchObject({ decision: { do: 'wait' } })
    const init = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit
    await client(room, init)
    await settle()
    expect(decisions()[1]).toMatchObject({ decision: { do: 'fail', reason: 'body-not-replayable' } })
  })

  it('in the order of a call that acts', async () => {
    const { client } = watcher([lodgeSays('DESK_CLOSED'), fine])
    await client(room)
    await settle()
    await client(room)
    expect(events.map(({ type }) => type)).toEqual([
      'attempt-started',
      'attempt-ended',
      'decision-made',
      'call-ended',
      'attempt-started',
      'attempt-ended',
      'call-ended',
    ])
  })
})

it('a success that only `classify` takes for a failure is told, and goes to the caller', async () => {
  const classify: ResilientOptions['classify'] = ({ headers }) =>
    headers.get('x-state') === 'closed' ? { code: 'CLOSED_TODAY', kind: 'retryable', outcome: 'rejected' } : undefined
  const { client } = watcher([reply(200, 'Come back.', { 'x-state': 'closed' }), fine], { classify })
  expect(await (await client(room)).text()).toBe('Come back.')
  expect(await (await client(room)).text()).toBe('fine')
  await settle()
  expect(decisions()).toMatchObject([{ observed: true, decision: { do: 'wait' }, verdict: { code: 'CLOSED_TODAY' } }])
})

describe('in the shadow of an observing client', () => {
  it('the circuit opens, half-opens and closes, and would-be refusals are told', async () => {
    const down = reply(502)
    const { client } = watcher([down, down, down, fine, fine], {
      limits: false,
      breaker: { minimum: 2, openTime: 5_000 },
    })
    vi.spyOn(Math, 'random').mockReturnValue(0)
    for (let call = 0; call < 3; call++) await client(room).then(settle)
    expect(client.state.snapshot()[0]).toMatchObject({ circuit: 'open' })
    const refused = events.filter(({ type }) => type === 'call-refused')
    expect(refused).toEqual([
      expect.objectContaining({ reason: 'circuit-open', retryAfter: 5_000, observed: true, url: room }),
    ])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(client.state.snapshot()[0]).toMatchObject({ circuit: 'half-open' })
    await client(room)
    expect(client.state.snapshot()[0]).toMatchObject({ circuit: 'closed' })
  })

  it('the pause holds, and calls that would have waited are told', async () => {
    const { client } = watcher([reply(429, null, { 'retry-after': '30' }), fine])
    await client(room).then(settle)
    expect(client.state.snapshot()[0]).toMatchObject({ pausedFor: 30_000 })
    expect((await client(room)).status).toBe(200)
    expect(events.find(({ type }) => type === 'call-refused')).toMatchObject({ reason: 'paused', observed: true })
  })

  it('the budget is spent by the retries that would have been made', async () => {
    const { client } = watcher([reply(502)], { breaker: false, budget: { size: 2, perCall: 0, perSecond: 0 } })
    for (let call = 0; call < 3; call++) await client(room).then(settle)
    expect(decisions().map(({ decision }) => (decision.do === 'fail' ? decision.reason : decision.do))).toEqual([
      'wait',
      'wait',
      'budget',
    ])
  })

  it('a caller’s own abort says nothing of the service', async () => {
    const { client } = watcher(
      [
        ({ init }) =>
          new Promise((_, reject) => {
            init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
          }),
      ],
      { breaker: { minimum: 1, failureRate: 0 } },
    )
    const controller = new AbortController()
    const call = client(room, { signal: controller.signal })
    controller.abort('enough')
    await expect(call).rejects.toBe('enough')
    expect(client.state.snapshot()[0]).toMatchObject({ circuit: 'closed' })
    expect(events.at(-1)).toMatchObject({ type: 'call-ended', reason: 'aborted' })
  })

  it('an extended client may act, on the same state', async () => {
    const down = reply(502)
    const { client } = watcher([down], { breaker: { minimum: 2 }, vendor: lodge({ covers: () => false }) })
    for (let call = 0; call < 2; call++) await client(room).then(settle)
    await expect(client.extend({ mode: 'act', patience: 0 })(room)).rejects.toMatchObject({ name: 'RefusedError' })
  })
})
