import type { Engine } from '../../call/engine.ts'
import type { RunningCall } from '../../call/lifecycle.ts'

/** Work of a client outside a call. Closing the client waits for it and ends it, as it does with calls. */
export class Background implements RunningCall {
  readonly engine: Owner
  before: RunningCall | undefined
  after: RunningCall | undefined
  readonly #onTerminated: (reason: unknown) => void
  #isOver = false

  /** @param onTerminated called once, if it is ended from outside. */
  constructor(engine: Owner, onTerminated: (reason: unknown) => void) {
    this.engine = engine
    this.#onTerminated = onTerminated
    engine.lifecycle.add(this)
  }

  /** Ends it. False if it was ended from outside before. */
  end(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    this.engine.lifecycle.remove(this)
    return true
  }

  terminate(thrown?: { readonly reason: unknown }): void {
    if (this.end()) this.#onTerminated(thrown === undefined ? this.engine.closing.reason : thrown.reason)
  }
}

type Owner = Pick<Engine, 'lifecycle' | 'signals' | 'closing'>
