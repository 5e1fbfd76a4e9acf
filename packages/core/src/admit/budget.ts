import type { BudgetOptions } from '../contract/policy.ts'

/** A bucket of retry tokens: full at first, fed by calls and by time, emptied by retries about the service. */
export class Budget {
  readonly #options: Required<BudgetOptions>
  #tokens: number
  #fedAt: number

  constructor(options: Required<BudgetOptions>, now: number) {
    this.#options = options
    this.#tokens = options.size
    this.#fedAt = now
  }

  /** Tokens held now. */
  tokens(now: number): number {
    const { size, perSecond } = this.#options
    this.#tokens = Math.min(size, this.#tokens + ((now - this.#fedAt) / 1_000) * perSecond)
    this.#fedAt = now
    return this.#tokens
  }

  /** A first attempt earns a share of a retry. */
  earn(): void {
    this.#tokens = Math.min(this.#options.size, this.#tokens + this.#options.perCall)
  }

  /** Takes a token for a retry; false if there is none. */
  spend(now: number): boolean {
    if (this.tokens(now) < 1) return false
    this.#tokens -= 1
    return true
  }

  /** True if nothing was spent of late, so that nothing is lost with it. */
  isFull(now: number): boolean {
    return this.tokens(now) >= this.#options.size
  }
}
