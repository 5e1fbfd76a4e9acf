import type { FailedAttempt } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import type { Destination } from '../call/destination.ts'
import { emitDecision } from '../call/shown/events.ts'
import { systemClock } from '../contract/clock.ts'
import type { Decision } from '../contract/decision.ts'
import { operationOf } from '../request/operation.ts'
import { isSafeRequest } from '../request/repeatable.ts'

/**
 * True for a request that changes nothing. False if the hook throws: the record, which says that something may be done, must not
 * be lost.
 */
export function isKnownSafe({ target, vendor }: Pick<Destination, 'target' | 'vendor'>): boolean {
  try {
    return isSafeRequest(target, vendor)
  } catch {
    return isSafeRequest(target, undefined)
  }
}

/**
 * Records a failed attempt and the decision about it. If nothing more is sent, the call ends with this fault.
 */
export function recordAttempt(call: Call, failed: FailedAttempt, decision: Decision): void {
  const { verdict, ms } = failed
  const { fault, kind, outcome } = verdict
  const { target, vendor } = call.destination
  call.keepHistory()
  call.history.attempts.push({
    attempt: call.attempt,
    method: target.method,
    operation: operationOf(target, vendor),
    safe: isKnownSafe(call.destination),
    at: systemClock.now() - ms - call.startedAt,
    ms,
    ...(fault.status !== undefined && { status: fault.status }),
    code: fault.code,
    kind,
    outcome,
    decision,
  })
  call.history.lastFault = failed
  call.hasLeft = false
  if (call.hasObservers) emitDecision(call, verdict, decision)
}
