import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'
import type { EndpointSet } from './endpoint-set.ts'
import type { Route } from './route.ts'
import { isTrusted, urlAtOrigin } from './trusted-hosts.ts'

/** The parts of a client that its routing depends on. */
export interface RoutingClient {
  readonly vendor: Vendor | undefined
  readonly trustedHosts: readonly string[]
  readonly mode: 'act' | 'observe'
  readonly state: { endpointsOf(vendor: Vendor): EndpointSet | undefined }
}

/** The parts of a call that decide where it goes. */
export interface RoutedCall {
  readonly engine: RoutingClient
  readonly endpoints: EndpointSet | undefined
  readonly route: Route
  readonly request: { readonly hasBody: boolean }
  /** True for the engine's own requests: logins and logouts. */
  readonly isInternal: boolean
}

/** The endpoints of the vendor's service, if a request is for one of them. */
export function endpointsFor(
  { vendor, state }: Pick<RoutingClient, 'vendor' | 'state'>,
  facts: RequestFacts,
): EndpointSet | undefined {
  const endpoints = vendor?.endpoints === undefined ? undefined : state.endpointsOf(vendor)
  return endpoints?.has(facts.origin) && vendor?.covers?.(facts) !== false ? endpoints : undefined
}

/**
 * True if only the host in the URL can do the request: the vendor says so, or it cannot read the body that would tell (a form, a
 * stream, bytes that are no text).
 */
export const isHostBound = (
  { engine: { vendor }, request }: { readonly engine: Pick<RoutingClient, 'vendor'> } & Pick<RoutedCall, 'request'>,
  facts: RequestFacts,
): boolean =>
  vendor?.isHostBound !== undefined && (vendor.isHostBound(facts) || hasUnreadableBody(vendor, request, facts))

/** True if the vendor needs the body to know what a request asks for, and cannot read it. */
export const hasUnreadableBody = (
  vendor: Vendor | undefined,
  { hasBody }: RoutedCall['request'],
  facts: RequestFacts,
): boolean => hasBody && vendor?.needsRequestBody?.(facts) === true && facts.bodyText === undefined

/** The address of a request at the active endpoint, if that is not the one in its URL, and the request may go there. */
export function failoverUrl(call: RoutedCall, facts: RequestFacts): string | undefined {
  const { engine, endpoints, route, isInternal } = call
  if (endpoints === undefined || endpoints.active === facts.origin || route.isUnconfirmed(endpoints)) return undefined
  // In the mode `observe`, a request goes to the address that its caller gave.
  if (engine.mode === 'observe' && !isInternal) return undefined
  if (isHostBound(call, facts)) return undefined
  const to = new URL(endpoints.active)
  // Another client of the same state may have made a host active that only that client trusts.
  if (!mayShareCredential(engine, endpoints, to, new URL(facts.origin))) return undefined
  return urlAtOrigin(facts.url, to.origin)
}

/** The client's vendor, if the address is one of its origins or is trusted. */
export function vendorFor(
  { vendor }: Pick<RoutingClient, 'vendor'>,
  facts: RequestFacts,
  isTrusted: boolean,
): Vendor | undefined {
  if (vendor === undefined) return undefined
  if (!isTrusted && vendor.origins !== undefined && !vendor.origins.includes(facts.origin)) return undefined
  return vendor.covers?.(facts) === false ? undefined : vendor
}

/** True if a credential for the address `from` may be sent to the address `to`. */
export function mayShareCredential(
  { trustedHosts, vendor }: Pick<RoutingClient, 'trustedHosts' | 'vendor'>,
  endpoints: EndpointSet | undefined,
  to: URL,
  from: URL,
): boolean {
  return isTrusted(to, from, trustedHosts, vendor?.origins ?? []) || (endpoints?.has(to.origin) ?? false)
}
