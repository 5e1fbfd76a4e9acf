/** Weight of an answer in the mean latency. */
const WEIGHT = 0.2
/** Milliseconds in which the remembered least latency doubles: services change. */
const AGES_IN = 120_000
/** Least latency from which a rise is measured, as a multiple of the latency before and in milliseconds. */
const LEAST = { times: 2, ms: 50 }
/** Latencies, as multiples of the latency before, below which there is room and above which there is a queue. */
const ROOM = 1.5
export const QUEUE = 4
/** Excess of latency above which it rises. */
export const RISING = 1.5
/** Requests in flight that are too many for chance, as a multiple of those that a rate explains. */
const OVERFULL = 1.5

/** The latency of a service under a limit, with the latency before the limit and the least recent one. */
export class Latency {
  #mean: number
  #before: number
  #least = Number.POSITIVE_INFINITY
  #leastAt = 0
  /** True once requests have timed out in the queue of the service: then a longer latency means a queue. */
  isOfQueue = false

  /** @param before milliseconds while the service was well. */
  constructor(mean: number, before: number) {
    this.#mean = mean
    this.#before = before
  }

  /** Mean milliseconds of a good answer. */
  get mean(): number {
    return this.#mean
  }

  /** Mean milliseconds of a good answer while the service was well. */
  get before(): number {
    return this.#before
  }

  /** True if answers are as fast as ever. */
  get hasRoom(): boolean {
    return this.isShort(this.#mean)
  }

  /** True if requests wait at the service, or it is slower for another reason. */
  get isQueue(): boolean {
    return this.#mean > QUEUE * this.#before
  }

  /** The same if no request has timed out there. */
  get isShortQueue(): boolean {
    return this.isQueue && !this.isOfQueue
  }

  /** The mean as a multiple of the least recent latency: it rises if more is sent than the service takes. */
  get excess(): number {
    const least = this.isOfQueue ? 0 : this.#least
    return this.#mean / Math.max(least, LEAST.times * this.#before, LEAST.ms)
  }

  /** True if latency rises, and more requests are in flight than the rate `perSecond` explains with the present latency. */
  isOverfull(underWay: number, perSecond: number): boolean {
    return this.excess > RISING && underWay * 1_000 >= OVERFULL * perSecond * this.#mean
  }

  /** True for an answer as fast as before. */
  isShort(ms: number): boolean {
    return ms < ROOM * this.#before
  }

  /** Takes the first good answer: before, only the latency of a bad one was known. */
  begin(ms: number): void {
    this.#mean = ms
    this.#before = ms
  }

  good(ms: number, now: number): void {
    this.#mean += WEIGHT * (ms - this.#mean)
    const aged = this.#least * 2 ** ((now - this.#leastAt) / AGES_IN)
    this.#least = Math.min(aged, this.#mean)
    this.#leastAt = now
  }
}
