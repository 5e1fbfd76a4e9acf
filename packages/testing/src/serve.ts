import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequest, sendResponse } from '@remix-run/node-fetch-server'
import { getResponse, isPassthroughResponse, type RequestHandler } from 'msw'
import { checkHandlers } from './handlers.ts'
import { targetOf } from './serve-target.ts'

/** Options of {@link serve}. */
export interface ServeOptions {
  /** @default 0, any free port */
  readonly port?: number
  /** @default '127.0.0.1' */
  readonly host?: string
  /** The origin that handlers see, for handlers with absolute URLs: `https://vc.example`. @default the server's own */
  readonly as?: string
}

/** A server with real sockets. */
export interface RunningServer extends AsyncDisposable {
  /** `http://127.0.0.1:port`, without a slash at its end. */
  readonly url: string
  /** Puts handlers before all others. */
  use(...handlers: readonly RequestHandler[]): void
  /** Goes back to the handlers given to `serve`. */
  resetHandlers(): void
  /** Stops listening and cuts every connection. */
  close(): Promise<void>
}

/**
 * Serves MSW handlers on a real socket, for clients that no interception reaches and for faults that need a connection.
 *
 * A dropped connection (`drop()`, `HttpResponse.error()`) destroys the socket. A request that no handler answers gets a 404 that says so,
 * and one that cannot be given to handlers (`TRACE`, `CONNECT`, a malformed or overlong target) gets 400, 414 or 501.
 *
 * @throws {TypeError} if no handlers are given.
 *
 * @example
 * await using server = await serve(vcenter().handlers) // from '@holdfast/vsphere/simulator'
 * await fetch(`${server.url}/api/vcenter/vm`)
 */
export async function serve(handlers: readonly RequestHandler[], options: ServeOptions = {}): Promise<RunningServer> {
  checkHandlers(handlers)
  const { port = 0, host = '127.0.0.1', as } = options
  let current = [...handlers]
  // Only the client closes idle connections: if the server did while one is used again, that would look like a fault.
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, outgoing) => {
    // No request may end the process, in which other tests run.
    answer(incoming, outgoing).catch(() => outgoing.destroy())
  })
  server.on('connect', (_, socket) => {
    socket.on('error', () => {})
    socket.end('HTTP/1.1 501 Not Implemented\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
  })
  const url = await listen(server, port, host)
  const seen = new URL(as ?? url)

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const target = targetOf(incoming)
    if (typeof target === 'number') return void outgoing.writeHead(target).end()
    incoming.url = target
    const request = createRequest(incoming, outgoing, { host: seen.host, protocol: seen.protocol })
    const response = await respond(current, request, seen.origin)
    // The client may have disconnected meanwhile.
    if (outgoing.destroyed) return
    if (response.type === 'error') outgoing.destroy()
    else await sendResponse(outgoing, response)
  }

  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    url,
    use(...added) {
      current = [...added, ...current]
    },
    resetHandlers() {
      current = [...handlers]
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}

async function respond(handlers: RequestHandler[], request: Request, baseUrl: string): Promise<Response> {
  try {
    const response = await getResponse(handlers, request, { baseUrl })
    return response === undefined || isPassthroughResponse(response) ? unmatched(request) : response
  } catch (error) {
    const { origin, pathname } = new URL(request.url)
    return text(500, `A handler threw on ${request.method} ${origin}${pathname}: ${wordsOf(error)}\n`)
  }
}

/** The text of what a handler has thrown, which may be anything. */
function wordsOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'something without a text'
  }
}

const unmatched = (request: Request) =>
  text(404, `No handler takes ${request.method} ${new URL(request.url).pathname}.\n`)

const text = (status: number, body: string) =>
  new Response(body, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })
