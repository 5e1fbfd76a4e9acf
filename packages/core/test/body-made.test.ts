import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isOptionsError, type ResilienceEvent, resilient } from '../src/index.ts'
import { failure, played } from './helpers/play.ts'
import { fine, hangs, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const stream = (text = 'payload') => new Blob([text]).stream()
const put = { method: 'PUT' } as const

describe('`resilience.body`', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })

  it('makes a fresh stream for each attempt, with the `duplex` that fetch wants', async () => {
    const bodies: unknown[] = []
    const { fetch, sent } = stubFetch(async ({ init }) => {
      bodies.push(await new Response(init?.body).text())
      return new Response(null, { status: bodies.length < 3 ? 503 : 200 })
    })
    const body = vi.fn(() => stream())
    await played(resilient(fetch)(url, { ...put, resilience: { body } }))
    expect(bodies).toEqual(['payload', 'payload', 'payload'])
    expect(body).toHaveBeenCalledTimes(3)
    expect(sent.map(({ init }) => (init as { duplex?: string }).duplex)).toEqual(['half', 'half', 'half'])
  })

  it('may make bytes of another realm', async () => {
    const { fetch, sent } = stubFetch(fine)
    const body = () => runInNewContext('new Uint8Array([97, 98, 99]).buffer') as ArrayBuffer
    await played(resilient(fetch)(url, { ...put, resilience: { body } }))
    expect(await new Response(sent[0]?.init?.body).text()).toBe('abc')
  })

  it('takes no time from an attempt whose request has a body at hand', async () => {
    const { fetch, sent } = stubFetch(reply(409), hangs)
    const ends: number[] = []
    const observer = (event: ResilienceEvent) => event.type === 'attempt-ended' && ends.push(event.ms)
    const onConflict = () => ({ url, init: { body: 'at hand' } })
    const client = resilient(fetch, { timeout: 500, onConflict, observers: [observer] })
    const body = () => new Promise<string>((resolve) => setTimeout(() => resolve('made'), 400))
    await failure(client(url, { ...put, resilience: { body, retry: 1 } }))
    expect(sent).toHaveLength(2)
    expect(ends[1]).toBeGreaterThanOrEqual(500)
  })

  it('may take its time, and need not be a stream', async () => {
    const { fetch, sent } = stubFetch(reply(503), fine)
    const body = async () => new Uint8Array([1, 2])
    await played(resilient(fetch)(url, { ...put, resilience: { body } }))
    expect(sent.map(({ init }) => init)).toMatchObject([{ body: new Uint8Array([1, 2]) }, { method: 'PUT' }])
    expect(sent[0]?.init).not.toHaveProperty('duplex')
  })

  it('makes a POST no more repeatable than it was', async () => {
    const { fetch, sent } = stubFetch(reply(502), fine)
    const post = resilient(fetch)(url, { method: 'POST', resilience: { body: () => stream() } })
    expect(await failure(post)).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(sent).toHaveLength(1)
  })

  it.each<[string, (password: string) => BodyInit]>([
    ['a text', (password) => JSON.stringify({ password })],
    ['a blob', (password) => new Blob([JSON.stringify({ password })])],
    ['a form', (password) => new URLSearchParams({ password })],
  ])('tells no secret of any body that was made, whichever answer repeats it: %s', async (_, make) => {
    let made = 0
    const body = () => make(`password-${++made}`)
    const echo = reply(400, 'not password-1, nor password-2, nor password-3')
    for (const first of [reply(503), reply(307, null, { location: '/others' })]) {
      made = 0
      const { fetch } = stubFetch(first, reply(503), echo)
      const error = await failure(resilient(fetch)(url, { ...put, resilience: { body } }))
      expect(error.message).toContain('not [redacted], nor [redacted], nor [redacted]')
    }
  })

  it('leaves a digest and a length alone', async () => {
    const { fetch, sent } = stubFetch(reply(503), fine)
    const headers = { 'content-length': '7', 'content-digest': 'sha-256=:abc=:' }
    await played(resilient(fetch)(url, { ...put, headers, resilience: { body: () => stream() } }))
    for (const { init } of sent) expect(Object.fromEntries(new Headers(init?.headers))).toEqual(headers)
  })

  it('is made once more for a redirect that keeps the body', async () => {
    const { fetch, sent } = stubFetch(reply(307, null, { location: '/other' }), async ({ init }) => {
      return new Response(await new Response(init?.body).text())
    })
    const got = await played(resilient(fetch)(url, { ...put, resilience: { body: () => stream() } }))
    expect([await got.text(), sent.map((one) => one.url)]).toEqual(['payload', [url, 'https://api.example/other']])
  })

  it('fails its call, and frees the reply, where it cannot be made for a redirect', async () => {
    const cancel = vi.fn()
    const moved = () => new Response(new ReadableStream({ cancel }), { status: 307, headers: { location: '/other' } })
    const { fetch, sent } = stubFetch(moved, fine)
    const body = vi.fn(() => 'once').mockImplementationOnce(() => 'once')
    body.mockImplementation(() => {
      throw new RangeError('no more')
    })
    const error = await failure(resilient(fetch)(url, { ...put, method: 'POST', resilience: { body } }))
    expect(error).toMatchObject({
      code: 'OPTION_FAILED',
      reason: 'fatal',
      mayBeDone: false,
      attempts: [{ attempt: 1 }],
    })
    expect(error.hint).toContain('`resilience.body`')
    expect(error.cause).toMatchObject({ name: 'OptionsError', cause: { message: 'no more' } })
    expect([sent.length, body.mock.calls.length, cancel.mock.calls.length]).toEqual([1, 2, 1])
  })

  it('is sent in the mode `observe`, too', async () => {
    const { fetch, sent } = stubFetch(fine)
    await resilient(fetch, { mode: 'observe' })(url, { ...put, resilience: { body: () => 'text' } })
    expect(sent[0]?.init?.body).toBe('text')
  })

  it('is given up where its attempt is not made', async () => {
    const cancel = vi.fn()
    const controller = new AbortController()
    const beforeAttempt = () => {
      controller.abort(new Error('enough'))
      return undefined
    }
    const { fetch, sent } = stubFetch(fine)
    const body = () => new ReadableStream({ cancel })
    const options = { ...put, signal: controller.signal, resilience: { body, beforeAttempt } }
    await expect(played(resilient(fetch)(url, options))).rejects.toThrow('enough')
    expect([cancel.mock.calls.length, sent.length]).toEqual([1, 0])
  })

  it('is given up where it comes when its call is over', async () => {
    const cancel = vi.fn()
    const { fetch, sent } = stubFetch(fine)
    const body = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5_000))
      return new ReadableStream({ cancel })
    }
    const error = await failure(resilient(fetch, { timeout: 1_000 })(url, { ...put, resilience: { body } }))
    expect([error.code, cancel.mock.calls.length]).toEqual(['OPTION_FAILED', 0])
    await vi.advanceTimersByTimeAsync(5_000)
    expect([cancel.mock.calls.length, sent.length]).toEqual([1, 0])
  })

  const used = stream()
  const spent = Readable.from(['a'])
  spent.destroy()
  const locked = new ReadableStream()
  locked.getReader()
  it.each([
    ['nothing', () => undefined, /must return a body/],
    ['null', () => null, /must return a body/],
    ['a number', () => 7, /must return a body/],
    ['an object', () => ({ a: 1 }), /must return a body/],
    ['a locked stream', () => locked, /must return a new stream/],
    ['a destroyed stream', () => spent, /must return a new stream/],
    ['a throw', () => JSON.parse('-'), /`resilience.body` threw/],
    ['a rejection', () => Promise.reject(new Error('no')), /`resilience.body` threw/],
  ])('is refused by name where it is none: %s', async (_, body, words) => {
    const { fetch, sent } = stubFetch(fine)
    const error = await failure(resilient(fetch)(url, { ...put, resilience: { body: body as never } }))
    expect(error).toMatchObject({ code: 'OPTION_FAILED', outcome: 'rejected', mayBeDone: false })
    expect(error.message).toMatch(words)
    expect(sent).toHaveLength(0)
  })

  it('is refused where it is the same stream again, and says what may be done', async () => {
    const { fetch } = stubFetch(reply(502))
    const error = await failure(resilient(fetch)(url, { ...put, resilience: { body: () => used } }))
    expect(error).toMatchObject({ code: 'OPTION_FAILED', mayBeDone: true })
    expect(error.message).toMatch(/must return a new stream/)
  })

  it.each([
    ['an init', url, { ...put, body: 'other' }],
    ['a `Request`', new Request(url, { method: 'PUT', body: 'other' }), {}],
  ])('contradicts another body in %s', async (_, input, init) => {
    const call = resilient(fetch)(input, { ...init, resilience: { body: () => 'text' } })
    await expect(call).rejects.toSatisfy((error) => isOptionsError(error) && error.option === 'resilience.body')
  })

  it('is no option of a client', () => {
    expect(() => resilient(fetch, { body: () => 'text' } as never)).toThrow(/`body` belongs to a request/)
  })
})

it('a stream of Node.js goes over a real socket twice', async () => {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    bodies.push((await request.toArray()).join(''))
    response.statusCode = bodies.length === 1 ? 503 : 200
    response.setHeader('retry-after-ms', '1').end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const body = () => Readable.from([Buffer.from('of '), Buffer.from('node')])
  const got = await resilient(fetch)(`http://127.0.0.1:${port}/`, { ...put, resilience: { body } })
  expect([got.status, bodies]).toEqual([200, ['of node', 'of node']])
  server.closeAllConnections()
  server.close()
})

describe('a file that is not there ends its call, and not the process', () => {
  const missing = () => createReadStream(new URL('nowhere', import.meta.url))

  it.each([
    ['made for an attempt', () => ({ resilience: { body: missing as () => never } })],
    ['given with the call', () => ({ body: missing() as never, duplex: 'half' })],
  ])('%s, while something else is waited for', async (_, given) => {
    const beforeAttempt = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return { 'x-late': '1' }
    }
    const client = resilient(fetch, { beforeAttempt })
    await expect(client('http://127.0.0.1:1/', { ...put, ...given() })).rejects.toThrow()
  })
})
