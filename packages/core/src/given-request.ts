import type { Engine } from './call/engine.ts'
import type { CallOptions } from './contract/policy.ts'
import type { SentRequest } from './contract/sent-request.ts'
import { optionsOf } from './loop/fetch.ts'
import { withDefaults } from './request/defaults.ts'
import { ReplayableRequest } from './request/replayable-request.ts'

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
