/** Milliseconds over which the rate is taken. */
const SPAN = 10_000
/** Milliseconds below which it says nothing. */
const SHORTEST = 1_000
/** Weight of an answer in the mean latency. */
const WEIGHT = 0.1

/** The rate and latency of a service while it is well. */
export class Traffic {
  #latency = 0
  #rate = 0
  #count = 0
  #since: number

  constructor(now: number) {
    this.#since = now
  }

  /** Mean milliseconds of a good answer; 0 before the first. */
  get latency(): number {
    return this.#latency
  }

  /** Good answers a second; 0 where nothing is known. */
  rate(now: number): number {
    const span = now - this.#since
    return Math.max(this.#rate, span < SHORTEST ? 0 : (1_000 * this.#count) / span)
  }

  good(ms: number, now: number): void {
    this.#latency = this.#latency === 0 ? ms : this.#latency + WEIGHT * (ms - this.#latency)
    this.#count++
    const span = now - this.#since
    if (span < SPAN) return
    this.#rate = (1_000 * this.#count) / span
    this.#count = 0
    this.#since = now
  }
}
