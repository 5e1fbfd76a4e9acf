import { type AttemptResult, type FailedAttempt, faultAlone } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import type { CallResult } from '../call/call-result.ts'
import { ownVerdict } from '../classify/classify.ts'
import { systemClock } from '../contract/clock.ts'
import { failCall } from './fail-call.ts'
import { mayBeDone } from './outer-call.ts'
import { isKnownSafe, recordAttempt } from './record-attempt.ts'

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
