import { describe, expect, it } from 'vitest'
import { resilient } from '../src/index.ts'
import type { SessionSource } from '../src/plugin.ts'
import { depot } from './helpers/depot.ts'
import { listen } from './helpers/sockets.ts'

// Real sockets: what counts here is what goes over the wire.

const done = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'
const busy = 'HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'
const options = { retry: { limit: 1, backoff: { fast: { base: 1, limit: 1 } } } } as const

/** A server that is busy at first, and answers when it has everything that was announced. */
const hesitant = () =>
  listen((socket, received, connection) => {
    const [head = '', body = ''] = received.split(/\r\n\r\n(.*)/s)
    const length = /content-length: (\d+)/i.exec(head)?.[1]
    const complete = length === undefined ? body.endsWith('0\r\n\r\n') : body.length >= Number(length)
    if (complete) socket.end(connection === 0 ? busy : done)
  })

describe('on the wire', () => {
  it.each<[string, (url: string) => [string | Request, RequestInit?]]>([
    ['a text', (url) => [url, { method: 'PUT', body: 'same bytes' }]],
    ['a Request with a text', (url) => [new Request(url, { method: 'PUT', body: 'same bytes' })]],
    [
      'a Request with bytes',
      (url) => [new Request(url, { method: 'PUT', body: new TextEncoder().encode('same bytes') })],
    ],
    ['a Request with a blob', (url) => [new Request(url, { method: 'PUT', body: new Blob(['same bytes']) })]],
  ])('every attempt of %s says how long it is', async (_, make) => {
    await using server = await hesitant()
    const response = await resilient(fetch, options)(...make(server.url))
    expect(response.status).toBe(200)
    expect(server.received).toHaveLength(2)
    for (const received of server.received) {
      expect(received).toMatch(/^PUT \/ HTTP\/1\.1\r\n/)
      expect(received).toMatch(/\r\ncontent-length: 10\r\n/i)
      expect(received).not.toMatch(/transfer-encoding/i)
      expect(received.endsWith('\r\n\r\nsame bytes')).toBe(true)
    }
  })

  it('a Request keeps its headers from attempt to attempt, the type of its body included', async () => {
    await using server = await hesitant()
    const headers = { 'x-count': '7' }
    await resilient(
      fetch,
      options,
    )(new Request(server.url, { method: 'PUT', headers, body: new URLSearchParams({ a: 'b' }) }))
    expect(server.received).toHaveLength(2)
    for (const received of server.received) {
      expect(received).toMatch(/\r\nx-count: 7\r\n/i)
      expect(received).toMatch(/\r\ncontent-type: application\/x-www-form-urlencoded;charset=UTF-8\r\n/i)
    }
  })

  it('a Request that is signed in its address says how long it is, at once', async () => {
    await using server = await listen((socket) => void socket.end(done))
    const source: SessionSource = {
      credentials: () => ({ username: 'a', password: 'b' }),
      open: async () => ({ secrets: [] }),
      sign: (request) => {
        request.url += '?key=7'
      },
    }
    const vendor = depot({ origins: [new URL(server.url).origin], auth: source })
    await resilient(fetch, { vendor, retry: false })(new Request(server.url, { method: 'POST', body: 'same bytes' }))
    expect(server.received).toHaveLength(1)
    expect(server.received[0]).toMatch(/^POST \/\?key=7 /)
    expect(server.received[0]).toMatch(/\r\ncontent-length: 10\r\n/i)
  })

  it('a stream leaves once, in chunks', async () => {
    await using server = await hesitant()
    const body = new Blob(['same bytes']).stream()
    const call = resilient(fetch, options)(server.url, { method: 'PUT', body, duplex: 'half' } as RequestInit)
    await expect(call).rejects.toMatchObject({ reason: 'body-not-replayable', code: 'HTTP_503' })
    expect(server.received).toHaveLength(1)
    expect(server.received[0]).toMatch(/\r\ntransfer-encoding: chunked\r\n/i)
  })
})
