import type { FailReason, RefusalReason } from '../contract/decision.ts'
import type { Verdict } from '../contract/verdict.ts'
import type { NamedRequest } from '../error/request-line.ts'
import type { AttemptRecord } from '../error/vendor-error.ts'

/** A call that failed: everything that its error will say. */
export interface CallFailure {
  readonly verdict: Verdict
  readonly reason: FailReason
  readonly retryAfter: number | undefined
  readonly attempts: readonly AttemptRecord[]
  readonly request: NamedRequest
  /** Advice that fits better than the row's. */
  readonly hint?: string | undefined
  /** True if the request may be repeated although nobody knows if it was done; absent if nobody can say. */
  readonly repeatable?: boolean | undefined
  /** The request that finds out whether it was done. */
  readonly verifyWith?: string | undefined
  /** The name of work whose end nobody will see. */
  readonly lostWork?: string
  /** Strings that must not stand in the error. */
  readonly secrets: readonly string[]
  readonly cause: unknown
  /** The last reply with all of its body, for callers that want replies. */
  live(): Response | undefined
  /** The last reply with what was read of its body, holding no socket. */
  buffered(): Response | undefined
}

/**
 * The result of a call.
 *
 * - `reply`: fine, or a conflict that is accepted.
 * - `refused`: nothing was ever sent.
 * - `failure`: the last verdict, with the reason why there is no further attempt. `decide` has most reasons; a
 *   refusal of a later attempt, a failed login and a conflict's answer have theirs.
 * - `raw`: the caller's own abort, or a value that the engine does not interpret. The call rejects with that very value.
 */
export type CallResult =
  | { readonly type: 'reply'; readonly response: Response }
  | { readonly type: 'failure'; readonly failure: CallFailure }
  | {
      readonly type: 'refused'
      readonly reason: RefusalReason
      readonly retryAfter: number | undefined
      readonly key: string
      /** The request as it may be shown, made when somebody asks: refusals come by the thousand. */
      readonly shownRequest?: () => NamedRequest
    }
  | { readonly type: 'raw'; readonly thrown: unknown }

/** The end of a round that has brought the call no result: it goes round once more. */
export const AGAIN = Object.freeze({ type: 'again' })

/** The end of a round: that of its call, or {@link AGAIN}. */
export type RoundEnd = CallResult | typeof AGAIN

/** The receiver of a call's end, which can also end it from outside. */
export interface CallKeeper {
  end(result: CallResult): void
  terminate(thrown?: { readonly reason: unknown }): void
}
