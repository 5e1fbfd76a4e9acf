import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  acceptedOf,
  type Classify,
  failureOf,
  isConflict,
  isOptionsError,
  type ResilienceEvent,
  resilient,
} from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { inParts } from './helpers/parts.ts'
import { failure, gaps, played } from './helpers/play.ts'
import { type Answer, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const json = { 'content-type': 'application/json; charset=utf-8' }

beforeEach(() => {
  vi.useFakeTimers()
})

/** The first error of a GraphQL reply. */
const graphql: Classify = ({ json }) => {
  const { errors } = (json ?? {}) as { errors?: { message: string; extensions?: { code?: string } }[] }
  const [first] = errors ?? []
  if (first === undefined) return
  const code = first.extensions?.code ?? 'GRAPHQL_ERROR'
  const kind = code === 'THROTTLED' ? 'retryable' : 'fatal'
  return { code, kind, message: first.message, ...(code === 'THROTTLED' && { outcome: 'rejected' }) }
}
const says200 = (body: unknown): Answer => reply(200, JSON.stringify(body), json)
const throttled = says200({ errors: [{ message: 'later', extensions: { code: 'THROTTLED' } }] })

describe('`classify`', () => {
  it('finds the failure inside a 200, and the engine acts upon it', async () => {
    const { fetch, sent } = stubFetch(throttled, says200({ data: { a: 1 } }))
    const client = resilient(fetch, { classify: graphql, retry: { jitter: 'none' } })
    const got = await played(client(url, { method: 'POST', body: '{}' }))
    expect(await got.json()).toEqual({ data: { a: 1 } })
    expect(gaps(sent)).toEqual([500])
  })

  it('makes an error that says what it said', async () => {
    const { fetch } = stubFetch(says200({ errors: [{ message: 'no such field' }] }))
    const error = await failure(resilient(fetch)(url, { resilience: { classify: graphql } }))
    expect(error).toMatchObject({ code: 'GRAPHQL_ERROR', kind: 'fatal', status: 200 })
    expect(error.message).toContain('no such field')
    expect(await error.response?.json()).toEqual({ errors: [{ message: 'no such field' }] })
  })

  it('repeats no POST of unknown outcome unless it says that nothing was done', async () => {
    const unsure: Classify = () => ({ code: 'BUSY', kind: 'retryable' })
    const { fetch, sent } = stubFetch(says200({}), fine)
    const post = resilient(fetch, { classify: unsure })(url, { method: 'POST' })
    expect(await failure(post)).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(sent).toHaveLength(1)
  })

  it.each([
    [403, 'rejected'],
    [429, 'rejected'],
    [502, 'unknown'],
    [599, 'unknown'],
    [200, 'unknown'],
  ] as const)('leaves the outcome of %i to the status: %s', async (status, outcome) => {
    const { fetch } = stubFetch(reply(status, 'no'))
    const error = await failure(resilient(fetch, { classify: () => ({ code: 'NO', kind: 'fatal' }) })(url))
    expect(error).toMatchObject({ code: 'NO', outcome, status })
  })

  it('waits for a limit that GitHub states in a 403', async () => {
    const limits: Classify = ({ status, headers }) =>
      status === 403 && headers.get('x-ratelimit-remaining') === '0'
        ? { code: 'RATE_LIMIT', kind: 'retryable', retryAfter: 7_000, pauses: true }
        : undefined
    const { fetch, sent } = stubFetch(reply(403, '', { 'x-ratelimit-remaining': '0' }), fine)
    await played(resilient(fetch, { classify: limits })(url, { method: 'POST' }))
    expect(gaps(sent)[0]).toBeGreaterThanOrEqual(7_000)
  })

  it('outranks the vendor, and leaves to it what it says nothing of', async () => {
    const { fetch } = stubFetch(says('BELT_JAMMED', { status: 409 }), says('BELT_JAMMED', { status: 409 }))
    const classify = vi.fn<Classify>()
    const client = resilient(fetch, { vendor: depot(), retry: false, classify })
    const left = await failure(client('https://depot.example/belts'))
    expect(left).toMatchObject({ vendor: 'depot', code: 'BELT_JAMMED' })
    classify.mockReturnValue({ code: 'MINE', kind: 'fatal' })
    expect(await failure(client('https://depot.example/belts'))).toMatchObject({ vendor: 'depot', code: 'MINE' })
  })

  it('states a conflict whose wanted state holds, which may be accepted', async () => {
    const gone: Classify = ({ status, request }) =>
      status === 404 && request.method === 'DELETE' ? { code: 'GONE', kind: 'conflict', achieved: true } : undefined
    const { fetch } = stubFetch(reply(404))
    const client = resilient(fetch, { classify: gone })
    expect(isConflict(await failure(client(url, { method: 'DELETE' })))).toBe(true)
    const accepted = await played(client(url, { method: 'DELETE', resilience: { acceptAchieved: true } }))
    expect([accepted.ok, acceptedOf(accepted)?.code]).toEqual([true, 'GONE'])
  })

  it('is changed by `errors`, by its code', async () => {
    const { fetch, sent } = stubFetch(throttled)
    const errors = { THROTTLED: { kind: 'retryable', outcome: 'rejected', retry: 1 } } as const
    await failure(resilient(fetch, { classify: graphql, errors })(url))
    expect(sent).toHaveLength(2)
  })

  it('is asked by `explain` and in the mode `observe`, too', async () => {
    const { fetch } = stubFetch(throttled)
    const events: ResilienceEvent[] = []
    const client = resilient(fetch, { classify: graphql, mode: 'observe', observers: [(event) => events.push(event)] })
    const got = await client(url)
    await vi.advanceTimersByTimeAsync(0)
    expect(events.find(({ type }) => type === 'decision-made')).toMatchObject({ verdict: { code: 'THROTTLED' } })
    expect((await client.explain(got)).verdict).toMatchObject({ code: 'THROTTLED', source: 'classify' })
  })
})

describe('the body that `classify` sees', () => {
  const seen: { text: string; complete: boolean; json: unknown }[] = []
  const look: Classify = ({ text, complete, json }) => void seen.push({ text, complete, json })
  beforeEach(() => {
    seen.length = 0
  })

  it.each([
    ['application/json', true],
    ['application/problem+json', true],
    ['application/graphql-response+json; charset=utf-8', true],
    ['text/event-stream', false],
    ['application/x-ndjson', false],
    ['application/stream+json', false],
    ['application/json-seq', false],
    ['text/plain', false],
    ['application/octet-stream', false],
    [undefined, false],
  ])('of a success is one of JSON: %s', async (type, isRead) => {
    const { fetch } = stubFetch(
      () => new Response(new Blob(['{"a":1}']).stream(), type ? { headers: { 'content-type': type } } : {}),
    )
    const got = await resilient(fetch, { classify: look })(url)
    expect(seen).toEqual([
      isRead ? { text: '{"a":1}', complete: true, json: { a: 1 } } : { text: '', complete: false, json: undefined },
    ])
    expect(await got.text()).toBe('{"a":1}')
  })

  it('is every success but streams with `bodyNeed: "whole"`, and none with "none"', async () => {
    const { fetch } = stubFetch(reply(200, 'plain', { 'content-type': 'text/plain' }))
    const client = resilient(fetch, { classify: look })
    await client(url, { resilience: { bodyNeed: 'whole' } })
    await client(url, { resilience: { bodyNeed: 'none' } })
    expect(seen.map(({ text }) => text)).toEqual(['plain', ''])
  })

  it('ends at 1 MiB, and the rest goes on as a stream', async () => {
    const long = JSON.stringify('x'.repeat(3_000_000))
    const { fetch } = stubFetch(() => new Response(inParts(long), { headers: json }))
    const got = await resilient(fetch, { classify: look })(url)
    expect(seen).toMatchObject([{ complete: false, json: undefined }])
    expect(seen[0]?.text.length).toBeLessThan(1_300_000)
    expect(await got.text()).toBe(long)
  })

  it('gives back the very reply of which nothing was read', async () => {
    const given = new Response('stream', { headers: { 'content-type': 'text/event-stream' } })
    expect(await resilient(async () => given, { classify: look, timeout: false })(url)).toBe(given)
  })

  it('is not touched where the headers alone tell a failure', async () => {
    const cancelled = vi.fn()
    const body = new ReadableStream({ cancel: cancelled }, { highWaterMark: 0 })
    const page = () => new Response(body, { headers: { 'content-type': 'text/html' } })
    const classify: Classify = ({ headers }) =>
      headers.get('content-type') === 'text/html' ? { code: 'LOGIN_PAGE', kind: 'auth' } : undefined
    expect(await failure(resilient(async () => page(), { classify })(url))).toMatchObject({ code: 'LOGIN_PAGE' })
    expect(cancelled).toHaveBeenCalledTimes(1)
  })
})

describe('a mistake of `classify`', () => {
  const mistakes: [string, Classify, RegExp][] = [
    ['a throw', () => JSON.parse('no json'), /`classify` threw/],
    ['a promise', (async () => {}) as unknown as Classify, /must be an object, got a Promise/],
    ['a text', (() => 'fatal') as unknown as Classify, /classify\(\).* must be an object/],
    ['no code', (() => ({ kind: 'fatal' })) as unknown as Classify, /`classify\(\).code` is missing/],
    ['no kind', (() => ({ code: 'A' })) as unknown as Classify, /`classify\(\).kind` is missing/],
    [
      'an unknown kind',
      (() => ({ code: 'A', kind: 'bad' })) as unknown as Classify,
      /`classify\(\).kind` must be one of/,
    ],
    [
      'a typing error',
      (() => ({ code: 'A', kind: 'fatal', retryafter: 1 })) as unknown as Classify,
      /Did you mean `retryAfter`/,
    ],
    [
      'a wait that is no number',
      () => ({ code: 'A', kind: 'fatal', retryAfter: Number.NaN }),
      /`classify\(\).retryAfter`/,
    ],
  ]

  it.each(mistakes)('ends the call and names the option, with the reply: %s', async (_, classify, words) => {
    const { fetch, sent } = stubFetch(says200({ id: 7 }))
    const error = await failure(resilient(fetch, { classify })(url, { method: 'POST' }))
    expect(error).toMatchObject({ code: 'OPTION_FAILED', kind: 'fatal', mayBeDone: true })
    expect(error.message).toMatch(words)
    expect(isOptionsError(error.cause)).toBe(true)
    expect(await error.response?.json()).toEqual({ id: 7 })
    expect(sent).toHaveLength(1)
  })

  it('leaves the reply to those who read replies themselves', async () => {
    const { fetch } = stubFetch(says200({ id: 7 }))
    const got = await resilient(fetch, { classify: mistakes[0]?.[1] ?? (() => {}) }).fetch(url)
    expect([await got.json(), failureOf(got)?.code]).toEqual([{ id: 7 }, 'OPTION_FAILED'])
  })

  it('is no word on the service: its circuit stays as it is', async () => {
    const { fetch } = stubFetch(says200({}))
    const client = resilient(fetch, { classify: mistakes[0]?.[1] ?? (() => {}) })
    for (let time = 0; time < 20; time++) await failure(client(url))
    expect(client.state.snapshot()[0]?.circuit).toBe('closed')
  })
})

describe('a secret', () => {
  const secret = 'hunter2-hunter2'
  const leaks: [string, Classify][] = [
    ['in what it says', ({ text }) => ({ code: text, kind: 'fatal', message: text, hint: text, details: [text] })],
    [
      'in what it throws',
      ({ text }) => {
        throw new Error(text)
      },
    ],
    ['in what makes no sense', ({ text }) => ({ code: 'A', kind: text }) as never],
  ]
  it.each(leaks)('is not shown: %s', async (_, classify) => {
    const events: ResilienceEvent[] = []
    const { fetch } = stubFetch(says200({ password: secret }))
    const client = resilient(fetch, { classify, observers: [(event) => events.push(event)] })
    const error = await failure(client(url, { headers: { authorization: `Bearer ${secret}` } }))
    const shown = [
      JSON.stringify(error),
      String(error),
      String(error.cause),
      JSON.stringify(events),
      String((error.cause as Error | undefined)?.cause),
    ]
    expect(shown.join()).not.toContain(secret)
  })
})
