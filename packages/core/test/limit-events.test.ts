import { beforeEach, expect, it, vi } from 'vitest'
import { type ResilienceEvent, resilient, timeline } from '../src/index.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, fine, reply, stubFetch, throws } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const key = 'http https://api.example all'
/** No sign of overload, but it opens the circuit. */
const slow: Answer = () => new Promise((resolve) => setTimeout(resolve, 2_000, new Response('late')))

beforeEach(() => {
  vi.useFakeTimers()
})

it('the begin and the end of a learned limit are told, once each', async () => {
  const events: ResilienceEvent[] = []
  const lines: string[] = []
  const { fetch } = stubFetch(reply(429), reply(429), reply(429), fine)
  const observers = [(event: ResilienceEvent) => events.push(event), timeline((line) => lines.push(line))]
  const client = resilient(fetch, { retry: false, observers })
  for (let time = 0; time < 3; time++) await failure(client(url))
  for (let time = 0; time < 20; time++) await played(client(url))
  await vi.advanceTimersByTimeAsync(11_000)
  for (let time = 0; time < 20; time++) await played(client(url))
  const seen = events.filter(({ type }) => type.startsWith('limit-'))
  expect(seen).toEqual([
    { type: 'limit-began', key, limit: expect.any(Number), rate: expect.any(Number) },
    { type: 'limit-ended', key },
  ])
  expect(client.state.snapshot()).toMatchObject([{ limit: Number.POSITIVE_INFINITY }])
  expect(lines.filter((line) => / takes /.test(line))).toEqual([
    expect.stringMatching(/ takes no more than [\d.]+ requests a second$/),
    `${key} takes all again`,
  ])
})

it('a limit that is reset has ended, and one that nobody had has not', async () => {
  const events: ResilienceEvent[] = []
  const { fetch } = stubFetch(reply(429), fine)
  const client = resilient(fetch, { retry: false, observers: [(event) => events.push(event)] })
  client.state.reset()
  await failure(client(url))
  client.state.reset()
  expect(events.map(({ type }) => type).filter((type) => type.startsWith('limit-'))).toEqual([
    'limit-began',
    'limit-ended',
  ])
})

it('a reset tells of a circuit that was open, and of no other, and begins no limit for those who wait', async () => {
  const events: ResilienceEvent['type'][] = []
  const observers = [({ type }: ResilienceEvent) => events.push(type)]
  const { fetch } = stubFetch(fine, slow, slow, slow, fine)
  const client = resilient(fetch, {
    retry: false,
    observers,
    breaker: { minimum: 3, slowCallRate: 0.5, slowCallDuration: 1_000 },
  })
  const changes = () => events.filter((type) => /^(circuit|limit)/.test(type))
  await client(url)
  client.state.reset()
  expect(changes()).toEqual([])
  for (let time = 0; time < 3; time++) await played(client(url))
  const patient = client(url)
  client.state.reset()
  expect(changes()).toEqual(['circuit-opened', 'circuit-closed'])
  expect((await patient).status).toBe(200)
  client.state.reset()
  expect(changes()).toHaveLength(2)
})

it('a limit begins with a stream that is reset because there was too much, and with no other', async () => {
  const begun = async (code: string) => {
    const events: ResilienceEvent[] = []
    const reset = Object.assign(new Error(`Stream closed with error code ${code}`), { code: 'ERR_HTTP2_STREAM_ERROR' })
    const { fetch } = stubFetch(throws(new TypeError('fetch failed', { cause: reset })))
    const error = await failure(resilient(fetch, { retry: false, observers: [(event) => events.push(event)] })(url))
    return [error.code, events.some(({ type }) => type === 'limit-began')]
  }
  expect(await begun('NGHTTP2_ENHANCE_YOUR_CALM')).toEqual(['HTTP2_ENHANCE_YOUR_CALM', true])
  expect(await begun('NGHTTP2_INTERNAL_ERROR')).toEqual(['NETWORK_ERROR', false])
})

it('nothing is told where limits are turned off', async () => {
  const events: ResilienceEvent[] = []
  const { fetch } = stubFetch(reply(429))
  await failure(resilient(fetch, { retry: false, limits: false, observers: [(event) => events.push(event)] })(url))
  expect(events.some(({ type }) => type.startsWith('limit-'))).toBe(false)
})

it('an observer may reset what it is told of, and the call ends as it would have', async () => {
  const began: string[] = []
  const { fetch } = stubFetch(reply(429), fine)
  const client = resilient(fetch, {
    retry: false,
    observers: [
      ({ type }) => {
        began.push(type)
        client.state.reset()
      },
    ],
  })
  expect(await failure(client(url))).toMatchObject({ code: 'HTTP_429', status: 429 })
  expect(began).toContain('limit-began')
  expect(client.state.snapshot()).toMatchObject([{ limit: Number.POSITIVE_INFINITY }])
  expect((await client(url)).status).toBe(200)
})
