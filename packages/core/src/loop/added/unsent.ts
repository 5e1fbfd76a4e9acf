import type { Deadline } from '../../attempt/deadline.ts'
import type { Fetch } from '../../call/engine.ts'
import type { ClassifyContext } from '../../classify/context.ts'
import { type AttemptOutcome, type Unsent, unsentOf } from '../../contract/attempt-outcome.ts'
import type { Verdict } from '../../contract/verdict.ts'
import { isSafeRequest } from '../../request/repeatable.ts'

/** The word of `fetch` on an attempt whose time ran out. What a redirect led to is another request. */
export function unsentIn(outcome: AttemptOutcome, fetch: Fetch, limits: Deadline | undefined): Unsent | undefined {
  const isSingle = outcome.type === 'thrown' && outcome.timedOut && !outcome.afterRedirect
  return isSingle && limits !== undefined ? unsentOf(fetch, limits.signal) : undefined
}

/** A verdict on an attempt whose time ran out before anything was sent: unless the user says otherwise, nothing was done. */
export const withUnsent = (verdict: Verdict, unsent: Unsent | undefined): Verdict =>
  unsent === undefined || verdict.overridden ? verdict : { ...verdict, outcome: 'rejected' }

/** A verdict on something that came after the answer to a request, so that it does not tell whether that was done. */
export function withUnknownOutcome(verdict: Verdict, { request, vendor }: ClassifyContext): Verdict {
  if (isSafeRequest(request, vendor)) return verdict
  return { ...verdict, outcome: 'unknown', fault: { ...verdict.fault, inTask: true } }
}
