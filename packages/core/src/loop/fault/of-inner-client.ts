import { endOf, faultWithin, mayBeDone } from '../../act/outer-call.ts'
import type { AttemptResult, FailedAttempt } from '../../call/attempt-result.ts'
import { failureBehind, secretsBehind } from '../../call/shown/to-error.ts'
import type { ClassifyContext } from '../../classify/context.ts'
import type { AttemptOutcome } from '../../contract/attempt-outcome.ts'
import type { Verdict } from '../../contract/verdict.ts'
import { failureOf } from '../find-failure.ts'
import { withUnknownOutcome } from './outcome.ts'

/** The parts of a call by which the failure of an inner client is judged. */
export interface AroundCall {
  /** True if the sendings of a hedged attempt have not ended in the same way. */
  readonly isDoubtful: boolean
  readonly history: { readonly attempts: readonly unknown[] }
  classifyContext(): ClassifyContext
  addSecrets(secrets: readonly string[]): void
}

/**
 * The result of an attempt whose `fetch` is, directly or not, another client of this library that has failed: its verdict counts,
 * and its retries are not repeated. `undefined` for anything else that was thrown.
 */
export function innerResult(
  call: AroundCall,
  thrown: unknown,
  outcome: Exclude<AttemptOutcome, { type: 'aborted' }>,
): AttemptResult | undefined {
  const error = failureOf(thrown)
  const failure = failureBehind(error)
  if (failure === undefined) return error && { type: 'raw', thrown }
  call.addSecrets(failure.secrets)
  const isLate = outcome.answeredByRedirect === true || call.isDoubtful
  const isOther = outcome.type === 'thrown' && outcome.afterRedirect === true
  const isAll = call.history.attempts.length === 0 && !isLate && !isOther
  // The very same error, if there is nothing to add to it.
  if (isAll && endOf(failure) !== undefined) return { type: 'raw', thrown }
  const failed = faultWithin(failure, outcome.ms, error)
  // For instance, it failed at the target of a redirect, while the request itself was answered.
  return isLate ? { ...failed, verdict: withUnknownOutcome(failed.verdict, call.classifyContext()) } : failed
}

/** The secrets that an inner client knows of a reply that it has returned: its session, and what its vendor finds. */
export const secretsWithin = (response: Response): readonly string[] =>
  [failureOf(response), response].flatMap(secretsBehind)

/**
 * A fault in a reply that an inner client has returned, which may have made several attempts, or none: its login failed. Of a
 * single one it may know more than a client that knows only the status.
 */
export function withInner(failed: FailedAttempt, response: Response): FailedAttempt {
  // By what its error shows: it may be the client of another installed copy.
  const inner = failureOf(response)
  if (inner === undefined) return failed
  const { verdict } = failed
  const { attempts, reason } = inner
  const isSingle = attempts.length === 1
  if (isSingle && !isByStatus(verdict)) return failed
  const ofLast = attempts.length === 0 ? 'rejected' : verdict.outcome
  const outcome = mayBeDone(attempts) ? 'unknown' : ofLast
  const ended = isSingle || verdict.kind !== 'retryable' ? undefined : reason
  return { ...failed, verdict: { ...verdict, outcome }, ended }
}

const isByStatus = ({ source, overridden }: Verdict): boolean =>
  !overridden && (source === 'status' || source === 'unlisted')
