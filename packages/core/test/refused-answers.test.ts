import { describe, expect, it } from 'vitest'
import { resilient, type VendorError } from '../src/index.ts'
import { listen } from './helpers/sockets.ts'
import { type Answer, reply, stubFetch, throws } from './helpers/stub-fetch.ts'

// What a server has answered, and fetch itself does not take: the request may be done all the same.

const post = { method: 'POST', body: '{}' }
const put = { method: 'PUT', body: '{}' }

async function met(promise: Promise<unknown>) {
  const error = await promise.then(
    (value) => value,
    (thrown: unknown) => thrown,
  )
  return error as VendorError
}
const redirect = (status: number, location: string) =>
  `HTTP/1.1 ${status} Look there\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`

describe('a redirect to where fetch does not go', () => {
  const places = [
    'http://127.0.0.1:25/',
    'http://127.0.0.1:6000/',
    'http://guest:open-sesame@127.0.0.1:9/',
    '//guest@127.0.0.1:9/',
    'http://[bad/',
    'http://127.0.0.1:99999/',
    'gopher://127.0.0.1/',
  ]

  it.each(places)('says that a POST may be done: %s', async (location) => {
    for (const status of [301, 302, 303]) {
      await using server = await listen((socket) => socket.end(redirect(status, location)))
      const error = await met(resilient(fetch)(server.url, post))
      expect(error).toMatchObject({ name: 'VendorError', kind: 'fatal', outcome: 'unknown', mayBeDone: true })
      expect(error.code).toMatch(/^REDIRECT_(REFUSED|UNTRUSTED)$/)
      expect(`${error.stack} ${String(error.cause)}`).not.toContain('open-sesame')
      expect(server.received).toHaveLength(1)
    }
  })

  it.each(places)('says that a POST is not done that was only to go there: %s', async (location) => {
    await using server = await listen((socket) => socket.end(redirect(307, location)))
    const error = await met(resilient(fetch)(server.url, post))
    expect(error).toMatchObject({ name: 'VendorError', kind: 'fatal', mayBeDone: false })
    expect(server.received).toHaveLength(1)
  })

  it.each(places)('is a failure of the server to a GET: %s', async (location) => {
    for (const status of [301, 302, 303, 307, 308]) {
      await using server = await listen((socket) => socket.end(redirect(status, location)))
      const error = await met(resilient(fetch)(server.url))
      expect(error).toMatchObject({ name: 'VendorError', code: 'REDIRECT_REFUSED', kind: 'fatal', mayBeDone: false })
      expect(`${error.stack} ${String(error.cause)}`).not.toContain('open-sesame')
      expect(server.received).toHaveLength(1)
    }
  })

  it('is the affair of a GET whose caller wanted no redirect', async () => {
    await using server = await listen((socket) => socket.end(redirect(303, '/status')))
    const error = await met(resilient(fetch)(server.url, { redirect: 'error' }))
    expect(error).toMatchObject({ name: 'TypeError', cause: { message: 'unexpected redirect' } })
  })

  it('is no reply to a GET that shows a credential', async () => {
    await using server = await listen((socket) => socket.end(redirect(302, 'http://[bad/')))
    const error = await met(resilient(fetch)(server.url, { headers: { 'x-api-key': 'k' } }))
    expect(error).toMatchObject({ code: 'REDIRECT_REFUSED', status: 302, mayBeDone: false })
  })

  it('says that a POST may be done whose caller wanted no redirect', async () => {
    await using server = await listen((socket) => socket.end(redirect(303, '/status')))
    for (const init of [post, put]) {
      const error = await met(resilient(fetch)(server.url, { ...init, redirect: 'error' }))
      expect(error).toMatchObject({ code: 'REDIRECT_REFUSED', mayBeDone: true })
      expect((error.cause as Error).cause).toMatchObject({ message: 'unexpected redirect' })
    }
    expect(server.received).toHaveLength(2)
  })

  it('leaves to its caller what was refused before it left', async () => {
    for (const url of ['http://127.0.0.1:25/', 'http://127.0.0.1:10080/', 'gopher://127.0.0.1/', 'http://[bad/']) {
      for (const init of [post, {}]) {
        const own = await met(fetch(url, init))
        expect(await met(resilient(fetch)(url, init))).toMatchObject({ name: 'TypeError', message: own.message })
      }
    }
  })
})

