import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'

/** A reply that a server is asked for: it stands in the URL of the request. */
export interface Script {
  readonly status?: number
  readonly statusText?: string
  readonly headers?: readonly (readonly [string, string])[]
  /** The text of the body; without it, what arrived is written back. */
  readonly text?: string
  /** The number of times that the text is written. */
  readonly times?: number
  /** Codings that are applied to the body, the first one first. */
  readonly codings?: readonly string[]
  /** The value of `content-encoding`, where it is not the codings. */
  readonly claimed?: string
  /** Bytes of the body that are sent before the connection breaks. */
  readonly breaksAfter?: number
  /** Pieces that the body is sent in. */
  readonly pieces?: number
  /** The script of the request to which a redirect sends, and the origin that it names. */
  readonly next?: Script
  readonly nextAt?: 'same' | 'other'
  readonly location?: string
}

/** A request as it arrived. */
export interface Arrived {
  readonly method: string
  readonly url: string
  readonly headers: readonly string[]
  readonly body: string
}

const CODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes),
  'x-gzip': (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  'deflate-raw': (bytes) => deflateRawSync(bytes),
  // The best that it can do takes a hundred times as long.
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: (bytes) => zstdCompressSync(bytes),
}

/** Two origins that reply as they are told, and remember what arrived. */
export class ScriptedServer {
  readonly arrived: Arrived[] = []
  readonly sockets = new Set<Socket>()
  connections = 0
  readonly #server = createServer(
    (request, response) => void this.#reply(request, response).catch(() => response.destroy()),
  )
  /** Called for a path that is no script. */
  onPath: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end()

  async listen(): Promise<this> {
    this.#server.on('connection', (socket) => {
      this.connections++
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
    await new Promise<void>((resolve) => this.#server.listen(0, '0.0.0.0', resolve))
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Another name of the same server: another origin. */
  get other(): string {
    return `http://localhost:${this.port}`
  }

  url(script: Script, origin = this.origin): string {
    return `${origin}/script?${encodeURIComponent(JSON.stringify(script))}`
  }

  async #reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.origin)
    if (url.pathname !== '/script') return this.onPath(request, response)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    // The boundary of a form is chance. After a redirect, the built-in fetch makes another in the body than the header says.
    const boundaries = /----formdata-(?:undici-\d+|holdfast-[\w-]{36})/g
    const body = Buffer.from(Buffer.concat(chunks).toString('latin1').replaceAll(boundaries, 'BOUNDARY'), 'latin1')
    const { method = '' } = request
    this.arrived.push({ method, url: request.url ?? '', headers: request.rawHeaders, body: body.toString('latin1') })
    const script = JSON.parse(decodeURIComponent(url.search.slice(1))) as Script
    await write(response, script, this.#locationOf(script, request), body)
  }

  #locationOf({ next, nextAt, location }: Script, request: IncomingMessage): string | undefined {
    if (location !== undefined) return location
    if (next === undefined) return undefined
    const isAtOther = request.headers.host?.startsWith('localhost') === true
    return this.url(next, (nextAt === 'other') === isAtOther ? this.origin : this.other)
  }
}

async function write(response: ServerResponse, script: Script, location: string | undefined, echoed: Buffer) {
  const { status = 200, statusText, headers = [], codings = [], claimed, breaksAfter, pieces = 1 } = script
  const plain = script.text === undefined ? echoed : Buffer.from(script.text.repeat(script.times ?? 1))
  const body = codings.reduce((bytes, coding) => CODERS[coding]?.(bytes) ?? bytes, plain)
  const named = claimed ?? codings.map((coding) => coding.replace('-raw', '')).join(', ')
  const all = [
    ...headers,
    ...(named === '' ? [] : [['content-encoding', named]]),
    ...(location === undefined ? [] : [['location', location]]),
  ]
  response.sendDate = false
  response.writeHead(status, statusText ?? 'Fine', all.flat() as string[])
  response.flushHeaders()
  if (breaksAfter !== undefined) {
    await new Promise((resolve) => response.write(body.subarray(0, breaksAfter), resolve))
    response.destroy()
    return
  }
  const size = Math.ceil(body.length / pieces)
  for (let at = 0; at < body.length; at += size) {
    await new Promise((resolve) => response.write(body.subarray(at, at + size), resolve))
  }
  response.end()
}

/** A port at which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = await new ScriptedServer().listen()
  const { port } = server
  await server.close()
  return port
}
