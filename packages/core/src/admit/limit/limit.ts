import { FastGrowth } from './fast-growth.ts'
import { probeGap, restOf } from './gaps.ts'
import { changeOf, cutOf, growthOf, KEPT, longRun, needOf } from './growth.ts'
import type { BadAnswer, GoodAnswer, LimitStart } from './inputs.ts'
import { Latency, QUEUE } from './latency.ts'
import { LongestGap } from './longest-gap.ts'
import { Outage } from './outage.ts'
import { Pacer } from './pacer.ts'

/** Requests a second to an unknown service. */
const UNKNOWN_RATE = 1
/** Cut with a time-out while others wait at the service, too. */
const CUT_WHEN_LATE = 0.9
/** Cut with a good answer that shows a queue at the service, if the rate is enough. */
const CUT_IN_QUEUE = 0.03
/** Rate that is enough while answers are slow, as a multiple of the rate before and of the needed one. More than 1 drains the line. */
const ENOUGH = 1.25
/** Cut with a fault, as a share of the growth with a good answer. */
const TOLERANCE = 0.6
/** The highest rate that is expected of a service, as a multiple of the rate before. */
const AT_BEST = 2

/**
 * The learned limit of a service. A window of one and more is a number of requests in flight; a window below one is kept by a
 * gap between requests.
 *
 * It is additive increase and multiplicative decrease, with steps of at most the window itself, so that the share of bad
 * answers does not depend on the number of clients. A client that needs a higher rate grows faster, so that clients that share
 * a service come to shares by their need.
 */
export class Limit {
  #window: number
  readonly latencies: Latency
  /** Requests a second that the service took while it was well. */
  readonly before: number
  #hasLatency: boolean
  readonly #isKnown: boolean
  readonly #fastGrowth: FastGrowth
  #run = 0
  readonly #outage: Outage
  #hasBeenBad = false
  /** True if it began with late answers, and no bad answer has come since. */
  isByLatency: boolean
  /**
   * True if the service refuses by a count of requests in a time: it says so, or answers others as fast as ever. Then a pace is
   * kept. Of a number in flight, any two may come too soon one after the other.
   */
  isByCount = false
  readonly #longestGap: LongestGap
  /** True if the last bad answer came while answers were late: then fast good answers show room. */
  #latencyTells = false
  readonly #pacer = new Pacer()

  constructor({ window, latency, base, before, now, badRun = 0, goodAt = now, isByLatency = false }: LimitStart) {
    this.isByLatency = isByLatency
    this.#outage = new Outage(badRun, goodAt, now)
    this.latencies = new Latency(Math.max(1, latency), Math.max(1, base || latency))
    this.#isKnown = before > 0
    this.#hasLatency = this.#isKnown
    this.before = before || UNKNOWN_RATE
    this.#longestGap = new LongestGap(before)
    this.#fastGrowth = new FastGrowth(this.before, this.#isKnown, isByLatency)
    this.#window = Math.max(this.#least, window)
  }

  /** Requests in flight; below one, the share of the time during which there is one. */
  get window(): number {
    return this.#window
  }

  /** Mean milliseconds of a good answer. */
  get latency(): number {
    return this.latencies.mean
  }

  /** Milliseconds within which an answer is expected. For a service that is down, only the latency before is known. */
  get answerTime(): number {
    const { before } = this.latencies
    return before + (this.isDown ? before : this.latency)
  }

