import { Readable } from 'node:stream'
import type { Head } from './exchange.ts'
import type { ReplyBody } from './reply-body.ts'

/** Further facts about a reply. */
export interface ReplyFacts {
  readonly head: Head
  readonly url: URL
  readonly type: ResponseType
  readonly hasFollowed: boolean
}

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>

const utf8 = new TextDecoder()

/**
 * A `Response` with a `url` and `redirected`, like one of `fetch`. Its stream is made on demand: most bodies are read as a whole, and
 * making and reading streams is a large part of the cost of `fetch`.
 */
export class DispatchedResponse extends Response {
  readonly #facts: ReplyFacts
  readonly #body: ReplyBody | undefined
  #stream: Bytes | undefined
  #isTaken = false

  constructor(facts: ReplyFacts, headers: HeadersInit, body: ReplyBody | Bytes | undefined) {
    super(null, { ...lineOf(facts.head), headers })
    this.#facts = facts
    if (body instanceof ReadableStream) this.#stream = body
    else this.#body = body
    const { status, statusText } = facts.head
    if (status === this.status && statusText === this.statusText) return
    Object.defineProperties(this, { status: { value: status }, statusText: { value: statusText } })
    if (status > 599) Object.defineProperty(this, 'ok', { value: false })
  }

  override get url(): string {
    const { href, hash } = this.#facts.url
    return hash === '' ? href : href.slice(0, -hash.length)
  }

  override get redirected(): boolean {
    return this.#facts.hasFollowed
  }

  override get type(): ResponseType {
    return this.#facts.type
  }

  override get body(): Bytes | null {
    if (this.#stream === undefined && this.#body !== undefined) {
      this.#stream = (this.#isTaken ? takenStream() : new ReadableStream(this.#body)) as Bytes
      if (!this.#isTaken) this.#body.watchStream(this.#stream)
    }
    return this.#stream ?? null
  }

  override get bodyUsed(): boolean {
    return this.#isTaken || (this.#stream !== undefined && Readable.isDisturbed(this.#stream as unknown as Readable))
  }

  override async text(): Promise<string> {
    return utf8.decode(await this.#whole())
  }

  override async json(): Promise<unknown> {
    return JSON.parse(utf8.decode(await this.#whole()))
  }

  override async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    // A copy, because a chunk shares its memory with others.
    return new Uint8Array(await this.#whole())
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer
  }

  override async blob(): Promise<Blob> {
    return this.#plain().blob()
  }

  override async formData(): Promise<FormData> {
    return this.#plain().formData()
  }

  override clone(): Response {
    if (this.bodyUsed || this.#stream?.locked) throw used()
    const [kept, given] = this.body?.tee() ?? []
    this.#stream = kept as Bytes | undefined
    return new DispatchedResponse(this.#facts, this.headers, given as Bytes | undefined)
  }

  async #whole(): Promise<Uint8Array> {
    if (this.bodyUsed || this.#stream?.locked) throw used()
    if (this.#stream !== undefined) return new Uint8Array(await new Response(this.#stream).arrayBuffer())
    if (this.#body === undefined) return new Uint8Array()
    this.#isTaken = true
    const chunks = await this.#body.all()
    return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)
  }

  #plain(): Response {
    if (this.bodyUsed || this.#stream?.locked) throw used()
    return new Response(this.body, { headers: this.headers })
  }
}

const used = () => new TypeError('Body is unusable: Body has already been read')

/** The stream of a body that was read as a whole. */
function takenStream(): ReadableStream {
  const stream = new ReadableStream({ start: (controller) => controller.close() })
  stream.getReader()
  return stream
}

// A received `Response` may have a status and a status text with which none can be made.
function lineOf({ status, statusText }: Head): ResponseInit {
  return {
    ...(status <= 599 && { status }),
    ...(/^[\t -~\x80-\xff]*$/.test(statusText) && { statusText }),
  }
}
