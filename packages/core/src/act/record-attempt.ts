import type { FailedAttempt } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import type { Destination } from '../call/destination.ts'
import { emitDecision } from '../call/shown/events.ts'
import { systemClock } from '../contract/clock.ts'
import type { Decision } from '../contract/decision.ts'
import { operationOf } from '../request/operation.ts'
import { isSafeRequest } from '../request/repeatable.ts'

/**
 * True for a request that changes nothing. The record, and with it the word that something may be done, must not be lost
 * to a hook that throws.
 */
export function isKnownSafe({ target, vendor }: Pick<Destination, 'target' | 'vendor'>): boolean {
  try {
    return isSafeRequest(target, vendor)
  } catch {
    return isSafeRequest(target, undefined)
  }
}

/**
 * Keeps the attempt and the decision for the error that this call may end with: if it is not let out again, it ends with
 * this fault.
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
