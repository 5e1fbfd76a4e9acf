import type { FailReason } from '../contract/decision.ts'
import type { Verdict } from '../contract/verdict.ts'
import { VendorError } from '../error/vendor-error.ts'
import { blank, blankAll } from '../redact.ts'
import { isSafe } from '../request/repeatable.ts'
import type { Call } from './call.ts'
import type { Ending, Failure } from './ending.ts'
import type { SeenFault } from './seen.ts'

/** A failure of this call with the fault that ended it. */
export function failureOf(call: Call, seen: SeenFault, reason: FailReason, retryAfter?: number): Failure {
  const { verdict, cause, reading, session } = seen
  return {
    verdict,
    reason,
    retryAfter: retryAfter ?? verdict.wait,
    attempts: call.records ?? [],
    request: call.request,
    // The session of this very attempt may be long gone from its slot.
    secrets: [...(session?.secrets ?? []), ...call.secrets()],
    cause,
    open: () => reading?.open(),
    seal: () => reading?.seal(),
  }
}

/** A failure with the last real verdict of a call that was not let out again. */
export function failureOfLast(call: Call, reason: FailReason, retryAfter: number): Ending | undefined {
  const { last } = call
  if (last === undefined) return undefined
  const failure = failureOf(call, last, reason, retryAfter)
  return { type: 'failure', failure: { ...failure, open: () => last.sealed, seal: () => last.sealed } }
}

/** The error that says all there is to say of a failure, and nothing that must not be said. */
export function toError(failure: Failure, response?: Response): VendorError {
  const { verdict, reason, retryAfter, attempts, request, secrets, cause } = failure
  const { fault, row } = verdict
  const doneBy = isSafe(request.method) ? undefined : attempts.find(({ outcome }) => outcome === 'unknown')?.attempt
  return new VendorError({
    vendor: verdict.vendor,
    code: fault.code,
    detail: row?.refines === undefined ? undefined : row.code,
    kind: verdict.kind,
    outcome: verdict.outcome,
    params: paramsOf(verdict, secrets),
    status: fault.status,
    hint: row?.hint,
    serverMessage: fault.message === undefined ? undefined : blank(fault.message, secrets),
    attempts,
    reason,
    retryAfter,
    mayBeDoneBy: doneBy,
    request,
    response,
    cause,
  })
}

/** Parameters by the names of the code's signature; those beyond it by position. */
function paramsOf({ fault, row }: Verdict, secrets: readonly string[]): Readonly<Record<string, unknown>> {
  const named = (fault.params ?? []).map(
    (value, at) => [row?.params?.[at] ?? String(at), blankAll(value, secrets)] as const,
  )
  return Object.fromEntries(named)
}
