import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient, timeline } from '../src/index.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { failure, played } from './helpers/play.ts'
import { type LodgeRow, lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`
let house: Lodge
let events: ResilienceEvent[]

beforeEach(() => {
  vi.useFakeTimers()
  house = new Lodge()
  events = []
})

const note = (event: ResilienceEvent) => {
  events.push(event)
}
const guest = (options: ResilientOptions<LodgeRow> = {}) =>
  resilient(house.fetch, { vendor: lodge(), observers: [note], retry: { jitter: 'none' }, ...options })
const types = () => events.map(({ type }) => type)
const busyOnce = () => {
  let observed = 0
  house.upstairs = () => (observed++ === 0 ? refusal('DESK_CLOSED') : undefined)
}

describe('events', () => {
  it('tell a call in order, the login within it', async () => {
    busyOnce()
    await played(guest()(room))
    expect(types()).toEqual([
      'attempt-started',
      'attempt-ended',
      'call-ended',
      'session-opened',
      'attempt-started',
      'attempt-ended',
      'decision-made',
      'attempt-started',
      'attempt-ended',
      'call-ended',
    ])
    const [login, ...rest] = [...new Set(events.flatMap((event) => ('call' in event ? [event.call] : [])))]
    expect(rest).toHaveLength(1)
    expect(events[0]).toMatchObject({
      call: login,
      method: 'POST',
      url: `${lodgeOrigin}/login`,
      key: `lodge ${lodgeOrigin} login`,
    })
  })

  it('say what was seen, what was decided and how it ended', async () => {
    const client = guest()
    await client(room)
    events = []
    busyOnce()
    await played(client(room))
    const call = expect.any(Number)
    const facts = { call, method: 'GET', url: room, operation: 'GET', key: `lodge ${lodgeOrigin} rooms` }
    const verdict = {
      vendor: 'lodge',
      code: 'DESK_CLOSED',
      kind: 'retryable',
      outcome: 'rejected',
      status: 503,
      source: 'vendor',
    }
    const decision = { do: 'wait', ms: 500, reason: 'back-off' }
    expect(events).toEqual([
      { type: 'attempt-started', attempt: 1, ...facts },
      { type: 'attempt-ended', attempt: 1, ms: 0, status: 503, verdict, ...facts },
      { type: 'decision-made', attempt: 1, decision, verdict, ...facts },
      { type: 'attempt-started', attempt: 2, ...facts },
      { type: 'attempt-ended', attempt: 2, ms: 0, status: 200, ...facts },
      { type: 'call-ended', attempts: 2, ms: 500, waited: 500, ...facts },
    ])
  })

  it('report a code that no row lists, so that a catalogue can grow', async () => {
    house.upstairs = () => Response.json({ error: { code: 'CHIMNEY_BLOCKED' } }, { status: 400 })
    expect(await failure(guest()(room))).toMatchObject({ code: 'CHIMNEY_BLOCKED', reason: 'unlisted', kind: 'fatal' })
    expect(events.find(({ type }) => type === 'fault-unlisted')).toMatchObject({
      verdict: { vendor: 'lodge', code: 'CHIMNEY_BLOCKED', source: 'unlisted', outcome: 'unknown' },
      url: room,
    })
  })

  it('tell of circuits, pauses and refusals', async () => {
    const other = 'https://elsewhere.example/a'
    const key = 'http https://elsewhere.example all'
    const client = guest({ retry: 0, patience: 0, limits: false, breaker: { minimum: 2, openTime: 5_000 } })
    vi.spyOn(Math, 'random').mockReturnValue(0)
    house.answer = async () => new Response(null, { status: 429, headers: { 'retry-after': '1' } })
    await expect(client(other)).rejects.toThrow('HTTP_429')
    await vi.advanceTimersByTimeAsync(1_000)
    house.answer = async () => new Response(null, { status: 502 })
    for (let call = 0; call < 2; call++) await expect(client(other)).rejects.toThrow('HTTP_502')
    await vi.advanceTimersByTimeAsync(0.25)
    await expect(client(other)).rejects.toThrow('circuit is open')
    house.answer = async () => new Response('fine')
    await vi.advanceTimersByTimeAsync(5_000)
    await client(other)
    expect(events.filter(({ type }) => /^(circuit|key|call-refused)/.test(type))).toMatchObject([
      { type: 'key-paused', key, ms: 1_000 },
      { type: 'circuit-opened', key, openTime: 5_000, cause: 'failure-rate' },
      { type: 'call-refused', key, reason: 'circuit-open', retryAfter: 5_000 },
      { type: 'circuit-half-opened', key },
      { type: 'circuit-closed', key },
    ])
  })

  it('tell that a caller gave up', async () => {
    house.upstairs = () => refusal('DESK_CLOSED')
    const controller = new AbortController()
    const call = guest()(room, { signal: controller.signal })
    call.catch(() => {})
    await vi.advanceTimersByTimeAsync(1)
    controller.abort('enough')
    await expect(call).rejects.toBe('enough')
    expect(events.at(-1)).toMatchObject({ type: 'call-ended', reason: 'aborted', attempts: 1 })
  })

  it('tell every attempt’s end, whatever ended it', async () => {
    const mistake = new TypeError('Failed to parse URL')
    house.upstairs = () => {
      throw mistake
    }
    await expect(guest()(room)).rejects.toBe(mistake)
    const started = types().filter((type) => type === 'attempt-started')
    expect(types().filter((type) => type === 'attempt-ended')).toHaveLength(started.length)
  })

  it.each(['closed', 'aborted'])('tell it, too, where the client is %s', async (how) => {
    const controller = new AbortController()
    const seen: string[] = []
    const client = resilient(() => new Promise(() => {}), {
      init: { signal: controller.signal },
      observers: [({ type }) => seen.push(type)],
    })
    const call = client(room, { method: 'POST' }).catch(() => {})
    if (how === 'closed') void client.close({ drain: 0 })
    else controller.abort()
    await vi.advanceTimersByTimeAsync(1)
    await call
    expect(seen.filter((type) => /^(?:attempt|call)-/.test(type))).toEqual([
      'attempt-started',
      'attempt-ended',
      'call-ended',
    ])
  })

  it('are frozen through and through', async () => {
    busyOnce()
    await played(guest()(room))
    for (const event of events) {
      expect(Object.isFrozen(event)).toBe(true)
      for (const member of Object.values(event)) expect(Object.isFrozen(member)).toBe(true)
    }
  })

  it('of an extended client’s calls reach its own observers and its parent’s, each once', async () => {
    const own: string[] = []
    const client = guest()
    await client.extend({ observers: [({ type }) => own.push(type)] })(room)
    expect(own).toEqual(types())
    expect(own).toContain('session-opened')
    await client(room)
    expect(types().length).toBeGreaterThan(own.length)
    house.forgetKeys()
    await client(room)
    expect(own.filter((type) => type === 'session-opened')).toHaveLength(2)
    expect(types().filter((type) => type === 'session-opened')).toHaveLength(2)
  })
})

describe('an observer can never steer or break a call:', () => {
  const bad: [string, (event: ResilienceEvent) => unknown][] = [
    [
      'one that throws',
      () => {
        throw new Error('observer')
      },
    ],
    ['one that rejects', async () => Promise.reject(new Error('observer'))],
    ['one that never settles', () => new Promise(() => {})],
    [
      'one that writes into events',
      (event) => {
        Object.assign(event, { type: 'x' })
      },
    ],
    [
      'one that writes into decisions',
      (event) => {
        if ('decision' in event) Object.assign(event.decision, { do: 'fail', reason: 'fatal', ms: 0 })
      },
    ],
    [
      'one that writes into verdicts',
      (event) => {
        if ('verdict' in event && event.verdict) Object.assign(event.verdict, { kind: 'fatal', code: 'x' })
      },
    ],
    [
      'one that deletes',
      (event) => {
        for (const name of Object.keys(event)) Reflect.deleteProperty(event, name)
      },
    ],
  ]

  it.each(bad)('%s', async (_, observer) => {
    busyOnce()
    const client = guest({ observers: [observer, note] as never })
    expect((await played(client(room))).status).toBe(200)
    expect(performance.now()).toBe(500)
    expect(types()).toContain('call-ended')
    expect(events.find(({ type }) => type === 'decision-made')).toMatchObject({
      decision: { do: 'wait', ms: 500 },
      verdict: { code: 'DESK_CLOSED', kind: 'retryable' },
    })
  })
})

describe('timeline', () => {
  it('writes one line for what happens, in the words of the events', async () => {
    const lines: string[] = []
    house.upstairs = () => refusal('DESK_CLOSED')
    const client = guest({ retry: { limit: 1, jitter: 'none' }, observers: [timeline((line) => lines.push(line))] })
    await failure(client(room))
    const texts = lines.map((line) => line.replace(/^#\d+ /, ''))
    expect(texts).toEqual([
      `POST ${lodgeOrigin}/login 1: 201 in 0 ms`,
      `POST ${lodgeOrigin}/login done after 1 attempt, 0 ms`,
      `lodge ${lodgeOrigin} session opened`,
      `GET ${room} 1: DESK_CLOSED [503], retryable, rejected in 0 ms`,
      `GET ${room} 1: wait 500 ms (back-off)`,
      `GET ${room} 2: DESK_CLOSED [503], retryable, rejected in 0 ms`,
      `GET ${room} 2: fail (attempts)`,
      `GET ${room} failed (attempts) after 2 attempts, 500 ms`,
    ])
  })

  it('has a line for what happens to a service, and for a request that is sent twice', () => {
    const lines: string[] = []
    const write = timeline((line) => lines.push(line))
    const key = 'http https://api.example all'
    const get = { call: 7, method: 'GET', url: 'https://api.example/b', operation: 'GET', key }
    const verdict = {
      vendor: 'http',
      code: 'HTTP_503',
      kind: 'retryable',
      outcome: 'rejected',
      source: 'status',
    } as const
    const login = { type: 'login-failed', vendor: 'lodge', origin: lodgeOrigin, code: 'PASSWORD_REFUSED' } as const
    const all: readonly ResilienceEvent[] = [
      { ...get, type: 'hedge-started', attempt: 1, ms: 30 },
      { ...get, type: 'hedge-ended', attempt: 1, ms: 30, won: true },
      { ...get, type: 'hedge-ended', attempt: 1, ms: 30, won: false },
      {
        ...get,
        type: 'decision-made',
        attempt: 1,
        verdict,
        decision: { do: 'reroute', host: 'b', reason: 'named-host' },
      },
      { ...get, type: 'call-refused', reason: 'circuit-open', retryAfter: 1_500 },
      { ...get, type: 'call-refused', reason: 'closed', observed: true },
      { type: 'circuit-half-opened', key },
      { type: 'circuit-closed', key },
      { type: 'key-paused', key, ms: 1_500 },
      login,
      { ...login, retryAfter: 60_000 },
    ]
    for (const event of all) write(event)
    expect(lines).toEqual([
      '#7 GET https://api.example/b 1: sent once more after 30 ms',
      '#7 GET https://api.example/b 1: the second answer counts',
      '#7 GET https://api.example/b 1: the first answer counts',
      '#7 GET https://api.example/b 1: ask b',
      '#7 GET https://api.example/b refused (circuit-open), again in 1.5 s',
      '#7 GET https://api.example/b would be refused (closed)',
      `${key} circuit half-open`,
      `${key} circuit closed`,
      `${key} paused for 1.5 s`,
      `lodge ${lodgeOrigin} login failed (PASSWORD_REFUSED), none is tried with these credentials`,
      `lodge ${lodgeOrigin} login failed (PASSWORD_REFUSED), none is tried for 60.0 s`,
    ])
  })

  it('does not call done what was not', async () => {
    const lines: string[] = []
    house.upstairs = () => {
      throw new TypeError('Failed to parse URL')
    }
    await guest({ observers: [timeline((line) => lines.push(line))] })(room).catch(() => {})
    expect(lines.filter((line) => line.includes(`${room} done`))).toEqual([])
  })
})
