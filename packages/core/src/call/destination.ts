import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'
import { type RoutedCall, vendorFor } from '../endpoints/resolve.ts'
import type { Policy } from '../options/policy.ts'
import type { ReplayableRequest } from '../request/replayable-request.ts'
import type { SessionCache } from '../session/session-cache.ts'
import { serviceNameOf } from '../state/service-name.ts'
import type { ServiceState } from '../state/service-state.ts'
import type { Engine } from './engine.ts'
import { sessionCacheFor } from './session-for.ts'
import { timeoutOf } from './time-limits.ts'

/** The target of the next attempt with all that follows from it. Immutable: a call that goes elsewhere gets a new one. */
export interface Destination {
  /** The request at this address, which differs from the caller's after a re-route or a fail-over. */
  readonly target: RequestFacts
  /** The vendor, if the target is one of its own. */
  readonly vendor: Vendor | undefined
  readonly service: ServiceState
  /** The sessions of the target; absent for requests that are not signed. */
  readonly sessions: SessionCache | undefined
  /** Milliseconds for an attempt. */
  readonly timeout: number
  /** True if the vendor says that this request takes long. */
  readonly isSlowByNature: boolean
}

/** The parts of a call that a destination depends on. */
export interface DestinationContext extends Pick<RoutedCall, 'endpoints' | 'isInternal'> {
  readonly engine: Engine
  readonly policy: Policy
  readonly request: Pick<ReplayableRequest, 'headers'>
}

/**
 * Makes the destination of a request.
 *
 * @param isTrusted true if the address was named by a reply and is trusted.
 * @param now monotonic milliseconds.
 */
export function destinationFor(
  call: DestinationContext,
  target: RequestFacts,
  isTrusted: boolean,
  now: number,
): Destination {
  const { engine, policy, endpoints, isInternal } = call
  const vendor = vendorFor(engine, target, isTrusted || endpoints !== undefined)
  const vendorTimeout = vendor?.limits?.(target)?.timeout
  const auth = isInternal ? undefined : vendor?.auth
  return {
    target,
    vendor,
    service: engine.state.service(serviceNameOf(call, target, vendor), engine.stateOptions, now),
    sessions:
      vendor === undefined || auth === undefined
        ? undefined
        : sessionCacheFor(engine, vendor, auth, auth.issuer ?? endpoints?.sessionKey ?? target.origin),
    timeout: timeoutOf(policy, vendorTimeout),
    isSlowByNature: vendorTimeout !== undefined,
  }
}
