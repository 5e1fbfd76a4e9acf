import { systemClock } from '../../contract/clock.ts'
import type { Pace } from '../../contract/row.ts'

/** Milliseconds between two polls for one piece of work, which double from the first to the longest. */
const WAITS = { fast: { first: 500, longest: 10_000 }, slow: { first: 2_000, longest: 60_000 } } as const

/** The waits between the polls for one piece of work. */
export class Pacing {
  readonly #longest: number
  #wait: number

  constructor(pace: Pace) {
    const { first, longest } = WAITS[pace]
    this.#wait = first
    this.#longest = longest
  }

  /** Milliseconds until the next poll, spread at random so that works which began together are not polled together. */
  next(): number {
    const wait = this.#wait
    this.#wait = Math.min(2 * wait, this.#longest)
    return wait * (0.8 + 0.4 * systemClock.random())
  }
}

/** Milliseconds that are added to an expected end, because it is expected too early as often as too late. */
const LEAST = 1_000

/** The expected end of work by its progress. Work without progress is not polled more often. */
export class Forecast {
  #first: { readonly at: number; readonly share: number } | undefined
  #last = 0

  /**
   * Takes the share of the work that is done.
   *
   * @returns milliseconds until the end at the present speed; `undefined` if there was no progress.
   */
  take(share: number | undefined, now: number): number | undefined {
    if (share === undefined) return undefined
    const before = this.#last
    this.#last = share
    this.#first ??= { at: now, share }
    const { at, share: first } = this.#first
    if (share <= before || share <= first) return undefined
    return LEAST + ((1 - share) * (now - at)) / (share - first)
  }
}
