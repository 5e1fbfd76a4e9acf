/** Weight of an answer in the mean latency. */
const WEIGHT = 0.2
/** Milliseconds in which the least latency is taken for twice as long: what a service can do changes. */
const AGES_IN = 120_000
/** Floor of the latency that a rise is measured from, as a multiple of the one before and in milliseconds. */
const LEAST = { times: 2, ms: 50 }
/** Latencies, as multiples of the one before, below which there is room, and above which there is a queue. */
const ROOM = 1.5
export const QUEUE = 4
/** Excess of latency above which it rises. */
export const RISING = 1.5
/** Multiple of what a rate makes in flight that chance does not explain. */
const OVERFULL = 1.5

/** The latency of a service under a limit, beside the one before and the least that it has shown recently. */
export class Latency {
  #mean: number
  #before: number
  #least = Number.POSITIVE_INFINITY
  #leastAt = 0
  /** True once requests have waited for all of their time: nothing else makes it longer than before. */
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

  /** True if answers come as fast as ever. */
  get hasRoom(): boolean {
    return this.isShort(this.#mean)
  }

  /** True if requests wait at the service, or it is slower for another reason. */
  get isQueue(): boolean {
    return this.#mean > QUEUE * this.#before
  }

  /** True if requests wait at the service, or it is slower, and none has waited for all of its time. */
  get isShortQueue(): boolean {
    return this.isQueue && !this.isOfQueue
  }

  /** The mean as a multiple of the least recently: it rises where more goes out than the service takes. */
  get excess(): number {
    const least = this.isOfQueue ? 0 : this.#least
    return this.#mean / Math.max(least, LEAST.times * this.#before, LEAST.ms)
  }

  /** True if it rises, and more is in flight than so many requests a second make with answers as late as they are. */
  isOverfull(underWay: number, perSecond: number): boolean {
    return this.excess > RISING && underWay * 1_000 >= OVERFULL * perSecond * this.#mean
  }

  /** True for an answer as fast as before. */
  isShort(ms: number): boolean {
    return ms < ROOM * this.#before
  }

  /** Takes the first good answer, which says what only a bad one has said before. */
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
