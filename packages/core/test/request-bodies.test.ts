import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientInit, type ResilientOptions, resilient } from '../src/index.ts'
import { resilientKy } from '../src/ky.ts'
import type { RequestFacts, Vendor } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { complains, order, Ring } from './helpers/ring-service.ts'
import { one, orderIn, type RingRow, ring } from './helpers/ring-vendor.ts'
import { listen } from './helpers/sockets.ts'
import { fine, stubFetch } from './helpers/stub-fetch.ts'

const rpc = `${one}/rpc`
const bytes = (text: string) => new TextEncoder().encode(text)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
})

/** What a vendor gets to see of a body, whenever it is asked about a request. */
function seen(changes: Partial<Vendor<RingRow>> = {}, options: ResilientOptions<RingRow> = {}) {
  const texts: (string | undefined)[] = []
  const { auth: _, ...vendor } = ring({
    scope: ({ bodyText }) => {
      texts.push(bodyText)
      return 'rpc'
    },
    ...changes,
  })
  const { fetch, sent } = stubFetch(() => complains('RING_BUSY'))
  return { client: resilient(fetch, { vendor, retry: 0, ...options }), texts, sent }
}
const streamed = (...chunks: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(bytes(chunk))
      controller.close()
    },
  })
const half = (body: ReadableStream) => ({ method: 'POST', body, duplex: 'half' }) as RequestInit
const form = () => {
  const data = new FormData()
  data.set('a', 'b')
  return data
}

describe('what a vendor sees of a body before it leaves', () => {
  it.each<[string, () => [string | Request, RequestInit?], string | undefined]>([
    ['a text', () => [rpc, { method: 'POST', body: 'Käthe' }], 'Käthe'],
    ['an empty text', () => [rpc, { method: 'POST', body: '' }], ''],
    ['bytes', () => [rpc, { method: 'POST', body: bytes('Käthe') }], 'Käthe'],
    ['a buffer', () => [rpc, { method: 'POST', body: bytes('Käthe').buffer }], 'Käthe'],
    ['a part of a buffer', () => [rpc, { method: 'POST', body: new DataView(bytes('xKäthex').buffer, 1, 6) }], 'Käthe'],
    ['parameters', () => [rpc, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) }], 'a=b+c'],
    ['none', () => [rpc, { method: 'POST' }], undefined],
    ['a form', () => [rpc, { method: 'POST', body: form() }], undefined],
    ['a blob', () => [rpc, { method: 'POST', body: new Blob(['x']) }], 'x'],
    ['a stream', () => [rpc, half(streamed('x'))], undefined],
    ['that of a Request', () => [new Request(rpc, { method: 'POST', body: 'Käthe' })], 'Käthe'],
    ['a stream in a Request', () => [new Request(rpc, half(streamed('Kä', 'the')))], 'Käthe'],
    ['a blob in a Request', () => [new Request(rpc, { method: 'POST', body: new Blob(['Käthe']) })], 'Käthe'],
    ['the one beside a Request', () => [new Request(rpc, { method: 'POST', body: 'old' }), { body: 'new' }], 'new'],
    ['null beside a Request', () => [new Request(rpc, { method: 'POST', body: 'old' }), { body: null }], 'old'],
    ['none of a Request', () => [new Request(rpc, { method: 'POST' })], undefined],
    [
      'a Request’s at an address whose bodies tell nothing',
      () => [new Request(`${one}/page`, { method: 'POST', body: 'x' })],
      undefined,
    ],
  ])('%s', async (_name, input, text) => {
    const { client, texts } = seen({ covers: () => true })
    await failure(client(...input()))
    expect(texts[0]).toBe(text)
  })

  it('nothing of a Request to a host that is not its own, nor of another API: it goes out as it is', async () => {
    const asked: string[] = []
    const needsRequestBody = ({ url }: RequestFacts) => {
      asked.push(url)
      return true
    }
    const { client, sent } = seen({ needsRequestBody, covers: ({ path }) => path === '/rpc' })
    for (const url of ['https://elsewhere.example/rpc', `${one}/page`]) {
      const request = new Request(url, { method: 'POST', body: 'x' })
      await client(request, { redirect: 'manual' })
      expect(sent.at(-1)?.input).toBe(request)
      expect(sent.at(-1)?.init?.body).toBeUndefined()
    }
    expect(asked).toEqual([])
  })

  it.each<[string, ResilientInit]>([
    ['larger than the limit', { resilience: { replayLimit: 3 } }],
    ['with a limit of nothing', { resilience: { replayLimit: 0 } }],
  ])('nothing of a Request’s that is %s: it still goes out, once', async (_name, init) => {
    const { client, texts, sent } = seen({}, { retry: 4 })
    const received: string[] = []
    const { fetch } = stubFetch(async ({ input, init }) => {
      received.push(await new Request(input, init).text())
      return complains('RING_BUSY')
    })
    const { auth: _, ...vendor } = ring({ isSafe: () => true })
    const request = () => new Request(rpc, { method: 'POST', body: 'large' })
    expect(await failure(resilient(fetch, { vendor })(request(), init))).toMatchObject({
      reason: 'body-not-replayable',
    })
    expect(received).toEqual(['large'])
    await failure(client(request(), init))
    expect([new Set(texts), sent.length]).toEqual([new Set([undefined]), 1])
  })

  it('nothing of one that is still coming: the call does not wait for it', async () => {
    const { client, texts, sent } = seen()
    const endless = new ReadableStream({ pull: () => new Promise(() => {}) })
    await failure(client(new Request(rpc, half(endless))))
    expect([new Set(texts), sent.length]).toEqual([new Set([undefined]), 1])
  })

  it('what a conflict’s answer brings, too', async () => {
    const words: (string | undefined)[] = []
    const { fetch, sent } = stubFetch(() => complains('THING_TAKEN'), fine)
    const vendor = ring({
      scope: ({ bodyText }) => {
        words.push(orderIn(bodyText).order)
        return 'rpc'
      },
    })
    const { auth: _, ...unsigned } = vendor
    const onConflict = () => new Request(rpc, order('write.2'))
    await played(resilient(fetch, { vendor: unsigned, onConflict })(new Request(rpc, order('write.1'))))
    expect([...new Set(words)]).toEqual(['write.1', 'write.2'])
    expect(sent).toHaveLength(2)
  })
})

