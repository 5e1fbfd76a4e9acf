import type { FailedAttempt } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import type { CallResult } from '../call/call-result.ts'
import { ownVerdict } from '../classify/classify.ts'
import { failCall, failWithLastFault } from './failure.ts'
import { recordAttempt } from './record-attempt.ts'

/** Ends a call that was interrupted while nothing of it was under way: by its caller, or because its client is closed. */
export function endInterrupted(call: Call): CallResult {
  if (call.signal?.aborted) return { type: 'raw', thrown: call.signal.reason }
  const key = call.destination.service.id
  return failWithLastFault(call, 'closed') ?? { type: 'refused', reason: 'closed', retryAfter: undefined, key }
}

/** Ends a call whose client is closed, wherever it is. What was sent may be done. */
export function endClosed(call: Call): CallResult {
  const { attemptStartedAt } = call
  if (attemptStartedAt === undefined) return endInterrupted(call)
  const failed: FailedAttempt = {
    type: 'fault',
    verdict: { ...ownVerdict('CLIENT_CLOSED', call.classifyContext()), outcome: 'unknown' },
    ms: call.engine.clock.now() - attemptStartedAt,
    session: undefined,
    reading: undefined,
    cause: undefined,
  }
  recordAttempt(call, failed, { do: 'fail', reason: 'closed' })
  return failCall(call, failed, 'closed')
}
