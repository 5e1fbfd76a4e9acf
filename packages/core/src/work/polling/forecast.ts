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
