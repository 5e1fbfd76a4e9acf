/** Takes the body of a reply from the wire. */
export interface ReplyBody {
  /** Returns false to have no more for now. */
  write(chunk: Uint8Array): boolean
  end(): void
  fail(error: unknown): void
}

/** Whoever can be asked for more of a body. */
export interface BodyOwner {
  resume(): void
  /** Nobody reads the rest. */
  drop(reason: unknown): void
  /** The reader has had everything, or the failure. */
  release(): void
}

/** Bytes that wait to be read before the connection is told to wait. */
const WAITING = 65_536

/**
 * The body of a reply on its way from the wire to a reader: the source of its stream. It does not hold the stream unless a
 * read waits for bytes, so that one which nobody keeps can be collected, and with it the connection be freed.
 */
export class ByteQueue implements ReplyBody, UnderlyingByteSource {
  readonly type = 'bytes'
  readonly #owner: BodyOwner
  #chunks: Uint8Array[] = []
  #size = 0
  #hasEnded = false
  #failure: { readonly error: unknown } | undefined
  #reader:
    | { readonly controller: ReadableByteStreamController; resolve(): void; reject(error: unknown): void }
    | undefined

  constructor(owner: BodyOwner) {
    this.#owner = owner
  }

  write(chunk: Uint8Array): boolean {
    if (this.#failure !== undefined || chunk.byteLength === 0) return true
    this.#chunks.push(chunk)
    this.#size += chunk.byteLength
    this.#serve()
    return this.#size < WAITING
  }

  end(): void {
    this.#hasEnded = true
    this.#serve()
  }

  fail(error: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = { error }
    this.#chunks = []
    const reader = this.#reader
    this.#reader = undefined
    reader?.reject(error)
  }

  pull(controller: ReadableByteStreamController): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure.error
    if (this.#give(controller)) return undefined
    return new Promise((resolve, reject) => {
      this.#reader = { controller, resolve, reject }
    })
  }

  cancel(reason: unknown): void {
    this.#chunks = []
    this.#failure = { error: reason }
    this.#owner.drop(reason)
  }

  #serve(): void {
    const reader = this.#reader
    if (reader === undefined || !this.#give(reader.controller)) return
    this.#reader = undefined
    reader.resolve()
  }

  /** Gives a chunk, or the end; false where there is neither yet. */
  #give(controller: ReadableByteStreamController): boolean {
    const chunk = this.#chunks.shift()
    if (chunk === undefined && !this.#hasEnded) return false
    if (chunk !== undefined) {
      const wasFull = this.#size >= WAITING
      this.#size -= chunk.byteLength
      // A copy: the stream takes the memory of a chunk for itself, and this one shares it with others.
      controller.enqueue(new Uint8Array(chunk))
      if (wasFull && this.#size < WAITING) this.#owner.resume()
    }
    if (this.#hasEnded && this.#chunks.length === 0) {
      controller.close()
      controller.byobRequest?.respond(0)
      this.#owner.release()
    }
    return true
  }
}
