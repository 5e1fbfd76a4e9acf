import { type AttemptResult, type FailedAttempt, faultAlone } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import type { CallFailure, CallResult } from '../call/call-result.ts'
import { ownVerdict } from '../classify/classify.ts'
import { systemClock } from '../contract/clock.ts'
import type { FailReason } from '../contract/decision.ts'
import { hintFor } from './hint.ts'
import { mayBeDone } from './outer-call.ts'
import { isKnownSafe, recordAttempt } from './record-attempt.ts'

type FailedCall = Extract<CallResult, { type: 'failure' }>

/** A failure of this call with the fault that ended it. */
export function makeFailure(call: Call, failed: FailedAttempt, reason: FailReason, retryAfter?: number): CallFailure {
  const { verdict, cause, reading } = failed
  const { vendor, target } = call.destination
  return {
    verdict,
    reason,
    retryAfter: retryAfter ?? verdict.wait,
    attempts: call.history.attempts,
    request: call.shown.request,
    hint: unless(() => hintFor(failed, call.destination, call.isInternal ? undefined : call.engine.vendor)),
    repeatable: unless(() => call.isRepeatable()),
    verifyWith: unless(() => vendor?.verifyWith?.(target)),
    secrets: call.secrets(failed),
    cause,
    ...repliesOf(reading),
  }
}

/** A function of its own, so that a reply which is kept with its error does not keep its call. */
const repliesOf = (reading: FailedAttempt['reading']): Pick<CallFailure, 'live' | 'buffered'> => ({
  live: () => reading?.live(),
  buffered: () => reading?.buffered(),
})

/** The answer of a hook; `undefined` if it throws, because that must not replace the error of the call. */
function unless<T>(ask: () => T): T | undefined {
  try {
    return ask()
  } catch {
    return undefined
  }
}

/** Ends a call with the fault of its last attempt. */
export const failCall = (call: Call, failed: FailedAttempt, reason: FailReason, retryAfter?: number): FailedCall => ({
  type: 'failure',
  failure: makeFailure(call, failed, reason, retryAfter),
})

/** Ends a call that may send nothing more with its last fault; `undefined` if it has none. */
export function failWithLastFault(call: Call, reason: FailReason, retryAfter?: number): FailedCall | undefined {
  const { lastFault } = call.history
  if (lastFault === undefined) return undefined
  const failure = makeFailure(call, lastFault, reason, retryAfter)
  return { type: 'failure', failure: { ...failure, live: failure.buffered } }
}

/** True if a call was aborted, or its client is closing. */
export const isInterrupted = (call: Call): boolean => call.signal?.aborted === true || call.closing.aborted

/** Ends a call without an attempt under way that its caller has aborted, or whose client is closed. */
export function endInterrupted(call: Call): CallResult {
  if (call.signal?.aborted) return { type: 'raw', thrown: call.signal.reason }
  const key = call.destination.service.id
  return failWithLastFault(call, 'closed') ?? { type: 'refused', reason: 'closed', retryAfter: undefined, key }
}

/** Ends a call whose client is closed. If an attempt is under way, its request may be done. */
export function endClosed(call: Call): CallResult {
  if (!call.hasLeft) return endInterrupted(call)
  const verdict = { ...ownVerdict('CLIENT_CLOSED', call.classifyContext()), outcome: 'unknown' as const }
  const failed = faultAlone(verdict, systemClock.now() - call.attemptStartedAt)
  recordAttempt(call, failed, { do: 'fail', reason: 'closed' })
  return failCall(call, failed, 'closed')
}

/**
 * Ends a call in which a hook of its vendor, `onConflict` or the given `fetch` has thrown: with the thrown value if nothing can
 * have been done, else with an error that says that it may be done. What `fetch` has thrown in the last attempt is passed on as
 * it is. Never throws.
 *
 * @param result the result of the attempt under way, if it is known.
 */
export function endMistaken(call: Call, thrown: unknown, result?: AttemptResult): CallResult {
  const raw = { type: 'raw', thrown } as const
  try {
    return endOf(call, raw, result)
  } catch {
    // The error cannot be made, for instance because a session was changed. The call must end all the same.
    return raw
  }
}

function endOf(call: Call, raw: Extract<CallResult, { type: 'raw' }>, result: AttemptResult | undefined): CallResult {
  const { thrown } = raw
  if (call.isInternal || call.isTerminated || (call.signal?.aborted && thrown === call.signal.reason)) return raw
  const isOpen =
    call.hasLeft &&
    !isKnownSafe(call.destination) &&
    !(result?.type === 'fault' && result.verdict.outcome === 'rejected')
  const isOfFetch = result?.type === 'raw' && result.isMistake !== true
  if ((!isOpen || isOfFetch) && !mayBeDone(call.history.attempts)) return raw
  const failed = failedBy(call, thrown)
  if (isOpen) recordAttempt(call, failed, { do: 'fail', reason: 'fatal' })
  return failCall(call, failed, 'fatal')
}

function failedBy(call: Call, cause: unknown): FailedAttempt {
  const verdict = ownVerdict('HOOK_FAILED', call.classifyContext())
  const message = cause instanceof Error ? cause.message : undefined
  const fault = { ...verdict.fault, ...(message !== undefined && { message }) }
  const ms = systemClock.now() - call.attemptStartedAt
  return faultAlone({ ...verdict, outcome: 'unknown', fault }, ms, cause, call.session)
}
