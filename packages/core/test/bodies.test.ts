import { Readable } from 'node:stream'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientInit, type ResilientOptions, resilient } from '../src/index.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, breaks, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
})

interface Received {
  readonly type: string | null
  readonly text: string
}

/** A service that takes each body in as fetch does, refuses the first and accepts the second. */
function service(options: ResilientOptions = {}) {
  const received: Received[] = []
  const takes =
    (answer: Answer): Answer =>
    async (one) => {
      const request = new Request(one.input, one.init)
      const type = request.headers.get('content-type')
      received.push({ type, text: await request.text() })
      return answer(one)
    }
  const { fetch, sent } = stubFetch(takes(reply(503)), takes(fine))
  const client = resilient(fetch, options)
  return { client, sent, received }
}

const post = { method: 'POST', resilience: { idempotent: true } } as const
const text = '{"name":"Käthe"}'
const bytes = new TextEncoder().encode(text)

function form(): FormData {
  const data = new FormData()
  data.set('name', 'Käthe')
  data.set('file', new Blob(['a,b\n'], { type: 'text/csv' }), 'a.csv')
  return data
}

const chunked = (...chunks: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
      controller.close()
    },
  })

describe('a body that can be read again', () => {
  it.each<[string, () => BodyInit, string | null]>([
    ['a text', () => text, 'text/plain;charset=UTF-8'],
    ['bytes', () => bytes.slice(), null],
    ['a buffer', () => bytes.slice().buffer, null],
    ['a view', () => new DataView(bytes.slice().buffer), null],
    ['a blob', () => new Blob([text], { type: 'application/json' }), 'application/json'],
    ['parameters', () => new URLSearchParams({ name: 'Käthe' }), 'application/x-www-form-urlencoded;charset=UTF-8'],
  ])('is sent again as it was: %s', async (_, body, type) => {
    const { client, received, sent } = service()
    const own = body()
    await played(client(url, { ...post, body: own }))
    expect(received).toHaveLength(2)
    expect(received[0]?.type).toBe(type)
    expect(received[1]).toEqual(received[0])
    expect(received[0]?.text).toBe(type?.includes('urlencoded') ? 'name=K%C3%A4the' : text)
    expect(sent).toHaveLength(2)
  })

  it('is sent again as it was: a form', async () => {
    const { client, received } = service()
    const body = form()
    await played(client(url, { ...post, body }))
    for (const { type, text: sentText } of received) {
      const parsed = await new Response(sentText, { headers: { 'content-type': type ?? '' } }).formData()
      expect(parsed.get('name')).toBe('Käthe')
      const file = parsed.get('file') as File
      expect([file.name, file.type, await file.text()]).toEqual(['a.csv', 'text/csv', 'a,b\n'])
    }
  })

  it.each<[string, () => BodyInit]>([
    ['a text', () => text],
    ['bytes', () => bytes.slice()],
    ['a blob', () => new Blob([text], { type: 'application/json' })],
    ['parameters', () => new URLSearchParams({ name: 'Käthe' })],
    ['a form', form],
    ['a short stream', () => chunked('one ', 'two')],
  ])('is sent again out of a Request that holds %s', async (_, body) => {
    const { client, received } = service()
    await played(client(new Request(url, { method: 'PUT', body: body(), duplex: 'half' } as RequestInit)))
    expect(received).toHaveLength(2)
    expect(received[1]).toEqual(received[0])
    expect(received[0]?.text).not.toBe('')
  })

  it.each<[string, () => BodyInit]>([
    ['a text', () => text],
    ['a blob', () => new Blob(['x'.repeat(300_000)])],
    ['a form', form],
  ])('is sent again out of a Request whose first attempt was refused at once: %s', async (_, body) => {
    const { fetch, sent } = stubFetch(breaks('ECONNREFUSED'), fine)
    const response = await played(resilient(fetch)(new Request(url, { method: 'PUT', body: body() })))
    expect([response.status, sent.length]).toEqual([200, 2])
  })

  it('is what the call names, not what the Request holds', async () => {
    const { client, received } = service()
    await played(client(new Request(url, { method: 'PUT', body: 'old' }), { body: 'new' }))
    expect(received.map((one) => one.text)).toEqual(['new', 'new'])
  })

  it('is none for a Request that has none', async () => {
    const { client, sent } = service()
    const request = new Request(url, { headers: { accept: 'text/plain' } })
    await played(client(request))
    expect(sent.map(({ input }) => input)).toEqual([request, request])
  })
})

