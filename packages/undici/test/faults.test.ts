import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { isVendorError, resilient } from '@holdfast/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { undiciFetch } from '../src/index.ts'
import { outcomeOf, type Reading } from './outcome.ts'
import { closedPort, ScriptedServer } from './server.ts'

const server = new ScriptedServer()
const refusing = await closedPort()
const builtIn = globalThis.fetch
const ours = undiciFetch()

/** A server that writes what it is told in place of an answer, and hangs up. */
const sockets = new Set<Socket>()
const rude = createServer((socket) => {
  sockets.add(socket)
  socket.on('error', () => {})
  socket.once('data', (request) => {
    const answer = decodeURIComponent(/^\w+ \/(\S*)/.exec(request.toString('latin1'))?.[1] ?? '')
    if (answer === 'reset') socket.resetAndDestroy()
    else socket.end(answer, 'latin1')
  })
})
const rudely = (answer: string) =>
  `http://127.0.0.1:${(rude.address() as AddressInfo).port}/${encodeURIComponent(answer)}`

beforeAll(async () => {
  await server.listen()
  await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => rude.close(resolve))
  await server.close()
})

async function* broken(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(3)
  throw new RangeError('The file has gone.')
}

const texts = () =>
  new ReadableStream({
    start(controller) {
      controller.enqueue('text')
      controller.close()
    },
  })

interface Sent {
  readonly url: string
  readonly init?: RequestInit & { readonly duplex?: 'half' }
  readonly reading?: Reading
}

const loop = (): string => `${server.origin}/loop`

/** Requests that fail, or whose replies break. */
const faults: Readonly<Record<string, () => Sent>> = {
  'a refused connection': () => ({ url: `http://127.0.0.1:${refusing}/` }),
  'a name that nobody has': () => ({ url: 'http://nobody.invalid/' }),
  'a blocked port': () => ({ url: 'http://127.0.0.1:6667/' }),
  'a reset before the answer': () => ({ url: rudely('reset') }),
  'a hang-up before the answer': () => ({ url: rudely('') }),
  'a hang-up before the answer to a POST': () => ({ url: rudely(''), init: { method: 'POST', body: 'x' } }),
  'no HTTP': () => ({ url: rudely('SSH-2.0-OpenSSH\r\n') }),
  'a status of two digits': () => ({ url: rudely('HTTP/1.1 20 OK\r\n\r\n') }),
  'a body that is shorter than its length': () => ({ url: rudely('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc') }),
  'the same, as a stream': () => ({
    url: rudely('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'),
    reading: 'stream',
  }),
  'a chunked body without its end': () => ({
    url: rudely('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n'),
  }),
  'a wrong chunk': () => ({ url: rudely('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n') }),
  'headers that are too long': () => ({ url: rudely(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`) }),
  'gzip that is none': () => ({ url: server.url({ text: 'plain', claimed: 'gzip' }) }),
  'brotli that is none': () => ({ url: server.url({ text: 'plain', claimed: 'br' }) }),
  'gzip that is cut off': () => ({ url: server.url({ text: 'x'.repeat(999), codings: ['gzip'], breaksAfter: 10 }) }),
  'a redirect to nowhere': () => ({ url: server.url({ status: 302, location: 'http://' }) }),
  'a redirect to a file': () => ({ url: server.url({ status: 302, location: 'file:///etc/passwd' }) }),
  'a redirect to data': () => ({ url: server.url({ status: 302, location: 'data:,x' }) }),
  'a redirect with a password': () => ({ url: server.url({ status: 302, location: 'http://a:b@127.0.0.1/' }) }),
  'a redirect to a blocked port': () => ({ url: server.url({ status: 302, location: 'http://127.0.0.1:6667/' }) }),
  'a redirect that is ruled out': () => ({
    url: server.url({ status: 302, location: '/' }),
    init: { redirect: 'error' },
  }),
  'a status of a redirect without an address, ruled out': () => ({
    url: server.url({ status: 302 }),
    init: { redirect: 'error' },
  }),
  'a circle of redirects': () => ({ url: loop() }),
  'a header that no dispatcher takes': () => ({ url: server.url({}), init: { headers: { upgrade: 'x' } } }),
  'a wrong content length': () => ({
    url: server.url({}),
    init: { method: 'POST', body: 'abc', headers: { 'content-length': '7' } },
  }),
  'a body that breaks': () => ({
    url: server.url({}),
    init: { method: 'POST', body: broken() as unknown as ReadableStream, duplex: 'half' },
  }),
  'no URL': () => ({ url: 'nowhere' }),
  'a URL with a password': () => ({ url: 'http://a:b@127.0.0.1/' }),
  'a forbidden method': () => ({ url: server.url({}), init: { method: 'TRACE' } }),
  'no method': () => ({ url: server.url({}), init: { method: 'a b' } }),
  'a GET with a body': () => ({ url: server.url({}), init: { body: 'x' } }),
  'a header with a line break': () => ({ url: server.url({}), init: { headers: { a: 'b\nc' } } }),
  'no signal': () => ({ url: server.url({}), init: { signal: {} as AbortSignal } }),
  'a stream without duplex': () => ({
    url: server.url({}),
    init: { method: 'POST', body: new Blob(['x']).stream() },
  }),
  'a stream of texts': () => ({
    url: server.url({}),
    init: { method: 'POST', body: texts(), duplex: 'half' },
  }),
  'no redirect mode': () => ({ url: server.url({}), init: { redirect: 'maybe' as RequestRedirect } }),
  'an unknown scheme': () => ({ url: 'gopher://127.0.0.1/' }),
  'a mode of browsers': () => ({ url: server.url({}), init: { mode: 'same-origin' } }),
  'a wrong digest': () => ({ url: server.url({ text: 'x' }), init: { integrity: 'sha256-AAAA' } }),
}

server.onPath = (_, response) => response.writeHead(302, { location: '/loop' }).end()

describe.each(Object.entries(faults))('%s', (_, sent) => {
  it('looks like the error of the built-in fetch', async () => {
    const [expected, seen] = [await end(builtIn as typeof ours, sent()), await end(ours, sent())]
    expect(seen).toEqual(expected)
  })

  it('means the same to a client', async () => {
    const [expected, seen] = [await meaning(builtIn as typeof ours, sent()), await meaning(ours, sent())]
    expect(seen).toEqual(expected)
  })
})

const end = (fetch: typeof ours, { url, init = {}, reading = 'text' }: Sent) => outcomeOf(fetch, url, init, reading)

/** The verdict on a failure, or the value that was passed on. */
async function meaning(fetch: typeof ours, { url, init = {}, reading = 'text' }: Sent): Promise<unknown> {
  const client = resilient(fetch as typeof globalThis.fetch, { retry: false })
  try {
    const reply = await client(url, init)
    return await (reading === 'stream' ? reply.arrayBuffer() : reply.text()).then(String, (error: Error) => error.name)
  } catch (error) {
    if (!isVendorError(error)) return `${(error as Error).name}: ${(error as Error).message}`
    const { code, kind, outcome, reason, mayBeDone } = error
    return { code, kind, outcome, reason, mayBeDone }
  } finally {
    await client.close()
  }
}
