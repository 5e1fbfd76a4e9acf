import type { Quota } from '../../contract/rate-limit/quota.ts'

/** A hold on further requests. */
export interface Hold {
  /** Milliseconds after which to ask again; `Infinity` if an answer must come first. */
  readonly ms: number
  /** Milliseconds for which surely nothing goes. */
  readonly known: number
}

/** Milliseconds for which the first after a reset keep the others waiting, where the limit is known and where it is not. */
const ANSWER_IN = { known: 10_000, unknown: 1_000 }

/**
 * The rest of a service's rate limit, by its own word. As many requests go as it says; then an answer, or the time of
 * the reset, must come first. At the reset as many go as the limit allows, or one alone where that is not known: all who
 * wait would come at once otherwise. One that gets no answer holds the others up for a while only.
 */
export class QuotaLeft {
  #left = Number.POSITIVE_INFINITY
  #until = 0
  #limit: number | undefined
  /** Time until which an answer is waited for since the limit has begun anew; 0 if it has not. */
  #answerBy = 0

  /** Requests that may still go; `Infinity` if nothing is known. */
  get left(): number {
    return Math.max(0, this.#left)
  }

  take(): void {
    this.#left--
  }

  /** Takes one back that was not sent. */
  giveBack(): void {
    this.#left = Math.min(this.#left + 1, this.#limit ?? Number.POSITIVE_INFINITY)
  }

  /**
   * Applies what an answer says of the rate limit.
   *
   * @param underWay requests that the service may not have counted yet.
   * @param longest milliseconds for which its word is believed at most.
   */
  apply(quota: Quota | undefined, underWay: number, longest: number, now: number): void {
    if (quota?.remaining === undefined || quota.resetAfter === undefined) {
      // Not every answer counts aloud.
      if (now >= this.#until) this.forget()
      return
    }
    this.#left = quota.remaining - underWay
    this.#until = now + Math.min(quota.resetAfter, longest)
    this.#limit = quota.limit
    this.#answerBy = 0
  }

  /** The reason to hold the next one back; `undefined` if it may go. */
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

  /** Knows nothing any more. */
  forget(): void {
    this.#left = Number.POSITIVE_INFINITY
  }
}
