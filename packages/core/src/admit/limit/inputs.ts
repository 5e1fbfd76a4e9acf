/** The beginning of a limit. */
export interface LimitStart {
  /** Requests in flight. */
  readonly window: number
  /** Mean milliseconds of a good answer before. */
  readonly latency: number
  /** The mean while the service was well. */
  readonly base: number
  readonly now: number
  /** Good answers a second before; 0 where nothing is known. */
  readonly before: number
  /** Bad answers in a row that it begins with. @default 0 */
  readonly badRun?: number
  /** Time of the last good answer. @default now */
  readonly goodAt?: number
}

/** A bad answer. */
export interface BadAnswer {
  /** True where no connection was to be had, so that nothing was asked of the service. */
  readonly isAbsent: boolean
  /** True for a fault that says little of the load. */
  readonly isFault: boolean
  readonly waiting: number
  readonly now: number
  /** True where none came in its time, and none to a later request. */
  readonly isLate: boolean
  /** True where its request went out before the last cut. */
  readonly isOld: boolean
  /** The server's word on when to come again, in milliseconds; 0 or absent for none. */
  readonly hint?: number | undefined
}