describe('a Request whose body is seen', () => {
  it.each<[string, () => Request]>([
    ['a text', () => new Request(rpc, { ...order('write'), headers: { 'x-count': '1' } })],
    ['a stream', () => new Request(rpc, { ...half(streamed('{"order":', '"write"}')), headers: { 'x-count': '1' } })],
  ])('reaches the server whole, with its headers and the session in it: %s', async (_name, make) => {
    const service = new Ring()
    const client = resilient(service.fetch, { vendor: ring() })
    expect(await (await played(client(make()))).json()).toEqual({ done: 'write' })
    expect(service.requests.at(-1)).toMatchObject({ order: { order: 'write', token: 'token-1' } })
    expect(service.requests.at(-1)?.headers.get('x-count')).toBe('1')
  })

  it('is what ky sends, too', async () => {
    const service = new Ring()
    const api = resilientKy({ fetch: service.fetch, vendor: ring() })
    expect(await played(api.post(rpc, { json: { order: 'write' } }).json())).toEqual({ done: 'write' })
    expect(service.requests.at(-1)).toMatchObject({ order: { order: 'write', token: 'token-1' } })
    expect(service.requests.at(-1)?.headers.get('content-type')).toBe('application/json')
  })

  it('keeps the type of its body', async () => {
    const { client, sent } = seen()
    const parts = new Request(rpc, { method: 'POST', body: form() })
    await failure(client(parts))
    const received = new Request(sent[0]?.input ?? '', sent[0]?.init)
    expect(received.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/)
    expect((await received.formData()).get('a')).toBe('b')
  })

  it('has been given up by its caller meanwhile: his reason comes back, and nothing is sent', async () => {
    const { client, sent } = seen()
    const controller = new AbortController()
    const slow = new ReadableStream({
      async pull(stream) {
        await new Promise((resolve) => setImmediate(resolve))
        controller.abort('enough')
        stream.enqueue(bytes('x'))
        await new Promise((resolve) => setImmediate(resolve))
        stream.close()
      },
    })
    const request = new Request(rpc, { ...half(slow), signal: controller.signal })
    await expect(client(request)).rejects.toBe('enough')
    await expect(client(rpc, { ...order('x'), signal: AbortSignal.abort('before') })).rejects.toBe('before')
    expect(sent).toEqual([])
  })

  it('fails as fetch fails where its body breaks or is used up', async () => {
    const lost = new Error('the disk is gone')
    const broken = new ReadableStream({ pull: (controller) => controller.error(lost) })
    const { auth: _, ...vendor } = ring()
    const takes = async (input: string | URL | Request, init?: RequestInit) =>
      new Response(await new Request(input, init).text())
    const client = resilient(takes, { vendor, retry: 0 })
    await expect(client(new Request(rpc, half(broken)))).rejects.toBe(lost)
    const used = new Request(rpc, order('x'))
    await used.text()
    await expect(client(used)).rejects.toThrow(TypeError)
  })

  it('leaves nothing behind when the vendor makes a mistake', async () => {
    const mistake = new Error('I never thought of that')
    for (const member of ['needsRequestBody', 'scope', 'limits', 'isSafe'] as const) {
      const { client, sent } = seen({
        [member]: () => {
          throw mistake
        },
      })
      const thrown: unknown = await client(new Request(rpc, order('x'))).catch((error: unknown) => error)
      if (sent.length === 0) expect(thrown).toBe(mistake)
      else expect(thrown).toMatchObject({ code: 'HOOK_FAILED', mayBeDone: true, cause: { message: mistake.message } })
    }
  })

  it('is read by nobody in mode observe', async () => {
    const { client, sent, texts } = seen({}, { mode: 'observe' })
    const request = new Request(rpc, order('x'))
    await client(request)
    await vi.advanceTimersByTimeAsync(0)
    expect(sent[0]).toMatchObject({ input: request, init: undefined })
    expect(new Set(texts)).toEqual(new Set([undefined]))
  })
})

