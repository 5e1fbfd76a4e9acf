/** Longest time between two requests, in milliseconds. */
const LONGEST_GAP = 10_000
/** Longest and shortest time between two requests while nobody is there, in milliseconds: asking costs the service nothing. */
const PROBE_GAP = { longest: 5_000, shortest: 2_000 }
/** Milliseconds in which as many probes go out as requests a second did before, while nobody is there. */
const PROBES_IN = 6_000
/** Requests a second to a service of which nothing is known. */
const UNKNOWN_RATE = 1
/** Growth with a good answer, in requests in flight, where just as much is needed as goes out. */
const GROWTH = 0.02
/** The same where answers come as fast as ever: then there is room. */
const GROWTH_IN_ROOM = 0.3
/** Most that is made of a great need. */
const MOST_NEED = 10
/** Seconds in which all that waits is to have gone. */
const DRAIN = 30
/** Good answers in a row after which the growth begins to grow itself. */
const RUN = 24
/** Cut with a bad answer, in requests in flight. */
const CUT = 0.5
/** Cut with a good answer that shows a queue at the service, where more goes out than before. */
const CUT_IN_QUEUE = 0.03
/** Latencies, as multiples of the one before, below which there is room, and above which there is a queue. */
const ROOM = 1.5
const QUEUE = 4
/** Bad answers in a row after which the service is taken to be down. */
const DOWN = 3
/** Share of the rate before with which it begins when it is up again. */
const FIRST_SHARE = 0.5
/** Multiple of the rate before that a service may take at best: nobody has asked it for more. */
const AT_BEST = 2
/** Weight of an answer in the mean latency. */
const WEIGHT = 0.2

/** The beginning of a limit. */
export interface LimitStart {
  /** Requests in flight. */
  readonly window: number
  /** Mean milliseconds of a good answer before. */
  readonly latency: number
  /** Good answers a second before; 0 where nothing is known. */
  readonly before: number
}

/** A bad answer. */
export interface BadAnswer {
  /** True where no connection was to be had, so that nothing was asked of the service. */
  readonly isAbsent: boolean
  /** True where its request went out before the last cut. */
  readonly isOld: boolean
  /** The server's word on when to come again, in milliseconds; 0 or absent for none. */
  readonly hint?: number | undefined
}

/**
 * The limit that a service has shown. A window of one and more is a number of requests in flight; one below is kept by a
 * gap between requests.
 *
 * It is additive increase and multiplicative decrease, with steps of at most the window itself, so that the share of bad
 * answers does not depend on how many clients there are. Who needs more than goes out grows faster: where many share a
 * service, each comes to a share by its need.
 */
export class Limit {
  #window: number
  #latency: number
  /** Requests a second that the service took while it was well. */
  readonly #before: number
  #latencyBefore: number
  #hasLatency: boolean
  readonly #isKnown: boolean
  /** The rate up to which it grows fast. */
  #fastUntil: number
  #nextFastUntil: number
  #run = 0
  #badRun = 0
  #isAbsent = false
  #hasBeenBad = false
  #longestGap = LONGEST_GAP
  /** True where bad answers come when others are late, so that good ones that are not late show room. */
  #latencyTells = false
  #startedAt = Number.NEGATIVE_INFINITY
  #spread = 1

  constructor({ window, latency, before }: LimitStart) {
    this.#latency = Math.max(1, latency)
    this.#latencyBefore = this.#latency
    this.#isKnown = before > 0
    this.#hasLatency = this.#isKnown
    this.#before = before || UNKNOWN_RATE
    this.#nextFastUntil = this.#before
    this.#fastUntil = this.#isKnown ? 0 : Number.POSITIVE_INFINITY
    this.#window = Math.max(this.#least, window)
  }

  /** Requests in flight; below one, the share of time in which there is one. */
  get window(): number {
    return this.#window
  }

  /** Mean milliseconds of a good answer. */
  get latency(): number {
    return this.#latency
  }

