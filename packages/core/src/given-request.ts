import { Call } from './call/call.ts'
import type { Engine } from './call/engine.ts'
import type { CallOptions } from './contract/policy.ts'
import { optionsOf } from './loop/fetch.ts'
import { withDefaults } from './request/defaults.ts'
import { ReplayableRequest } from './request/replayable-request.ts'
import type { SentRequest } from './sent-request.ts'

/** A request as the client would send it, and the options of its call. @throws {OptionsError} for options that cannot be meant. */
export function givenRequest(
  engine: Engine,
  sent: SentRequest,
): { readonly request: ReplayableRequest; readonly options: CallOptions | undefined } {
  // An init with a URL beside it may have every other member of a `Request`.
  const { url, ...init } = 'bodyUsed' in sent ? { url: sent } : sent
  const options = optionsOf(url, init)
  if (options !== undefined) engine.checks.call(options)
  return { request: new ReplayableRequest(url, withDefaults(engine.init, url, init)), options }
}

/** Makes a call that is never sent: it shows what holds for its request, and leaves nothing behind. */
export function unsentCall(engine: Engine, request: ReplayableRequest, options?: CallOptions): Call {
  // A state of its own: nothing that was only asked about may appear among the client's services.
  return new Call({ ...engine, observers: [], state: engine.state.detached() }, request, options)
}

/** The secrets of an unsent call, and those of all sessions of the client: any of them may have been the request's. */
export function secretsOfUnsent({ vendor, state }: Engine, call: Call): readonly string[] {
  return [...call.secrets(), ...(vendor?.auth === undefined ? [] : state.registry.secretsOf(vendor.auth))]
}
