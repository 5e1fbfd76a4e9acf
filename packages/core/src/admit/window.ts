/** Parts into which the window is divided. */
export const BUCKETS = 10

/** The counts of one part of the window. */
interface Counts {
  readonly calls: number
  readonly failed: number
  readonly slow: number
}

const NOTHING: Counts = Object.freeze({ calls: 0, failed: 0, slow: 0 })

/** Counts of calls, slow calls and failed calls over a sliding window, which is advanced by elapsed time when it is used. */
export class Window {
  /** The counts of the newest bucket: most services are called so rarely that the others are empty. */
  #calls = 0
  #failed = 0
  #slow = 0
  /** The buckets before, as a ring buffer, which is made for the first of them. */
  #older: Counts[] | undefined
  readonly #interval: number
  #at = 0
  /** Whole milliseconds, because V8 allocates memory for any other number. */
  #advancedAt: number

  constructor(length: number, now: number) {
    this.#interval = length / BUCKETS
    this.#advancedAt = Math.trunc(now)
  }

  /** Advances to now. @returns by how many buckets. */
  advance(now: number): number {
    const elapsed = Math.floor((now - this.#advancedAt) / this.#interval)
    if (elapsed <= 0) return 0
    this.#advancedAt += elapsed * this.#interval
    if (elapsed >= BUCKETS) {
      this.clear()
      return BUCKETS
    }
    if (this.#calls > 0) {
      this.#older ??= new Array<Counts>(BUCKETS).fill(NOTHING)
      this.#older[this.#at] = { calls: this.#calls, failed: this.#failed, slow: this.#slow }
      this.#begin()
    }
    for (let moved = 0; moved < elapsed; moved++) {
      this.#at = (this.#at + 1) % BUCKETS
      if (this.#older !== undefined) this.#older[this.#at] = NOTHING
    }
    return elapsed
  }

  add(isSlow: boolean, isFailed: boolean): void {
    this.#calls++
    if (isFailed) this.#failed++
    if (isSlow) this.#slow++
  }

  /** True if one more failure makes up at least `rate` of the calls, and of `minimum` calls. */
  failsFrom(rate: number, minimum: number): boolean {
    const { calls, failed } = this.#sum()
    return failed + 1 >= rate * minimum && failed + 1 >= rate * (calls + 1)
  }

  /** The calls and failed calls in the bucket that is `before` buckets older than the newest. */
  countsOf(before: number): Pick<Counts, 'calls' | 'failed'> {
    if (before === 0) return { calls: this.#calls, failed: this.#failed }
    return this.#older?.at(this.#at - before) ?? NOTHING
  }

  /** Share of slow calls; 0 if there were fewer calls than `minimum`. */
  slowRate(minimum: number): number {
    const { calls, slow } = this.#sum()
    return calls < minimum || calls === 0 ? 0 : slow / calls
  }

  clear(): void {
    this.#begin()
    this.#older = undefined
  }

  #begin(): void {
    this.#calls = 0
    this.#failed = 0
    this.#slow = 0
  }

  #sum(): Counts {
    const sum = { calls: this.#calls, failed: this.#failed, slow: this.#slow }
    for (const { calls, failed, slow } of this.#older ?? []) {
      sum.calls += calls
      sum.failed += failed
      sum.slow += slow
    }
    return sum
  }
}
