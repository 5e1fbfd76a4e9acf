import type { Deadline } from '../../attempt/deadline.ts'
import type { Fetch } from '../../call/engine.ts'
import type { ClassifyContext } from '../../classify/context.ts'
import { type AttemptOutcome, type Unsent, unsentOf } from '../../contract/attempt-outcome.ts'
import type { Verdict } from '../../contract/verdict.ts'
import { isSafeRequest } from '../../request/repeatable.ts'

/** Asks the given `fetch` if a timed-out attempt was not sent at all. Not after a redirect, whose target is another request. */
export function unsentIn(outcome: AttemptOutcome, fetch: Fetch, limits: Deadline | undefined): Unsent | undefined {
  const isSingle = outcome.type === 'thrown' && outcome.timedOut && !outcome.afterRedirect
  return isSingle && limits !== undefined ? unsentOf(fetch, limits.signal) : undefined
}

/** The verdict on an attempt whose time ran out before anything was sent: nothing was done, unless an override says otherwise. */
export const withUnsent = (verdict: Verdict, unsent: Unsent | undefined): Verdict =>
  unsent === undefined || verdict.overridden ? verdict : { ...verdict, outcome: 'rejected' }

/** A verdict of unknown outcome, for a fault that came after the answer to the request, and does not tell whether it was done. */
export function withUnknownOutcome(verdict: Verdict, { request, vendor }: ClassifyContext): Verdict {
  if (isSafeRequest(request, vendor)) return verdict
  return { ...verdict, outcome: 'unknown', fault: { ...verdict.fault, inTask: true } }
}
