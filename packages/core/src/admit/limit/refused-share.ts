import type { Latency } from './latency.ts'

/** Answers that are judged together: the first ones, and those after them. */
const FIRST = 10
const LATER = 24
/** Rate below which the service gets clearly less than before, as a multiple of the rate before. */
const LESS = 0.7
/** Share of refusals, as a part of that of the first answers, with which less load has not helped. */
const AS_BEFORE = 0.8
/** The least that this part becomes while it is judged again and again. */
const LEAST_PART = 0.4
/** Share of refusals up to which some of the service is still there. */
const MOST = 0.75
/** Share of good answers, as a part of that with less load, below which load is the cause after all. */
const FEWER_GOOD = 0.75
/** Weight of an answer in the mean share. */
const WEIGHT = 1 / 24

/** The limit under which an answer came: requests a second now and before the trouble, and the latency of good answers. */
interface UnderLimit {
  readonly rate: number
  readonly before: number
  readonly latencies: Pick<Latency, 'hasRoom'>
}

/**
 * The share of plain refusals, which tells whether load is their cause. Fewer requests make fewer refusals of a service that gets
 * too many. They do not help where one of several hosts behind a balancer is broken: there as many are refused at any rate.
 */
export class RefusedShare {
  /** The answer with which a limit begins is bad, and does not count. */
  #answers = -1
  #refused = 0
  #first: number | undefined
  /** The share with which they were found to have another cause; `undefined` while load may be their cause. */
  #without: number | undefined
  #mean = 0
  #size = LATER
  #part = AS_BEFORE

  /** True if load is not their cause. */
  get isOfNoLoad(): boolean {
    return this.#without !== undefined
  }

  /**
   * Takes an answer.
   *
   * @param limit the limit that it came under. If good answers are as fast as ever, no queue at the service is full.
   */
  add(isRefused: boolean, { rate, before, latencies }: UnderLimit): void {
    if (this.#without !== undefined) return this.#watch(isRefused, this.#without)
    this.#answers++
    if (isRefused && this.#answers > 0) this.#refused++
    if (this.#answers < (this.#first === undefined ? FIRST : this.#size)) return
    const share = this.#refused / this.#answers
    this.#answers = 0
    this.#refused = 0
    if (this.#first === undefined) {
      this.#first = share
      return
    }
    if (rate >= LESS * before) return
    if (latencies.hasRoom && share > 0 && share < MOST && share >= this.#part * this.#first) {
      this.#without = share
      this.#mean = share
      return
    }
    // Of so few first answers many may have been refused by chance.
    this.#part = Math.max(LEAST_PART, this.#part * AS_BEFORE)
  }

  #watch(isRefused: boolean, without: number): void {
    this.#mean += WEIGHT * (Number(isRefused) - this.#mean)
    if (1 - this.#mean >= FEWER_GOOD * (1 - without)) return
    this.#without = undefined
    // If that was a mistake, the next one is made later.
    this.#size *= 2
  }
}
