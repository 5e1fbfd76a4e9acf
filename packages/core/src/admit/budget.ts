import type { BudgetOptions } from '../contract/policy.ts'

/** A bucket of retry tokens: full at first, fed by calls and by time, emptied by retries about the service. */
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

  /** Milliseconds until time alone has brought a token; 0 if there is one. */
  delay(now: number): number {
    const { size, perSecond } = this.#options
    const missing = 1 - this.tokens(now)
    if (missing <= 0) return 0
    return size < 1 || perSecond === 0 ? Number.POSITIVE_INFINITY : (missing * 1_000) / perSecond
  }

  /** True if a token may come yet. */
  get mayEarn(): boolean {
    const { size, perCall, perSecond } = this.#options
    return size >= 1 && perCall + perSecond > 0
  }

  /** Adds the share of a retry that a success earns. */
  earn(tokens = this.#options.perCall): void {
    this.#tokens = Math.min(this.#options.size, this.#tokens + tokens)
  }

  /** The budget without the token of a retry, if it has one. It is another: a full one stands for all keys of a client. */
  withoutToken(now: number): Budget {
    const tokens = this.tokens(now)
    return new Budget(this.#options, now, tokens < 1 ? tokens : tokens - 1)
  }

  /** Fills it up. */
  fill(now: number): void {
    this.#tokens = this.#options.size
    this.#fedAt = now
  }

  /** True if nothing was spent recently, so that nothing is lost with it. */
  isFull(now: number): boolean {
    return this.tokens(now) >= this.#options.size
  }
}
