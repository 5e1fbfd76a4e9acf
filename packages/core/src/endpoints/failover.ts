import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'
import type { Verdict } from '../contract/verdict.ts'
import type { EndpointSet } from './endpoint-set.ts'
import { failoverUrl, isHostBound, mayShareCredential, type RoutedCall } from './resolve.ts'
import { urlAtHost, urlAtOrigin } from './trusted-hosts.ts'

/** A call at one of its destinations. */
export interface RoutedAttempt extends RoutedCall {
  readonly destination: { readonly target: RequestFacts; readonly vendor: Vendor | undefined }
  /** Monotonic milliseconds. */
  readonly attemptStartedAt: number
}

/** The parts of an attempt's result that say something about its endpoint. */
export interface EndpointReport {
  readonly type: 'reply' | 'fault' | 'raw' | 'aborted'
  readonly verdict?: Verdict
  /** True if a reply had begun before time ran out. */
  readonly replyHadBegun?: boolean
}

/** Changes the active endpoint because of an attempt's result, for this call and later ones. */
export function recordEndpoint(
  endpoints: EndpointSet,
  { route, destination, attemptStartedAt }: Pick<RoutedAttempt, 'route' | 'destination' | 'attemptStartedAt'>,
  report: EndpointReport,
  { isInconclusive, isCircuitOpen }: { readonly isInconclusive: boolean; readonly isCircuitOpen: boolean },
): void {
  const { origin } = destination.target
  if (report.type === 'reply' || (report.type === 'fault' && !isOfTransport(report))) endpoints.markAlive(origin)
  if (serves(report)) {
    route.confirm(endpoints)
    return endpoints.markServed(origin, attemptStartedAt)
  }
  if (report.type !== 'fault' || isInconclusive) return
  const breaksOff = isOfTransport(report) && report.verdict?.trips === true
  // One broken connection may be chance. Several in a row, or one while the circuit is open, mean that the endpoint is down.
  if (isUnreachable(report) || (breaksOff && (endpoints.countBreak(origin) || isCircuitOpen)))
    route.markUnreachable(endpoints, origin)
}

/** True if the service itself has answered, and not the network or a proxy: only that proves that a session is valid. */
export const isFromService = ({ type, verdict }: EndpointReport): boolean =>
  type === 'reply' || (type === 'fault' && verdict?.vendor !== 'http' && verdict?.kind !== 'auth')

/** True for a host that does what it is asked or fails with a code of the vendor's, and does not name another host. */
const serves = (report: EndpointReport): boolean =>
  isFromService(report) && (report.type === 'reply' || report.verdict?.reroute === undefined)

/** True if nobody answered. A broken connection or a TLS certificate counts as an answer. */
const isUnreachable = ({ verdict, replyHadBegun }: EndpointReport): boolean =>
  verdict?.source === 'transport' &&
  verdict.kind === 'retryable' &&
  (verdict.outcome === 'rejected' || (isAttemptTimeout(verdict) && !replyHadBegun))

const isOfTransport = ({ verdict }: EndpointReport): boolean => verdict?.source === 'transport'

/** True if the next attempt goes to an endpoint that the call has not tried yet. */
export const failsOverToUntried = (call: RoutedAttempt): boolean =>
  failoverUrl(call, call.destination.target) !== undefined && !call.route.hasTried(call.endpoints?.active ?? '')

/** True if the host is the active endpoint, whose answer holds for the whole service: another may not know a session. */
export const isAtActiveEndpoint = (call: RoutedAttempt): boolean => {
  const { endpoints, destination } = call
  return (
    endpoints === undefined ||
    (endpoints.active === destination.target.origin && !isHostBound(call, destination.target))
  )
}

/** The address to which a reply re-routes a call, and why. */
export interface Reroute {
  readonly url: URL
  readonly reason: 'named-host' | 'next-endpoint'
}

/**
 * Finds the address for a call whose reply names another host: that host, if it is trusted. Otherwise the next endpoint that the
 * call has not tried: the user may have listed the same host by another name.
 */
export function rerouteOf(call: RoutedAttempt, host: string): Reroute | undefined {
  const { engine, endpoints, route, destination } = call
  const { target, vendor } = destination
  const isRelayed = vendor?.mayRelay?.(target) === true
  const client = isRelayed ? { ...engine, trustedHosts: [] } : engine
  const named = urlAtHost(target.url, host)
  if (named !== undefined && mayShareCredential(client, endpoints, named, named))
    return { url: named, reason: 'named-host' }
  // An answer that was relayed from another service says nothing about this one's endpoints.
  const next = isRelayed ? undefined : endpoints?.after(target.origin).find((origin) => !route.hasTried(origin))
  return next === undefined ? undefined : { url: new URL(urlAtOrigin(target.url, next)), reason: 'next-endpoint' }
}

/** True for a verdict on an attempt whose time ran out. */
export const isAttemptTimeout = (verdict: Verdict | undefined): boolean => verdict?.fault.code === 'ATTEMPT_TIMEOUT'
