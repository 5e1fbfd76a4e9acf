import { detailOf, type Verdict } from '../../contract/verdict.ts'
import { mapOfProcess } from '../../error/marker.ts'
import { messagesOf, redactCause } from '../../error/redact-cause.ts'
import { redactVerdict } from '../../error/redact-verdict.ts'
import { wholeMs } from '../../error/refused-error.ts'
import { redactRequest } from '../../error/request-line.ts'
import { VendorError } from '../../error/vendor-error.ts'
import { Redactor } from '../../secrets/redact.ts'
import type { CallFailure } from '../call-result.ts'
import { secretsOfReply } from './secrets.ts'

const failures = new WeakMap<object, CallFailure>()

/** The failure that a `VendorError` was made from. */
export const failureBehind = (error: unknown): CallFailure | undefined =>
  typeof error === 'object' && error !== null ? failures.get(error) : undefined

/** Functions, because even one who prints a map must see no secret. */
const known = /* @__PURE__ */ mapOfProcess<() => readonly string[]>('secrets')

/** Keeps the secrets of the call behind an error or a reply, for the clients around it, of whichever installed copy. */
export const rememberSecrets = (subject: object, secrets: () => readonly string[]): void =>
  void known.set(subject, secrets)

/** The secrets that are known of an error or a reply. */
export const secretsBehind = (subject: object | undefined): readonly string[] =>
  (subject && known.get(subject)?.()) ?? []

/** The error of a failure, without secrets. */
export function toError(failure: CallFailure, response?: Response): VendorError {
  const { reason, retryAfter, attempts, request, hint, verifyWith, lostWork, cause } = failure
  const secrets = [...failure.secrets, ...messagesOf(cause).flatMap(secretsOfReply)]
  const redactor = new Redactor(secrets)
  const verdict = redactVerdict(failure.verdict, redactor)
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
    // Empty in a bundle without the texts of rows.
    hint: hint === undefined ? row?.hint || undefined : redactor.text(hint),
    serverMessage: fault.message,
    attempts: attempts.map((attempt) => ({ ...attempt, operation: redactor.text(attempt.operation) })),
    reason,
    retryAfter: wholeMs(retryAfter),
    mayBeDoneBy: doneBy,
    verifyWith: doneBy === undefined || verifyWith === undefined ? undefined : redactor.text(verifyWith),
    lostWork: lostWork === undefined ? undefined : redactor.text(lostWork),
    request: redactRequest(request, redactor),
    response,
    cause: cause === undefined ? undefined : causeOf(cause, secrets, redactor),
  })
  // Whoever makes another error of it has this one as the cause, whose messages show no secret any more.
  failures.set(error, { ...failure, secrets })
  rememberSecrets(error, () => secrets)
  return error
}

/** The redacted cause. A `VendorError`, such as a login's, is made again: it was redacted with the secrets of another call only. */
function causeOf(cause: unknown, secrets: readonly string[], redactor: Redactor): unknown {
  const behind = failureBehind(cause)
  if (behind === undefined) return redactCause(cause, redactor)
  return toError({ ...behind, secrets: [...behind.secrets, ...secrets] }, (cause as VendorError).response)
}

/** True if a call has stopped waiting for other work on the object. */
const outlasted = ({ verdict: { kind, row }, reason }: CallFailure): boolean =>
  kind === 'retryable' &&
  row?.kind === 'retryable' &&
  row.busy === true &&
  (reason === 'attempts' || reason === 'deadline')

/** Parameters by the names in the code's signature; further ones by position. */
const paramsOf = ({ fault, row }: Verdict): Readonly<Record<string, unknown>> =>
  Object.fromEntries((fault.params ?? []).map((value, at) => [row?.params?.[at] ?? String(at), value]))
