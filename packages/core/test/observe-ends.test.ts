import { getEventListeners } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { played } from './helpers/play.ts'
import { type Answer, deaf, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://depot.example/parcels'
let events: ResilienceEvent[]

beforeEach(() => {
  vi.useFakeTimers()
  events = []
})

function watcher(answer: Answer, options: ResilientOptions = {}) {
  const { fetch, sent } = stubFetch(answer)
  const vendor = depot({ bodyNeed: () => 'whole' })
  const observers = [(event: ResilienceEvent) => void events.push(event)]
  return { client: resilient(fetch, { vendor, mode: 'observe', observers, ...options }), sent }
}
const ended = () => events.filter(({ type }) => type === 'call-ended')
const mistake = () => {
  throw new Error('a mistake')
}
const mistaken = [
  ['before the call is made', depot({ limits: mistake })],
  ['before it is told of', depot({ secretsIn: mistake })],
] as const

describe('a reading beside the caller', () => {
  function endless() {
    const cancel = vi.fn()
    return { cancel, answer: () => new Response(new ReadableStream({ cancel })) }
  }

  it('ends with its client, and leaves nothing', async () => {
    const { answer, cancel } = endless()
    const { client } = watcher(answer)
    const controller = new AbortController()
    const response = await client(url, { signal: controller.signal })
    void response.body?.cancel()
    await played(client.close({ drain: 1_000 }))
    expect(performance.now()).toBe(1_000)
    expect(vi.getTimerCount()).toBe(0)
    expect(cancel).toHaveBeenCalledOnce()
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    expect(ended()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(ended()).toHaveLength(1)
  })

  it('ends with its client’s signal', async () => {
    const { answer } = endless()
    const stop = new AbortController()
    const { client } = watcher(answer, { init: { signal: stop.signal } })
    await client(url)
    stop.abort()
    expect(ended()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is given the time that calls are given', async () => {
    const slow: Answer = () => {
      const text = JSON.stringify({ error: { code: 'PARCEL_LOCKED' } })
      const start = (controller: ReadableStreamDefaultController) =>
        void setTimeout(() => {
          controller.enqueue(new TextEncoder().encode(text))
          controller.close()
        }, 500)
      return new Response(new ReadableStream({ start }), { status: 400 })
    }
    const { client } = watcher(slow)
    await client(url)
    await played(client.close({ drain: 1_000 }))
    expect(performance.now()).toBe(500)
    expect(events).toContainEqual(
      expect.objectContaining({ verdict: expect.objectContaining({ code: 'PARCEL_LOCKED' }) }),
    )
  })
})

describe.each(mistaken)('a request of which a vendor’s mistake leaves nothing to tell, %s,', (_, vendor) => {
  it('goes out as it is, and leaves nothing behind', async () => {
    for (const answer of [fine, says('LABEL_BAD'), reply(503)]) {
      const { client, sent } = watcher(answer, { vendor })
      const response = await client(url)
      expect(sent).toHaveLength(1)
      expect(response.bodyUsed).toBe(false)
      await played(client.close())
      expect(performance.now()).toBe(0)
    }
  })

  it.each(['client', 'signal'] as const)('ends with its %s, and what comes later is freed', async (by) => {
    const answer = Promise.withResolvers<Response>()
    const stop = new AbortController()
    const { client } = watcher(() => answer.promise, { vendor, init: { signal: stop.signal } })
    const call = client(url, { method: 'POST' }).catch((thrown: unknown) => thrown)
    await vi.advanceTimersByTimeAsync(1)
    if (by === 'client') await played(client.close({ drain: 10 }))
    else stop.abort('enough')
    const thrown = await call
    if (by === 'signal') expect(thrown).toBe('enough')
    else expect(String(thrown)).toMatch(/closed/i)
    const cancel = vi.fn()
    answer.resolve(new Response(new ReadableStream({ cancel })))
    await vi.advanceTimersByTimeAsync(0)
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('is waited for while its client closes', async () => {
    const { client } = watcher(() => new Promise((resolve) => setTimeout(() => resolve(new Response('x')), 500)), {
      vendor,
    })
    const call = client(url)
    await played(client.close({ drain: 1_000 }))
    expect(await (await call).text()).toBe('x')
    expect(performance.now()).toBe(500)
  })
})

it('a request of unknown outcome says so, though its vendor makes a mistake', async () => {
  const { client } = watcher(deaf, { vendor: depot({ secretsIn: mistake }) })
  const call = client(url, { method: 'POST' }).catch((thrown: unknown) => thrown)
  await vi.advanceTimersByTimeAsync(1)
  await played(client.close({ drain: 0 }))
  expect(await call).toMatchObject({ code: 'CLIENT_CLOSED', mayBeDone: true })
})
