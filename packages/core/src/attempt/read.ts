import { type Bounds, readHead } from './head.ts'
import { hasBody, withBody } from './replayed-response.ts'

/** The beginning of a body. It is to be passed on or given up, or its socket stays taken. */
export interface BodyReading {
  /** The text that was read. */
  readonly text: string
  /** False if the body goes on, was cut off, or took too long. */
  readonly complete: boolean
  /** True if what was read tells a success. */
  readonly isFine: boolean
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
export async function readBody(response: Response, options: ReadOptions): Promise<BodyReading> {
  const { signal, idle } = options
  let { onEnd } = options
  if (!hasBody(response) || response.body === null) {
    onEnd?.()
    return { ...NOTHING, passOn: () => response, live: () => response, buffered: () => response, giveUp: () => {} }
  }
  const reader = response.body.getReader()
  const giveUp = (reason?: unknown) => {
    void reader.cancel(reason).catch(() => {})
    onEnd?.()
  }
  const { chunks, stop, broken, rest } = await readHead(reader, options).catch((thrown: unknown) => {
    giveUp(thrown)
    throw thrown
  })
  if (signal?.aborted) {
    giveUp(signal.reason)
    throw signal.reason
  }
  if (stop === 'done') {
    onEnd?.()
    // It holds the attempt, and errors hold the reading: those of refused logins for as long as the process lives.
    onEnd = undefined
  }
  // Whoever reads on after a break meets the same error.
  const goesOn = stop !== 'done'
  let text: string | undefined
  let isRead = false
  // Passing bytes on takes their memory away.
  const copies = () => chunks.map((chunk) => chunk.slice())
  const whole = (head: readonly Uint8Array<ArrayBuffer>[]) => {
    isRead = true
    return withBody(response, { head, ...(goesOn && { rest, idle, onEnd }) })
  }
  const giveUpRest = () => (goesOn && !isRead ? giveUp() : undefined)
  return {
    get text() {
      text ??= textOfChunks(chunks)
      return text
    },
    complete: stop === 'done',
    isFine: stop === 'fine',
    late: stop === 'late',
    broken,
    passOn: () => whole(chunks),
    live: () => whole(copies()),
    buffered() {
      giveUpRest()
      return withBody(response, { head: copies() })
    },
    giveUp: giveUpRest,
  }
}

const NOTHING = { text: '', complete: true, isFine: false, late: false, broken: undefined } as const

/** The text of the chunks of a body. */
export function textOfChunks(chunks: readonly Uint8Array[]): string {
  // Node.js's decoder loses the mark in mid-text, too, where it is given the text in parts and one begins with broken bytes.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const last = chunks.length - 1
  // Node.js 22 takes four times as long to decode what is not the end of a text.
  const text = chunks.map((chunk, at) => decoder.decode(chunk, { stream: at < last })).join('')
  return text.startsWith('\ufeff') ? text.slice(1) : text
}
