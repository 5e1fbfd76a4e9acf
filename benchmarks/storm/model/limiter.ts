import { now } from './clock.ts'
import type { RateLimit } from './condition.ts'

/** A token bucket. */
export class Limiter {
  readonly #limit: RateLimit
  #tokens: number
  #filledAt = now()

  constructor(limit: RateLimit) {
    this.#limit = limit
    this.#tokens = limit.burst
  }

  /** Takes a token; without one, what the refusal says about it. */
  take(): { readonly retryAfter?: number } | undefined {
    this.#fill()
    if (this.#tokens < 1) return this.#limit.retryAfter === undefined ? {} : { retryAfter: this.#limit.retryAfter }
    this.#tokens--
    return undefined
  }

  /** Milliseconds until there is a token. */
  delay(): number {
    this.#fill()
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) * 1_000) / this.#limit.perSecond)
  }

  #fill(): void {
    const { burst, perSecond } = this.#limit
    this.#tokens = Math.min(burst, this.#tokens + ((now() - this.#filledAt) * perSecond) / 1_000)
    this.#filledAt = now()
  }
}
