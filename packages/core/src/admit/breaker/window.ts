/** Parts into which the window is divided. */
const BUCKETS = 10

/** The counts of the window, or of one part of it. */
interface Counts {
  readonly calls: number
  readonly failed: number
  readonly slow: number
}

const NOTHING: Counts = Object.freeze({ calls: 0, failed: 0, slow: 0 })

/** Counts of calls, slow calls and failed calls over a sliding window, which is advanced by elapsed time when a call is added. */
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

  add(isFailed: boolean, isSlow: boolean, now: number): void {
    this.#advance(now)
    this.#calls++
    if (isFailed) this.#failed++
    if (isSlow) this.#slow++
  }

  /** The counts of all parts. */
  sum(): Counts {
    const sum = { calls: this.#calls, failed: this.#failed, slow: this.#slow }
    for (const { calls, failed, slow } of this.#older ?? []) {
      sum.calls += calls
      sum.failed += failed
      sum.slow += slow
    }
    return sum
  }

  clear(): void {
    this.#begin()
    this.#older = undefined
  }

  #advance(now: number): void {
    const elapsed = Math.floor((now - this.#advancedAt) / this.#interval)
    if (elapsed <= 0) return
    this.#advancedAt += elapsed * this.#interval
    if (elapsed >= BUCKETS) return this.clear()
    if (this.#calls > 0) {
      this.#older ??= new Array<Counts>(BUCKETS).fill(NOTHING)
      this.#older[this.#at] = { calls: this.#calls, failed: this.#failed, slow: this.#slow }
      this.#begin()
    }
    for (let moved = 0; moved < elapsed; moved++) {
      this.#at = (this.#at + 1) % BUCKETS
      if (this.#older !== undefined) this.#older[this.#at] = NOTHING
    }
  }

  #begin(): void {
    this.#calls = 0
    this.#failed = 0
    this.#slow = 0
  }
}
