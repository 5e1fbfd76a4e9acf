import { type Bounds, type Head, readHead } from './head.ts'
import { type BodyRest, hasBody, readerOf, withBody } from './replayed-response.ts'

/** The beginning of a body. It is to be passed on or given up, or its socket stays taken. */
export interface BodyReading {
  /** The text that was read. */
  readonly text: string
  /** False if the body goes on, was cut off, or took too long. */
  readonly complete: boolean
  /** True if what was read tells a success, to whoever asked for it. */
  readonly isFine: boolean
  /** True if it tells one to the vendor, though it was read on for the user. */
  readonly isFineToVendor: boolean
  /** True if the time ran out. */
  readonly late: boolean
  /** The error that the body failed with, if it failed. */
  readonly broken: unknown
  /** The reply with its body as if nobody had looked; nothing is to be had of the reading any more. */
  passOn(): Response
  /** The reply with its body as if nobody had looked, for one reader. */
  live(): Response
  /** The reply with what was read of its body; the rest is given up. */
  buffered(): Response
  /** Gives up a rest that nobody reads, and with it the socket. */
  giveUp(): void
}

/** Limits of the reading, and the callbacks to tell of it. */
export interface ReadOptions extends Bounds {
  /** Called when the body that is passed on has ended. */
  readonly onEnd?: (() => void) | undefined
}

/** Reads the beginning of a reply's body within bounds. @throws the signal's reason, or what `sniff` throws. */
export function readBody(response: Response, options: ReadOptions): Promise<BodyReading> {
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
      // It holds the attempt, and errors hold the reading: those of refused logins for as long as the process lives.
      onEnd?.()
    } else {
      // Whoever reads on after a break meets the same error.
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

  /** Passing bytes on takes their memory away. */
  #copies(): Head['chunks'] {
    return this.#chunks.map((chunk) => chunk.slice())
  }
}

/** A reply of which nothing is read here: it has no body, or somebody else has read it. */
export function asRead(response: Response, complete: boolean): BodyReading {
  const given = () => response
  const found = { text: '', complete, isFine: false, isFineToVendor: false, late: false, broken: undefined }
  return { ...found, passOn: given, live: given, buffered: given, giveUp: () => {} }
}

const newDecoder = () => new TextDecoder('utf-8', { ignoreBOM: true })

// Most bodies come in one chunk, and making a decoder takes longer than decoding such a one. Whole bodies leave nothing in it.
let decoderOfWhole: TextDecoder | undefined

function wholeDecoder(): TextDecoder {
  decoderOfWhole ??= newDecoder()
  return decoderOfWhole
}

/** The text of the chunks of a body. */
export function textOfChunks(chunks: readonly Uint8Array[]): string {
  // Node.js's decoder loses the mark in mid-text, too, where it is given the text in parts and one begins with broken bytes.
  const decoder = chunks.length === 1 ? wholeDecoder() : newDecoder()
  const last = chunks.length - 1
  // Node.js 22 takes four times as long to decode what is not the end of a text.
  const text = chunks.map((chunk, at) => decoder.decode(chunk, { stream: at < last })).join('')
  return text.startsWith('\ufeff') ? text.slice(1) : text
}
