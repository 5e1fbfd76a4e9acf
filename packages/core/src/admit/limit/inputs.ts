/** The beginning of a limit. */
export interface LimitStart {
  /** Requests in flight. */
  readonly window: number
  /** Mean milliseconds of a good answer before the limit. */
  readonly latency: number
  /** The same while the service was well. */
  readonly base: number
  readonly now: number
  /** Good answers a second before the limit; 0 if nothing is known. */
  readonly before: number
  /** Bad answers in a row that it begins with. @default 0 */
  readonly badRun?: number
  /** Time of the last good answer. @default now */
  readonly goodAt?: number
  /** True if it begins because of late answers, not of a bad one. @default false */
  readonly isByLatency?: boolean
}

/** The waiting calls, as a limit sees them. */
export interface Demand {
  readonly size: number
  /** Requests a second with which all of them meet their deadlines. */
  neededRate(now: number): number
}

/** A good answer. */
export interface GoodAnswer {
  readonly ms: number
  /** True if it came so slowly that more requests may be unwise. */
  readonly isSlow: boolean
  /** True if as many requests are in flight as the limit allows, or calls wait. */
  readonly isFull: boolean
  /** Requests a second with which all who wait go in time. */
  readonly needed: number
  readonly now: number
}

/** A bad answer. */
export interface BadAnswer {
  /** True if no connection could be made, so that the service had no work with it. */
  readonly isUnreachable: boolean
  /** True for a fault that says little about the load. */
  readonly isWeak: boolean
  /** True if the service has said that there were too many requests. */
  readonly isThrottle: boolean
  /** Requests a second with which all who wait go in time. */
  readonly needed: number
  readonly now: number
  /** True if the request timed out and no later request was answered. */
  readonly isQueued: boolean
  /** True if its request was sent before the last cut. */
  readonly isOld: boolean
  /** Milliseconds that the server asked to wait; 0 or absent for none. */
  readonly hint?: number | undefined
}
