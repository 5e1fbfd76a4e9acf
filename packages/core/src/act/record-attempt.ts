import type { FailedAttempt } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import { emitDecision } from '../call/shown/events.ts'
import type { Decision } from '../contract/decision.ts'
import { operationOf } from '../request/operation.ts'
import { isSafeRequest } from '../request/repeatable.ts'

/** Keeps the attempt and the decision for the error that this call may end with. */
export function recordAttempt(call: Call, { verdict, ms }: FailedAttempt, decision: Decision): void {
  const { fault, kind, outcome } = verdict
  const { target, vendor } = call.destination
  call.keepHistory()
  call.history.attempts.push({
    attempt: call.attempt,
    method: target.method,
    operation: operationOf(target, vendor),
    safe: isSafeRequest(target, vendor),
    at: call.engine.clock.now() - ms - call.startedAt,
    ms,
    ...(fault.status !== undefined && { status: fault.status }),
    code: fault.code,
    kind,
    outcome,
    decision,
  })
  if (call.hasObservers) emitDecision(call, verdict, decision)
}
