/** A timer of virtual time, with the interface of Node.js's own. */
export class VirtualTimer {
  at: number
  order: number
  /** Those of one millisecond in the order in which they were set, but immediates first. */
  readonly isImmediate: boolean
  readonly interval: number | undefined
  /** `undefined` for one that was cleared, or is over. */
  run: (() => void) | undefined

  constructor(at: number, order: number, run: () => void, interval?: number, isImmediate = false) {
    this.at = at
    this.order = order
    this.run = run
    this.interval = interval
    this.isImmediate = isImmediate
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }
}

const isBefore = (one: VirtualTimer, other: VirtualTimer): boolean =>
  one.at !== other.at
    ? one.at < other.at
    : one.isImmediate !== other.isImmediate
      ? one.isImmediate
      : one.order < other.order

/**
 * Timers by their time, as a heap. A cleared timer stays until its time comes, or until most timers are cleared ones: nearly all
 * timers of the lab are cleared, and removing each at once would cost as much as all the rest.
 */
export class Timers {
  #heap: VirtualTimer[] = []
  #cleared = 0
  readonly #few: number

  /** @param few number of cleared timers that always stay among the others. */
  constructor(few = 1_000) {
    this.#few = few
  }

  add(timer: VirtualTimer): void {
    this.#heap.push(timer)
    this.#rise(timer, this.#heap.length - 1)
  }

  clear(timer: VirtualTimer): void {
    if (timer.run === undefined) return
    timer.run = undefined
    this.#cleared++
    if (this.#cleared > this.#few && this.#cleared * 2 > this.#heap.length) this.#tidy()
  }

  clearAll(): void {
    this.#heap = []
    this.#cleared = 0
  }

  /** Removes the next timer; `undefined` if there is none. */
  take(): VirtualTimer | undefined {
    for (;;) {
      const [first] = this.#heap
      const last = this.#heap.pop()
      if (first === undefined || last === undefined) return undefined
      if (first !== last) this.#sink(last)
      if (first.run !== undefined) return first
      this.#cleared--
    }
  }

  #tidy(): void {
    // A sorted list is a heap.
    this.#heap = this.#heap.filter(({ run }) => run !== undefined).sort((one, other) => (isBefore(one, other) ? -1 : 1))
    this.#cleared = 0
  }

  #rise(timer: VirtualTimer, from: number): void {
    let at = from
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = this.#heap[above]
      if (parent === undefined || !isBefore(timer, parent)) break
      this.#heap[at] = parent
      at = above
    }
    this.#heap[at] = timer
  }

  /** Puts a timer in place of the first. */
  #sink(timer: VirtualTimer): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      const right = heap[below + 1]
      let child = heap[below]
      if (child === undefined) break
      if (right !== undefined && isBefore(right, child)) {
        child = right
        below++
      }
      if (!isBefore(child, timer)) break
      heap[at] = child
      at = below
    }
    heap[at] = timer
  }
}
