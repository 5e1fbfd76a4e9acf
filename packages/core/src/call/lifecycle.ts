import type { Clock } from '../contract/clock.ts'
import { ClosedError } from '../session/closed-error.ts'

/** A call under way, as far as its client can end it. */
export interface RunningCall {
  readonly engine: { readonly signals: readonly AbortSignal[] }
  /** Ends it at once: with a reason that is given, or because its client is closed. */
  terminate(thrown?: { readonly reason: unknown }): void
}

/** The calls of a client and of what was extended from it, and their common end. */
export class Lifecycle {
  /** The ways to take listeners off the signals of the client, once it is closed. */
  readonly releases = new Set<() => void>()
  readonly #running = new Set<RunningCall>()
  readonly #closing = new AbortController()
  #onIdle: (() => void) | undefined

  /** Aborts when the client begins to close: no attempt begins any more, and no call waits. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  /** Calls under way. */
  get size(): number {
    return this.#running.size
  }

  add(call: RunningCall): void {
    this.#running.add(call)
  }

  remove(call: RunningCall): void {
    this.#running.delete(call)
    if (this.#running.size === 0) this.#onIdle?.()
  }

  /** Lets no call begin, gives those under way some time, then ends them. Resolves when there is none. */
  async close(drain: number, { sleep }: Clock): Promise<void> {
    this.#closing.abort(new ClosedError())
    if (this.#running.size > 0) await this.#drain(drain, sleep)
    for (const release of this.releases) release()
    this.releases.clear()
  }

  async #drain(ms: number, sleep: Clock['sleep']): Promise<void> {
    const idle = new AbortController()
    this.#onIdle = () => idle.abort()
    await sleep(ms, idle.signal).catch(() => {})
    this.#onIdle = undefined
    for (const call of this.#running) call.terminate()
  }

  /** Ends the calls that a signal of their client holds for, with its reason. */
  terminate(signal: AbortSignal): void {
    for (const call of this.#running) if (call.engine.signals.includes(signal)) call.terminate(signal)
  }
}
