import type { Spelt } from './catalogue.ts'
import type { Observer } from './event.ts'
import type { RateLimitRules } from './rate-limit/rules.ts'
import type {
  AttemptBody,
  BeforeAttempt,
  DeadlineHeaderOptions,
  HedgeOptions,
  IdempotencyKeyOptions,
  RequestFacts,
} from './request.ts'
import type { ErrorRow, Kind, OutcomeOfError, Pace } from './row.ts'
import type { Vendor } from './vendor.ts'
import type { Classify, Verdict } from './verdict.ts'

/** Spread of a wait: `full` between 0 and the curve, `equal` in its upper half, `decorrelated` from the last wait, or none. */
export type Jitter = 'full' | 'equal' | 'decorrelated' | 'none'

/** An exponential curve of waits. */
export interface Curve {
  /** Milliseconds of the first wait; each further one is twice as long. */
  readonly base: number
  /** Milliseconds of the longest wait. */
  readonly limit: number
}

/** The curves of waits: of each pace, and of a busy object whose pace is fast. */
export type Curves = Readonly<Record<Pace | 'busy', Curve>>

/** Number and spacing of the retries of a request. */
export interface RetryOptions {
  /**
   * Retries after the first attempt. @default 4; of a busy object, which has refused before anything was done, as many as
   * `totalTimeout` allows
   */
  readonly limit?: number
  /** Overrides the pace of the error's row. @default the row's */
  readonly pace?: Pace
  /** @default 'full'; 'equal' for a busy object, which is not free again at once */
  readonly jitter?: Jitter
  /**
   * Back-off curves by pace, and that of a busy object whose pace is fast.
   *
   * @default fast 0.5 s to 20 s, slow 15 s to 2 min, busy 2 s to 30 s
   */
  readonly backoff?: Partial<Curves>
}

/**
 * The answers of `onConflict`: fail, take the reply for success, or send this request next (it costs a retry). A `url`
 * alone sends the same request there; an `init` replaces all of the request but its method, which it may name anew. Any
 * other answer ends the call with an `OptionsError`; none at all means `fail`.
 */
export type ConflictAnswer = 'fail' | 'accept' | Request | { readonly url?: string | URL; readonly init?: RequestInit }

/** Called with a conflict and the request that met it. May be asynchronous. */
export type OnConflict = (
  verdict: Verdict,
  request: {
    readonly method: string
    readonly url: string
    /** The name of what was asked for. */
    readonly operation: string
    readonly label?: string
  },
) => ConflictAnswer | Promise<ConflictAnswer>

type RowOf<Row extends ErrorRow, Code extends string> = Extract<Row, { readonly code: Code }>

interface OverrideBase {
  readonly retry?: RetryOptions | number | false
  readonly trips?: boolean
  readonly acceptAchieved?: boolean
  readonly onConflict?: OnConflict
}

/** A changed class. `retryable` demands an `outcome`, because that decides whether a POST may be repeated. */
export type Override<Row extends ErrorRow = ErrorRow> = OverrideBase &
  (
    | { readonly kind: 'retryable'; readonly outcome: OutcomeOfError }
    | { readonly kind: Exclude<Kind, 'retryable'>; readonly outcome?: OutcomeOfError }
    | (Row extends { readonly kind: 'retryable' }
        ? { readonly kind?: undefined; readonly outcome?: OutcomeOfError }
        : { readonly kind?: undefined; readonly outcome?: never })
  )

/**
 * The form of codes that no catalogue lists: of a status (`HTTP_529`), of a class of statuses (`HTTP_5XX`), of a vendor
 * (`OUT_OF_STOCK`, `Shop.0042`), of a family (`STOCK_*`).
 */
export type UnlistedCode = Uppercase<string> | `${string}.${string}`

/**
 * Changes to what single errors mean, by the vendor's own codes. A code that no catalogue lists must say its `kind`.
 * The nearest word counts: that for the code itself, then for its family, then for the class of its status.
 */
export type ErrorOptions<Row extends ErrorRow = ErrorRow> = {
  readonly [Code in Row['code'] as string extends Code ? never : Spelt<Code>]?: Override<RowOf<Row, Spelt<Code>>>
} & { readonly [code: UnlistedCode]: Override | undefined }

/** The order of calls that wait for their turn. Among those of one priority the earliest deadline goes first. */
export type Priority = 'low' | 'normal' | 'high'

