import { type ResilientFetch, resilient } from '@holdfast/core'
import * as undici7 from 'undici'
import * as undici8 from 'undici-8'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { undiciFetch } from '../src/index.ts'
import { type Code, RawHttp2Server, type RawStream } from './raw-http2.ts'

const server = new RawHttp2Server()
beforeAll(() => server.listen())
afterAll(() => server.close())

const answer = (stream: RawStream) => stream.head(200).data('done', true)
/** Something becomes of the first request; those after it are answered. */
const first = (happens: (stream: RawStream) => unknown) => {
  server.onRequest = (stream, requests) => void (requests === 1 ? happens(stream) : answer(stream))
}
const RESETS: readonly Code[] = ['NO_ERROR', 'INTERNAL_ERROR', 'CANCEL', 'ENHANCE_YOUR_CALM']

describe.each([
  ['7', undici7],
  // The same interface by other types.
  ['8', undici8 as unknown as typeof undici7],
] as const)('HTTP/2 over undici %s', (_, undici) => {
  let agent: undici7.Agent
  let client: ResilientFetch
  beforeEach(() => {
    server.requests = 0
    agent = new undici.Agent({ allowH2: true, connect: { rejectUnauthorized: false } })
    client = resilient(undiciFetch({ dispatcher: agent }), { retry: { backoff: { fast: { base: 1, limit: 1 } } } })
  })
  afterEach(async () => {
    await client.close()
    await agent.destroy()
  })

  const post = () => client(`${server.origin}/things`, { method: 'POST', body: 'one' })
  const get = (bodyNeed?: 'whole') => client(server.origin, { resilience: bodyNeed === undefined ? {} : { bodyNeed } })

  it('sends a POST again that the server has refused to process', async () => {
    first((stream) => stream.reset('REFUSED_STREAM'))
    expect(await (await post()).text()).toBe('done')
    expect(server.requests).toBe(2)
  })

  it.each(RESETS)('sends a POST once that is reset with %s', async (code) => {
    first((stream) => stream.reset(code))
    await expect(post()).rejects.toMatchObject({ outcome: 'unknown', mayBeDone: true, reason: 'not-repeatable' })
    expect(server.requests).toBe(1)
  })

  it.each(['NO_ERROR', 'INTERNAL_ERROR'] as const)(
    'sends a POST once that was taken before a GOAWAY with %s',
    async (code) => {
      first((stream) => stream.goAway(code, 1).hangUp())
      await expect(post()).rejects.toMatchObject({ outcome: 'unknown', mayBeDone: true, reason: 'not-repeatable' })
      expect(server.requests).toBe(1)
    },
  )

  it.each<[string, (stream: RawStream) => unknown]>([
    ['of its stream', (stream) => stream.reset('ENHANCE_YOUR_CALM')],
    ['of its connection', (stream) => stream.goAway('ENHANCE_YOUR_CALM', 1)],
  ])('takes the end %s for a throttle, where the server says so', async (_, happens) => {
    first(happens)
    const error = await post().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'HTTP2_ENHANCE_YOUR_CALM', kind: 'retryable', mayBeDone: true })
    expect(client.state.snapshot()[0]?.limit).toBeLessThan(Number.POSITIVE_INFINITY)
    expect(server.requests).toBe(1)
  })

  it('does not believe a server that refuses a POST whose answer it has begun', async () => {
    first((stream) => stream.head(200).data('do').reset('REFUSED_STREAM'))
    const whole = client(server.origin, { method: 'POST', body: 'one', resilience: { bodyNeed: 'whole' } })
    await expect(whole).rejects.toMatchObject({ code: 'HTTP2_NOT_SENT', outcome: 'unknown', mayBeDone: true })
    expect(server.requests).toBe(1)
  })

  it.each(['NO_ERROR', 'CANCEL', 'INTERNAL_ERROR'] as const)(
    'takes no body for whole that %s cuts off before its length',
    async (code) => {
      let cutOff = () => {}
      first((stream) => {
        stream.head(200, 9).data('do')
        cutOff = () => stream.reset(code)
      })
      const reply = await get()
      cutOff()
      await expect(reply.text()).rejects.toThrow('terminated')
      server.requests = 0
      first((stream) => stream.head(200, 9).data('do').reset(code))
      expect(await (await get('whole')).text()).toBe('done')
    },
  )
})
