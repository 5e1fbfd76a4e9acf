import { systemClock } from '../contract/clock.ts'
import { ClosedError } from '../session/closed-error.ts'

/** A call under way, which its client can end. */
export interface RunningCall {
  readonly engine: { readonly signals: readonly AbortSignal[] }
  /** The neighbours in the list of running calls. */
  before: RunningCall | undefined
  after: RunningCall | undefined
  /** Ends it at once: with the given reason, or because its client is closed. */
  terminate(thrown?: { readonly reason: unknown }): void
}

/** The running calls of a client and of all that `extend` has made from it, which are ended together. */
export class Lifecycle {
  /** Functions that remove the client's listeners from its signals, when it is closed. */
  readonly releases = new Set<() => void>()
  /** The end of a linked list of calls: a set would be a large part of the cost of a successful call. */
  #last: RunningCall | undefined
  readonly #closing = new AbortController()
  /** Aborts when the client begins to close: from then on no attempt begins, and no call waits. */
  readonly closing = this.#closing.signal
  #onIdle: (() => void) | undefined

  add(call: RunningCall): void {
    call.before = this.#last
    if (this.#last !== undefined) this.#last.after = call
    this.#last = call
  }

  /** Removes a call that was added. */
  remove(call: RunningCall): void {
    const { before, after } = call
    if (before !== undefined) before.after = after
    if (after === undefined) this.#last = before
    else after.before = before
    call.before = undefined
    call.after = undefined
    if (this.#last === undefined) this.#onIdle?.()
  }

  /** Lets no call begin, gives those under way `drain` milliseconds, then ends them. Resolves when there is none. */
  async close(drain: number): Promise<void> {
    this.#closing.abort(new ClosedError())
    if (this.#last !== undefined) await this.#drain(drain)
    for (const release of this.releases) release()
    this.releases.clear()
  }

  async #drain(ms: number): Promise<void> {
    const idle = new AbortController()
    this.#onIdle = () => idle.abort()
    await systemClock.sleep(ms, idle.signal).catch(() => {})
    this.#onIdle = undefined
    for (const call of this.#all()) call.terminate()
  }

  /** Ends the calls of clients with that signal, with its reason. */
  terminate(signal: AbortSignal): void {
    for (const call of this.#all()) if (call.engine.signals.includes(signal)) call.terminate(signal)
  }

  #all(): readonly RunningCall[] {
    const all: RunningCall[] = []
    for (let call = this.#last; call !== undefined; call = call.before) all.push(call)
    return all.reverse()
  }
}
