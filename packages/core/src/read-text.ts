import { readWhole } from './attempt/read-whole.ts'
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
