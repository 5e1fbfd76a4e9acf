import { systemClock } from '../contract/clock.ts'
import { startTime, stopTime, type Timed } from './deadline-timer.ts'

/** Aborts an attempt when its time is up or its caller gives up, and tells the two apart. */
export class Deadline implements Timed, EventListenerObject {
  /** True once the attempt was given up because time ran out. */
  timedOut = false
  /** Called with the reason when the attempt is given up: a `fetch` may be deaf to its signal. */
  onAbort: ((reason: unknown) => void) | undefined
  dueAt = 0
  place = -1
  timer: ReturnType<typeof setTimeout> | undefined
  /**
   * Kept as long as the body that may still be aborted, and no longer: the signal of a `Request` follows its caller's only
   * while the `Request` itself is alive.
   */
  owner: unknown
  readonly #caller: AbortSignal | null | undefined
  /** True while a time limit holds. */
  isTimed: boolean
  #controller: AbortController | undefined

  /** @param since monotonic milliseconds at which its time began. */
  constructor(
    ms: number | undefined,
    caller: AbortSignal | null | undefined,
    owner?: unknown,
    since = systemClock.now(),
  ) {
    this.owner = owner
    this.#caller = caller
    this.isTimed = ms !== undefined
    caller?.addEventListener('abort', this)
    if (ms !== undefined) startTime(this, ms, since)
  }

  /** Aborts when the attempt is given up. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  /** The signal that `fetch` gets. Where no limit has to be told from it, the caller's own is in it, and no body need be watched. */
  get ofFetch(): AbortSignal {
    return this.isTimed || this.#caller == null ? this.signal : AbortSignal.any([this.#caller, this.signal])
  }

  /** The time limit no longer holds; the caller's abort still does. */
  stopTimer(): void {
    if (!this.isTimed) return
    this.isTimed = false
    stopTime(this)
  }

  /** A reply has come: the time limit no longer holds. */
  replied(): void {
    // It would hold the reply for as long as the caller's signal holds the deadline.
    this.onAbort = undefined
    // Without a limit fetch hears the caller's own signal as well, which goes on to hold for the body.
    if (this.isTimed) this.stopTimer()
    else this.release()
  }

  /** Nothing holds any more, and nothing is left behind on the caller's signal. */
  release(): void {
    this.stopTimer()
    this.owner = undefined
    this.#caller?.removeEventListener('abort', this)
  }

  /** Waits for something, which itself goes on. @throws the reason, once it is given up. */
  until<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onAbort = reject
      work.then(resolve, reject)
      if (this.#caller?.aborted) reject(this.#caller.reason)
    })
  }

  /** Gives the attempt up for another reason than time. */
  giveUp(reason: unknown): void {
    this.release()
    this.#abort(reason)
  }

  /** The caller gives up. */
  handleEvent(): void {
    this.release()
    this.#abort(this.#caller?.reason)
  }

  // After a stall the timer is served before the sockets: one more turn lets a reply that has already arrived win.
  onDue(): void {
    const soon: (turn: () => void) => void = globalThis.setImmediate ?? ((turn) => setTimeout(turn, 0))
    soon(() => {
      if (!this.isTimed) return
      this.isTimed = false
      this.timedOut = true
      this.#abort(new DOMException('The attempt took too long.', 'TimeoutError'))
    })
  }

  #abort(reason: unknown): void {
    this.#controller?.abort(reason)
    this.onAbort?.(reason)
  }
}
