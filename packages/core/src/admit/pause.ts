import type { PauseOptions } from '../contract/policy.ts'

/** How long the caller that goes first after a capped pause keeps everybody else waiting. */
const PROBE = 10_000

/** A pause that a server asked one caller for and all callers of the key keep. */
export class Pause {
  readonly #options: Required<PauseOptions>
  #until = 0
  #capped = false
  #probingUntil = 0
  #waiting = 0

  constructor(options: Required<PauseOptions>) {
    this.#options = options
  }

  /** Milliseconds left; 0 if there is no pause. */
  left(now: number): number {
    const probed = this.#capped ? Math.min(1_000, this.#probingUntil - now) : 0
    return Math.max(0, this.#until - now, probed)
  }

  /** Holds the key back for `ms`, or longer if it is held back already. Says how long, if that is news. */
  hold(ms: number, now: number): number | undefined {
    const held = Math.min(ms, this.#options.max)
    this.#probingUntil = 0
    // Of several words for one pause the longest stands, also where only the cap makes them alike.
    this.#capped = ms > held || (this.#capped && now < this.#until)
    if (now + held <= this.#until) return undefined
    this.#until = now + held
    return held
  }

  /** Milliseconds to wait before asking again; 0 to go now. */
  ask(now: number): number {
    if (now < this.#until) return this.#until - now
    if (!this.#capped) return 0
    // The server wanted longer than we wait: one goes first, and the others follow its result.
    if (now < this.#probingUntil) return this.left(now)
    this.#probingUntil = now + PROBE
    return 0
  }

  /** A reply came that holds nothing back, to an attempt that began at `began`: one from before the end knows nothing of it. */
  lift(began: number): void {
    if (began >= this.#until) this.#capped = false
  }

  /** Takes a place in the queue; false if it is full. */
  enter(): boolean {
    if (this.#waiting >= this.#options.queue) return false
    this.#waiting++
    return true
  }

  leave(): void {
    this.#waiting--
  }

  get isIdle(): boolean {
    return this.#waiting === 0
  }
}
