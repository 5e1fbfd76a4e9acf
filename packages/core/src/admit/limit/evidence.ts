import { LEAST_SPREAD } from './pacer.ts'

/** Milliseconds within which one limit is forgiven: calls of others are alone by chance, too. */
const FORGIVEN_FOR = 60_000
/** Good answers in a row after which calls that met a fault are no longer put back. */
const SURELY_GOOD = 3
/** Faults in a row with which a limit begins. */
const FAULTS = 3

/** The evidence of one answer about the load of the service. */
export interface LoadSign {
  readonly load: 'good' | 'bad' | 'none'
  /** True for a bad answer from a fault and not from load: the connection broke, or a gateway could not reach the service. */
  readonly isConnectionFault: boolean
  readonly ms: number
  /** True if it was so slow that the limit must not grow freely. */
  readonly isSlow: boolean
  /** True if the attempt timed out. */
  readonly isTimedOut: boolean
  /** True if no connection could be made, so that the service had no work with it. */
  readonly isUnreachable: boolean
  /** Milliseconds that the server asked to wait; 0 or absent for none. */
  readonly hint: number | undefined
  /** True for a throttle. One that does not say how long to wait is taken to count by the second, as most do. */
  readonly isThrottle: boolean
}

/** The meaning of a bad answer, given those before it. */
export interface Meaning {
  /** True if it says little about the load. */
  readonly isWeak: boolean
  /** True if other requests certainly wait at the service, too. */
  readonly isQueued: boolean
  /** True for a fault among good answers, which is no reason to hold anything back. */
  readonly isAlone: boolean
}

/** The recent answers, as far as they tell what a bad one means. */
export class Evidence {
  /** True if no connection could be made for the last bad answer. */
  isUnreachable = false
  /** The latest start of a request that got a good answer. */
  #answeredFrom = Number.NEGATIVE_INFINITY
  // Times are whole here, for V8 allocates every other number.
  #badAt = 0
  /** Time of the last good answer while others waited or were under way. */
  #crowdedAt = 0
  #forgivenAt = -FORGIVEN_FOR
  #badRun = 0
  /** Time of the last good answer. */
  #goodAt = Number.NEGATIVE_INFINITY
  /** Good answers since the last fault, counted up to {@link SURELY_GOOD}. */
  #goodRun = SURELY_GOOD

  /** True while many requests meet a fault and others do not. */
  get isFaulty(): boolean {
    return this.#goodRun < SURELY_GOOD
  }

  /** Bad answers in a row, the last one included. */
  get badRun(): number {
    return this.#badRun
  }

  /** Time of the last good answer. */
  get goodAt(): number {
    return this.#goodAt
  }

  /** Takes a good answer to a request that began at `startedAt`. */
  good(startedAt: number, now: number): void {
    this.#goodAt = now
    this.#badRun = 0
    if (this.#goodRun < SURELY_GOOD) this.#goodRun++
    if (startedAt > this.#answeredFrom) this.#answeredFrom = startedAt
  }

  /**
   * True, once a minute, for a good answer to a client that makes one call after the other: while the gap passed, no other call
   * came. Such a client has no line that shows what it needs, and each of its calls would wait for a gap of seconds.
   *
   * @param others calls that wait or are under way.
   * @param rate requests a second that the limit allows.
   */
  forgives(startedAt: number, others: number, rate: number): boolean {
    if (others > 0) this.#crowdedAt = Math.trunc(this.#goodAt)
    const alone = startedAt - Math.max(this.#badAt, this.#crowdedAt)
    const isLone = others === 0 && alone >= (LEAST_SPREAD * 1_000) / rate
    if (!isLone || startedAt - this.#forgivenAt < FORGIVEN_FOR) return false
    this.#forgivenAt = Math.trunc(startedAt)
    return true
  }

  /** Takes a bad answer. */
  bad({ ms, isConnectionFault, isTimedOut, isUnreachable }: LoadSign, now: number): Meaning {
    this.isUnreachable = isUnreachable
    this.#badRun++
    this.#badAt = Math.trunc(now)
    if (isConnectionFault) this.#goodRun = 0
    // If a later request was answered, only this one hangs: there is no queue at the service.
    const isQueued = isTimedOut && now - ms >= this.#answeredFrom
    const isWeak = isConnectionFault || (isTimedOut && !isQueued)
    return { isWeak, isQueued, isAlone: isWeak && this.#badRun < FAULTS }
  }
}
