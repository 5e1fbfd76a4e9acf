/** The beginning of a limit. */
export interface LimitStart {
  /** Requests in flight. */
  readonly window: number
  /** Mean milliseconds of a good answer before. */
  readonly latency: number
  /** The mean while the service was well. */
  readonly base: number
  readonly now: number
  /** Good answers a second before; 0 if nothing is known. */
  readonly before: number
  /** Bad answers in a row that it begins with. @default 0 */
  readonly badRun?: number
  /** Time of the last good answer. @default now */
  readonly goodAt?: number
  /** True if it begins with late answers, not with a bad one. @default false */
  readonly isByLatency?: boolean
}

/** The calls that wait, as far as a limit asks about them. */
export interface Demand {
  readonly size: number
  /** Requests a second with which all of them go in time. */
  neededRate(now: number): number
}

/** A good answer. */
export interface GoodAnswer {
  readonly ms: number
  /** True if it came so slowly that more requests may be unwise. */
  readonly isSlow: boolean
  /** True if as many are in flight as may be, or others wait. */
  readonly isFull: boolean
  /** Requests a second with which all who wait go in time. */
  readonly needed: number
  readonly now: number
}

/** A bad answer. */
export interface BadAnswer {
  /** True if no connection could be made, so that nothing was asked of the service. */
  readonly isAbsent: boolean
  /** True for a fault that says little of the load. */
  readonly isWeak: boolean
  /** True if the service has said that there was too much. */
  readonly isThrottle: boolean
  /** Requests a second with which all who wait go in time. */
  readonly needed: number
  readonly now: number
  /** True if none came in its time, and none to a later request. */
  readonly isQueued: boolean
  /** True if its request went out before the last cut. */
  readonly isOld: boolean
  /** Milliseconds that the server asked to wait; 0 or absent for none. */
  readonly hint?: number | undefined
}
