import { catchUp, systemClock } from '../contract/clock.ts'

/** Aborts an attempt when its time is up or its caller gives up, and tells the two apart. */
export class Deadline {
  /** The signal that `fetch` gets. */
  readonly signal: AbortSignal
  /** True once the attempt was given up for want of time. */
  timedOut = false
  /** Called with the reason when the attempt is given up: a `fetch` may be deaf to its signal. */
  onAbort: ((reason: unknown) => void) | undefined
  /**
   * Kept as long as the body that may still be aborted: the signal of a `Request` follows its caller's only while the
   * `Request` itself is alive.
   */
  readonly owner: object | undefined
  readonly #controller = new AbortController()
  readonly #caller: AbortSignal | null | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #until = 0

  constructor(ms: number | undefined, caller: AbortSignal | null | undefined, owner?: object) {
    this.owner = owner
    this.signal = this.#controller.signal
    this.#caller = caller
    caller?.addEventListener('abort', this.#forward, { once: true })
    if (ms === undefined) return
    this.#until = systemClock.now() + ms
    this.#timer = setTimeout(this.#recheck, ms)
  }

  /** The time limit no longer holds; the caller's abort still does. */
  stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Nothing holds any more, and nothing is left behind on the caller's signal. */
  release(): void {
    this.stopTimer()
    this.#caller?.removeEventListener('abort', this.#forward)
  }

  /** Gives the attempt up for another reason than time. */
  giveUp(reason: unknown): void {
    this.release()
    this.#abort(reason)
  }

  #abort(reason: unknown): void {
    this.#controller.abort(reason)
    this.onAbort?.(reason)
  }

  readonly #forward = (): void => {
    this.stopTimer()
    this.#abort(this.#caller?.reason)
  }

  // After a stall the timer is served before the sockets: one more turn lets a reply that has already arrived win.
  readonly #recheck = (): void => {
    catchUp(this.#until)
    const soon: (turn: () => void) => void = globalThis.setImmediate ?? ((turn) => setTimeout(turn, 0))
    soon(() => {
      if (this.#timer === undefined) return
      this.timedOut = true
      this.#abort(new DOMException('The attempt took too long.', 'TimeoutError'))
    })
  }
}
