/** Share of the rate before with which a limit begins when the service is up again. */
const FIRST_SHARE = 0.5
/** Requests a second up to which a client begins again with its whole rate before. */
const FIRST_RATE = 1
/** Share of the rate before that counts when a service that had a queue is up again: it was down because of that rate. */
const AFTER_QUEUE = 0.25

/** The rate up to which a limit grows fast: without end if nothing is known of the service, and after an outage the rate before. */
export class FastGrowth {
  readonly #before: number
  #until: number
  #next: number

  /** @param before requests a second before the trouble. */
  constructor(before: number, isKnown: boolean, isByLatency: boolean) {
    this.#before = before
    this.#until = isKnown ? 0 : Number.POSITIVE_INFINITY
    this.#next = isByLatency ? AFTER_QUEUE * before : before
  }

  /** True for a rate that grows fast. */
  covers(rate: number): boolean {
    return rate < this.#until
  }

  /** Begins after an outage. @returns requests a second to begin with. */
  restart(): number {
    this.#until = Math.max(this.#until, this.#next)
    const first = this.#next * Math.max(FIRST_SHARE, Math.min(1, FIRST_RATE / this.#before))
    // If the service goes down again, the next restart begins with less.
    this.#next /= 2
    return first
  }

  end(): void {
    this.#until = 0
  }
}