describe('a body that leaves only once', () => {
  const endless = () => chunked(...Array.from({ length: 40 }, () => 'x'.repeat(1_000)))

  it.each<[string, () => unknown]>([
    ['a stream', () => chunked('once')],
    ['a stream of Node', () => Readable.from(['once'])],
    [
      'an iterable',
      () =>
        (async function* () {
          yield new TextEncoder().encode('once')
        })(),
    ],
  ])('is not sent again, even where the server did nothing: %s', async (_, body) => {
    const { fetch, sent } = stubFetch(breaks('ECONNREFUSED'))
    const init = { method: 'PUT', body: body(), duplex: 'half' } as RequestInit
    const error = await failure(resilient(fetch)(url, init))
    expect(error).toMatchObject({ code: 'ECONNREFUSED', reason: 'body-not-replayable' })
    expect(sent).toHaveLength(1)
  })

  it('is that of a Request above the replay limit', async () => {
    const { client, received } = service({ replayLimit: 10_000 })
    const request = new Request(url, { method: 'PUT', body: endless(), duplex: 'half' } as RequestInit)
    expect(await failure(client(request))).toMatchObject({ reason: 'body-not-replayable', code: 'HTTP_503' })
    expect(received[0]?.text).toHaveLength(40_000)
    const within = service({ replayLimit: 40_000 })
    await played(within.client(new Request(url, { method: 'PUT', body: endless(), duplex: 'half' } as RequestInit)))
    expect(within.received.map((one) => one.text.length)).toEqual([40_000, 40_000])
  })

  it('is that of a Request which says itself that it is above the limit', async () => {
    const { client, received } = service({ replayLimit: 3 })
    const request = new Request(url, { method: 'PUT', body: text, headers: { 'content-length': '17' } })
    expect(await failure(client(request))).toMatchObject({ reason: 'body-not-replayable' })
    expect(received).toHaveLength(1)
  })

  it('is that of a Request whose stream is still coming when the first attempt has failed', async () => {
    const { fetch, sent } = stubFetch(breaks('ECONNREFUSED'))
    const slow = new ReadableStream({ start: (controller) => controller.enqueue(bytes.slice()) })
    const request = new Request(url, { method: 'PUT', body: slow, duplex: 'half' } as RequestInit)
    expect(await failure(resilient(fetch)(request))).toMatchObject({ reason: 'body-not-replayable' })
    expect(sent).toHaveLength(1)
  })
})

describe('what the caller hands over', () => {
  it('reaches fetch itself, nothing added but a signal, where no limit is set', async () => {
    const { fetch, sent } = stubFetch(fine)
    const client = resilient(fetch, { timeout: false, totalTimeout: false })
    const init: ResilientInit = { headers: { 'x-count': '1' }, signal: new AbortController().signal }
    const target = new URL(url)
    await client(target, init)
    await client(url)
    const request = new Request(url)
    await client(request)
    expect(sent[0]?.input).toBe(url)
    const signal = expect.any(AbortSignal)
    expect(sent[0]?.init).toEqual({ ...init, signal })
    expect([sent[1]?.input, sent[1]?.init]).toEqual([url, { signal }])
    expect(sent[2]?.input).toBe(request)
    expect(sent[2]?.init).toEqual({ signal })
  })

  it('goes through untouched, the members that fetch alone knows included', async () => {
    const { fetch, sent } = stubFetch(reply(503), fine)
    const dispatcher = { dispatch: () => true }
    const headers: [string, string][] = [['X-Odd', 'é']]
    const init = Object.freeze({
      method: 'PUT',
      body: text,
      headers,
      credentials: 'include',
      keepalive: true,
      cache: 'no-store',
      redirect: 'manual',
      duplex: 'half',
      dispatcher,
    }) as RequestInit
    await played(resilient(fetch)(url, init))
    expect(sent).toHaveLength(2)
    for (const one of sent) {
      expect(one.init).toMatchObject({ ...init, headers: { 'x-odd': 'é' } })
      expect((one.init as { dispatcher?: unknown }).dispatcher).toBe(dispatcher)
    }
  })

  it('is given back by fetch as its own mistake where it has been used before', async () => {
    const request = new Request(url, { method: 'PUT', body: text })
    await request.text()
    const { client, received } = service()
    const error = await failure(client(request))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).not.toHaveProperty('attempts')
    expect(received).toHaveLength(0)
  })
})

describe('the caller’s own upload in a Request', () => {
  it.each<[string, Answer]>([
    ['answered', reply(400)],
    ['broken', breaks('ECONNRESET')],
  ])('is read no further once the call has ended: %s', async (_name, answer) => {
    let pulls = 0
    const body = new ReadableStream({
      type: 'bytes',
      async pull(controller) {
        pulls++
        await new Promise((resolve) => setTimeout(resolve, 20))
        controller.enqueue(new Uint8Array(10))
      },
    })
    const { fetch } = stubFetch(async (one) => {
      await new Promise((resolve) => setTimeout(resolve, 90))
      return answer(one)
    })
    const request = new Request(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
    const call = expect(resilient(fetch)(request)).rejects.toMatchObject({ name: 'VendorError' })
    await vi.advanceTimersByTimeAsync(90)
    await call
    expect(pulls).toBeGreaterThan(2)
    const atTheEnd = pulls
    await vi.advanceTimersByTimeAsync(1_000)
    expect(pulls - atTheEnd).toBeLessThanOrEqual(1)
  })
})
