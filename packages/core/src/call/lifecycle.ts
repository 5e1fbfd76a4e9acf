import { systemClock } from '../contract/clock.ts'
import { ClosedError } from '../session/closed-error.ts'

/** A call under way, as far as its client can end it. */
export interface RunningCall {
  readonly engine: { readonly signals: readonly AbortSignal[] }
  /** The neighbours among those under way. */
  before: RunningCall | undefined
  after: RunningCall | undefined
  /** Ends it at once: with a reason that is given, or because its client is closed. */
  terminate(thrown?: { readonly reason: unknown }): void
}

/** The calls of a client and of what was extended from it, and their common end. */
export class Lifecycle {
  /** The ways to take listeners off the signals of the client, once it is closed. */
  readonly releases = new Set<() => void>()
  /** A list that each call is a link of: a set would cost a good call a good part of all that it costs. */
  #last: RunningCall | undefined
  #size = 0
  readonly #closing = new AbortController()
  /** Aborts when the client begins to close: no attempt begins any more, and no call waits. */
  readonly closing = this.#closing.signal
  #onIdle: (() => void) | undefined

  /** Calls under way. */
  get size(): number {
    return this.#size
  }

  add(call: RunningCall): void {
    call.before = this.#last
    if (this.#last !== undefined) this.#last.after = call
    this.#last = call
    this.#size++
  }

  /** Takes out a call that was added, once. */
  remove(call: RunningCall): void {
    const { before, after } = call
    if (before !== undefined) before.after = after
    if (after === undefined) this.#last = before
    else after.before = before
    call.before = undefined
    call.after = undefined
    this.#size--
    if (this.#size === 0) this.#onIdle?.()
  }

  /** Lets no call begin, gives those under way some time, then ends them. Resolves when there is none. */
  async close(drain: number): Promise<void> {
    this.#closing.abort(new ClosedError())
    if (this.#size > 0) await this.#drain(drain)
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

  /** Ends the calls that a signal of their client holds for, with its reason. */
  terminate(signal: AbortSignal): void {
    for (const call of this.#all()) if (call.engine.signals.includes(signal)) call.terminate(signal)
  }

  #all(): readonly RunningCall[] {
    const all: RunningCall[] = []
    for (let call = this.#last; call !== undefined; call = call.before) all.push(call)
    return all.reverse()
  }
}
