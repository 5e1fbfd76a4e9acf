import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resilient } from '@holdfast/core'
import { afterEach, describe, expect, it } from 'vitest'
import { download } from '../recipes/download.ts'
import { eventSourceOver } from '../recipes/event-stream.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server on a real socket: what breaks off is its connection. */
async function serverOf(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const client = () => resilient(fetch, { retry: { limit: 2, backoff: { fast: { base: 1, limit: 1 } } } })

/** Writes a part of a body, and breaks the connection once it has gone out. */
const breakAfter = (response: ServerResponse, part: Buffer | string) =>
  response.write(part, () => setImmediate(() => response.destroy()))

describe('a download that breaks off', () => {
  const file = Buffer.from(Array.from({ length: 10_000 }, (_, at) => at % 251))
  const PART = 3_000

  /** Serves the rest of the file from where it is asked for, breaking off after each part. */
  const ranged =
    (asked: unknown[], tagOf: (request: number) => string) => (request: IncomingMessage, response: ServerResponse) => {
      const { range, 'if-range': ifRange } = request.headers
      const tag = tagOf(asked.length)
      const from = range !== undefined && ifRange === tag ? Number(/\d+/.exec(range)?.[0]) : 0
      asked.push([range, ifRange])
      response.writeHead(from > 0 ? 206 : 200, {
        etag: tag,
        'content-length': file.length - from,
        ...(from > 0 && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
      })
      const rest = file.subarray(from)
      if (rest.length <= PART) response.end(rest)
      else breakAfter(response, rest.subarray(0, PART))
    }

  const read = async (url: string, breaks?: number) => {
    const parts: Uint8Array[] = []
    for await (const part of download(client(), url, { ...(breaks !== undefined && { breaks }) })) parts.push(part)
    return Buffer.concat(parts)
  }

  it('goes on where it was', async () => {
    const asked: unknown[] = []
    const url = await serverOf(ranged(asked, () => '"a"'))
    expect((await read(url)).equals(file)).toBe(true)
    expect(asked).toEqual([
      [undefined, undefined],
      ['bytes=3000-', '"a"'],
      ['bytes=6000-', '"a"'],
      ['bytes=9000-', '"a"'],
    ])
  })

  it('is put together of one file only', async () => {
    const url = await serverOf(ranged([], (request) => (request === 0 ? '"a"' : '"b"')))
    await expect(read(url)).rejects.toThrow('The file has changed while it was read: 3000 bytes are of the old one.')
  })

  it('ends with the error where nothing says which file it is, or it breaks too often', async () => {
    const asked: unknown[] = []
    await expect(read(await serverOf(ranged(asked, () => 'W/"a"')))).rejects.toThrow('terminated')
    expect(asked).toHaveLength(1)
    await expect(read(await serverOf(ranged(asked, () => '"a"')), 1)).rejects.toThrow('terminated')
    expect(asked).toHaveLength(3)
  })
})

describe('a stream of events that breaks off', () => {
  it('goes on after the last event, through an answer that fails, until the server has no more', async () => {
    const asked: unknown[] = []
    const url = await serverOf((request, response) => {
      const last = request.headers['last-event-id']
      asked.push(last)
      if (asked.length === 2) response.writeHead(503).end()
      else if (last === '3') response.writeHead(204).end()
      else {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        if (last === undefined)
          breakAfter(response, 'retry: 1\nid: 1\ndata: one\n\nid: 2\ndata: two\n\nid: 3\ndata: bro')
        else response.end('id: 3\ndata: three\n\n')
      }
    })
    const seen: string[] = []
    const source = eventSourceOver(client(), url)
    source.onmessage = ({ data }) => seen.push(data)
    await new Promise<void>((resolve) => {
      source.onerror = () => source.readyState === source.CLOSED && resolve()
    })
    expect(seen).toEqual(['one', 'two', 'three'])
    expect(asked).toEqual([undefined, '2', '2', '3'])
  })

  it('is asked for again when it has become silent', async () => {
    const asked: unknown[] = []
    const url = await serverOf((request, response) => {
      const last = request.headers['last-event-id']
      asked.push(last)
      if (last === '1') response.writeHead(204).end()
      else response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 1\nid: 1\ndata: one\n\n')
    })
    const source = eventSourceOver(client(), url, 20)
    await new Promise<void>((resolve) => {
      source.onerror = () => source.readyState === source.CLOSED && resolve()
    })
    expect(new Set(asked)).toEqual(new Set([undefined, '1']))
  })
})
