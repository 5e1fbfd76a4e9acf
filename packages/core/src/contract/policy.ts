import type { Spelt, StatusCode } from './catalogue.ts'
import type { Observer } from './event.ts'
import type { RateLimitRules } from './rate-limit/rules.ts'
import type {
  AttemptBody,
  BeforeAttempt,
  DeadlineHeaderOptions,
  FetchInit,
  HedgeOptions,
  IdempotencyKeyOptions,
  RequestFacts,
} from './request.ts'
import type { ErrorRow, Kind, OutcomeOfError, Pace } from './row.ts'
import type { Vendor } from './vendor.ts'
import type { Classify, Verdict } from './verdict.ts'

/**
 * Random spread of a wait: `full` is between 0 and the curve, `equal` in the upper half of that, `decorrelated` between the
 * base and three times the last wait, `none` exactly the curve.
 */
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
   * Number of retries after the first attempt. @default 4, of which the last waits for at least half of the longest wait, as far
   * as time and patience allow; for a busy object, which refuses before anything is done, as many as `totalTimeout` allows
   */
  readonly limit?: number
  /** Overrides the pace of the error's row. @default the row's */
  readonly pace?: Pace
  /** Random spread of the waits. @default 'full'; 'equal' for a busy object, which is not free again at once */
  readonly jitter?: Jitter
  /**
   * Back-off curves by pace, and that of a busy object whose pace is fast.
   *
   * @default fast 0.5 s to 20 s, slow 15 s to 2 min, busy 2 s to 30 s
   */
  readonly backoff?: Partial<Curves>
}

/**
 * The answers of `onConflict`: `fail`, `accept` the reply as a success, or a request to send next, which costs a retry. A
 * `url` alone sends the same request there. An `init` replaces all of the request except its method, which it may set too.
 * Any other answer ends the call with an `OptionsError`; `undefined` means `fail`.
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
 * Changes to the meaning of single errors, by the vendor's own codes. A code that no catalogue lists needs a `kind`. The most
 * precise entry counts: that of the code itself, then of its family, then of the class of its status.
 */
export type ErrorOptions<Row extends ErrorRow = ErrorRow> = {
  readonly [Code in Row['code'] as string extends Code ? never : Spelt<Code>]?: Override<RowOf<Row, Spelt<Code>>>
} & { readonly [Code in StatusCode<Row>]?: Override } & { readonly [code: UnlistedCode]: Override | undefined }

/** The order of calls that wait for their turn. Of calls with the same priority the one with the earliest deadline goes first. */
export type Priority = 'low' | 'normal' | 'high'

