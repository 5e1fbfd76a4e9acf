import { type Bounds, readHead } from './head.ts'
import { textOfChunks } from './read.ts'

/**
 * Reads a body to its end within bounds.
 *
 * @throws {RangeError} for a body of more bytes than `bytes`.
 * @throws {DOMException} a `TimeoutError` when time runs out.
 * @throws the signal's reason, or the error that the body failed with.
 */
export async function readWhole(response: Response, bounds: Omit<Bounds, 'sniff'>): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  const { bytes, signal } = bounds
  // One byte more than is allowed shows that there are too many.
  const { chunks, stop, broken } = await readHead(reader, { ...bounds, bytes: bytes + 1 })
  if (stop === 'done' && !signal?.aborted) return textOfChunks(chunks)
  const reason = signal?.aborted ? signal.reason : stop === 'broken' ? broken : gaveUp(stop === 'late', bytes)
  void reader.cancel(reason).catch(() => {})
  throw reason
}

const gaveUp = (isLate: boolean, bytes: number): Error =>
  isLate
    ? new DOMException('The body took too long.', 'TimeoutError')
    : new RangeError(`The body is longer than ${bytes} bytes, which is the most that is read.`)
