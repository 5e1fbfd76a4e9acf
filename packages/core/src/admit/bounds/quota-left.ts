import type { Quota } from '../../contract/rate-limit/quota.ts'

/** A hold on further requests. */
export interface Hold {
  /** Milliseconds after which to ask again; `Infinity` where an answer must come first. */
  readonly ms: number
  /** Milliseconds for which surely nothing goes. */
  readonly known: number
}

/**
 * The rest of a service's rate limit, by its own word. As many requests go as it says; then an answer, or the time of
 * the reset, must come first. At the reset as many go as the limit allows, or one alone where that is not known: all who
 * wait would come at once otherwise.
 */
export class QuotaLeft {
  #left = Number.POSITIVE_INFINITY
  #until = 0
  #limit = 1
  #hasBegunAnew = false

  /** Requests that may still go; `Infinity` where nothing is known. */
  get left(): number {
    return Math.max(0, this.#left)
  }

  take(): void {
    this.#left--
  }

  /**
   * Heeds an answer.
   *
   * @param underWay requests that the service may not have counted yet.
   * @param longest milliseconds for which its word is believed at most.
   */
  heed(quota: Quota | undefined, underWay: number, longest: number, now: number): void {
    if (quota?.remaining === undefined || quota.resetAfter === undefined) {
      // Not every answer counts aloud.
      if (now >= this.#until) this.forget()
      return
    }
    this.#left = quota.remaining - underWay
    this.#until = now + Math.min(quota.resetAfter, longest)
    this.#limit = Math.max(1, quota.limit ?? 1)
    this.#hasBegunAnew = false
  }

  /** The reason to hold the next one back; `undefined` where it may go. */
  hold(underWay: number, now: number): Hold | undefined {
    if (this.#left > 0) return undefined
    if (now < this.#until) {
      const ms = this.#until - now
      return { ms, known: underWay === 0 ? ms : 0 }
    }
    if (this.#hasBegunAnew && underWay > 0) return { ms: Number.POSITIVE_INFINITY, known: 0 }
    this.#hasBegunAnew = true
    this.#left = this.#limit
    return undefined
  }

  /** Knows nothing any more. */
  forget(): void {
    this.#left = Number.POSITIVE_INFINITY
  }
}