/** Options that are set for a client and may be changed for a call. */
export interface CallOptions<Row extends ErrorRow = ErrorRow> {
  /**
   * Your own name for the call, such as that of the job it belongs to. Its errors and events carry it. At most 200
   * characters. @default none
   */
  readonly label?: string
  /** Retries of failed attempts. A number is a `limit`; `false` turns retries off. @default `{ limit: 4, jitter: 'full' }` */
  readonly retry?: RetryOptions | number | false
  /**
   * Milliseconds for one attempt, until its headers, and the part of its body that the engine reads, have arrived; `false`
   * for no limit. @default 30_000, or more for requests that the vendor knows to be slow
   */
  readonly timeout?: number | false
  /**
   * Milliseconds for the whole call until its reply is returned: attempts, waits and logins; `false` for no limit. No further
   * attempt begins when less time is left than an answer needs: a tenth of `timeout`, but at most a second.
   *
   * @default 300_000, or `timeout` if that is longer, or more for requests that the vendor knows to be slow
   */
  readonly totalTimeout?: number | false
  /** Milliseconds without a byte after which the reading of a reply's body fails; `false` for no limit. @default false */
  readonly bodyTimeout?: number | false
  /**
   * Milliseconds, in total, that the call may wait for its turn while the service takes no more: its circuit is open, it
   * asked for a pause, or it takes fewer requests than it gets. `false` allows all of `totalTimeout`; 0 fails at once, for
   * requests that a person is waiting for.
   *
   * @default false
   */
  readonly patience?: number | false
  /**
   * Milliseconds of the longest single wait of known length that the call accepts: the server's `Retry-After`, a pause of the
   * service, an open circuit, the time until the next login. A longer one ends the call at once, with the time in
   * `retryAfter`; `false` for no such bound. Unlike ky's `maxRetryAfter` it never shortens what a server asked for.
   *
   * @default false: a wait that would exceed `totalTimeout` ends the call at once anyway
   */
  readonly maxWait?: number | false
  /** Place among the calls that wait for their turn: one goes only when none of a higher priority waits. @default 'normal' */
  readonly priority?: Priority
  /** True if the request may be repeated when its outcome is unknown. @default by the vendor's and HTTP's rules */
  readonly idempotent?: boolean
  /** Bytes of the largest body of a `Request` object that is kept for another attempt. @default 1_048_576 */
  readonly replayLimit?: number
  /**
   * Treats a conflict as a success if the wanted state holds already: the call ends with a reply that is `ok`, and
   * `acceptedOf(reply)` returns the conflict with the vendor's own reply. @default false
   */
  readonly acceptAchieved?: boolean
  /** Decides conflicts. @default every conflict fails */
  readonly onConflict?: OnConflict
  /** Changes what single errors mean. @default the catalogue's rows */
  readonly errors?: ErrorOptions<Row>
  /**
   * Finds failures that the status does not show, such as a 200 with an error inside. It is called with every reply, before
   * the vendor is. A JSON body is read for it, up to 1 MiB; other bodies only if the status is a failure or `bodyNeed` asks
   * for it, so streams pass through unread. If it throws or returns an invalid value, the call ends as `OPTION_FAILED`, with
   * the reply. @default the vendor and the status decide
   */
  readonly classify?: Classify
  /**
   * The part of a success's body that is read before the call returns, so that a body which breaks off or comes too late is
   * retried like any failure, if the request may be repeated. `whole` reads up to 1 MiB, a number up to that many bytes if it
   * is more; the rest of a longer body is passed on as a stream. Types that are streams, such as `text/event-stream`, are
   * never read. `none` reads nothing, not even for `classify`.
   *
   * @default what the vendor needs
   */
  readonly bodyNeed?: 'none' | 'whole' | number
  /**
   * Called before each attempt is sent, for the headers that differ from one to the next: a request id, the number of the
   * attempt, a fresh token. They replace headers of the caller's with the same name, and are signed with the others. Its time
   * counts as the attempt's. If it throws or returns an invalid value, the call ends as `OPTION_FAILED`, and this attempt is
   * not sent. @default none
   */
  readonly beforeAttempt?: BeforeAttempt
  /**
   * Sends a key by which the service does a request only once, however often it arrives: `auto` makes one for each call and
   * keeps it over its attempts. A request with a key counts as repeatable, so set this only if the service honours the header.
   * Safe requests, PUT and DELETE get no key; nor does a request that has one in its headers. A key of your own, `{ key }` or a
   * text, is for a single call. `false` sends none. @default none
   */
  readonly idempotencyKey?: 'auto' | (string & {}) | IdempotencyKeyOptions | false
  /**
   * Header that tells the service, with each attempt, how long the client waits for its answer: its name, or its name and
   * unit. The value is the time left of the attempt or of the call, whichever is less. @default none
   */
  readonly deadlineHeader?: string | DeadlineHeaderOptions
  /**
   * Leaves a fault to the outer client when this one is called inside an attempt of another client that will send the same
   * request again, because two layers of retries would multiply. By default that is recognised if the outer client calls this
   * one directly as its `fetch`. `auto` recognises it after an `await` too, in runtimes with an `AsyncLocalStorage`, at a small
   * cost for every attempt of the process. `true` means that it is always so, `false` that it never is. @default if called
   * directly
   */
  readonly nested?: boolean | 'auto'
  /**
   * Sends a repeatable request a second time if its answer is later than most, and uses the first answer that is no failure;
   * the other request is aborted. Retries and stream bodies are never hedged, nor is anything while the service holds calls
   * back. Each hedge costs a token of the budget. The first 20 answers to an operation cause none. @default false
   */
  readonly hedge?: boolean | HedgeOptions
}

