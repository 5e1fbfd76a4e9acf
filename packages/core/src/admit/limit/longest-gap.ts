import { type BadForGap, longestGap } from './gaps.ts'

/** Refusals at the gap that the server has named, after which it is too short because other clients keep it, too. */
const TIMES_IN_VAIN = 5
/** Stands for the bad answer of a limit that has met none. */
const AT_FIRST: BadForGap = Object.freeze({ isQueued: false, isUnreachable: true, hint: 0 })

/** The parts of a bad answer that the longest gap depends on. */
interface Refusal extends BadForGap {
  /** True if its request was sent before the last cut. */
  readonly isOld: boolean
  /** The gap at that time, in milliseconds. */
  readonly gap: number
}

/**
 * The longest time between two requests.
 *
 * If nothing else is known of a server, the gap is the wait that it asks for. It asks many clients for the same wait: after
 * several refusals at that gap, the gap doubles with each further refusal. A client that knows its rate before goes by that rate.
 */
export class LongestGap {
  readonly #before: number
  #ms: number
  /** The gap that the server has named, doubled after refusals at that gap; 0 if it has named none. */
  #named = 0
  #inVain = 0

  /** @param before requests a second before the trouble; 0 if nothing is known. */
  constructor(before: number) {
    this.#before = before
    this.#ms = longestGap(before, AT_FIRST)
  }

  get ms(): number {
    return this.#ms
  }

  update(refusal: Refusal): void {
    const { hint, isOld, gap } = refusal
    this.#ms = longestGap(this.#before, refusal)
    if (hint === 0 || this.#before > 0) return
    if (!isOld && this.#named > 0 && gap >= this.#named) this.#inVain++
    this.#named = Math.max(hint, this.#inVain > TIMES_IN_VAIN ? 2 * this.#named : this.#named)
    this.#ms = Math.min(this.#ms, this.#named)
  }
}
