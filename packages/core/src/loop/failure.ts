import type { FailReason } from '../contract/decision.ts'
import type { Call } from './call.ts'
import type { Ending, Failure } from './ending.ts'
import { secretsOf } from './secrets.ts'
import { discard, type SeenFault } from './seen.ts'

/** A failure of this call with the fault that ended it. */
export function makeFailure(call: Call, seen: SeenFault, reason: FailReason, retryAfter?: number): Failure {
  const { verdict, cause, reading, session } = seen
  return {
    verdict,
    reason,
    retryAfter: retryAfter ?? verdict.wait,
    attempts: call.records ?? [],
    request: call.request,
    toFindOut: call.vendor?.toFindOut?.(call.target),
    // The session of this very attempt may be long gone from its slot.
    secrets: [...(session?.secrets ?? []), ...secretsOf(call)],
    cause,
    open: () => reading?.open(),
    seal: () => reading?.seal(),
  }
}

/** Keeps a fault that is gone past, and frees its socket: a call that is not let out again ends with it. */
export function putAside(call: Call, seen: SeenFault): undefined {
  discard(seen)
  call.last = seen
}

/** A failure with the last real verdict of a call that was not let out again. */
export function lastFailure(call: Call, reason: FailReason, retryAfter?: number): Ending | undefined {
  const { last } = call
  if (last === undefined) return undefined
  const failure = makeFailure(call, last, reason, retryAfter)
  return { type: 'failure', failure: { ...failure, open: failure.seal } }
}