describe('a status that HTTP has not', () => {
  it.each(['000', '042', '099'])('of a server, %s: the request may be done', async (status) => {
    await using server = await listen((socket) => socket.end(`HTTP/1.1 ${status} Odd\r\ncontent-length: 0\r\n\r\n`))
    const error = await met(resilient(fetch)(server.url, post))
    expect(error).toMatchObject({ code: 'HTTP_PARSE', mayBeDone: true, reason: 'not-repeatable' })
    expect(server.received).toHaveLength(1)
  })

  const odd =
    (status: unknown): Answer =>
    () =>
      Object.defineProperty(new Response('odd'), 'status', { value: status })

  it.each([0, 42, 99, 100, 199, 1000, -1, 200.5, Number.NaN])('of a fetch, %s: likewise', async (status) => {
    const { fetch: custom, sent } = stubFetch(odd(status))
    const error = await met(resilient(custom)('https://api.example/', post))
    expect(error).toMatchObject({ code: 'HTTP_PARSE', mayBeDone: true, reason: 'not-repeatable' })
    expect((error.cause as Error).message).toContain(`status ${status}`)
    expect(sent).toHaveLength(1)
  })

  it.each<[string, Answer]>([
    ['a status', (one) => reply(0)(one)],
    ['a body with a status that has none', (one) => reply(204, 'body')(one)],
    ['words', () => new Response(null, { statusText: 'a\nb' })],
    ['the error of a network', () => Response.error()],
  ])('of a fetch that makes its replies itself: %s', async (_name, answer) => {
    const { fetch: custom, sent } = stubFetch(answer)
    const error = await met(resilient(custom)('https://api.example/', post))
    expect(error).toMatchObject({ name: 'VendorError', outcome: 'unknown', mayBeDone: true })
    expect(sent).toHaveLength(1)
  })

  it('is none where a page may not see it', async () => {
    const opaque = Object.defineProperties(new Response(null), { status: { value: 0 }, type: { value: 'opaque' } })
    const { fetch: custom } = stubFetch(() => opaque)
    expect(await resilient(custom)('https://api.example/')).toBe(opaque)
  })
})

describe('what else befalls an answer in fetch', () => {
  const failed = (cause: unknown) => throws(new TypeError('fetch failed', { cause }))
  const coded = (code: string) => failed(Object.assign(new Error(code), { code }))
  it.each<[string, Answer]>([
    ['an HTTP/2 stream is reset', coded('ERR_HTTP2_STREAM_ERROR')],
    ['an HTTP/2 session ends', coded('ERR_HTTP2_SESSION_ERROR')],
    ['a socket is closed', coded('ERR_SOCKET_CLOSED')],
    ['undici expected something else', coded('ERR_ASSERTION')],
    ['it is not the one that was to come', failed(new Error('integrity mismatch'))],
  ])('leaves open what was done: %s', async (_name, answer) => {
    const { fetch: custom, sent } = stubFetch(answer)
    const error = await met(resilient(custom)('https://api.example/', post))
    expect(error).toMatchObject({ name: 'VendorError', outcome: 'unknown', mayBeDone: true })
    expect(sent).toHaveLength(1)
  })
})

it('an answer that is packed more often than fetch unpacks it may be done', async () => {
  const codings = `content-encoding: ${Array(80).fill('gzip').join(', ')}`
  await using server = await listen((socket) =>
    socket.end(`HTTP/1.1 200 OK\r\n${codings}\r\ncontent-length: 1\r\n\r\nx`),
  )
  for (const cause of [undefined, new Error('too many content-encodings in response: 80, maximum allowed is 5')]) {
    const answer = cause === undefined ? fetch : stubFetch(throws(new TypeError('fetch failed', { cause }))).fetch
    const result = await met(resilient(answer)(server.url, post))
    // Node.js 22 takes it as it is.
    if (!(result instanceof Response)) expect(result).toMatchObject({ code: 'HTTP_PARSE', mayBeDone: true })
  }
})
