import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that can fail in every way a back end fails, and that knows what it has really done. */
export interface Backend extends AsyncDisposable {
  readonly port: number
  /** The tally of the requests that carried this `x-request-id`. */
  tally(id: string): Readonly<Tally>
}

/** The fate of all requests of one id. */
export interface Tally {
  /** Number of those that arrived, those turned away included. */
  arrived: number
  /** Number of times that the work was done. */
  executed: number
  /** Number of those that were turned away. */
  refused: number
  /** Number of those that came back sooner than the `Retry-After` that it had been sent. */
  early: number
  /** Number of those that came over a client's connection that had carried another before, by the proxy's word. */
  reused: number
  /** Monotonic milliseconds before which the client was told not to come back. */
  notBefore: number
}

type Way = (query: URLSearchParams, response: ServerResponse, tally: Tally) => void

const ways: { readonly [path: string]: Way } = {
  '/work': (_, response, tally) => done(response, tally),

  '/die': (_, response, tally) => {
    tally.executed++
    response.destroy()
  },

  '/slow': (query, response, tally) => {
    tally.executed++
    const timer = setTimeout(() => reply(response, 200, { executed: tally.executed }), Number(query.get('ms')))
    response.on('close', () => clearTimeout(timer))
  },

  // Promises more than it sends.
  '/trunc': (query, response, tally) => {
    const status = Number(query.get('status') ?? 200)
    if (status < 400) tally.executed++
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': 200 })
    response.write(`{"message":"${'.'.repeat(90)}`, () => response.destroy())
  },

  '/not-http': (_, response, tally) => {
    tally.executed++
    response.socket?.end('220 mail.example ESMTP ready\r\n')
  },

  // Turns the first `times` requests of an id away, undone.
  '/refuse': (query, response, tally) => {
    if (tally.refused >= Number(query.get('times') ?? 1)) return done(response, tally)
    tally.refused++
    const { header, ms } = retryAfter(query.get('after') ?? '')
    tally.notBefore = performance.now() + ms
    reply(response, Number(query.get('status') ?? 503), { message: 'not now' }, { 'retry-after': header })
  },
}

/** The header for a word of the query, and the milliseconds that it asks for; 0 where it asks for nothing sensible. */
function retryAfter(word: string): { readonly header: string; readonly ms: number } {
  const now = Date.now()
  if (word === 'past') return { header: new Date(0).toUTCString(), ms: 0 }
  if (word === 'date') {
    const date = Math.ceil(now / 1000) * 1000
    return { header: new Date(date).toUTCString(), ms: date - now }
  }
  return { header: word, ms: Number(word) >= 0 ? Number(word) * 1000 : 0 }
}

function done(response: ServerResponse, tally: Tally) {
  tally.executed++
  reply(response, 200, { executed: tally.executed })
}

function reply(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>> = {}) {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length, ...headers })
  response.end(text)
}

/** Starts the back end on a free loopback port. */
export async function startBackend(): Promise<Backend> {
  const tallies = new Map<string, Tally>()
  const tallyOf = (id: string) => {
    const known = tallies.get(id)
    if (known !== undefined) return known
    const tally = { arrived: 0, executed: 0, refused: 0, early: 0, reused: 0, notBefore: 0 }
    tallies.set(id, tally)
    return tally
  }
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://backend')
    // Work is done only for a request that has arrived whole.
    await request.resume().toArray()
    const tally = tallyOf(String(request.headers['x-request-id']))
    tally.arrived++
    if (request.headers['x-reused'] === '1') tally.reused++
    if (performance.now() < tally.notBefore) tally.early++
    const way = ways[pathname]
    if (way === undefined) reply(response, 404, { message: 'no such path' })
    else way(searchParams, response, tally)
  })
  // Longer than any proxy keeps a connection, so that only the proxies' own keep-alive is at stake.
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    tally: (id) => tallyOf(id),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
