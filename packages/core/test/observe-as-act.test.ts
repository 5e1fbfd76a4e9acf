import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { played } from './helpers/play.ts'
import { type Answer, breaks, reply, stubFetch, throws } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
})

/** A reply that `fetch` has followed a redirect to. */
const from =
  (address: string, answer: Answer): Answer =>
  async (sent) =>
    Object.defineProperties(await answer(sent), { url: { value: address }, redirected: { value: true } })

/** What is told of a call until something is decided, with what matters of it. */
async function events(mode: 'act' | 'observe', answer: Answer, init: RequestInit, options: ResilientOptions) {
  const heard: object[] = []
  let isDecided = false
  const observer = (event: ResilienceEvent) => {
    if (isDecided || event.type === 'call-ended') return
    isDecided = event.type === 'decision-made'
    const { call: _call, observed: _observed, ...facts } = event as ResilienceEvent & Record<string, unknown>
    heard.push(facts)
  }
  const client = resilient(stubFetch(answer).fetch, { mode, observers: [observer], retry: 1, ...options })
  await played(Promise.allSettled([client(url, init)]))
  await vi.advanceTimersByTimeAsync(0)
  return heard
}

/** A body that breaks off. */
const broken = () =>
  new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('half')),
      pull: (controller) => controller.error(new TypeError('terminated')),
    }),
  )

const post = { method: 'POST', body: 'x' }
const once = { breaker: { minimum: 1, failureRate: 0 }, limits: false } as const

describe('what is observed is told as of a call that acts:', () => {
  it.each<[string, Answer, RequestInit, ResilientOptions]>([
    ['a failure that opens the circuit', reply(502), {}, once],
    ['a pause', reply(503, null, { 'retry-after': '30' }), {}, {}],
    [
      'a pause of a host that a redirect led to',
      from('https://cdn.example/7', reply(503, null, { 'retry-after': '30' })),
      {},
      {},
    ],
    ['a failure of a host that a redirect led to', from('https://cdn.example/7', reply(502)), {}, once],
    ['a throttle of what a redirected POST led to', from(`${url}/7`, reply(429)), post, {}],
    [
      'a limit of another host',
      from('https://cdn.example/7', reply(200, 'x', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '60' })),
      {},
      {},
    ],
    ['a broken connection', breaks('ECONNRESET'), {}, once],
    [
      'a POST whose answer fetch did not take',
      throws(new TypeError('fetch failed', { cause: new Error('integrity mismatch') })),
      post,
      {},
    ],
    ['a body that breaks off', broken, {}, { bodyNeed: 'whole' }],
    [
      'what only the caller knows for a failure',
      reply(200, '{"ok":false}', { 'content-type': 'application/json' }),
      {},
      { classify: ({ text }) => (text.includes('false') ? { code: 'NOT_OK', kind: 'retryable' } : undefined) },
    ],
    [
      'a failure of a client within, which had its retries',
      () => resilient(stubFetch(reply(502)).fetch, { nested: false })(url),
      {},
      {},
    ],
    ['what means nothing to anybody', throws(new Error('x')), {}, {}],
  ])('%s', async (_, answer, init, options) => {
    const acted = await events('act', answer, init, options)
    const observed = await events('observe', answer, init, options)
    expect(observed).toEqual(acted)
  })
})
