import { longestGap, probeGap } from './gaps.ts'
import type { BadAnswer, LimitStart } from './inputs.ts'
import { Pacer } from './pacer.ts'

/** Requests a second to a service of which nothing is known. */
const UNKNOWN_RATE = 1
/** Growth with a good answer, in requests in flight, where just as much is needed as goes out. */
const GROWTH = 0.02
/** The same where answers come as fast as ever: then there is room. */
const GROWTH_IN_ROOM = 0.3
/** Most that is made of a great need. */
const MOST_NEED = 10
/** Seconds in which all that waits is to have gone. */
const DRAIN = 15
/** Good answers in a row after which the growth begins to grow itself. */
const RUN = 24
/** Cut with a bad answer, in requests in flight. */
const CUT = 0.5
/** The same where it did not come in its time, so that many others wait at the service. */
const CUT_WHEN_LATE = 0.9
/** Cut with a good answer that shows a queue at the service, where more goes out than before. */
const CUT_IN_QUEUE = 0.03
/** Latencies, as multiples of the one before, below which there is room, and above which there is a queue. */
const ROOM = 1.5
const QUEUE = 4
/** Bad answers in a row after which the service is taken to be down, and the same where each may be a fault of its own. */
const DOWN = 3
const SURELY_DOWN = 6
/** Milliseconds without a good answer after which faults are taken to be an outage. */
const FAULTS_FOR = 2_000
/** Cut with a fault, as a share of the growth with a good answer. */
const TOLERANCE = 0.6
/** Share of the rate before with which it begins when it is up again. */
const FIRST_SHARE = 0.5
/** Requests a second that are no crowd: who asks more seldom begins with all that it asked before. */
const FIRST_RATE = 1
/** Multiple of the rate before that a service may take at best: nobody has asked it for more. */
const AT_BEST = 2
/** Weight of an answer in the mean latency. */
const WEIGHT = 0.2

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
  #isLate = false
  #isDown = false
  /** Time of the last good answer, or of the beginning. */
  #goodAt: number
  #hasBeenBad = false
  readonly #longest: number
  #longestGap: number
  /** True where bad answers come when others are late, so that good ones that are not late show room. */
  #latencyTells = false
  readonly #pacer = new Pacer()

  constructor({ window, latency, base, before, now, badRun = 0, goodAt = now }: LimitStart) {
    this.#goodAt = goodAt
    this.#badRun = badRun
    this.#latency = Math.max(1, latency)
    this.#latencyBefore = Math.max(1, base || latency)
    this.#isKnown = before > 0
    this.#hasLatency = this.#isKnown
    this.#before = before || UNKNOWN_RATE
    this.#longest = longestGap(before)
    this.#longestGap = this.#longest
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

  /** True after bad answers alone. */
  get isDown(): boolean {
    return this.#isDown
  }

  /** Milliseconds until the next may go; 0 for now, `Infinity` where an answer must come first. */
  delay(underWay: number, now: number): number {
    if (this.#window >= 1) return underWay < Math.floor(this.#window) ? 0 : Number.POSITIVE_INFINITY
    return this.#pacer.delay(this.#gap, underWay > 0 ? QUEUE * this.#latency : 0, now)
  }

  /** @param random from 0 to 1, so that the gaps of many clients do not meet. */
  start(now: number, random: number): void {
    this.#pacer.start(this.#gap, now, random)
  }

  /**
   * Learns from a good answer.
   *
   * @param mayGrow false where it came slowly, or the window was not full.
   * @param waiting calls that wait.
   */
  good(ms: number, mayGrow: boolean, waiting: number, now: number): void {
    if (!this.#hasLatency) this.#takeLatency(ms)
    if (this.#isDown) this.restart()
    this.#isDown = false
    this.#goodAt = now
    this.#latency += WEIGHT * (ms - this.#latency)
    this.#pacer.answered()
    this.#run++
    this.#badRun = 0
    const step = Math.min(1, this.#window)
    if (this.#latency > QUEUE * this.#latencyBefore && this.rate > this.#before) this.#window -= CUT_IN_QUEUE * step
    else if (mayGrow) this.#window += this.#growth(waiting) * step
  }

  /** Learns from an answer that showed overload. */
  bad(answer: BadAnswer): void {
    const { isAbsent, isFault, isLate, hint = 0, now } = answer
    // A server that says when to come again is asked again then, and not much later.
    this.#longestGap = hint > 0 ? Math.min(this.#longest, hint) : this.#longest
    // One that plainly refuses is there again.
    if (this.#isDown && this.#isAbsent && !isAbsent && !isFault && !isLate) {
      this.restart()
      this.#badRun = 0
    }
    this.#run = 0
    this.#badRun++
    this.#isDown = this.#badRun >= DOWN && (!isFault || now - this.#goodAt >= FAULTS_FOR || this.#badRun >= SURELY_DOWN)
    this.#isAbsent = isAbsent
    this.#isLate = isLate
    this.#latencyTells = this.#latency >= ROOM * this.#latencyBefore
    this.#window = Math.max(this.#least, this.#window - this.#cut(answer) * Math.min(1, this.#window))
    this.#pacer.hold(this.#gap, hint, now)
  }

  /** Begins with a share of what the service took before it was down, and grows fast until there. */
  restart(): void {
    this.#fastUntil = Math.max(this.#fastUntil, this.#nextFastUntil)
    const share = Math.max(FIRST_SHARE, Math.min(1, FIRST_RATE / this.#before))
    this.#window = Math.max(this.#window, (this.#nextFastUntil * share * this.#latency) / 1_000)
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

  /** Share of the window that a bad answer takes. */
  #cut({ isFault, isLate, isOld, waiting }: BadAnswer): number {
    if (isFault && !this.#isDown) return TOLERANCE * this.#growth(waiting)
    // Many in flight answer for their share each; one at a time answers for all.
    if (isOld && this.#window < 1) return 0
    // A service of which nothing is known may take far more than it is asked at first: only a second refusal says no.
    if (this.#isKnown || this.#hasBeenBad) this.#fastUntil = 0
    this.#hasBeenBad = true
    return isLate ? CUT_WHEN_LATE : CUT
  }

  get #gap(): number {
    const asks = this.#isDown && (this.#isAbsent || this.#isLate)
    const most = asks ? Math.min(this.#longestGap, probeGap(this.#before, this.#isAbsent)) : this.#longestGap
    return Math.min(most, this.#latency / this.#window)
  }

  get #least(): number {
    return Math.min(1, this.#latency / this.#longest)
  }
}
