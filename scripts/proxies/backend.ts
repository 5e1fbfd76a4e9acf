import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that can fail in every way a back end fails, and that knows what it has really done. */
export interface Backend extends AsyncDisposable {
  readonly port: number
  /** The counts of the requests that carried this `x-request-id`. */
  counts(id: string): Readonly<RequestCounts>
  /** Lets everything be answered that comes to `/held`. */
  release(): void
}

/** The fate of all requests of one id. */
export interface RequestCounts {
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
  /** Monotonic milliseconds before which the client was told not to send again. */
  notBefore: number
}

type Handler = (
  query: URLSearchParams,
  response: ServerResponse,
  counts: RequestCounts,
  released: Promise<void>,
) => void

const handlers: { readonly [path: string]: Handler } = {
  '/work': (_, response, counts) => done(response, counts),

  '/die': (_, response, counts) => {
    counts.executed++
    response.destroy()
  },

  '/slow': (query, response, counts) => {
    counts.executed++
    const timer = setTimeout(() => reply(response, 200, { executed: counts.executed }), Number(query.get('ms')))
    response.on('close', () => clearTimeout(timer))
  },

  '/held': async (_, response, counts, released) => {
    counts.executed++
    await released
    reply(response, 200, { executed: counts.executed })
  },

  // Promises more than it sends.
  '/trunc': (query, response, counts) => {
    const status = Number(query.get('status') ?? 200)
    if (status < 400) counts.executed++
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': 200 })
    response.write(`{"message":"${'.'.repeat(90)}`, () => response.destroy())
  },

  '/not-http': (_, response, counts) => {
    counts.executed++
    response.socket?.end('220 mail.example ESMTP ready\r\n')
  },

  // Turns the first `times` requests of an id away, undone.
  '/refuse': (query, response, counts) => {
    if (counts.refused >= Number(query.get('times') ?? 1)) return done(response, counts)
    counts.refused++
    const { header, ms } = retryAfter(query.get('after') ?? '')
    counts.notBefore = performance.now() + ms
    reply(response, Number(query.get('status') ?? 503), { message: 'not now' }, { 'retry-after': header })
  },
}

/** The header for a word of the query, and the milliseconds that it asks for; 0 where it asks for nothing sensible. */
function retryAfter(form: string): { readonly header: string; readonly ms: number } {
  const now = Date.now()
  if (form === 'past') return { header: new Date(0).toUTCString(), ms: 0 }
  if (form === 'date') {
    const date = Math.ceil(now / 1000) * 1000
    return { header: new Date(date).toUTCString(), ms: date - now }
  }
  return { header: form, ms: Number(form) >= 0 ? Number(form) * 1000 : 0 }
}

function done(response: ServerResponse, counts: RequestCounts) {
  counts.executed++
  reply(response, 200, { executed: counts.executed })
}

function reply(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>> = {}) {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length, ...headers })
  response.end(text)
}

/** Starts the back end on a free loopback port. */
export async function startBackend(): Promise<Backend> {
  const countsById = new Map<string, RequestCounts>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const countsOf = (id: string) => {
    const known = countsById.get(id)
    if (known !== undefined) return known
    const counts = { arrived: 0, executed: 0, refused: 0, early: 0, reused: 0, notBefore: 0 }
    countsById.set(id, counts)
    return counts
  }
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://backend')
    // Work is done only for a request that has arrived whole.
    await request.resume().toArray()
    const counts = countsOf(String(request.headers['x-request-id']))
    counts.arrived++
    if (request.headers['x-reused'] === '1') counts.reused++
    if (performance.now() < counts.notBefore) counts.early++
    const handler = handlers[pathname]
    if (handler === undefined) reply(response, 404, { message: 'no such path' })
    else handler(searchParams, response, counts, released)
  })
  // Longer than any proxy keeps a connection, so that only the proxies' own keep-alive is at stake.
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    counts: (id) => countsOf(id),
    release,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
