import type { Sniff } from '../contract/vendor.ts'
import { Deadline } from './deadline.ts'
import type { BodyRest } from './replayed-response.ts'

/** Limits of size and time on reading a body. */
export interface Bounds {
  /** Bytes after which reading stops. */
  readonly bytes: number
  /** Tells a success by its beginning: reading stops there. Nothing is read beyond what it needs. */
  readonly sniff?: Sniff
  /** Milliseconds after which reading stops. */
  readonly ms: number
  /** Stops reading at once. */
  readonly signal?: AbortSignal | null | undefined
  /** Milliseconds without a byte after which reading stops; it holds for the body that is passed on, too. */
  readonly idle?: number | undefined
}

/** The end of a reading: the body ended, enough was read, time ran out, the body failed, or the caller gave up. */
export type Stop = 'done' | 'full' | 'fine' | 'late' | 'broken' | 'aborted'

/** The beginning of a body, and how to get at the rest. */
export interface Head {
  readonly chunks: readonly Uint8Array<ArrayBuffer>[]
  readonly stop: Stop
  /** The error that the body failed with. */
  readonly broken: unknown
  readonly rest: BodyRest
}

/** Reads the beginning of a body within bounds. @throws what `sniff` throws. */
export async function readHead(reader: ReadableStreamDefaultReader<Uint8Array>, bounds: Bounds): Promise<Head> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const deadline = new Deadline(bounds.ms, bounds.signal)
  const silence = bounds.idle === undefined ? undefined : new Silence(bounds.idle, deadline)
  let { sniff } = bounds
  let size = 0
  let stop: Stop = 'full'
  let broken: unknown
  let asked: Promise<ReadableStreamReadResult<Uint8Array>> | undefined
  const take = (chunk: Uint8Array<ArrayBuffer>): boolean => {
    size += chunk.byteLength
    chunks.push(chunk)
    const finding = sniff?.(chunk)
    if (finding === 'fault') sniff = undefined
    return finding === 'fine'
  }
  try {
    while (size < bounds.bytes) {
      silence?.begin()
      asked = reader.read()
      let step: ReadableStreamReadResult<Uint8Array>
      try {
        step = await deadline.until(asked)
      } catch (thrown) {
        // What came before a break may be enough to know a failure by.
        stop = stopOf(bounds, deadline, silence)
        if (stop === 'broken') broken = thrown
        break
      }
      if (step.done) {
        stop = 'done'
        break
      }
      if (!take(step.value as Uint8Array<ArrayBuffer>)) continue
      stop = 'fine'
      break
    }
  } finally {
    deadline.release()
    silence?.end()
  }
  return { chunks, stop, broken, rest: stop === 'late' ? afterAsking(asked, reader) : reader }
}

const stopOf = ({ signal }: Bounds, { timedOut }: Deadline, silence: Silence | undefined): Stop =>
  signal?.aborted ? 'aborted' : timedOut || silence?.isOver ? 'late' : 'broken'

/** Gives a reading up after a time without a byte. */
class Silence {
  isOver = false
  readonly #ms: number
  readonly #deadline: Deadline
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ms: number, deadline: Deadline) {
    this.#ms = ms
    this.#deadline = deadline
  }

  begin(): void {
    this.end()
    this.#timer = setTimeout(() => {
      this.isOver = true
      this.#deadline.giveUp(undefined)
    }, this.#ms)
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}

/** The rest of a body whose next bytes have been asked for already. */
function afterAsking(
  asked: Promise<ReadableStreamReadResult<Uint8Array>> | undefined,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): BodyRest {
  let first = asked
  // Nobody need ever take it.
  first?.catch(() => {})
  return {
    read() {
      const next = first ?? reader.read()
      first = undefined
      return next
    },
    cancel: (reason) => reader.cancel(reason),
  }
}
