import { detailOf, type Verdict } from '../contract/verdict.ts'
import { redactCause } from '../error/redact-cause.ts'
import { redactVerdict } from '../error/redact-verdict.ts'
import { redactRequest } from '../error/request-line.ts'
import { VendorError } from '../error/vendor-error.ts'
import { Redactor } from '../secrets/redact.ts'
import type { CallFailure } from './call-result.ts'

const failures = new WeakMap<object, CallFailure>()

/** The failure that an error of ours was made from. */
export const failureBehind = (error: unknown): CallFailure | undefined =>
  typeof error === 'object' && error !== null ? failures.get(error) : undefined

/** The error that says all there is to say of a failure, and nothing that must not be said. */
export function toError(failure: CallFailure, response?: Response): VendorError {
  const shown = withoutSecrets(failure)
  const { verdict, reason, retryAfter, attempts, request, hint, verifyWith, cause } = shown
  const { fault, row } = verdict
  const doneBy = attempts.find(({ safe, outcome }) => outcome === 'unknown' && !safe)?.attempt
  const error = new VendorError({
    vendor: verdict.vendor,
    code: fault.code,
    detail: detailOf(verdict),
    kind: outlasted(failure) ? 'conflict' : verdict.kind,
    outcome: verdict.outcome,
    achieved: verdict.achieved,
    params: paramsOf(verdict),
    status: fault.status,
    hint: hint ?? row?.hint,
    serverMessage: fault.message,
    attempts,
    reason,
    retryAfter,
    mayBeDoneBy: doneBy,
    verifyWith: doneBy === undefined ? undefined : verifyWith,
    request,
    response,
    cause,
  })
  failures.set(error, shown)
  return error
}

/** A failure that may be told, and kept for as long as its error. */
function withoutSecrets(failure: CallFailure): CallFailure {
  const { verdict, attempts, request, hint, verifyWith, secrets, cause } = failure
  const redactor = new Redactor(secrets)
  return {
    ...failure,
    verdict: redactVerdict(verdict, redactor),
    attempts: attempts.map((attempt) => ({ ...attempt, operation: redactor.text(attempt.operation) })),
    request: redactRequest(request, redactor),
    hint: hint && redactor.text(hint),
    verifyWith: verifyWith && redactor.text(verifyWith),
    secrets: [],
    cause: cause === undefined ? undefined : causeOf(cause, secrets, redactor),
  }
}

/** One of ours, such as the login's, is made anew: it was redacted by the secrets of another call alone. */
function causeOf(cause: unknown, secrets: readonly string[], redactor: Redactor): unknown {
  const behind = failureBehind(cause)
  if (behind === undefined) return redactCause(cause, redactor)
  return toError({ ...behind, secrets: [...behind.secrets, ...secrets] }, (cause as VendorError).response)
}

/** True where a call has given up waiting for something that is at work on the object. */
const outlasted = ({ verdict: { kind, row }, reason }: CallFailure): boolean =>
  kind === 'retryable' &&
  row?.kind === 'retryable' &&
  row.busy === true &&
  (reason === 'attempts' || reason === 'deadline')

/** Parameters by the names of the code's signature; those beyond it by position. */
const paramsOf = ({ fault, row }: Verdict): Readonly<Record<string, unknown>> =>
  Object.fromEntries((fault.params ?? []).map((value, at) => [row?.params?.[at] ?? String(at), value]))
