import { longestGap } from './gaps.ts'

/** Refusals at the pace that the server has named, after which that is too fast: there are others. */
const TIMES_IN_VAIN = 5

/** Bad answer, as far as the longest gap goes by it. */
interface Refusal {
  /** Milliseconds that the server asked to wait; 0 for none. */
  readonly hint: number
  /** True if its request went out before the last cut. */
  readonly isOld: boolean
  /** Milliseconds between two requests when it came. */
  readonly gap: number
  /** True if it came too late, and others wait, too. */
  readonly isQueued: boolean
}

/**
 * The longest time between two requests.
 *
 * A server of which nothing else is known is asked again when it says, and not much later. It tells many the same: who has
 * been refused at that pace time and again asks half as often with each further refusal. Who knows what he has had before
 * goes by that.
 */
export class LongestGap {
  readonly #before: number
  #ms: number
  /** The pace that the server has named, as far as it was not kept to in vain; 0 if it has named none. */
  #named = 0
  #inVain = 0

  /** @param before requests a second before the trouble; 0 if nothing is known. */
  constructor(before: number) {
    this.#before = before
    this.#ms = longestGap(before, false)
  }

  get ms(): number {
    return this.#ms
  }

  update({ hint, isOld, gap, isQueued }: Refusal): void {
    this.#ms = longestGap(this.#before, isQueued)
    if (hint === 0 || this.#before > 0) return
    if (!isOld && this.#named > 0 && gap >= this.#named) this.#inVain++
    this.#named = Math.max(hint, this.#inVain > TIMES_IN_VAIN ? 2 * this.#named : this.#named)
    this.#ms = Math.min(this.#ms, this.#named)
  }
}