/** Options of one call. */
export interface OneCallOptions<Row extends ErrorRow = ErrorRow> extends CallOptions<Row> {
  /**
   * Makes the body of each attempt, so that a stream can be sent again. May be asynchronous; its time counts as the attempt's.
   * It replaces a body of the request. @default the request's
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
   * First open time in milliseconds. Each further opening without a closing in between is 1.5 times as long, up to
   * `maxOpenTime`. Each is shortened at random by up to a quarter. @default 1_000
   */
  readonly openTime?: number
  /**
   * Longest open time in milliseconds, and so the longest time until the breaker notices that the service is back.
   * @default 3_000, or `openTime` if that is longer
   */
  readonly maxOpenTime?: number
  /** Successful probes that close a half-open circuit; as many are let through at once. @default 1 */
  readonly probes?: number
  /** Share of slow attempts above which the circuit opens, 0 to 1; `false` for never. @default false */
  readonly slowCallRate?: number | false
  /** Milliseconds from which an attempt is slow. @default 10_000 */
  readonly slowCallDuration?: number
}

/**
 * A bucket of retry tokens per key. A retry after a fault of the service spends one, and gets it back if it succeeds. While `limits`
 * paces the call, a retry spends none if its request was plainly refused or the server asked for the wait.
 */
export interface BudgetOptions {
  /** Tokens in a full bucket, with which it begins. @default 4, enough for the retries of one call */
  readonly size?: number
  /** Tokens added by each attempt that succeeds and has spent none. @default 0.1 */
  readonly perCall?: number
  /** Tokens added each second. @default 0.5 */
  readonly perSecond?: number
}

/** Rules of a shared pause: a server asks one caller to wait, and all callers of the service wait. */
export interface PauseOptions {
  /** Longest shared pause in milliseconds; after it one probe goes first. @default 300_000 */
  readonly max?: number
}

/** A request as {@link ScopeOf} gets it: with the headers that its caller gave, before it is signed. */
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
   * Defaults for every request, logins included, such as a dispatcher or headers. A `signal` applies to the whole client,
   * besides that of each call: when it aborts, the calls under way end with its reason, and the client is closed.
   * @default none
   */
  readonly init?: FetchInit
  /** Bytes, after decompression, of the longest reply to a vendor's own request such as a login; a longer one fails. @default 8_388_608 */
  readonly loginReplyLimit?: number
  /**
   * Milliseconds for a login: credentials, reply and body together. A login that takes longer fails, and the next one is
   * tried after a growing wait. @default 30_000, or `timeout` if that is longer
   */
  readonly loginTimeout?: number
  /** `observe` changes nothing: each request is sent once as it is, and events say what would have been done. @default 'act' */
  readonly mode?: 'act' | 'observe'
  /** Functions that are called with every event, and change nothing. @default none */
  readonly observers?: readonly Observer[]
  /** Circuit breaker of each key; `false` for none. @default see BreakerOptions */
  readonly breaker?: BreakerOptions | false
  /** Retry budget of each key; `false` for none. @default see BudgetOptions */
  readonly budget?: BudgetOptions | false
  /** Shared pauses of each key; `false` for none. @default see PauseOptions */
  readonly pause?: PauseOptions | false
  /**
   * Learns from each key's answers how many requests the service takes, and how far apart. There is no limit before the
   * first sign of overload. @default true
   */
  readonly limits?: boolean
  /**
   * Rate limits of the API beyond the headers that are read for every API: rules of your own, or ready ones such as
   * `githubLimits`. A limit that is used up holds back all callers of the key until it begins anew, but at most for
   * `pause.max`. `false` ignores all counts of what is left. With rules, the headers of every good reply are read; without
   * them, those of one in each millisecond, once many replies have announced no limit. @default the common headers only
   */
  readonly rateLimit?: RateLimitRules | false
  /**
   * Divides an origin into parts, by route or by credential, each with a key of its own: a limit, a pause or a circuit of one
   * part does not hold back the others. Requests for which it returns the same text share a key; an empty text means the
   * origin's own. The text may be a secret: keys show a number in its place. At most 1,000 parts of an origin are told apart
   * at a time; further ones share one. It is called for each call; if it throws, the call ends. @default one key for an origin
   */
  readonly scope?: ScopeOf
  /**
   * Number of attempts of a key that may be under way at once, each from its sending until its headers, and the part of its
   * body that the engine reads, have arrived. Further ones wait for their turn, by priority and deadline. A call that waits
   * for its retry does not count. @default no bound, until the service shows a limit
   */
  readonly concurrency?: number
  /** Number of calls of a key that may wait for their turn; further ones are refused. @default 10_000 */
  readonly queue?: number
  /** Hosts (`name` or `name:port`) to which a reply may send a request, by a re-route or by a redirect with credentials. @default none */
  readonly trustedHosts?: readonly string[]
  /** Breakers, budgets, pauses and sessions that several clients share. @default the client's own */
  readonly state?: State
}

