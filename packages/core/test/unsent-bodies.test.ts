import { describe, expect, it } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { depot } from './helpers/depot.ts'
import { fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

/** A stream that somebody has to end, and the reasons that it was ended for. */
function watched() {
  const reasons: unknown[] = []
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array([1])),
    cancel: (reason) => void reasons.push(reason),
  })
  return { body, reasons }
}

/** The same, as the asynchronous iterable that fetch takes, too. */
function iterated() {
  const reasons: unknown[] = []
  const body = {
    async *[Symbol.asyncIterator]() {
      try {
        yield new Uint8Array([1])
      } finally {
        reasons.push('returned')
      }
    },
  }
  return { body, reasons }
}

const half = (body: unknown) => ({ method: 'POST', body, duplex: 'half' }) as RequestInit

describe('a call that is aborted before it is sent', () => {
  const reason = new Error('enough')

  it.each(['act', 'observe'] as const)('cancels its stream, as fetch does, in mode %s', async (mode) => {
    const ofFetch = watched()
    await expect(fetch(url, { ...half(ofFetch.body), signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(ofFetch.reasons).toEqual([reason])
    const { body, reasons } = watched()
    const call = resilient(fetch, { mode })(url, { ...half(body), signal: AbortSignal.abort(reason) })
    await expect(call).rejects.toBe(reason)
    expect(reasons).toEqual([reason])
  })

  it('cancels that of a Request', async () => {
    const { body, reasons } = watched()
    const request = new Request(url, { ...half(body), signal: AbortSignal.abort(reason) })
    await expect(resilient(stubFetch(fine).fetch)(request)).rejects.toBe(reason)
    expect(reasons).toEqual([reason])
  })

  it('cancels that of a Request which is kept for another attempt', async () => {
    const { body, reasons } = watched()
    const request = new Request(url, half(body))
    const client = resilient(stubFetch(fine).fetch, { replayLimit: 1_000 } as ResilientOptions)
    await expect(client(request, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(reasons).toEqual([reason])
  })

  it.each<[string, ResilientOptions, AbortSignal | undefined]>([
    ['its own', {}, AbortSignal.abort(reason)],
    ['its client’s', { init: { signal: AbortSignal.abort(reason) } }, undefined],
  ])('by a signal, %s: cancels its stream and sends nothing', async (_, options, signal) => {
    const { fetch: stub, sent } = stubFetch(fine)
    const { body, reasons } = watched()
    const call = resilient(stub, options)(url, { ...half(body), ...(signal && { signal }) })
    await expect(call).rejects.toBe(reason)
    expect([reasons, sent]).toEqual([[reason], []])
  })

  it.each(['its own', 'its client’s'])('while it waits for a session, by %s: cancels its stream', async (whose) => {
    const own = new AbortController()
    const asked = Promise.withResolvers<void>()
    const credentials = () => {
      asked.resolve()
      return new Promise<never>(() => {})
    }
    const auth = { credentials, open: () => expect.fail(), sign: () => {} } as never
    const { fetch: stub, sent } = stubFetch(fine)
    const ofClient = new AbortController()
    const vendor = depot({ auth, origins: [new URL(url).origin] })
    const client = resilient(stub, { vendor, init: { signal: ofClient.signal } })
    const { body, reasons } = watched()
    const call = client(url, { ...half(body), signal: own.signal })
    await asked.promise
    expect(reasons).toEqual([])
    if (whose === 'its own') own.abort(reason)
    else ofClient.abort(reason)
    await expect(call).rejects.toBe(reason)
    expect([reasons, sent]).toEqual([[reason], []])
  })

  it('leaves the form of a Request as it is: Node.js 24 goes on to write it, and throws where nobody hears', async () => {
    const form = new FormData()
    form.set('file', new Blob(['x'.repeat(1_000_000)]), 'file.txt')
    const own = new AbortController()
    const request = new Request(url, { method: 'POST', body: form })
    const { fetch: stub, sent } = stubFetch(fine)
    const call = resilient(stub, { beforeAttempt: () => new Promise(() => {}) })(request, { signal: own.signal })
    own.abort(reason)
    await expect(call).rejects.toBe(reason)
    expect(sent).toEqual([])
    expect((await request.formData()).get('file')).toMatchObject({ size: 1_000_000 })
  })

  it('leaves a stream alone that somebody else reads', async () => {
    const { body, reasons } = watched()
    const reader = body.getReader()
    const init = { ...half(body), signal: AbortSignal.abort(reason) }
    await expect(resilient(stubFetch(fine).fetch)(url, init)).rejects.toBe(reason)
    expect(reasons).toEqual([])
    expect((await reader.read()).value).toEqual(new Uint8Array([1]))
  })

  it('ends an iterable that has begun no more than fetch does', async () => {
    const ours = iterated()
    const init = { ...half(ours.body), signal: AbortSignal.abort(reason) }
    await expect(resilient(stubFetch(fine).fetch)(url, init)).rejects.toBe(reason)
    const ofFetch = iterated()
    await expect(fetch(url, { ...half(ofFetch.body), signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(ours.reasons).toEqual(ofFetch.reasons)
  })
})

it('leaves the stream of a call that is refused to its caller, who may send it elsewhere', async () => {
  const { fetch: stub, sent } = stubFetch(fine)
  const client = resilient(stub)
  await client.close()
  const { body, reasons } = watched()
  await expect(client(url, half(body))).rejects.toMatchObject({ reason: 'closed' })
  expect([reasons, sent, body.locked]).toEqual([[], [], false])
})

describe('the body of a `Request` that comes for ever', () => {
  /** Comes bit by bit, also without a single byte, and as long as somebody reads. */
  const dripping = () => {
    let count = 0
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setImmediate(resolve))
        controller.enqueue(new Uint8Array(++count % 2))
      },
    })
  }
  const request = (signal: AbortSignal) =>
    new Request(url, { method: 'POST', body: dripping(), duplex: 'half', signal } as RequestInit)

  it('does not keep its caller, who gives up', async () => {
    const { fetch } = stubFetch(reply(503))
    const controller = new AbortController()
    const call = resilient(fetch, { retry: 1 })(request(controller.signal))
    setImmediate(() => controller.abort(new Error('enough')))
    await expect(call).rejects.toThrow('enough')
  })

  it('does not keep a call whose time is up', async () => {
    const { fetch } = stubFetch(reply(503))
    const call = resilient(fetch, { timeout: 30, totalTimeout: 30 })(request(new AbortController().signal))
    await expect(call).rejects.toMatchObject({ code: 'HTTP_503' })
  })

  it('does not keep a call that is to be seen by its vendor first', async () => {
    const { fetch } = stubFetch(fine)
    const controller = new AbortController()
    const client = resilient(fetch, { vendor: depot({ needsRequestBody: () => true }) })
    const call = client(new Request('https://depot.example/belts', request(controller.signal)))
    setImmediate(() => controller.abort(new Error('enough')))
    await expect(call).rejects.toThrow('enough')
  })

  it('is not sent by a call that was closed meanwhile', async () => {
    const { fetch, sent } = stubFetch(fine)
    const endpoints = ['https://depot.example', 'https://depot-2.example'] as const
    const vendor = depot({ endpoints, origins: endpoints })
    const client = resilient(fetch, { vendor, retry: 0 })
    const call = client(new Request('https://depot-2.example/belts', request(new AbortController().signal)))
    await client.close({ drain: 0 })
    await expect(call).rejects.toMatchObject({ name: 'RefusedError', reason: 'closed' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(sent).toHaveLength(0)
  })
})
