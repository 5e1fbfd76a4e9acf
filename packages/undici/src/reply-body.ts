/** The consumer of the body of a reply. */
export interface BodySink {
  /** Returns false to pause. */
  write(chunk: Uint8Array): boolean
  end(): void
  fail(error: unknown): void
}

/** The source of a body. */
export interface BodySource {
  resume(): void
  /** The rest is not read. */
  drop(reason: unknown): void
  /** Throws the reason of the caller's signal, if it has been aborted. */
  throwIfAborted(): void
}

/** Unread bytes from which on the connection is paused. */
const WAITING = 65_536

const dropped = new FinalizationRegistry<BodySource>((source) => source.drop(undefined))

interface Reader {
  /** Serves the reader as far as possible; true if it got what it waits for. */
  serve(): boolean
  reject(error: unknown): void
}

/**
 * The body of a reply between the connection and its reader, which reads it as a whole or as a stream. It holds the stream only
 * while a read waits for bytes, so that an unused stream can be collected and its connection freed.
 */
export class ReplyBody implements BodySink, UnderlyingByteSource {
  readonly type = 'bytes'
  readonly #source: BodySource
  #chunks: Uint8Array[] = []
  #size = 0
  #limit = WAITING
  #hasEnded = false
  #failure: { readonly error: unknown } | undefined
  #reader: Reader | undefined
  #isWatched = false
  /** True once it is read. */
  #isClaimed = false

  constructor(source: BodySource) {
    this.#source = source
  }

  write(chunk: Uint8Array): boolean {
    if (this.#failure !== undefined || chunk.byteLength === 0) return true
    this.#chunks.push(chunk)
    this.#size += chunk.byteLength
    this.#serve()
    return this.#size < this.#limit
  }

  end(): void {
    this.#hasEnded = true
    this.#unwatch()
    this.#serve()
  }

  /**
   * Frees the connection when the reply is collected. A body that is complete or being read is not watched, because that costs
   * time.
   */
  watch(reply: object): void {
    if (!this.#isClaimed) this.#register(reply)
  }

  /** The same for the stream, which may outlive the reply. */
  watchStream(stream: object): void {
    this.#isClaimed = true
    this.#register(stream)
  }

  #register(keeper: object): void {
    this.#unwatch()
    if (this.#hasEnded || this.#failure !== undefined) return
    this.#isWatched = true
    dropped.register(keeper, this.#source, this)
  }

  #unwatch(): void {
    if (this.#isWatched) dropped.unregister(this)
    this.#isWatched = false
  }

  fail(error: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = { error }
    this.#chunks = []
    this.#unwatch()
    const reader = this.#reader
    this.#reader = undefined
    reader?.reject(error)
  }

  /** All chunks of the body, once they have come. */
  all(): Promise<readonly Uint8Array[]> {
    this.#isClaimed = true
    this.#unwatch()
    return new Promise((resolve, reject) => {
      const isWaiting = this.#size >= WAITING
      this.#limit = Number.POSITIVE_INFINITY
      const serve = () => {
        if (this.#hasEnded) resolve(this.#chunks)
        return this.#hasEnded
      }
      this.#read({ serve, reject })
      if (isWaiting) this.#source.resume()
    })
  }

  pull(controller: ReadableByteStreamController): Promise<void> | undefined {
    this.#throwIfFailed()
    if (this.#give(controller)) return undefined
    return new Promise((resolve, reject) => {
      const serve = () => {
        const isServed = this.#give(controller)
        if (isServed) resolve()
        return isServed
      }
      this.#reader = { serve, reject }
    })
  }

  cancel(reason: unknown): void {
    this.fail(reason)
    this.#source.drop(reason)
  }

  #throwIfFailed(): void {
    // An empty body that has ended is a closed stream, which an abort does not change.
    if (!this.#hasEnded || this.#size > 0) this.#source.throwIfAborted()
    if (this.#failure !== undefined) throw this.#failure.error
  }

  #read(reader: Reader): void {
    this.#throwIfFailed()
    if (!reader.serve()) this.#reader = reader
  }

  #serve(): void {
    if (this.#reader?.serve()) this.#reader = undefined
  }

  /** Gives a chunk, or the end; false if there is neither yet. */
  #give(controller: ReadableByteStreamController): boolean {
    const chunk = this.#chunks.shift()
    if (chunk === undefined && !this.#hasEnded) return false
    if (chunk !== undefined) {
      const isFull = this.#size >= WAITING
      this.#size -= chunk.byteLength
      // A copy, because the stream transfers the memory of a chunk, which this one shares with others.
      controller.enqueue(new Uint8Array(chunk))
      if (isFull && this.#size < WAITING) this.#source.resume()
    }
    if (this.#hasEnded && this.#chunks.length === 0) {
      controller.close()
      controller.byobRequest?.respond(0)
    }
    return true
  }
}
