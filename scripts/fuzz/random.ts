/** Numbers by chance that come again with the same seed (xorshift). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0 || 1
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) % Math.max(1, end)
  }

  /** One of these. */
  of<Item>(items: readonly [Item, ...Item[]]): Item
  of<Item>(items: readonly Item[]): Item | undefined
  of<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(items.length)]
  }
}
