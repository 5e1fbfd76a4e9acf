/** Counts calls and slow calls over a sliding window, turned by elapsed time when it is looked at. */
export class Window {
  readonly #calls: number[]
  readonly #slow: number[]
  readonly #interval: number
  #at = 0
  #turnedAt: number

  constructor(buckets: number, length: number, now: number) {
    this.#calls = new Array<number>(buckets).fill(0)
    this.#slow = new Array<number>(buckets).fill(0)
    this.#interval = length / buckets
    this.#turnedAt = now
  }

  /** Moves on to now and says by how many buckets. */
  turn(now: number): number {
    const elapsed = Math.floor((now - this.#turnedAt) / this.#interval)
    if (elapsed <= 0) return 0
    this.#turnedAt += elapsed * this.#interval
    const turns = Math.min(elapsed, this.#calls.length)
    for (let turned = 0; turned < turns; turned++) {
      this.#at = (this.#at + 1) % this.#calls.length
      this.#calls[this.#at] = 0
      this.#slow[this.#at] = 0
    }
    return turns
  }

  add(slow: boolean): void {
    this.#calls[this.#at] = (this.#calls[this.#at] ?? 0) + 1
    if (slow) this.#slow[this.#at] = (this.#slow[this.#at] ?? 0) + 1
  }

  /** Share of slow calls; 0 where there were fewer calls than `minimum`. */
  slowRate(minimum: number): number {
    const calls = sum(this.#calls)
    return calls < minimum || calls === 0 ? 0 : sum(this.#slow) / calls
  }

  clear(): void {
    this.#calls.fill(0)
    this.#slow.fill(0)
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
