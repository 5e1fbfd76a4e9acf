import type { PauseOptions } from '../contract/policy.ts'

/** Milliseconds for which the call that goes first after a capped pause keeps all others waiting. */
const PROBE = 10_000

/** A pause that a server asked one caller for and all callers of the service keep. */
export class Pause {
  readonly #options: Required<PauseOptions>
  #until = 0
  #capped = false
  #probingUntil = 0

  constructor(options: Required<PauseOptions>) {
    this.#options = options
  }

  /** One that may begin: none that has not stands for all keys of a client. */
  unshared(): Pause {
    return this.#until === 0 ? new Pause(this.#options) : this
  }

  /** Milliseconds of the longest one. */
  get longest(): number {
    return this.#options.max
  }

  /** Milliseconds left; 0 if there is no pause. */
  remaining(now: number): number {
    const probed = this.#capped ? Math.min(1_000, this.#probingUntil - now) : 0
    return Math.max(0, this.#until - now, probed)
  }

  /**
   * Begins it: all callers wait for `ms`, or longer where they do already.
   *
   * @returns for how many milliseconds, if that is news.
   */
  start(ms: number, now: number): number | undefined {
    const length = Math.min(ms, this.#options.max)
    this.#probingUntil = 0
    // Of several words for one pause the longest stands, also where only the cap makes them alike.
    this.#capped = ms > length || (this.#capped && now < this.#until)
    if (now + length <= this.#until) return undefined
    this.#until = now + length
    return length
  }

  /** Lets one call go first where the server wanted longer than we wait: the others follow its result. */
  claim(now: number): void {
    if (this.#capped) this.#probingUntil = now + PROBE
  }

  /** Ends the probing after a capped pause, for a reply that holds nothing back. One to an attempt from before the end says nothing. */
  lift(startedAt: number): void {
    if (startedAt >= this.#until) this.#capped = false
  }

  /** Ends it. */
  end(): void {
    this.#until = 0
    this.#capped = false
  }
}
