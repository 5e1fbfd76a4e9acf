/** Good answers in a row after which nobody is put back for a fault. */
const SURELY_GOOD = 3
/** Faults in a row with which a limit begins. */
const FAULTS = 3

/** Word of one answer on the load of the service. */
export interface LoadSign {
  readonly load: 'good' | 'bad' | 'none'
  /** True for a bad answer that comes of a fault rather than of too much work: the connection broke, or a gateway found nobody. */
  readonly isConnectionFault: boolean
  readonly ms: number
  /** True if it came so slowly that more requests would not be wise. */
  readonly isSlow: boolean
  /** True if the whole time of the attempt went by without an answer. */
  readonly isTimedOut: boolean
  /** True if no connection could be made, so that nothing was asked of the service. */
  readonly isAbsent: boolean
  /** Milliseconds that the server asked to wait; 0 or absent for none. */
  readonly hint: number | undefined
  /** True for a throttle, which counts by the second where it does not say when to come again, as most do. */
  readonly isThrottle: boolean
}

/** The meaning of a bad answer beside those before it. */
export interface Meaning {
  /** True for one that says little of the load. */
  readonly isWeak: boolean
  /** True if others surely wait at the service, too. */
  readonly isQueued: boolean
  /** True for a fault among good answers: no reason to hold anything back. */
  readonly isAlone: boolean
}

/** The answers recently, as far as they say what a bad one means. */
export class Evidence {
  /** True if no connection could be made for the last request that was not answered well. */
  isAbsent = false
  /** The latest time at which a request began that was answered well. */
  #answeredFrom = Number.NEGATIVE_INFINITY
  #badRun = 0
  /** Time of the last good answer. */
  #goodAt = Number.NEGATIVE_INFINITY
  /** Good answers since the last fault, as far as they matter. */
  #goodRun = SURELY_GOOD

  /** True while many requests meet a fault, and others do not. */
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

  /** Takes a good answer to a request that began at that time. */
  good(startedAt: number, now: number): void {
    this.#goodAt = now
    this.#badRun = 0
    if (this.#goodRun < SURELY_GOOD) this.#goodRun++
    if (startedAt > this.#answeredFrom) this.#answeredFrom = startedAt
  }

  /** Takes a bad answer. */
  bad({ ms, isConnectionFault, isTimedOut, isAbsent }: LoadSign, now: number): Meaning {
    this.isAbsent = isAbsent
    this.#badRun++
    if (isConnectionFault) this.#goodRun = 0
    // One that was overtaken hangs by itself: nobody waits in a queue behind it.
    const isQueued = isTimedOut && now - ms >= this.#answeredFrom
    const isWeak = isConnectionFault || (isTimedOut && !isQueued)
    return { isWeak, isQueued, isAlone: isWeak && this.#badRun < FAULTS }
  }
}
