import type { BudgetOptions } from '../contract/policy.ts'

/** A bucket of retry tokens: full at first, filled by successes and by time, emptied by retries. */
export class Budget {
  readonly #options: Required<BudgetOptions>
  #tokens: number
  #fedAt: number

  constructor(options: Required<BudgetOptions>, now: number, tokens = options.size) {
    this.#options = options
    this.#tokens = tokens
    this.#fedAt = now
  }

  /** Tokens held at that time. */
  tokens(now: number): number {
    const { size, perSecond } = this.#options
    return Math.min(size, this.#tokens + ((now - this.#fedAt) / 1_000) * perSecond)
  }

  /** Milliseconds until a token has come by time alone; 0 if there is one. */
  delay(now: number): number {
    const { size, perSecond } = this.#options
    const missing = 1 - this.tokens(now)
    if (missing <= 0) return 0
    return size < 1 || perSecond === 0 ? Number.POSITIVE_INFINITY : (missing * 1_000) / perSecond
  }

  /** True if a token can still come. */
  get mayEarn(): boolean {
    const { size, perCall, perSecond } = this.#options
    return size >= 1 && perCall + perSecond > 0
  }

  /** Adds the share of a token that a success earns. */
  earn(tokens = this.#options.perCall): void {
    this.#tokens = Math.min(this.#options.size, this.#tokens + tokens)
  }

  /** A new budget with one token less, if it has one. Not the same object: all keys of a client share a full budget. */
  withoutToken(now: number): Budget {
    const tokens = this.tokens(now)
    return new Budget(this.#options, now, tokens < 1 ? tokens : tokens - 1)
  }

  /** Fills it up. */
  fill(now: number): void {
    this.#tokens = this.#options.size
    this.#fedAt = now
  }

  /** True if it is full, so that nothing is lost if it is forgotten. */
  isFull(now: number): boolean {
    return this.tokens(now) >= this.#options.size
  }
}
