import type { Verdict } from '../contract/verdict.ts'
import { Redactor } from '../error/redact.ts'
import { redactCause } from '../error/redact-cause.ts'
import { VendorError } from '../error/vendor-error.ts'
import type { CallFailure } from './call-result.ts'

/** Characters of a page that an error shows. */
const LONGEST_PAGE = 500

const failures = new WeakMap<object, CallFailure>()

/** The failure that an error of ours was made from. */
export const failureBehind = (error: unknown): CallFailure | undefined =>
  typeof error === 'object' && error !== null ? failures.get(error) : undefined

/** The error that says all there is to say of a failure, and nothing that must not be said. */
export function toError(failure: CallFailure, response?: Response): VendorError {
  const { verdict, reason, retryAfter, attempts, request, verifyWith, secrets, cause } = failure
  const { fault, row } = verdict
  const redactor = new Redactor(secrets)
  const doneBy = attempts.find(({ safe, outcome }) => outcome === 'unknown' && !safe)?.attempt
  const error = new VendorError({
    vendor: verdict.vendor,
    code: fault.code,
    detail: row?.refines === undefined ? undefined : row.code,
    kind: outlasted(failure) ? 'conflict' : verdict.kind,
    outcome: verdict.outcome,
    params: paramsOf(verdict, redactor),
    status: fault.status,
    hint: row?.hint,
    serverMessage: messageOf(verdict, redactor),
    attempts,
    reason,
    retryAfter,
    mayBeDoneBy: doneBy,
    verifyWith: doneBy === undefined || verifyWith === undefined ? undefined : redactor.text(verifyWith),
    request,
    response,
    cause: cause === undefined ? undefined : redactCause(cause, redactor),
  })
  failures.set(error, failure)
  return error
}

/** True where a call has given up waiting for something that is at work on the object. */
const outlasted = ({ verdict: { kind, row }, reason }: CallFailure): boolean =>
  kind === 'retryable' &&
  row?.kind === 'retryable' &&
  row.busy === true &&
  (reason === 'attempts' || reason === 'deadline')

/** The server's message; of a page that no vendor knows, its beginning. Cut after redaction, which misses half a secret. */
function messageOf({ fault: { message }, source }: Verdict, redactor: Redactor): string | undefined {
  if (message === undefined) return undefined
  return source === 'status' ? redactor.text(message, LONGEST_PAGE) : redactor.text(message)
}

/** Parameters by the names of the code's signature; those beyond it by position. */
function paramsOf({ fault, row }: Verdict, redactor: Redactor): Readonly<Record<string, unknown>> {
  const shown = redactor.value(fault.params ?? []) as readonly unknown[]
  return Object.fromEntries(shown.map((value, at) => [row?.params?.[at] ?? String(at), value]))
}
