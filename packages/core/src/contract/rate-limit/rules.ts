/** The headers in which an API counts against one limit. */
export interface CounterHeaders {
  /** Names what is left. */
  readonly remaining: string
  /**
   * Names the reset: of several headers the first that there is counts. Seconds, or seconds or milliseconds since the epoch
   * (told apart by their size), a duration such as `6m0s`, or a date.
   */
  readonly reset: readonly string[]
  /** Names what the limit allows. */
  readonly limit?: string
}

/**
 * A reply that refuses a request because there were too many. All that is given must be so.
 *
 * It is a fault `RATE_LIMITED`: retryable, nothing was done, and it holds back all callers of the service.
 */
export interface ThrottleSign {
  readonly status: number
  /** A header with just this value. */
  readonly header?: { readonly name: string; readonly value: string }
  /** The body says one of these texts, in capitals or not. */
  readonly includes?: readonly string[]
  /** Milliseconds to wait where the reply does not say how long. @default the back-off of the call */
  readonly wait?: number
  /** True if no time mends it, as a balance that is spent: a fault `QUOTA_SPENT`, which is fatal. @default false */
  readonly isFinal?: boolean
}

/**
 * The way in which an API tells of its rate limits, as data. The headers of the IETF's draft (`RateLimit`, and
 * `RateLimit-Remaining` before it), `x-ratelimit-…`, `x-rate-limit-…`, `Retry-After` and `x-should-retry` are read for every
 * API and need no rules.
 */
export interface RateLimitRules {
  /** Further headers that count. Of several limits the one that is used up speaks. @default none */
  readonly counters?: readonly CounterHeaders[]
  /** Replies that are throttles beside those with status 429; the first that fits. @default none */
  readonly throttles?: readonly ThrottleSign[]
  /**
   * The member of a failure's JSON body that says how long to wait, such as `retry_after` or `parameters.retry_after`: a number of
   * this unit, or a duration such as `3.5s`. Of a list the first object that has the member counts. @default none
   */
  readonly wait?: { readonly member: string; readonly unit: 's' | 'ms' }
  /** A further header that says by `true` or `false` if the same request may succeed later. @default none */
  readonly shouldRetry?: string
  /**
   * Parts of the API with a limit of their own, by the beginning of their path: `{ '/search': 'search' }`. Each has its own
   * key, so that one that is used up holds back no other. The longest beginning counts. @default none
   */
  readonly scopes?: Readonly<Record<string, string>>
}
