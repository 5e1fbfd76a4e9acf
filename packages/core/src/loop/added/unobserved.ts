import { discard } from '../../attempt/reply.ts'
import type { CallResult } from '../../call/call-result.ts'
import type { Engine } from '../../call/engine.ts'
import { sendAsGiven } from '../../request/made/send-as-given.ts'
import type { ReplayableRequest } from '../../request/replayable-request.ts'
import { Background } from './background.ts'

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
