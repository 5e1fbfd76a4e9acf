import { promisedReply } from '../attempt/reply.ts'
import type { Changes } from '../contract/request.ts'
import type { FetchArguments, ReplayableRequest } from '../request/replayable-request.ts'
import { runWithin } from './outer-attempt.ts'

/** The parts of a call that are needed to send. */
interface Sending {
  readonly engine: { readonly fetch: (...given: FetchArguments) => Promise<Response> }
  readonly request: ReplayableRequest
}

/** Sends the request of a call, so that a client within its `fetch` knows its outer call. */
export const sendWithin = (call: Sending, changes: Changes): Promise<Response> => runWithin(call, changes, sendWith)

function sendWith({ engine, request }: Sending, changes: Changes): Promise<Response> {
  return promisedReply(request.handTo(engine.fetch, changes))
}
