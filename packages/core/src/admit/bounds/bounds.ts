import type { Quota } from '../../contract/rate-limit/quota.ts'
import { type Hold, QuotaLeft } from './quota-left.ts'

/** The bounds of a key that are stated, not learned: the rate limit by the service's headers, and the user's `concurrency`. */
export class Bounds {
  /** Made for the first quota. */
  #quota: QuotaLeft | undefined
  readonly #concurrency: number

  /** @param concurrency attempts under way at most. */
  constructor(concurrency: number) {
    this.#concurrency = concurrency
  }

  /** Requests that the service allows until its rate limit resets; `Infinity` if it has not said. */
  get remaining(): number {
    return this.#quota?.left ?? Number.POSITIVE_INFINITY
  }

  /** The hold on the next request; `undefined` if it may go. */
  holdFor(underWay: number, now: number): Hold | undefined {
    if (underWay >= this.#concurrency) return { ms: Number.POSITIVE_INFINITY, known: 0 }
    return this.#quota?.holdFor(underWay, now)
  }

  take(): void {
    this.#quota?.take()
  }

  /** Takes back a request that was not sent. */
  giveBack(): void {
    this.#quota?.giveBack()
  }

  /** Applies what an answer says of the rate limit; see {@link QuotaLeft.apply}. */
  applyQuota(quota: Quota | undefined, underWay: number, longest: number, now: number): void {
    if (quota !== undefined) this.#quota ??= new QuotaLeft()
    this.#quota?.apply(quota, underWay, longest, now)
  }

  reset(): void {
    this.#quota?.forget()
  }
}
