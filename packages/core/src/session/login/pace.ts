import { isDue } from '../../contract/clock.ts'

/** Most milliseconds of a server's `Retry-After` for logins. */
const DAY = 86_400_000

/** Milliseconds that double with each failure in a row, from the first to the longest. */
export const doubled = ({ first, longest }: Bounds, inRow: number): number =>
  Math.min(longest, first * 2 ** Math.min(inRow, 20))

/** The bounds of a time that doubles. */
interface Bounds {
  readonly first: number
  readonly longest: number
}

/** A time that is at least as long as the server asked, up to a day. */
export const atLeast = (asked: number | undefined, ms: number): number => Math.max(Math.min(asked ?? 0, DAY), ms)

/** A time without a further try, which doubles with each failure in a row. */
export class Doubling {
  readonly #bounds: Bounds
  #inRow = 0
  #until = 0

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  /** True from the first failure until it is reset. */
  get isActive(): boolean {
    return this.#inRow > 0
  }

  /** Milliseconds that are left; 0 for none. */
  remaining(now: number): number {
    return isDue(this.#until, now) ? 0 : this.#until - now
  }

  /**
   * Begins, or doubles.
   *
   * @param change changes the time.
   * @returns its milliseconds.
   */
  start(now: number, change = (ms: number): number => ms): number {
    const ms = change(doubled(this.#bounds, this.#inRow))
    this.#inRow++
    this.#until = now + ms
    return ms
  }

  /** Ends it, after a success. */
  reset(): void {
    this.#inRow = 0
    this.#until = 0
  }
}