  /** Requests a second that it lets out. */
  get rate(): number {
    return 1_000 / (this.#window < 1 ? this.#gap : this.#latency / Math.floor(this.#window))
  }

  /** Requests a second that it may let out at best; `Infinity` where nothing is known. */
  get bestRate(): number {
    return this.#isKnown ? Math.max(this.rate, AT_BEST * this.#before) : Number.POSITIVE_INFINITY
  }

  /** Milliseconds until the next may go; 0 for now, `Infinity` where an answer must come first. */
  delay(underWay: number, now: number): number {
    if (this.#window >= 1) return underWay < Math.floor(this.#window) ? 0 : Number.POSITIVE_INFINITY
    return Math.max(0, this.#startedAt + this.#gap * this.#spread - now)
  }

  /** @param random from 0 to 1, so that the gaps of many clients do not meet. */
  start(now: number, random: number): void {
    this.#startedAt = now
    this.#spread = 0.75 + random / 2
  }

  /**
   * Learns from a good answer.
   *
   * @param mayGrow false where it came slowly, or the window was not full.
   * @param waiting calls that wait.
   */
  good(ms: number, mayGrow: boolean, waiting: number): void {
    if (!this.#hasLatency) this.#takeLatency(ms)
    if (this.#badRun >= DOWN) this.restart()
    this.#latency += WEIGHT * (ms - this.#latency)
    this.#run++
    this.#badRun = 0
    const step = Math.min(1, this.#window)
    if (this.#latency > QUEUE * this.#latencyBefore && this.rate > this.#before) this.#window -= CUT_IN_QUEUE * step
    else if (mayGrow) this.#window += this.#growth(waiting) * step
  }

  /** Learns from an answer that showed overload. */
  bad({ isAbsent, isOld, hint = 0 }: BadAnswer): void {
    // A server that says when to come again is asked again then, and not much later.
    this.#longestGap = hint > 0 ? Math.min(LONGEST_GAP, hint) : LONGEST_GAP
    this.#run = 0
    this.#badRun++
    this.#isAbsent = isAbsent
    this.#latencyTells = this.#latency >= ROOM * this.#latencyBefore
    // Many in flight answer for their share each; one at a time answers for all.
    if (isOld && this.#window < 1) return
    // A service of which nothing is known may take far more than it is asked at first: only a second refusal says no.
    if (this.#isKnown || this.#hasBeenBad) this.#fastUntil = 0
    this.#hasBeenBad = true
    this.#window = Math.max(this.#least, this.#window - CUT * Math.min(1, this.#window))
  }

  /** Begins with a share of what the service took before it was down, and grows fast until there. */
  restart(): void {
    this.#fastUntil = Math.max(this.#fastUntil, this.#nextFastUntil)
    this.#window = Math.max(this.#window, (this.#nextFastUntil * FIRST_SHARE * this.#latency) / 1_000)
    // It did not last: the next time it begins with less.
    this.#nextFastUntil /= 2
  }

  /** The first good answer says what only a bad one has said before; a gap stays as it is. */
  #takeLatency(ms: number): void {
    this.#hasLatency = true
    if (this.#window < 1) this.#window = Math.min(1, (this.#window * Math.max(1, ms)) / this.#latency)
    this.#latency = Math.max(1, ms)
    this.#latencyBefore = this.#latency
    this.#window = Math.max(this.#least, this.#window)
  }

  #growth(waiting: number): number {
    if (this.rate < this.#fastUntil) return 1
    const need = Math.min(MOST_NEED, (this.#before + waiting / DRAIN) / this.rate)
    const growth = this.#latencyTells && this.#latency < ROOM * this.#latencyBefore ? GROWTH_IN_ROOM : GROWTH
    return Math.min(1, need * growth * (1 + (this.#run / RUN) ** 2))
  }

  get #gap(): number {
    const { longest, shortest } = PROBE_GAP
    const isDown = this.#badRun >= DOWN && this.#isAbsent
    const most = isDown ? Math.max(shortest, Math.min(longest, PROBES_IN / this.#before)) : this.#longestGap
    return Math.min(most, this.#latency / this.#window)
  }

  get #least(): number {
    return Math.min(1, this.#latency / LONGEST_GAP)
  }
}
