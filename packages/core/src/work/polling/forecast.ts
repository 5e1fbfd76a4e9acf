/** Milliseconds before an expected end for which it is waited at least: an end is expected early as often as late. */
const LEAST = 1_000

/** Expects the end of work by its progress. Work without progress is not polled more often. */
export class Forecast {
  #first: { readonly at: number; readonly share: number } | undefined
  #last = 0

  /**
   * Takes a share that is done.
   *
   * @returns milliseconds until the end, if it goes on as it did; `undefined` where it did not come on.
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
