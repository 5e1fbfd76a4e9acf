import { Call } from './call/call.ts'
import type { Engine } from './call/engine.ts'
import { redactUnsent } from './call/shown/redact-unsent.ts'
import type { CallOptions } from './contract/policy.ts'
import { optionsOf, type ResilientInit } from './loop/fetch.ts'
import { ReplayableRequest } from './request/replayable-request.ts'
import { snapshotInit, withDefaults } from './request/snapshot.ts'
import type { SentRequest } from './sent-request.ts'

/** A request as the client would send it, and the options of its call. @throws {OptionsError} for invalid options. */
export function givenRequest(
  engine: Engine,
  sent: SentRequest,
): { readonly request: ReplayableRequest; readonly options: CallOptions | undefined } {
  // An object with a `url` and the members of an init may look like a `Request`.
  const { url, ...init } = 'bodyUsed' in sent ? { url: sent } : sent
  const options = optionsOf(url, init)
  if (options !== undefined) engine.checks.call(options)
  try {
    return { request: new ReplayableRequest(url, withDefaults(engine.init, url, init)), options }
  } catch (thrown) {
    throw redactUnsent(thrown, engine.vendor, [url, init], ['', engine.init])
  }
}

/** A copy of the init of a request and of the options of its call, for later use. */
export function takenInit({ vendor }: Engine, init: ResilientInit): ResilientInit {
  const resilience = optionsOf('', init)
  try {
    return { ...snapshotInit(init), ...(resilience !== undefined && { resilience }) }
  } catch (thrown) {
    throw redactUnsent(thrown, vendor, ['', init])
  }
}

/** Makes a call that is never sent, to find out what applies to its request. It leaves nothing behind. */
export function unsentCall(engine: Engine, request: ReplayableRequest, options?: CallOptions): Call {
  // With a state of its own, so that the service does not appear among the client's services.
  return new Call({ ...engine, observers: [], state: engine.state.detached() }, request, options)
}

/** The secrets of an unsent call, and of all sessions of the client, any of which the request may have used. */
export function secretsOfUnsent({ vendor, state }: Engine, own: readonly string[]): readonly string[] {
  return [...own, ...(vendor?.auth === undefined ? [] : state.registry.secretsOf(vendor.auth))]
}