  /** Requests a second that it allows. */
  get rate(): number {
    return 1_000 / (this.#window < 1 ? this.#gap : this.latency / Math.floor(this.#window))
  }

  /** Most requests a second that it may come to allow; `Infinity` if nothing is known. */
  get bestRate(): number {
    return this.#isKnown ? Math.max(this.rate, AT_BEST * this.before) : Number.POSITIVE_INFINITY
  }

  /**
   * True if it does not hold back calls that cannot wait: if no connection could be made, or if only late answers show a queue,
   * which does not grow. If it grows, more is in flight than the rate before explains with so late answers (Little's law).
   */
  isForThePatient(underWay: number, isUnreachable: boolean): boolean {
    return this.isByLatency ? !this.latencies.isOverfull(underWay, this.before) : isUnreachable
  }

  /** True after enough bad answers in a row. */
  get isDown(): boolean {
    return this.#outage.isDown
  }

  /** Milliseconds until the next request may go; 0 for now, `Infinity` if an answer must come first. */
  delay(underWay: number, now: number): number {
    if (this.#window < 1) return this.#pacer.delay(this.#gap, underWay > 0 ? QUEUE * this.latency : 0, now)
    // At a pace, it is chance how many are in flight: as many as the window on average.
    if (this.isByCount && underWay < 2 * this.#window) return this.#pacer.delay(this.#gap, 0, now)
    if (underWay < Math.floor(this.#window)) return this.#pacer.resting(now)
    return this.isByLatency ? this.#pacer.since(1_000 / (KEPT * this.before), now) : Number.POSITIVE_INFINITY
  }

  /** @param random from 0 to 1, so that many clients do not send at the same time. */
  start(now: number, random: number): void {
    this.#pacer.start(this.#gap, now, random)
  }

  /** Learns from a good answer. */
  good(answer: GoodAnswer): void {
    const { ms, now } = answer
    if (!this.#hasLatency) this.#takeLatency(ms)
    if (this.isDown) this.restart()
    this.#outage.good(now)
    this.latencies.good(ms, now)
    this.#pacer.answered()
    this.#run++
    this.#window += this.#change(answer) * Math.min(1, this.#window)
  }

  /** Learns from an answer that showed overload. */
  bad(answer: BadAnswer): void {
    const { isWeak, isQueued, isUnreachable, hint = 0, now } = answer
    if (!isWeak) this.#learnCause(answer)
    if (isQueued) this.latencies.isOfQueue = true
    this.#longestGap.update({ hint, isOld: answer.isOld, gap: this.#gap, isQueued, isUnreachable })
    if (this.#outage.isEndedBy(answer)) {
      this.restart()
      this.#outage.end()
    }
    this.#run = 0
    this.#outage.bad(answer)
    this.#latencyTells = !this.latencies.hasRoom
    // One bad answer alone holds nothing back.
    const mayRest = this.#hasBeenBad && !isQueued && !isWeak
    this.#window = Math.max(this.#least, this.#window - this.#cut(answer) * Math.min(1, this.#window))
    // With cuts alone, calls to a service with a short latency would use up their retries.
    if (this.isDown && this.#outage.isUnreachable)
      this.#window = Math.min(this.#window, this.latency / probeGap(this.before, true))
    this.#pacer.hold(this.#gap, hint, now)
    if (mayRest && !this.isByCount && this.#window >= 1) this.#pacer.rest(restOf(this.latency, this.#window), now)
  }

  /** Learns whether a count or a queue is the cause of a bad answer. */
  #learnCause({ isThrottle, isQueued }: BadAnswer): void {
    this.isByLatency = false
    this.isByCount = isThrottle || (!isQueued && this.latencies.hasRoom && (this.isByCount || this.#run > 0))
  }

  /** Begins with a share of the rate before the service was down, and grows fast up to that rate. */
  restart(): void {
    this.#window = Math.max(this.#window, (this.#fastGrowth.restart() * this.latency) / 1_000)
  }

  /** Takes the latency of the first good answer: before, only that of a bad one was known. A gap stays as it is. */
  #takeLatency(ms: number): void {
    this.#hasLatency = true
    const length = Math.max(1, ms)
    if (this.#window < 1) this.#window = Math.min(1, (this.#window * length) / this.latency)
    this.latencies.begin(length)
    this.#window = Math.max(this.#least, this.#window)
  }

  /** Change with a good answer, in requests in flight. */
  #change({ isSlow, isFull, needed, ms }: GoodAnswer): number {
    // Nothing was refused since it began, and answers are fast again.
    if (isFull && this.isByLatency && this.latencies.isShort(ms)) return 1
    const isEnough = this.rate >= ENOUGH * Math.max(this.before, needed)
    if (this.latencies.isQueue && isEnough) return -CUT_IN_QUEUE
    return changeOf({
      growth: isFull ? this.#growth(needed) : 0,
      excess: this.latencies.excess,
      isKept: this.rate > KEPT * this.before,
      isSlow,
      isEnough: isEnough || !this.isByLatency,
    })
  }

  /** Growth with a good answer, in requests in flight. */
  #growth(needed: number): number {
    if (this.#fastGrowth.covers(this.rate)) return 1
    // While requests wait at a service that refuses some, the rate before would only make the queue longer.
    const asBefore = this.latencies.isShortQueue && !this.isByLatency ? Math.min(this.rate, this.before) : this.before
    const hasRoom = this.#latencyTells && this.latencies.hasRoom
    const isPaced = this.isByCount && this.#window >= 1
    return growthOf(needOf(this.rate, needed, asBefore), hasRoom, isPaced, this.#run / longRun(this.before))
  }

  /** Share of the window that a bad answer takes. */
  #cut({ isWeak, isQueued, isOld, isThrottle, needed }: BadAnswer): number {
    if (isWeak && !this.isDown) return TOLERANCE * this.#growth(needed)
    // With one request at a time, an answer to a request from before the last cut says nothing about the limit after it.
    if (isOld && this.#window < 1) return 0
    // An unknown service may take far more than the first requests: only a second refusal ends the fast growth.
    if (this.#isKnown || this.#hasBeenBad) this.#fastGrowth.end()
    this.#hasBeenBad = true
    return isQueued ? CUT_WHEN_LATE : cutOf(needOf(this.rate, needed, this.before), isThrottle)
  }

  get #gap(): number {
    return Math.min(this.#longest, this.latency / this.#window)
  }

  get #least(): number {
    return Math.min(1, this.latency / Math.max(this.#longestGap.ms, this.#longest))
  }

  get #longest(): number {
    return this.#outage.longestGap(this.#longestGap.ms, this.before)
  }
}