/** Options that are set for a client and may be changed for a call. */
export interface CallOptions<Row extends ErrorRow = ErrorRow> {
  /**
   * Your own name for the call, as its errors and events carry it: of the job that it belongs to, say. At most 200
   * characters. @default none
   */
  readonly label?: string
  /** A number is a `limit`; `false` is none. */
  readonly retry?: RetryOptions | number | false
  /** Milliseconds for one attempt, until its headers and what we read ourselves have arrived; `false` for none. @default 30_000, or the vendor's own for slow requests */
  readonly timeout?: number | false
  /**
   * Milliseconds for the whole call until its reply is handed over: attempts, waits and logins; `false` for none. No
   * further attempt begins with less left than an answer needs: a tenth of an attempt's time, a second at most.
   *
   * @default 300_000
   */
  readonly totalTimeout?: number | false
  /** Milliseconds without a byte after which a reply's body is given up; `false` for none. @default false */
  readonly bodyTimeout?: number | false
  /**
   * Milliseconds that the call may wait for its turn in all, while the service takes no more: its circuit is open, it asked
   * to be left alone, or it takes fewer requests than it gets. `false` is all of `totalTimeout`; 0 is none, for what a
   * person waits for: the call fails at once.
   *
   * @default false
   */
  readonly patience?: number | false
  /**
   * Longest single wait that the call accepts where its length is known: the server's `Retry-After`, a pause of the service,
   * an open circuit, the time until the next login. A longer one ends the call at once, with the time in `retryAfter`;
   * `false` for no such bound. Milliseconds. Unlike ky's `maxRetryAfter` it never shortens what a server asked for.
   *
   * @default false, since no wait goes beyond `totalTimeout`: one that would ends the call at once as well
   */
  readonly maxWait?: number | false
  /** Order among calls that wait for their turn: a lower priority goes when no higher one waits. @default 'normal' */
  readonly priority?: Priority
  /** Says whether the request may be repeated when its outcome is unknown. @default the vendor's and HTTP's rules */
  readonly idempotent?: boolean
  /** Largest body of a `Request` object that is kept for another attempt, in bytes. @default 1_048_576 */
  readonly replayLimit?: number
  /**
   * Takes a conflict whose wanted state holds already for success: the call ends with a reply that is `ok`, and
   * `acceptedOf(reply)` is the conflict, with the vendor's own reply. @default false
   */
  readonly acceptAchieved?: boolean
  /** Decides conflicts. @default every conflict fails */
  readonly onConflict?: OnConflict
  /** Changes what single errors mean. @default the catalogue's rows */
  readonly errors?: ErrorOptions<Row>
  /**
   * Finds failures that no status tells, such as a 200 with an error inside: asked about every reply, before the vendor. A
   * body of JSON is read for it, up to 1 MiB; other bodies only where the status is a failure or `bodyNeed` says so, so
   * that streams go through unread. What it throws, or returns without sense, ends the call as `OPTION_FAILED`, with the
   * reply. @default the vendor and the status speak
   */
  readonly classify?: Classify
  /**
   * The part of a success that is read before it is handed over, so that a body which breaks off or comes too late is
   * retried like any failure, if the request may be repeated. `whole` is up to 1 MiB, a number up to so many bytes if they
   * are more; what is longer goes on as a stream. Streams by their type, such as `text/event-stream`, are never read.
   * `none` reads nothing for `classify` either.
   *
   * @default what the vendor needs
   */
  readonly bodyNeed?: 'none' | 'whole' | number
  /**
   * Called before each attempt is sent, for the headers that differ from one to the next: a request id, the number of the
   * attempt, a fresh token. They take the place of the caller's own and are signed with them. It has the time of the attempt.
   * What it throws, or returns without sense, ends the call as `OPTION_FAILED`; nothing was sent then. @default none
   */
  readonly beforeAttempt?: BeforeAttempt
  /**
   * Has the service do a request once, however often it comes: `auto` makes a key for each call and keeps it over its attempts.
   * A request with a key counts as repeatable, so give it only where the service honours the header. Safe requests, PUT and
   * DELETE get none; nor does one that has it in its headers. A key of one's own, `{ key }` or a text, is for one call alone.
   * `false` is none. @default none
   */
  readonly idempotencyKey?: 'auto' | (string & {}) | IdempotencyKeyOptions | false
  /**
   * Tells the service, with each attempt, how long its answer is waited for: the name of a header, or its name and unit. The
   * value is the time left of the attempt or, where that is less, of the call. @default none
   */
  readonly deadlineHeader?: string | DeadlineHeaderOptions
  /**
   * Inside an attempt of another client's a fault is left to that one, where it will send the same again: two layers of retries
   * would multiply. Known by itself where that client's `fetch` calls this one directly; `auto` has it known beyond an `await`
   * as well, for which every attempt of the process pays a little, in runtimes with an `AsyncLocalStorage`. `true` says that it
   * is always so, `false` that it never is. @default where it is called directly
   */
  readonly nested?: boolean | 'auto'
  /**
   * Sends a request that may be repeated a second time where its answer is later than most, and takes the first that is no
   * failure; the other is aborted. Never a retry, a body that is a stream, or anything while the service holds back; each costs
   * a token of the budget. Until 20 answers to the same operation have come nothing is sent twice. @default false
   */
  readonly hedge?: boolean | HedgeOptions
}

