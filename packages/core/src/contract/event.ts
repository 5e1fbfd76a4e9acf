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
  /** The name of what was asked for, such as `VM.start`: one of few, so that it may label a metric. The HTTP method where no vendor knows one. */
  readonly operation: string
  /** The caller's own name for the call, from its option `label`. */
  readonly label?: string
  /** `vendor origin scope`. */
  readonly key: string
  /** True for a question of the client's own how work stands. It is never retried: another one follows. */
  readonly poll?: true
}

/** The fields of every event of long work. */
export interface WorkFields {
  readonly vendor: string
  /** The server's own identifier of the work. */
  readonly work: string
  /** The name of what was asked for, as the events of the call that began it have it. */
  readonly operation: string
  /** The caller's own name for the call that began it. */
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
  /** The request went out a second time, after `ms`, for its answer was later than most. */
  | ({ readonly type: 'hedge-started'; readonly attempt: number; readonly ms: number } & CallFields)
  /** The second sending is over after `ms`; `won` where its answer was the one that counts. */
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
      /** Absent for a call that brought its reply. `thrown`: what fetch or a hook threw went to the caller as it is. */
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
  /** The service takes no more than it gets: `limit` attempts at once, `rate` requests a second, for a start. */
  | { readonly type: 'limit-began'; readonly key: string; readonly limit: number; readonly rate: number }
  /** Found out by the next call, after 10 s without overload and without anybody who waits. */
  | { readonly type: 'limit-ended'; readonly key: string }
  | { readonly type: 'key-paused'; readonly key: string; readonly ms: number }
  | { readonly type: 'session-opened'; readonly vendor: string; readonly origin: string }
  | {
      readonly type: 'login-failed'
      readonly vendor: string
      readonly origin: string
      readonly code: string
      /** Whole milliseconds until the next; absent where none follows with these credentials. */
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
      /** The code of its error, by which ends may be counted; absent where it has succeeded. */
      readonly code?: string
      /** Milliseconds since the work was begun, by the wall clock. */
      readonly ms: number
    } & WorkFields)

/** Told of events as they happen. What it throws is ignored. */
export type Observer = (event: ResilienceEvent) => void
