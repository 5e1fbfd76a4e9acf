import type { Sniff } from '../contract/vendor.ts'
import { Deadline } from './deadline.ts'
import type { BodyRest } from './replayed-response.ts'

/** Limits of size and time on reading a body. */
export interface Bounds {
  /** Bytes after which reading stops. */
  readonly bytes: number
  /** Recognizes a success by its beginning, where reading then stops. */
  readonly sniff?: Sniff
  /** True if reading does not stop there, because the user wants to see more. */
  readonly readsOn?: boolean
  /** Milliseconds after which reading stops. */
  readonly ms: number
  /** Stops reading at once. */
  readonly signal?: AbortSignal | null | undefined
  /** The deadline of the attempt: when it is given up from outside, reading stops too. */
  readonly attempt?: Deadline | undefined
  /** Milliseconds without a byte after which reading stops. The limit also holds for the body that is passed on. */
  readonly idle?: number | undefined
}

/** The end of a reading: the body ended, enough was read, it is a success, time ran out, it failed, or the caller aborted. */
export type Stop = 'done' | 'full' | 'fine' | 'late' | 'broken' | 'aborted'

/** The beginning of a body, with access to the rest. */
export interface Head {
  readonly chunks: readonly Uint8Array<ArrayBuffer>[]
  readonly stop: Stop
  /** True if the sniff has recognized a success. */
  readonly isFine: boolean
  /** The error that the body failed with. */
  readonly broken: unknown
  readonly rest: BodyRest
}

/** Reads the beginning of a body within bounds. @throws what `sniff` throws. */
export const readHead = (reader: BodyRest, bounds: Bounds): Promise<Head> =>
  new Promise((resolve, reject) => new HeadReading(reader, bounds, resolve, reject).ask())

/** One reading under way. The same two functions serve every chunk: new closures for each would cost more than its bytes. */
class HeadReading {
  readonly #reader: BodyRest
  readonly #bounds: Bounds
  readonly #resolve: (head: Head) => void
  readonly #reject: (thrown: unknown) => void
  readonly #deadline: Deadline
  readonly #silence: Silence | undefined
  readonly #chunks: Uint8Array<ArrayBuffer>[] = []
  #sniff: Sniff | undefined
  #isFine = false
  #size = 0
  #asked: Promise<ReadableStreamReadResult<Uint8Array>> | undefined
  #isOver = false

  constructor(reader: BodyRest, bounds: Bounds, resolve: (head: Head) => void, reject: (thrown: unknown) => void) {
    this.#reader = reader
    this.#bounds = bounds
    this.#resolve = resolve
    this.#reject = reject
    this.#sniff = bounds.sniff
    this.#deadline = new Deadline(bounds.ms, bounds.signal)
    this.#deadline.onAbort = this.#fail
    if (bounds.attempt !== undefined) bounds.attempt.onAbort = this.#fail
    this.#silence = bounds.idle === undefined ? undefined : new Silence(bounds.idle, this.#deadline)
  }

  /** Asks for the next chunk, if more is wanted. */
  ask(): void {
    if (this.#size >= this.#bounds.bytes) return this.#end('full')
    this.#silence?.begin()
    this.#asked = this.#reader.read()
    this.#asked.then(this.#take, this.#fail)
    if (this.#bounds.signal?.aborted) this.#fail(this.#bounds.signal.reason)
  }

  readonly #take = ({ done, value }: ReadableStreamReadResult<Uint8Array>): void => {
    if (this.#isOver) return
    if (done) return this.#end('done')
    const chunk = value as Uint8Array<ArrayBuffer>
    this.#size += chunk.byteLength
    this.#chunks.push(chunk)
    try {
      const finding = this.#sniff?.(chunk)
      this.#isFine = finding === 'fine' || this.#isFine
      if (finding === 'fine' && !this.#bounds.readsOn) return this.#end('fine')
      if (finding === 'fine' || finding === 'fault') this.#sniff = undefined
    } catch (thrown) {
      this.#stop()
      return this.#reject(thrown)
    }
    this.ask()
  }

  readonly #fail = (thrown: unknown): void => {
    if (this.#isOver) return
    // The bytes from before the break may be enough to recognize a failure.
    const stop = stopOf(this.#bounds, this.#deadline, this.#silence)
    this.#end(stop, stop === 'broken' ? thrown : undefined)
  }

  #end(stop: Stop, broken?: unknown): void {
    this.#stop()
    const rest = stop === 'late' ? afterAsking(this.#asked, this.#reader) : this.#reader
    this.#resolve({ chunks: this.#chunks, stop, isFine: this.#isFine, broken, rest })
  }

  #stop(): void {
    this.#isOver = true
    this.#deadline.release()
    if (this.#bounds.attempt !== undefined) this.#bounds.attempt.onAbort = undefined
    this.#silence?.end()
  }
}

const stopOf = ({ signal }: Bounds, { timedOut }: Deadline, silence: Silence | undefined): Stop =>
  signal?.aborted ? 'aborted' : timedOut || silence?.isOver ? 'late' : 'broken'

/** The limit on the time without a byte. */
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

/** The rest of a body whose next chunk has been asked for already. */
function afterAsking(asked: Promise<ReadableStreamReadResult<Uint8Array>> | undefined, reader: BodyRest): BodyRest {
  let first = asked
  // Perhaps nobody ever reads it.
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
