import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilienceEvent, type ResilientInit, resilient } from '../src/index.ts'
import type { Vendor } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { complains, order } from './helpers/ring-service.ts'
import { one, type RingRow, ring } from './helpers/ring-vendor.ts'
import { type Answer, breaks, fine, hangs, reply, stubFetch } from './helpers/stub-fetch.ts'

const rpc = `${one}/rpc`

beforeEach(() => {
  vi.useFakeTimers()
})

function asking(script: readonly [Answer, ...Answer[]], changes: Partial<Vendor<RingRow>> = {}) {
  const { auth: _, endpoints: __, ...vendor } = ring(changes)
  const { fetch, sent } = stubFetch(...script)
  return { client: resilient(fetch, { vendor, retry: { jitter: 'none' } }), sent }
}
const unknown: [string, Answer][] = [
  ['a time-out', hangs],
  ['a broken socket', breaks('UND_ERR_SOCKET')],
  ['a proxy’s 502', reply(502)],
  ['the vendor’s own word', () => complains('RING_BUSY')],
]

describe('a POST that only reads', () => {
  it.each(unknown)('is repeated whatever became of it: %s', async (_name, first) => {
    const { client, sent } = asking([first, fine])
    expect(await (await played(client(rpc, order('read')))).text()).toBe('fine')
    expect(sent).toHaveLength(2)
  })

  it.each(unknown)('has done nothing, and says so of each attempt: %s', async (_name, answer) => {
    const { client } = asking([answer])
    const error = await failure(client(rpc, order('read')))
    expect(error).toMatchObject({ reason: 'attempts', mayBeDone: false, mayBeDoneBy: undefined })
    expect(error.attempts).toHaveLength(5)
    expect(error.attempts.every(({ safe, method }) => safe && method === 'POST')).toBe(true)
    expect(error.message).not.toMatch(/may be done/)
  })

  it('is told from one that writes, at the same address and by the same method', async () => {
    const { client, sent } = asking([breaks('UND_ERR_SOCKET')])
    const error = await failure(client(rpc, order('write')))
    expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true, mayBeDoneBy: 1 })
    expect(error.attempts).toMatchObject([{ safe: false }])
    expect(sent).toHaveLength(1)
  })

  it('is known in a Request too, and sent again with its body', async () => {
    const bodies: string[] = []
    const takes =
      (answer: Answer): Answer =>
      async (one) => {
        bodies.push(await new Request(one.input, one.init).text())
        return answer(one)
      }
    const { client } = asking([takes(reply(502)), takes(fine)])
    await played(client(new Request(rpc, order('read'))))
    expect(bodies).toEqual(['{"order":"read"}', '{"order":"read"}'])
  })

  it('is not repeated against the word of its caller or of the vendor', async () => {
    const never: [Partial<Vendor<RingRow>>, ResilientInit][] = [
      [{}, { resilience: { idempotent: false } }],
      [{ isRepeatable: () => false }, {}],
    ]
    for (const [changes, init] of never) {
      const { client, sent } = asking([reply(502)], changes)
      expect(await failure(client(rpc, { ...order('read'), ...init }))).toMatchObject({
        reason: 'not-repeatable',
        mayBeDone: false,
      })
      expect(sent).toHaveLength(1)
    }
  })

  it('loses nothing by a redirect that turns it into a GET', async () => {
    const seeOther = reply(303, null, { location: '/result' })
    const { client, sent } = asking([seeOther, breaks('ECONNREFUSED'), seeOther, fine], {
      secretsIn: () => ['shown-by-the-caller'],
    })
    expect(await (await played(client(rpc, order('read')))).text()).toBe('fine')
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST', 'GET'])
    const other = asking([seeOther, breaks('ECONNREFUSED')])
    expect(await failure(other.client(rpc, order('write')))).toMatchObject({ mayBeDone: true })
    expect(other.sent).toHaveLength(2)
  })
})

describe('a GET that changes something', () => {
  const changes = { isSafe: () => false } as const

  it('is not repeated where it may be done, and the error says that it may be', async () => {
    for (const method of ['GET', 'HEAD']) {
      const { client, sent } = asking([breaks('UND_ERR_SOCKET')], changes)
      expect(await failure(client(rpc, { method }))).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
      expect(sent).toHaveLength(1)
    }
  })

  it('is repeated where it was surely not done, or its caller or the vendor allows it', async () => {
    const { client } = asking([breaks('ECONNREFUSED'), fine], changes)
    expect((await played(client(rpc))).status).toBe(200)
    const allowed: [Partial<Vendor<RingRow>>, ResilientInit][] = [
      [changes, { resilience: { idempotent: true } }],
      [{ ...changes, isRepeatable: () => true }, {}],
      [changes, { headers: { 'idempotency-key': '7' } }],
    ]
    for (const [more, init] of allowed) {
      const { client: other } = asking([reply(502), fine], more)
      expect((await played(other(rpc, init))).status).toBe(200)
    }
  })

  it('a PUT and a DELETE are repeatable as ever', async () => {
    for (const method of ['PUT', 'DELETE']) {
      const { client } = asking([reply(502), fine], changes)
      expect((await played(client(rpc, { method }))).status).toBe(200)
    }
  })
})

describe('where the vendor says nothing', () => {
  it.each([
    ['GET', true],
    ['HEAD', true],
    ['OPTIONS', true],
    ['PUT', false],
    ['DELETE', false],
    ['POST', false],
    ['PATCH', false],
  ])('the method tells: %s', async (method, safe) => {
    const { client } = asking([() => complains('ORDER_BAD')], { isSafe: () => undefined, bodyNeed: () => 'whole' })
    expect((await failure(client(rpc, { method }))).attempts).toMatchObject([{ method, safe }])
  })

  it('and a watcher sees what would be repeated', async () => {
    const events: ResilienceEvent[] = []
    const { auth: _, ...vendor } = ring()
    const { fetch } = stubFetch(reply(502))
    const observers = [(event: ResilienceEvent) => void events.push(event)]
    const client = resilient(fetch, { vendor, mode: 'observe', observers })
    for (const word of ['read', 'write']) {
      await client(rpc, order(word))
      await vi.advanceTimersByTimeAsync(0)
    }
    const decisions = events.flatMap((event) => (event.type === 'decision-made' ? [event.decision] : []))
    expect(decisions).toMatchObject([{ do: 'wait' }, { do: 'fail', reason: 'not-repeatable' }])
  })
})
