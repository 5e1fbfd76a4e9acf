import { discard } from '../attempt/reply.ts'
import type { CallResult } from '../call/call-result.ts'
import type { Engine } from '../call/engine.ts'
import type { RunningCall } from '../call/lifecycle.ts'
import { sendAsGiven } from '../request/made/send-as-given.ts'
import type { ReplayableRequest } from '../request/replayable-request.ts'

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

/** Sends a request without observing it, because a vendor's hook has thrown: the caller must get the reply all the same. */
export function sendUnobserved(engine: Engine, request: ReplayableRequest, tell: (result: CallResult) => void): void {
  const sending = new Background(engine, (thrown) => tell({ type: 'raw', thrown }))
  sendAsGiven(engine.fetch, request).then(
    (response) => (sending.end() ? tell({ type: 'reply', response }) : discard(response)),
    (thrown) => {
      if (sending.end()) tell({ type: 'raw', thrown })
    },
  )
}
