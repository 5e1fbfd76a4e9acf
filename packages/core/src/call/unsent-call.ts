import type { CallOptions } from '../contract/policy.ts'
import type { ReplayableRequest } from '../request/replayable-request.ts'
import { Call } from './call.ts'
import type { Engine } from './engine.ts'

/** Makes a call that is never sent: it shows what holds for its request, and leaves nothing behind. */
export function unsentCall(engine: Engine, request: ReplayableRequest, options?: CallOptions): Call {
  // A state of its own: nothing that was only asked about may appear among the client's services.
  return new Call({ ...engine, observers: [], state: engine.state.detached() }, request, options)
}

/** The secrets of an unsent call, and those of all sessions of the client: any of them may have been the request's. */
export function secretsOfUnsent({ vendor, state }: Engine, call: Call): readonly string[] {
  return [...call.secrets(), ...(vendor?.auth === undefined ? [] : state.registry.secretsOf(vendor.auth))]
}
