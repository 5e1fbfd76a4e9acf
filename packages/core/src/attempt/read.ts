import { type Bounds, readHead } from './head.ts'
import { hasBody, withBody } from './replayed-response.ts'

/** The beginning of a body. The reply is to be opened or sealed, or its socket stays taken. */
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
  /** The reply with its body as if nobody had looked. */
  live(): Response
  /** The reply with what was read of its body; the rest is given up, and its socket freed. */
  buffered(): Response
}

/** Limits of the reading, and the callbacks to tell of it. */
export interface ReadOptions extends Bounds {
  /** Called when the body that is passed on has ended. */
  readonly onEnd?: (() => void) | undefined
}

/** Reads the beginning of a reply's body within bounds. @throws the signal's reason, or what `sniff` throws. */
export async function readBody(response: Response, options: ReadOptions): Promise<BodyReading> {
  const { signal, idle, onEnd } = options
  if (!hasBody(response) || response.body === null) {
    onEnd?.()
    return { ...NOTHING, live: () => response, buffered: () => response }
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
  if (stop === 'done') onEnd?.()
  // Whoever reads on after a break meets the same error.
  const goesOn = stop !== 'done'
  let text: string | undefined
  return {
    get text() {
      text ??= decoded(chunks)
      return text
    },
    complete: stop === 'done',
    isFine: stop === 'fine',
    late: stop === 'late',
    broken,
    live() {
      // Passing bytes on takes them away; what is only a success's beginning nobody decodes.
      if (stop !== 'fine') text ??= decoded(chunks)
      return withBody(response, { head: chunks, ...(goesOn && { rest, idle, onEnd }) })
    },
    buffered() {
      if (goesOn) giveUp()
      // Copies, for a reply may be sealed for several readers.
      return withBody(response, { head: chunks.map((chunk) => chunk.slice()) })
    },
  }
}

const NOTHING = { text: '', complete: true, isFine: false, late: false, broken: undefined } as const

/** The text of the chunks of a body. */
export function decoded(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder()
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode()
}
