import type { Decision, FailReason, RefusalReason, WaitReason } from './decision.ts'
import type { Kind } from './row.ts'
import type { VerdictSource } from './verdict.ts'

/** The reason why a circuit opened. */
export type OpeningCause = 'failure-rate' | 'slow-call-rate' | 'probe-failed'

/** The fields of every event of a call. */
export interface CallFields {
  /** Counts up per process; ties the events of one call together. */
  readonly call: number
  readonly method: string
  /** Without query, fragment and user information. */
  readonly url: string
  /** The vendor's name for the request, such as `VM.start`, from a short list, so it may label a metric. Default: the HTTP method. */
  readonly operation: string
  /** The caller's own name for the call, from its option `label`. */
  readonly label?: string
  /** `vendor origin scope`. */
  readonly key: string
  /** True for a poll of long work. It is never retried: the next poll takes its place. */
  readonly poll?: true
}

/** The fields of every event of long work. */
export interface WorkFields {
  readonly vendor: string
  /** The server's own identifier of the work. */
  readonly work: string
  /** `operation` of the call that began the work. */
  readonly operation: string
  /** `label` of the call that began the work. */
  readonly label?: string
}

/** The part of a verdict that may be shown. */
export interface VerdictFacts {
  readonly vendor: string
  readonly code: string
  readonly detail?: string
  readonly kind: Kind
  readonly outcome: 'rejected' | 'unknown'
  readonly status?: number
  readonly source: VerdictSource
}

/** Something that happened. Frozen, and without any secret. */
export type ResilienceEvent =
  | ({ readonly type: 'attempt-started'; readonly attempt: number } & CallFields)
  | ({
      readonly type: 'attempt-ended'
      readonly attempt: number
      readonly ms: number
      readonly status?: number
      readonly verdict?: VerdictFacts
    } & CallFields)
  | ({
      readonly type: 'decision-made'
      readonly attempt: number
      readonly decision: Decision
      readonly verdict: VerdictFacts
      readonly observed?: true
    } & CallFields)
  | ({ readonly type: 'fault-unlisted'; readonly verdict: VerdictFacts } & CallFields)
  | ({
      readonly type: 'call-refused'
      readonly reason: RefusalReason
      /** Whole milliseconds after which to try again; absent for a closed client. */
      readonly retryAfter?: number
      readonly observed?: true
    } & CallFields)
  | ({ readonly type: 'call-waited'; readonly reason: WaitReason | 'login-failed'; readonly ms: number } & CallFields)
  /** The request was sent a second time after `ms`, because its answer was later than most. */
  | ({ readonly type: 'hedge-started'; readonly attempt: number; readonly ms: number } & CallFields)
  /** The second sending ended after `ms`; `won` is true if its answer was used. */
  | ({
      readonly type: 'hedge-ended'
      readonly attempt: number
      readonly won: boolean
      readonly ms: number
    } & CallFields)
  | ({
      readonly type: 'call-ended'
      readonly attempts: number
      readonly ms: number
      readonly waited: number
      /** Absent for a call that returned its reply. `thrown`: the caller got an error of `fetch` or of a hook as it was thrown. */
      readonly reason?: FailReason | 'aborted' | 'thrown'
      readonly verdict?: VerdictFacts
    } & CallFields)
  | {
      readonly type: 'circuit-opened'
      readonly key: string
      readonly openTime: number
      readonly cause: OpeningCause
    }
  | { readonly type: 'circuit-half-opened'; readonly key: string }
  | { readonly type: 'circuit-closed'; readonly key: string }
  /** The service showed that it takes no more. The first limit is `limit` attempts at once and `rate` requests a second. */
  | { readonly type: 'limit-began'; readonly key: string; readonly limit: number; readonly rate: number }
  /**
   * The limit ended: at once if no call waits and a good answer shows that it is not needed, or by the first call after 10 s
   * without overload and without waiting calls.
   */
  | { readonly type: 'limit-ended'; readonly key: string }
  | { readonly type: 'key-paused'; readonly key: string; readonly ms: number }
  | { readonly type: 'session-opened'; readonly vendor: string; readonly origin: string }
  | {
      readonly type: 'login-failed'
      readonly vendor: string
      readonly origin: string
      readonly code: string
      /** Whole milliseconds until the next login; absent if none follows with these credentials. */
      readonly retryAfter?: number
    }
  | { readonly type: 'session-closed'; readonly vendor: string; readonly origin: string }
  | ({ readonly type: 'work-started' } & WorkFields)
  | ({
      readonly type: 'work-changed'
      readonly status: 'pending' | 'running'
      /** From 0 to 1. */
      readonly progress?: number
    } & WorkFields)
  | ({
      readonly type: 'work-ended'
      readonly status: 'succeeded' | 'failed' | 'cancelled' | 'lost'
      /** Code of its error, fit for a metric; absent if the work succeeded. */
      readonly code?: string
      /** Milliseconds since the work was begun; by the wall clock if another process had begun it. */
      readonly ms: number
    } & WorkFields)

/** Called with each event as it happens. Whatever it throws is ignored. */
export type Observer = (event: ResilienceEvent) => void
