import { asRead } from '../attempt/read.ts'
import type { FailedAttempt } from '../call/attempt-result.ts'
import { Call } from '../call/call.ts'
import type { CallFailure } from '../call/call-result.ts'
import type { Decision, FailReason } from '../contract/decision.ts'
import type { Verdict } from '../contract/verdict.ts'
import { followAwaits, outerAttempt } from '../state/outer-attempt.ts'

/** The outer call: that of another client in whose attempt, still under way, this call is made. */
export function outerCall(): Call | undefined {
  const outer = outerAttempt()
  return outer instanceof Call && outer.permit !== undefined ? outer : undefined
}

/**
 * True inside an attempt of a resilient client, which does the retries: for libraries with retries of their own. From the first
 * call of this function on, it is also true after an `await`, if the runtime has an `AsyncLocalStorage`. In other runtimes, and
 * in attempts that began before, only what `fetch` calls before its first `await` is known to be inside.
 *
 * @example
 * new OpenAI({ maxRetries: insideAttempt() ? 0 : 2 })
 */
export function insideAttempt(): boolean {
  followAwaits()
  return outerCall() !== undefined
}

/** A parameter, because the file of this function imports this one. */
type DecideOnly = (call: Call, verdict: Verdict, resendable: boolean) => Decision

/** True if a fault is left to the outer call, because that would retry it. */
export function isLeftToOuter(call: Call, verdict: Verdict, decideOnly: DecideOnly): boolean {
  const { nested } = call.policy
  if (nested === true) return true
  const { outer } = call
  if (nested === false || outer?.permit === undefined) return false
  const resendable = outer.request.isReplayable(outer.policy.replayLimit)
  const seen = { ...verdict, outcome: mayBeDone(call.history.attempts) ? ('unknown' as const) : verdict.outcome }
  const decision = decideOnly(outer, seen, resendable)
  // If the outer call has retried and stops now, there are no more retries.
  return (
    decision.do === 'wait' || (outer.history.retries > 0 && decision.do === 'fail' && !BY_NATURE.has(decision.reason))
  )
}

/** The reasons for which a call sends nothing again, however many retries it has left. */
const BY_NATURE: ReadonlySet<FailReason> = new Set(['settled', 'not-repeatable', 'body-not-replayable'])

/** True if one of these attempts may have done what was asked. */
export const mayBeDone = (attempts: CallFailure['attempts'] | undefined): boolean =>
  attempts?.some(({ outcome, safe }) => outcome === 'unknown' && !safe) ?? false

/** The failure of an inner call as a failed attempt of the outer one: with its verdict, and its reason if that is final. */
export function faultWithin(failure: CallFailure, ms: number, cause: unknown): FailedAttempt {
  const { verdict, attempts, buffered } = failure
  const outcome = mayBeDone(attempts) ? 'unknown' : verdict.outcome
  const reply = buffered()
  return {
    type: 'fault',
    verdict: { ...verdict, outcome },
    ms,
    session: undefined,
    reading: reply && asRead(reply, false),
    cause,
    ended: endOf(failure),
  }
}

/** The reason why an inner call ended, if the outer one must not retry: the inner one has retried, or must not. */
export function endOf({ reason, attempts }: CallFailure): FailReason | undefined {
  const isOpen = reason === 'nested' || (reason === 'attempts' && attempts.length <= 1)
  return isOpen ? undefined : reason
}