/** Options of one call. */
export interface OneCallOptions<Row extends ErrorRow = ErrorRow> extends CallOptions<Row> {
  /**
   * Makes the body of each attempt, so that a stream can be sent again. May be asynchronous, within the time of the attempt.
   * It stands in place of a body in the request. @default the request's
   */
  readonly body?: () => AttemptBody | Promise<AttemptBody>
}

/** The rules by which the circuit of a key opens and closes. */
export interface BreakerOptions {
  /** Share of failures in the window above which the circuit opens, 0 to 1. @default 0.5 */
  readonly failureRate?: number
  /** Attempts in the window below which it never opens. @default 10 */
  readonly minimum?: number
  /** Length of the window in milliseconds. @default 10_000 */
  readonly window?: number
  /**
   * First open time in milliseconds; half as long again with each opening that no closing came between, up to
   * `maxOpenTime`. Chance shortens each by up to a quarter. @default 1_000
   */
  readonly openTime?: number
  /** Longest open time in milliseconds: nothing finds out sooner that the service is back. @default 3_000, or `openTime` where that is longer */
  readonly maxOpenTime?: number
  /** Successful probes that close a half-open circuit; as many are let through at once. @default 1 */
  readonly probes?: number
  /** Share of slow attempts above which the circuit opens, 0 to 1; `false` for never. @default false */
  readonly slowCallRate?: number | false
  /** Milliseconds from which an attempt is slow. @default 10_000 */
  readonly slowCallDuration?: number
}

/** A bucket of retry tokens per key: retries about the service whose request may have been done spend one each. */
export interface BudgetOptions {
  /** Tokens that it holds at most, and at first. @default 4, so that one call alone keeps its retries */
  readonly size?: number
  /** Added by each attempt that succeeds. @default 0.1 */
  readonly perCall?: number
  /** Added each second. @default 0.05 */
  readonly perSecond?: number
}

/** The rules by which a pause that one caller was told holds back all callers of the service. */
export interface PauseOptions {
  /** Longest shared pause in milliseconds; after it one probe goes first. @default 300_000 */
  readonly max?: number
}

/** A request as {@link ScopeOf} sees it: with the headers that its caller has given, and before it is signed. */
export interface ScopedRequest extends Omit<RequestFacts, 'bodyText'> {
  readonly headers: Headers
}

/** Names the part of an API that a request belongs to. */
export type ScopeOf = (request: ScopedRequest) => string

