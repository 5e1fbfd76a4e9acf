import { type Bounds, readHead } from './attempt/head.ts'
import { textOfChunks } from './attempt/read.ts'
import type { Engine } from './call/engine.ts'
import { timeoutOf, totalTimeoutOf } from './call/time-limits.ts'
import { LONGEST_TIMER } from './contract/clock.ts'
import { endpointsFor, vendorFor } from './endpoints/resolve.ts'
import { givenRequest } from './given-request.ts'
import { overlay } from './options/policy.ts'
import type { ReadTextOptions, SentRequest, TimeLimits } from './sent-request.ts'

/** Default of the most bytes of a body that are read. */
const MOST_BYTES = 268_435_456

/** The time limits of a request. */
export const limitsFor = (engine: Engine, sent: SentRequest): TimeLimits => readingOf(engine, sent).limits

/** Reads the whole body of a reply within the limits of its request. @throws as `readWhole` does. */
export async function readText(
  engine: Engine,
  reply: Response,
  sent: SentRequest,
  { within, maxBytes = MOST_BYTES }: ReadTextOptions = {},
): Promise<string> {
  const { limits, signal, idle } = readingOf(engine, sent)
  const ms = Math.max(0, Math.min(limits.timeout, within ?? limits.totalTimeout, LONGEST_TIMER))
  return readWhole(reply, { ms, bytes: maxBytes, signal, idle })
}

function readingOf(engine: Engine, sent: SentRequest) {
  const { request, options } = givenRequest(engine, sent)
  const { facts, signal } = request
  const policy = options === undefined ? engine.policy : overlay(options, engine.policy)
  const vendorLimits = vendorFor(engine, facts, endpointsFor(engine, facts) !== undefined)?.limits?.(facts)
  const timeout = timeoutOf(policy, vendorLimits?.timeout)
  const limits = { timeout, totalTimeout: totalTimeoutOf(policy, vendorLimits?.totalTimeout, timeout) }
  return { limits, signal, idle: policy.bodyTimeout || undefined }
}

/**
 * Reads a body to its end within bounds.
 *
 * @throws {RangeError} for a body of more bytes than `bytes`.
 * @throws {DOMException} a `TimeoutError` when time runs out.
 * @throws the signal's reason, or the error that the body failed with.
 */
async function readWhole(response: Response, bounds: Omit<Bounds, 'sniff'>): Promise<string> {
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
