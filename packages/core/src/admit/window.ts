/** Counts calls, slow ones and failed ones over a sliding window, turned by elapsed time when it is looked at. */
export class Window {
  readonly #calls: number[]
  /** Made with the first slow call, and the first failed one. */
  #slow: number[] | undefined
  #failed: number[] | undefined
  readonly #interval: number
  #at = 0
  #turnedAt: number

  constructor(buckets: number, length: number, now: number) {
    this.#calls = noughts(buckets)
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
      if (this.#slow !== undefined) this.#slow[this.#at] = 0
      if (this.#failed !== undefined) this.#failed[this.#at] = 0
    }
    return turns
  }

  add(isSlow: boolean, isFailed: boolean): void {
    const { length } = this.#calls
    increment(this.#calls, this.#at)
    if (isSlow) this.#slow = increment(this.#slow ?? noughts(length), this.#at)
    if (isFailed) this.#failed = increment(this.#failed ?? noughts(length), this.#at)
  }

  /** True where one more failure brings their share to `rate`, and there are so many that it counts. */
  failsFrom(rate: number, minimum: number): boolean {
    const failures = sum(this.#failed ?? []) + 1
    return failures >= rate * minimum && failures >= rate * (sum(this.#calls) + 1)
  }

  /** Calls and failed ones in the bucket that is so many before the newest. */
  countsOf(before: number): { readonly calls: number; readonly failures: number } {
    const at = this.#at - before
    return { calls: this.#calls.at(at) ?? 0, failures: this.#failed?.at(at) ?? 0 }
  }

  /** Share of slow calls; 0 where there were fewer calls than `minimum`. */
  slowRate(minimum: number): number {
    const calls = sum(this.#calls)
    return calls < minimum || calls === 0 ? 0 : sum(this.#slow ?? []) / calls
  }

  clear(): void {
    this.#calls.fill(0)
    this.#slow = undefined
    this.#failed = undefined
  }
}

const noughts = (length: number): number[] => new Array<number>(length).fill(0)

function increment(counts: number[], at: number): number[] {
  counts[at] = (counts[at] ?? 0) + 1
  return counts
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