/** Options of a client. */
export interface ResilientOptions<Row extends ErrorRow = ErrorRow> extends CallOptions<Row> {
  /** The vendor whose catalogue classifies the errors. @default plain HTTP: status codes and transport errors */
  readonly vendor?: Vendor<Row>
  /**
   * Defaults for every request, the engine's own logins included: a dispatcher, headers. A `signal` holds for the client,
   * beside each call's own: when it aborts, the calls under way end with its reason, and the client is closed.
   * @default none
   */
  readonly init?: RequestInit
  /** Longest reply to a vendor's own request, such as a login, in bytes after unpacking; a longer one fails. @default 8_388_608 */
  readonly loginReplyLimit?: number
  /**
   * Milliseconds for a login: for its credentials, its reply and the body of that together. One that takes longer is
   * given up and tried again by its pace. @default 30_000, or `timeout` where that is longer
   */
  readonly loginTimeout?: number
  /** `observe` changes nothing: one attempt as the caller wrote it, with events saying what would have been done. @default 'act' */
  readonly mode?: 'act' | 'observe'
  /** Told of everything, able to change nothing. @default none */
  readonly observers?: readonly Observer[]
  /** @default see BreakerOptions; `false` for no breaker */
  readonly breaker?: BreakerOptions | false
  /** @default see BudgetOptions; `false` for no budget */
  readonly budget?: BudgetOptions | false
  /** @default see PauseOptions; `false` for no shared pause */
  readonly pause?: PauseOptions | false
  /**
   * Learns from each key's answers how many requests the service takes, and how far apart. There is no limit before the
   * first sign of overload. @default true
   */
  readonly limits?: boolean
  /**
   * The way in which the API tells of its rate limits, beside the headers that are read for every API: rules of your own, or
   * ready ones such as `githubLimits`. What is used up holds back all callers of the key until it begins anew, for as long
   * as `pause.max` at most; `false` heeds no count of any header. Where there are rules every good reply is looked at; without
   * them one in each millisecond, once many have told of no limit. @default the common headers alone
   */
  readonly rateLimit?: RateLimitRules | false
  /**
   * Divides an origin into parts with a key of their own each, by route or by credential: a limit, a pause or a circuit of
   * one part holds back no other. Requests for which it returns the same text share a key; an empty text is the origin's
   * own. The text may be a secret: keys show a number in its place. At most 1,000 parts of an origin are told apart at a
   * time, further ones share one. It is asked for each call; what it throws ends the call. @default one key for an origin
   */
  readonly scope?: ScopeOf
  /**
   * Attempts of a key that may be under way at once, from being sent until their headers and what we read ourselves have
   * arrived; further ones wait for their turn, by priority and deadline. A retry that backs off takes no place. @default
   * any number, until the service shows a limit
   */
  readonly concurrency?: number
  /** Calls of a key that may wait for their turn; further ones are refused. @default 10_000 */
  readonly queue?: number
  /** Hosts (`name` or `name:port`) that a reply may send a request to: by re-route, or by redirect with credentials. @default none */
  readonly trustedHosts?: readonly string[]
  /** Breakers, budgets, pauses and sessions shared between clients. @default one of the client's own */
  readonly state?: State
}

/** Breakers, budgets, pauses and sessions. Made by `createState`. */
export interface State {
  /** The present state of each service, without any secret. */
  snapshot(): readonly ServiceSnapshot[]
  /** The sessions of each account, without any secret. */
  sessions(): readonly SessionSnapshot[]
  /** Numbers of the things that are kept: flat over time in a program that runs for long. */
  readonly size: StateSize
  /**
   * Closes circuits, ends pauses, fills budgets, and forgets failed and refused logins, so that the next call is tried at
   * once: for a person who has mended what was wrong. Calls and sessions go on as they are.
   *
   * @param key the `key` of one service or of one account, as `snapshot` and `sessions` show it. @default all
   */
  reset(key?: string): void
}

/** Numbers of the things that a state keeps. */
export interface StateSize {
  /** Entries of `snapshot()`: scopes of services at origins. */
  readonly services: number
  /**
   * Entries of `sessions()`: sources of sessions at origins. Those of clients
   * that are gone without being closed are let go of when another is made or closed.
   */
  readonly sessions: number
  /** Lists of observers. Those of clients that are gone are dropped now and then. */
  readonly observers: number
}

/** One account of a state: a vendor's user at the origin of its logins. */
export interface SessionSnapshot {
  /** `vendor origin user`; without the user before the first login. */
  readonly key: string
  /** `unproven`: sessions were rejected though the logins succeeded, and one caller tries this one. */
  readonly state: 'none' | 'logging-in' | 'open' | 'unproven'
  /** Whole milliseconds for which no login is tried; 0 for none, `Infinity`, in JSON `null`, where a refused login is not repeated. */
  readonly blockedFor: number
}

/**
 * One service of a state: a vendor's scope at an origin. `Infinity` stands where nothing bounds a member; JSON has no such
 * number, so `JSON.stringify` writes `null` there.
 */
export interface ServiceSnapshot {
  /** `vendor origin scope`. */
  readonly key: string
  readonly circuit: 'closed' | 'open' | 'half-open'
  /** Tokens left in the retry budget; `Infinity` where there is none. */
  readonly budget: number
  /** Whole milliseconds left of a shared pause; 0 if there is none. */
  readonly pausedFor: number
  /** Calls that wait for their turn. */
  readonly waiting: number
  /** Attempts under way. */
  readonly underWay: number
  /** Attempts that may be under way at once, as the service has shown; below 1, the share of time in which there is one; `Infinity` where it has shown no limit. */
  readonly limit: number
  /** Requests a second that the limit amounts to; `Infinity` where there is none. */
  readonly rate: number
  /** Requests that may go before the service's rate limit begins anew, by its own word; `Infinity` where it has not said. */
  readonly remaining: number
}
