/** Counts calls, slow ones and failed ones over a sliding window, turned by elapsed time when it is looked at. */
export class Window {
  /** Calls in the newest bucket: most services are called so seldom that there are none in the others. */
  #newest = 0
  /** Calls in the buckets before; made with the first of them. */
  #calls: number[] | undefined
  /** Made with the first slow call, and the first failed one. */
  #slow: number[] | undefined
  #failed: number[] | undefined
  readonly #buckets: number
  readonly #interval: number
  #at = 0
  #turnedAt: number

  constructor(buckets: number, length: number, now: number) {
    this.#buckets = buckets
    this.#interval = length / buckets
    this.#turnedAt = now
  }

  /** Moves on to now and says by how many buckets. */
  turn(now: number): number {
    const elapsed = Math.floor((now - this.#turnedAt) / this.#interval)
    if (elapsed <= 0) return 0
    this.#turnedAt += elapsed * this.#interval
    if (elapsed >= this.#buckets) {
      this.clear()
      return this.#buckets
    }
    if (this.#newest > 0) {
      this.#calls ??= noughts(this.#buckets)
      this.#calls[this.#at] = this.#newest
      this.#newest = 0
    }
    for (let turned = 0; turned < elapsed; turned++) {
      this.#at = (this.#at + 1) % this.#buckets
      for (const counts of [this.#calls, this.#slow, this.#failed]) if (counts !== undefined) counts[this.#at] = 0
    }
    return elapsed
  }

  add(isSlow: boolean, isFailed: boolean): void {
    this.#newest++
    if (isSlow) this.#slow = increment(this.#slow ?? noughts(this.#buckets), this.#at)
    if (isFailed) this.#failed = increment(this.#failed ?? noughts(this.#buckets), this.#at)
  }

  /** True where one more failure brings their share to `rate`, and there are so many that it counts. */
  failsFrom(rate: number, minimum: number): boolean {
    const failures = sum(this.#failed) + 1
    return failures >= rate * minimum && failures >= rate * (this.#all() + 1)
  }

  /** Calls and failed ones in the bucket that is so many before the newest. */
  countsOf(before: number): { readonly calls: number; readonly failures: number } {
    const at = this.#at - before
    const calls = before === 0 ? this.#newest : (this.#calls?.at(at) ?? 0)
    return { calls, failures: this.#failed?.at(at) ?? 0 }
  }

  /** Share of slow calls; 0 where there were fewer calls than `minimum`. */
  slowRate(minimum: number): number {
    const calls = this.#all()
    return calls < minimum || calls === 0 ? 0 : sum(this.#slow) / calls
  }

  clear(): void {
    this.#newest = 0
    this.#calls = undefined
    this.#slow = undefined
    this.#failed = undefined
  }

  #all(): number {
    return this.#newest + sum(this.#calls)
  }
}

const noughts = (length: number): number[] => new Array<number>(length).fill(0)

function increment(counts: number[], at: number): number[] {
  counts[at] = (counts[at] ?? 0) + 1
  return counts
}

const sum = (numbers: readonly number[] | undefined): number =>
  numbers?.reduce((total, number) => total + number, 0) ?? 0
