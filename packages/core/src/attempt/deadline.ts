import { nextTurn, systemClock } from '../contract/clock.ts'
import { startTime, stopTime, type Timed } from './deadline-timer.ts'

/** The abort of an attempt by its time limit or by its caller, which can be told apart. */
export class Deadline implements Timed, EventListenerObject {
  /** True once the time limit has aborted the attempt. */
  timedOut = false
  /** Called with the reason when the attempt is aborted: a `fetch` may ignore its signal. */
  onAbort: ((reason: unknown) => void) | undefined
  dueAt = 0
  place = -1
  timer: ReturnType<typeof setTimeout> | undefined
  /**
   * The `Request`, kept for as long as the body can still be aborted: the signal of a `Request` follows its caller's signal only
   * until the `Request` is collected.
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

  /** Aborts when the attempt is aborted. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  /** The signal for `fetch`. Without a time limit it includes the caller's own, so that no body has to be watched. */
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
    // Otherwise the caller's signal would hold the deadline, and with it the reply.
    this.onAbort = undefined
    // Without a time limit, fetch has the caller's own signal as well, which still holds for the body.
    if (this.isTimed) this.stopTimer()
    else this.release()
  }

  /** Ends the time limit, and removes its listener from the caller's signal. */
  release(): void {
    this.stopTimer()
    this.owner = undefined
    this.#caller?.removeEventListener('abort', this)
  }

  /** Waits for `work`, which itself goes on. @throws the reason, if the attempt is aborted before. */
  until<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onAbort = reject
      work.then(resolve, reject)
      if (this.#caller?.aborted) reject(this.#caller.reason)
    })
  }

  /** Aborts the attempt for another reason than time. */
  giveUp(reason: unknown): void {
    this.release()
    this.#abort(reason)
  }

  /** Called when the caller's signal aborts. */
  handleEvent(): void {
    this.release()
    this.#abort(this.#caller?.reason)
  }

  // After a stall of the event loop, timers run before sockets are read: one more turn lets a reply win that has arrived already.
  onDue(): void {
    nextTurn(() => {
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
