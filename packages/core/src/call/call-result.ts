import type { FailReason, RefusalReason } from '../contract/decision.ts'
import type { Verdict } from '../contract/verdict.ts'
import type { NamedRequest } from '../error/request-line.ts'
import type { AttemptRecord } from '../error/vendor-error.ts'

/** A failed call: everything that its error says. */
export interface CallFailure {
  readonly verdict: Verdict
  readonly reason: FailReason
  readonly retryAfter: number | undefined
  readonly attempts: readonly AttemptRecord[]
  readonly request: NamedRequest
  /** Advice that replaces the row's. */
  readonly hint?: string | undefined
  /** True if the request may be repeated although its outcome is unknown; absent if that is not known. */
  readonly repeatable?: boolean | undefined
  /** The request that finds out whether it was done. */
  readonly verifyWith?: string | undefined
  /** The name of work whose end can no longer be observed. */
  readonly lostWork?: string
  /** Strings that must not stand in the error. */
  readonly secrets: readonly string[]
  readonly cause: unknown
  /** The last reply with all of its body, for callers that want replies. */
  live(): Response | undefined
  /** The last reply with the part of its body that was read. It holds no socket. */
  buffered(): Response | undefined
}

/**
 * The result of a call.
 *
 * - `reply`: fine, or a conflict that is accepted.
 * - `refused`: nothing was ever sent.
 * - `failure`: the last verdict, with the reason why there is no further attempt. Most reasons come from `decide`; others
 *   from a refusal of a later attempt, a failed login, and the answer of `onConflict`.
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
      /** Makes the request as it may be shown. Only on demand, because an outage brings thousands of refusals. */
      readonly shownRequest?: () => NamedRequest
    }
  | { readonly type: 'raw'; readonly thrown: unknown }

/** The end of a round without a result: the call begins another round. */
export const AGAIN = Object.freeze({ type: 'again' })

/** The end of a round: the result of the call, or {@link AGAIN}. */
export type RoundEnd = CallResult | typeof AGAIN

/** The receiver of a call's result, which can also end the call from outside. */
export interface CallKeeper {
  end(result: CallResult): void
  terminate(thrown?: { readonly reason: unknown }): void
}
