import type { PauseOptions } from '../contract/policy.ts'

/** Milliseconds for which the first call after a capped pause keeps all others waiting. */
const PROBE = 10_000

/** A pause that a server asked of one caller and that holds back all callers of the service. */
export class Pause {
  readonly #options: Required<PauseOptions>
  #until = 0
  #capped = false
  #probingUntil = 0

  constructor(options: Required<PauseOptions>) {
    this.#options = options
  }

  /** A pause that may begin: until one begins, all keys of a client share the same object. */
  unshared(): Pause {
    return this.#until === 0 ? new Pause(this.#options) : this
  }

  /** Milliseconds of the longest pause that is kept. */
  get longest(): number {
    return this.#options.max
  }

  /** Milliseconds left; 0 if there is no pause. */
  remaining(now: number): number {
    const probed = this.#capped ? Math.min(1_000, this.#probingUntil - now) : 0
    return Math.max(0, this.#until - now, probed)
  }

  /**
   * Begins it: all callers wait for `ms`, or longer if they do already.
   *
   * @returns its milliseconds, if it now ends later than before.
   */
  start(ms: number, now: number): number | undefined {
    const length = Math.min(ms, this.#options.max)
    this.#probingUntil = 0
    // The longest request for a pause counts, also if the cap makes two of them equal.
    this.#capped = ms > length || (this.#capped && now < this.#until)
    if (now + length <= this.#until) return undefined
    this.#until = now + length
    return length
  }

  /** After a capped pause, lets one call go first as a probe, for whose result the others wait. */
  claim(now: number): void {
    if (this.#capped) this.#probingUntil = now + PROBE
  }

  /** Ends the probing after a capped pause, if the attempt that was answered began after the pause. */
  lift(startedAt: number): void {
    if (startedAt >= this.#until) this.#capped = false
  }

  /** Ends it. */
  end(): void {
    this.#until = 0
    this.#capped = false
  }
}
