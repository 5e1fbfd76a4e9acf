import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { selfSigned } from './self-signed.ts'

// RFC 9113, sections 6 and 7.
const TYPE = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7 } as const
const END_STREAM = 1
const ACK = 1
const END_HEADERS = 4
const PREFACE = 24
const HEAD = 9
export const CODE = { NO_ERROR: 0, INTERNAL_ERROR: 2, REFUSED_STREAM: 7, CANCEL: 8, ENHANCE_YOUR_CALM: 11 } as const
export type Code = keyof typeof CODE

// RFC 7541, appendix A: `:status: 200`, and the places of `:status` and `content-length`.
const STATUS_200 = Buffer.from([0x88])
const statusOf = (status: number) => (status === 200 ? STATUS_200 : Buffer.from(`\x08\x03${status}`, 'latin1'))
const lengthOf = (length: number) =>
  Buffer.from(`\x0f\x0d${String.fromCharCode(`${length}`.length)}${length}`, 'latin1')

/** One request of a connection, whose answer is written frame by frame: Node's own server ends a stream before it resets it. */
export class RawStream {
  readonly #socket: Socket
  readonly #id: number

  constructor(socket: Socket, id: number) {
    this.#socket = socket
    this.#id = id
  }

  head(status: number, length?: number): this {
    const block = length === undefined ? statusOf(status) : Buffer.concat([statusOf(status), lengthOf(length)])
    return this.#write(TYPE.headers, END_HEADERS, block)
  }

  data(text: string, isLast = false): this {
    return this.#write(TYPE.data, isLast ? END_STREAM : 0, Buffer.from(text))
  }

  reset(code: Code): this {
    return this.#write(TYPE.reset, 0, numbers(CODE[code]))
  }

  /** Takes no streams after that one on this connection any more. */
  goAway(code: Code, last: number): this {
    this.#socket.write(frame(TYPE.goAway, 0, 0, numbers(last, CODE[code])))
    return this
  }

  hangUp(): void {
    this.#socket.destroy()
  }

  #write(type: number, flags: number, payload: Buffer): this {
    this.#socket.write(frame(type, flags, this.#id, payload))
    return this
  }
}

/** A server that takes HTTP/2 and leaves the answer to each request to `onRequest`, once all of it has come. */
export class RawHttp2Server {
  onRequest: (stream: RawStream, requests: number) => void = () => {}
  requests = 0
  readonly #sockets = new Set<TLSSocket>()
  readonly #server = createServer({ ...selfSigned, ALPNProtocols: ['h2'] }, (socket) => {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    this.#serve(socket)
  })

  async listen(): Promise<void> {
    await once(this.#server.listen(0), 'listening')
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((closed) => this.#server.close(closed))
  }

  get origin(): string {
    return `https://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  #serve(socket: TLSSocket): void {
    let bytes = Buffer.alloc(0)
    let isGreeted = false
    socket.write(frame(TYPE.settings, 0, 0))
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      if (!isGreeted && bytes.length >= PREFACE) {
        bytes = bytes.subarray(PREFACE)
        isGreeted = true
      }
      while (isGreeted && bytes.length >= HEAD && bytes.length >= HEAD + bytes.readUIntBE(0, 3)) {
        const end = HEAD + bytes.readUIntBE(0, 3)
        this.#take(socket, bytes.subarray(0, end))
        bytes = bytes.subarray(end)
      }
    })
  }

  #take(socket: TLSSocket, bytes: Buffer): void {
    const [type, flags, id] = [bytes.readUInt8(3), bytes.readUInt8(4), bytes.readUInt32BE(5)]
    if ((type === TYPE.settings || type === TYPE.ping) && (flags & ACK) === 0)
      socket.write(frame(type, ACK, 0, type === TYPE.ping ? bytes.subarray(HEAD) : undefined))
    const isLast = (type === TYPE.headers || type === TYPE.data) && (flags & END_STREAM) !== 0
    if (isLast) this.onRequest(new RawStream(socket, id), ++this.requests)
  }
}

function frame(type: number, flags: number, id: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(HEAD)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(id, 5)
  return Buffer.concat([head, payload])
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, 4 * at)
  return bytes
}
