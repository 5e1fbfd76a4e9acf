/** How many microtask turns a body that is in memory may take to be read. */
const TURNS = 64

/**
 * A copy of a `Request`'s body for another attempt.
 *
 * Reading a clone beside the first attempt keeps the original's content-length, delays nothing, and is bounded: past
 * the limit the copy is given up and the body goes out once only.
 */
export class Recording {
  #bytes: Uint8Array<ArrayBuffer> | undefined
  #reading = true

  constructor(body: ReadableStream<Uint8Array>, limit: number) {
    void this.#read(body.getReader(), limit)
  }

  /** The whole body, or `undefined` if it was too large, failed, or is still coming. */
  async bytes(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    for (let turn = 0; this.#reading && turn < TURNS; turn++) await undefined
    return this.#bytes
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>, limit: number): Promise<void> {
    const chunks: Uint8Array[] = []
    let size = 0
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        chunks.push(value)
        size += value.byteLength
        if (size > limit) {
          void reader.cancel().catch(() => {})
          return
        }
      }
      this.#bytes = joined(chunks, size)
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
