import { type Bounds, type Head, readHead } from './head.ts'
import { type BodyRest, hasBody, readerOf, withBody } from './replayed-response.ts'

/** The beginning of a body. It must be passed on or given up, or its socket stays in use. */
export interface BodyReading {
  /** The text that was read. */
  readonly text: string
  /** False if the body goes on, was cut off, or took too long. */
  readonly complete: boolean
  /** True if reading stopped because a success was recognized. */
  readonly isFine: boolean
  /** True if the vendor's sniff has recognized a success, also if more was read for the user. */
  readonly isFineToVendor: boolean
  /** True if the time ran out. */
  readonly late: boolean
  /** The error that the body failed with, if it failed. */
  readonly broken: unknown
  /** The reply with its whole body. The reading cannot be used after this. */
  passOn(): Response
  /** The reply with its whole body, for one reader. */
  live(): Response
  /** The reply with the part of its body that was read; the rest is given up. */
  buffered(): Response
  /** Gives up the rest, which nobody reads, and with it the socket. */
  giveUp(): void
}

/** Limits and callback of a reading. */
export interface ReadOptions extends Bounds {
  /** Called when the body that is passed on has ended. */
  readonly onEnd?: (() => void) | undefined
}

/** Reads the beginning of a reply's body within bounds. @throws the signal's reason, or what `sniff` throws. */
export function readBody(response: Response, options: ReadOptions): Promise<BodyReading> {
  if (response.body === undefined && options.bytes > 0) return readArrived(response, options)
  if (!hasBody(response) || response.body === null) {
    options.onEnd?.()
    return Promise.resolve(asRead(response, true))
  }
  const reader = readerOf(response.body)
  const giveUp = (thrown: unknown): never => {
    void reader.cancel(thrown).catch(() => {})
    options.onEnd?.()
    throw thrown
  }
  return readHead(reader, options).then(
    (head) => (options.signal?.aborted ? giveUp(options.signal.reason) : new Reading(response, head, options)),
    giveUp,
  )
}

/** Reads the body of a reply without a stream, as React Native makes them: all of it has arrived before `fetch` resolves. */
async function readArrived(response: Response, { bytes, onEnd }: ReadOptions): Promise<BodyReading> {
  try {
    const text = await response.clone().text()
    return { ...asRead(response, text.length <= bytes), text: text.slice(0, bytes) }
  } catch (broken) {
    return { ...asRead(response, false), broken }
  } finally {
    onEnd?.()
  }
}

/** A body of which the beginning was read. */
class Reading implements BodyReading {
  readonly complete: boolean
  readonly isFine: boolean
  readonly isFineToVendor: boolean
  readonly late: boolean
  readonly broken: unknown
  readonly #response: Response
  readonly #chunks: Head['chunks']
  /** Absent if the body has ended. */
  readonly #rest: BodyRest | undefined
  readonly #idle: number | undefined
  readonly #onEnd: (() => void) | undefined
  #text: string | undefined
  #isPassedOn = false

  constructor(response: Response, { chunks, stop, isFine, broken, rest }: Head, { idle, onEnd }: ReadOptions) {
    this.complete = stop === 'done'
    this.isFine = stop === 'fine'
    this.isFineToVendor = isFine
    this.late = stop === 'late'
    this.broken = broken
    this.#response = response
    this.#chunks = chunks
    this.#idle = idle
    if (stop === 'done') {
      // Not kept: it holds the attempt, and errors hold the reading. The errors of refused logins live as long as the process.
      onEnd?.()
    } else {
      // After a break, reading on throws the same error.
      this.#rest = rest
      this.#onEnd = onEnd
    }
  }

  get text(): string {
    this.#text ??= textOfChunks(this.#chunks)
    return this.#text
  }

  passOn(): Response {
    return this.#whole(this.#chunks)
  }

  live(): Response {
    return this.#whole(this.#copies())
  }

  buffered(): Response {
    this.giveUp()
    return withBody(this.#response, { head: this.#copies() })
  }

  giveUp(): void {
    if (this.#rest === undefined || this.#isPassedOn) return
    void this.#rest.cancel().catch(() => {})
    this.#onEnd?.()
  }

  #whole(head: Head['chunks']): Response {
    this.#isPassedOn = true
    const rest = this.#rest
    return withBody(this.#response, { head, ...(rest && { rest, idle: this.#idle, onEnd: this.#onEnd }) })
  }

  /** Copies, because passing bytes on transfers their memory. */
  #copies(): Head['chunks'] {
    return this.#chunks.map((chunk) => chunk.slice())
  }
}

/** A reading of a reply without a body, or whose body somebody else has read. */
export function asRead(response: Response, complete: boolean): BodyReading {
  const given = () => response
  const found = { text: '', complete, isFine: false, isFineToVendor: false, late: false, broken: undefined }
  return { ...found, passOn: given, live: given, buffered: given, giveUp: () => {} }
}

const newDecoder = () => new TextDecoder('utf-8', { ignoreBOM: true })

// Making a decoder takes longer than decoding a body of one chunk, as most are. A whole body leaves no state in it.
let decoderOfWhole: TextDecoder | undefined

function wholeDecoder(): TextDecoder {
  decoderOfWhole ??= newDecoder()
  return decoderOfWhole
}

/** The text of the chunks of a body. */
export function textOfChunks(chunks: readonly Uint8Array[]): string {
  // Given a text in parts, of which one begins with broken bytes, Node.js's decoder also drops a byte order mark within the text.
  const decoder = chunks.length === 1 ? wholeDecoder() : newDecoder()
  const last = chunks.length - 1
  // The last part is decoded as such: with `stream`, Node.js 22 takes four times as long.
  const text = chunks.map((chunk, at) => decoder.decode(chunk, { stream: at < last })).join('')
  return text.startsWith('\ufeff') ? text.slice(1) : text
}
