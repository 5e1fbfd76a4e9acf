import type { Quota } from '../../contract/rate-limit/quota.ts'

/** A hold on further requests. */
export interface Hold {
  /** Milliseconds after which to ask again; `Infinity` if an answer must come first. */
  readonly ms: number
  /** Milliseconds for which certainly nothing goes. */
  readonly known: number
}

/** Milliseconds for which the first requests after a reset keep the others waiting, if the limit is known or not. */
const ANSWER_IN = { known: 10_000, unknown: 1_000 }

/**
 * The rest of a service's rate limit, as the service states it. That many requests go; then an answer or the reset must come
 * first. At the reset as many go as the limit allows, or one if the limit is unknown, so that the waiting calls do not all come
 * at once. A request without an answer holds the others up for a limited time.
 */
export class QuotaLeft {
  #left = Number.POSITIVE_INFINITY
  #until = 0
  #limit: number | undefined
  /** Time until which the first answer after a reset is waited for; 0 before the reset. */
  #answerBy = 0

  /** Requests that may still go; `Infinity` if nothing is known. */
  get left(): number {
    return Math.max(0, this.#left)
  }

  take(): void {
    this.#left--
  }

  /** Takes back a request that was not sent. */
  giveBack(): void {
    this.#left = Math.min(this.#left + 1, this.#limit ?? Number.POSITIVE_INFINITY)
  }

  /**
   * Applies what an answer says of the rate limit.
   *
   * @param underWay requests that the service may not have counted yet.
   * @param longest most milliseconds for which it is believed.
   */
  apply(quota: Quota | undefined, underWay: number, longest: number, now: number): void {
    if (quota?.remaining === undefined || quota.resetAfter === undefined) {
      // Not every answer carries the headers.
      if (now >= this.#until) this.forget()
      return
    }
    this.#left = quota.remaining - underWay
    this.#until = now + Math.min(quota.resetAfter, longest)
    this.#limit = quota.limit
    this.#answerBy = 0
  }

  /** The hold on the next request; `undefined` if it may go. */
  holdFor(underWay: number, now: number): Hold | undefined {
    if (this.#left > 0) return undefined
    if (now < this.#until) {
      const ms = this.#until - now
      return { ms, known: underWay === 0 ? ms : 0 }
    }
    if (underWay > 0 && now < this.#answerBy) return { ms: this.#answerBy - now, known: 0 }
    this.#left = Math.max(1, this.#limit ?? 1)
    this.#answerBy = now + (this.#limit === undefined ? ANSWER_IN.unknown : ANSWER_IN.known)
    return undefined
  }

  /** Forgets what the service has said. */
  forget(): void {
    this.#left = Number.POSITIVE_INFINITY
  }
}
