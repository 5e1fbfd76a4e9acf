import { nextTurn } from '../contract/clock.ts'

/** Turns without a byte after which a body counts as still coming: microtasks first, then turns of the event loop. */
const TURNS = 64

/** A call that waits for a body. */
export interface Waiting {
  /** True once it no longer waits: the source of the body may never end. */
  readonly isOver: boolean
}

/**
 * A copy of a `Request`'s body for another attempt.
 *
 * It reads a clone beside the first attempt, which keeps the original's content-length and delays nothing. Beyond the limit the
 * copy is given up, and the body can be sent only once.
 */
export class Recording {
  #bytes: Uint8Array<ArrayBuffer> | undefined
  #reading = true
  #chunks = 0
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>

  constructor(body: ReadableStream<Uint8Array>, limit: number) {
    this.#reader = body.getReader()
    void this.#read(limit)
  }

  /** Stops reading: the body will not be needed any more. */
  stop(): void {
    if (!this.#reading) return
    this.#reading = false
    void this.#reader.cancel().catch(() => {})
  }

  /** The whole body, or `undefined` if it was too large, failed, or is still coming. */
  async bytes(waiting: Waiting): Promise<Uint8Array<ArrayBuffer> | undefined> {
    for (let turn = 0; this.#reading && turn < TURNS; turn++) await undefined
    // Blobs and forms are in memory, too, but arrive by turns of the event loop.
    for (let idle = 0; this.#reading && idle < TURNS && !waiting.isOver; idle++) {
      const before = this.#chunks
      await new Promise<void>(nextTurn)
      if (this.#chunks > before) idle = 0
    }
    return this.#bytes
  }

  async #read(limit: number): Promise<void> {
    const chunks: Uint8Array[] = []
    let size = 0
    try {
      for (;;) {
        const { done, value } = await this.#reader.read()
        if (done) break
        // Empty chunks could otherwise come for ever and be kept.
        if (value.byteLength === 0) continue
        chunks.push(value)
        this.#chunks++
        size += value.byteLength
        if (size > limit) return this.stop()
      }
      // A body that was given up ends as if it were complete.
      if (this.#reading) this.#bytes = joined(chunks, size)
    } catch {
      // The caller's own stream failed: the attempt that sends it reports that.
    } finally {
      this.#reading = false
    }
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}
