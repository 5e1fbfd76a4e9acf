import { Absence } from './absence.ts'
import { probeGap, restOf } from './gaps.ts'
import { changeOf, cutOf, growthOf, KEPT, longRun, needOf } from './growth.ts'
import type { BadAnswer, GoodAnswer, LimitStart } from './inputs.ts'
import { Latency, QUEUE } from './latency.ts'
import { LongestGap } from './longest-gap.ts'
import { Pacer } from './pacer.ts'

/** Requests a second to a service of which nothing is known. */
const UNKNOWN_RATE = 1
/** Cut with an answer that did not come in its time, so that many others wait at the service. */
const CUT_WHEN_LATE = 0.9
/** Cut with a good answer that shows a queue at the service, where enough goes out. */
const CUT_IN_QUEUE = 0.03
/** Multiple of the rate before, and of the one that is needed, that is enough while answers are slow: what has waited goes, too. */
const ENOUGH = 1.25
/** Cut with a fault, as a share of the growth with a good answer. */
const TOLERANCE = 0.6
/** Share of the rate before with which it begins when it is up again. */
const FIRST_SHARE = 0.5
/** Requests a second that are no crowd: who asks more seldom begins with all that it asked before. */
const FIRST_RATE = 1
/** Share of the rate before that counts when a service that had a queue is up again: it was down because it took less. */
const AFTER_QUEUE = 0.25
/** Multiple of the rate before that a service may take at best: nobody has asked it for more. */
const AT_BEST = 2

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
  readonly #latency: Latency
  /** Requests a second that the service took while it was well. */
  readonly #before: number
  #hasLatency: boolean
  readonly #isKnown: boolean
  /** The rate up to which it grows fast. */
  #fastUntil: number
  #nextFastUntil: number
  #run = 0
  readonly #absence: Absence
  #hasBeenBad = false
  /** True if it began with late answers, and nothing bad has come since. */
  isByLatency: boolean
  readonly #longestGap: LongestGap
  /** True if bad answers come when others are late, so that good ones that are not late show room. */
  #latencyTells = false
  readonly #pacer = new Pacer()

  constructor({ window, latency, base, before, now, badRun = 0, goodAt = now, isByLatency = false }: LimitStart) {
    this.isByLatency = isByLatency
    this.#absence = new Absence(badRun, goodAt)
    this.#latency = new Latency(Math.max(1, latency), Math.max(1, base || latency))
    this.#isKnown = before > 0
    this.#hasLatency = this.#isKnown
    this.#before = before || UNKNOWN_RATE
    this.#longestGap = new LongestGap(before)
    this.#nextFastUntil = isByLatency ? AFTER_QUEUE * this.#before : this.#before
    this.#fastUntil = this.#isKnown ? 0 : Number.POSITIVE_INFINITY
    this.#window = Math.max(this.#least, window)
  }

  /** Requests in flight; below one, the share of time in which there is one. */
  get window(): number {
    return this.#window
  }

  /** Mean milliseconds of a good answer. */
  get latency(): number {
    return this.#latency.mean
  }

  /** Milliseconds in which an answer will have come; of a service that is down nothing is known but what it was before. */
  get answerTime(): number {
    const { before } = this.#latency
    return before + (this.isDown ? before : this.latency)
  }

  /** Requests a second that it lets out. */
  get rate(): number {
    return 1_000 / (this.#window < 1 ? this.#gap : this.latency / Math.floor(this.#window))
  }

  /** Requests a second that it may let out at best; `Infinity` if nothing is known. */
  get bestRate(): number {
    return this.#isKnown ? Math.max(this.rate, AT_BEST * this.#before) : Number.POSITIVE_INFINITY
  }

  /**
   * True if it holds nobody back who cannot wait: where no connection could be made, and where late answers alone tell of a
   * queue that does not grow. One that grows has more in flight than the rate before makes with answers so late (Little's law).
   */
  isForThePatient(underWay: number, isAbsent: boolean): boolean {
    return this.isByLatency ? !this.#latency.isOverfull(underWay, this.#before) : isAbsent
  }

  /** True after bad answers alone. */
  get isDown(): boolean {
    return this.#absence.isDown
  }

  /** Milliseconds until the next may go; 0 for now, `Infinity` if an answer must come first. */
  delay(underWay: number, now: number): number {
    if (this.#window < 1) return this.#pacer.delay(this.#gap, underWay > 0 ? QUEUE * this.latency : 0, now)
    if (underWay < Math.floor(this.#window)) return this.#pacer.resting(now)
    return this.isByLatency ? this.#pacer.since(1_000 / (KEPT * this.#before), now) : Number.POSITIVE_INFINITY
  }

  /** @param random from 0 to 1, so that the gaps of many clients do not meet. */
  start(now: number, random: number): void {
    this.#pacer.start(this.#gap, now, random)
  }

  /** Learns from a good answer. */
  good(answer: GoodAnswer): void {
    const { ms, now } = answer
    if (!this.#hasLatency) this.#takeLatency(ms)
    if (this.isDown) this.restart()
    this.#absence.good(now)
    this.#latency.good(ms, now)
    this.#pacer.answered()
    this.#run++
    this.#window += this.#change(answer) * Math.min(1, this.#window)
  }

  /** Learns from an answer that showed overload. */
  bad(answer: BadAnswer): void {
    const { isWeak, isQueued, hint = 0, now } = answer
    if (!isWeak) this.isByLatency = false
    if (isQueued) this.#latency.isOfQueue = true
    this.#longestGap.update({ hint, isOld: answer.isOld, gap: this.#gap, isQueued })
    if (this.#absence.isEndedBy(answer)) {
      this.restart()
      this.#absence.end()
    }
    this.#run = 0
    this.#absence.bad(answer)
    this.#latencyTells = !this.#latency.hasRoom
    // One bad answer alone holds nothing back.
    const mayRest = this.#hasBeenBad && !isQueued && !isWeak
    this.#window = Math.max(this.#least, this.#window - this.#cut(answer) * Math.min(1, this.#window))
    // By cuts alone a service of short answers would be asked so often that calls use up their retries.
    if (this.#absence.isAway) this.#window = Math.min(this.#window, this.latency / probeGap(this.#before, true))
    this.#pacer.hold(this.#gap, hint, now)
    if (mayRest && this.#window >= 1) this.#pacer.rest(restOf(this.latency, this.#window), now)
  }

  /** Begins with a share of what the service took before it was down, and grows fast until there. */
  restart(): void {
    this.#fastUntil = Math.max(this.#fastUntil, this.#nextFastUntil)
    const share = Math.max(FIRST_SHARE, Math.min(1, FIRST_RATE / this.#before))
    this.#window = Math.max(this.#window, (this.#nextFastUntil * share * this.latency) / 1_000)
    // It did not last: the next time it begins with less.
    this.#nextFastUntil /= 2
  }

  /** The first good answer says what only a bad one has said before; a gap stays as it is. */
  #takeLatency(ms: number): void {
    this.#hasLatency = true
    const length = Math.max(1, ms)
    if (this.#window < 1) this.#window = Math.min(1, (this.#window * length) / this.latency)
    this.#latency.begin(length)
    this.#window = Math.max(this.#least, this.#window)
  }

  /** Change with a good answer, in requests in flight. */
  #change(answer: GoodAnswer): number {
    const { isSlow, isFull, needed, ms } = answer
    // Nothing was refused, and answers are fast again.
    if (isFull && this.isByLatency && this.#latency.isShort(ms)) return 1
    const isEnough = this.rate >= ENOUGH * Math.max(this.#before, needed)
    if (this.#latency.isQueue && isEnough) return -CUT_IN_QUEUE
    return changeOf({
      growth: isFull ? this.#growth(needed) : 0,
      excess: this.#latency.excess,
      isKept: this.rate > KEPT * this.#before,
      isSlow,
      isEnough: isEnough || !this.isByLatency,
    })
  }

  /** Growth with a good answer, in requests in flight. */
  #growth(needed: number): number {
    if (this.rate < this.#fastUntil) return 1
    // While requests wait at a service that refuses some, as many as before would only wait there, too.
    const asBefore = this.#latency.isShortQueue && !this.isByLatency ? Math.min(this.rate, this.#before) : this.#before
    const hasRoom = this.#latencyTells && this.#latency.hasRoom
    return growthOf(needOf(this.rate, needed, asBefore), hasRoom, this.#run / longRun(this.#before))
  }

  /** Share of the window that a bad answer takes. */
  #cut({ isWeak, isQueued, isOld, isThrottle, needed }: BadAnswer): number {
    if (isWeak && !this.isDown) return TOLERANCE * this.#growth(needed)
    // Many in flight answer for their share each; one at a time answers for all.
    if (isOld && this.#window < 1) return 0
    // A service of which nothing is known may take far more than it is asked at first: only a second refusal says no.
    if (this.#isKnown || this.#hasBeenBad) this.#fastUntil = 0
    this.#hasBeenBad = true
    return isQueued ? CUT_WHEN_LATE : cutOf(needOf(this.rate, needed, this.#before), isThrottle)
  }

  get #gap(): number {
    const { asks, isAbsent } = this.#absence
    const { ms } = this.#longestGap
    const most = asks ? Math.min(ms, probeGap(this.#before, isAbsent)) : ms
    return Math.min(most, this.latency / this.#window)
  }

  get #least(): number {
    return Math.min(1, this.latency / this.#longestGap.ms)
  }
}