/** Breakers, budgets, pauses and sessions. Made by `createState`. */
export interface State {
  /** The present state of each service, without any secret. */
  snapshot(): readonly ServiceSnapshot[]
  /** The sessions of each account, without any secret. */
  sessions(): readonly SessionSnapshot[]
  /** Numbers of kept entries, for gauges: they do not grow without end in a long-running program. */
  readonly size: StateSize
  /**
   * Closes circuits, ends pauses, fills budgets, and forgets failed and refused logins, so that the next call is tried at
   * once. Call it when the cause of an outage has been repaired. Calls under way and sessions are not changed.
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
   * Entries of `sessions()`: sources of sessions at origins. Entries of clients that were collected without being closed are
   * dropped when another entry is made or closed.
   */
  readonly sessions: number
  /** Lists of observers. Those of collected clients are dropped now and then. */
  readonly observers: number
}

/** One account of a state: a vendor's user at the origin of its logins. */
export interface SessionSnapshot {
  /** `vendor origin user`; without the user before the first login. */
  readonly key: string
  /** `unproven`: sessions were rejected although their logins succeeded, and one caller tries this one first. */
  readonly state: 'none' | 'logging-in' | 'open' | 'unproven'
  /** Whole milliseconds until a login may be tried; 0 for at once, `Infinity` (in JSON `null`) if a refused login is not repeated. */
  readonly blockedFor: number
}

/**
 * One service of a state: a vendor's scope at an origin. A member without a bound is `Infinity`, for which `JSON.stringify`
 * writes `null`.
 */
export interface ServiceSnapshot {
  /** `vendor origin scope`. */
  readonly key: string
  readonly circuit: 'closed' | 'open' | 'half-open'
  /** Tokens left in the retry budget; `Infinity` if there is none. */
  readonly budget: number
  /** Whole milliseconds left of a shared pause; 0 if there is none. */
  readonly pausedFor: number
  /** Calls that wait for their turn. */
  readonly waiting: number
  /** Attempts under way. */
  readonly underWay: number
  /** Attempts that may be under way at once, as the service has shown; below 1, the share of time in which there is one; `Infinity` if it has shown no limit. */
  readonly limit: number
  /** Requests a second that the limit amounts to; `Infinity` if there is none. */
  readonly rate: number
  /** Requests that may go before the service's rate limit resets, by its own word; `Infinity` if it has not said. */
  readonly remaining: number
}