describe('on the wire', () => {
  it.each<[string, (url: string) => Request]>([
    ['a text', (url) => new Request(url, order('same bytes'))],
    ['a stream', (url) => new Request(url, half(streamed('{"order":', '"same bytes"}')))],
  ])('a Request whose body is seen says how long it is, at every endpoint and every time: %s', async (_name, make) => {
    vi.useRealTimers()
    const answer = (body: string) =>
      `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`
    await using other = await listen((socket, received, connection) => {
      if (!received.endsWith('bytes"}')) return
      socket.end(answer(connection === 0 ? '{"error":{"code":"RING_BUSY"}}' : '{}'))
    })
    await using first = await listen((socket, received) => {
      if (!received.endsWith('bytes"}')) return
      socket.end(answer(`{"error":{"code":"DOOR_FOLLOWS","params":["127.0.0.1:${other.port}"]}}`))
    })
    const { auth: _, ...vendor } = ring({
      origins: [first.url, other.url],
      endpoints: [first.url, other.url],
      needsRequestBody: () => true,
      isSafe: () => true,
    })
    const retry = { limit: 1, backoff: { fast: { base: 1, limit: 1 } } }
    await resilient(fetch, { vendor, retry })(make(`${first.url}/rpc`))
    const all = [...first.received, ...other.received]
    expect(all).toHaveLength(3)
    for (const received of all) {
      expect(received).toMatch(/\r\ncontent-length: 22\r\n/i)
      expect(received).not.toMatch(/transfer-encoding/i)
      expect(received.endsWith('\r\n\r\n{"order":"same bytes"}')).toBe(true)
    }
  })
})
