import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'
import type { Message } from '../request/message.ts'
import { isTrusted } from '../trust/hosts.ts'
import type { Peers } from '../trust/peers.ts'
import type { Engine } from './engine.ts'
import type { Way } from './way.ts'

/** The doors of the vendor's service, if a request is for it and its address is one of them. */
export function peersAt({ vendor, state }: Engine, facts: RequestFacts): Peers | undefined {
  const peers = vendor?.peers === undefined ? undefined : state.peersOf(vendor)
  return peers?.has(facts.origin) && vendor?.covers?.(facts) !== false ? peers : undefined
}

/** What of a call tells its way. */
export interface Wayfarer {
  readonly engine: Engine
  readonly peers: Peers | undefined
  readonly way: Way
  readonly message: Message
  /** Set for the engine's own requests. */
  readonly own: unknown
}

/**
 * Whether only the host that is asked can answer: the vendor says so, or cannot see what is asked, for it stands in a
 * form, a stream or no text.
 */
export const isBound = ({ engine: { vendor }, message }: Pick<Wayfarer, 'engine' | 'message'>, facts: RequestFacts) =>
  vendor?.atAnyPeer !== undefined && (!vendor.atAnyPeer(facts) || hidesWish(vendor, message, facts))

/** Whether a request keeps from its vendor what it asks for. */
export const hidesWish = (vendor: Vendor | undefined, { hasBody }: Message, facts: RequestFacts): boolean =>
  hasBody && vendor?.readsBody?.(facts) === true && facts.bodyText === undefined

/** Where a request to a service goes now, if that is another door than the one it names. */
export function ledElsewhere(wayfarer: Wayfarer, facts: RequestFacts): string | undefined {
  const { engine, peers, way, own } = wayfarer
  if (peers === undefined || peers.lead === facts.origin || way.isSentOn) return undefined
  // What is only watched goes where its caller sends it.
  if (engine.mode === 'observe' && own === undefined) return undefined
  if (isBound(wayfarer, facts)) return undefined
  const [to, from] = [new URL(peers.lead), URL.parse(facts.url, globalThis.location?.href)]
  // Another client of the same state may have been sent to a host that only that client trusts.
  if (from === null || !trusts(engine, peers, to, from)) return undefined
  return to.origin + from.pathname + from.search + from.hash
}

/** The vendor, where the address is one of its own, or trusted to be. */
export function vendorAt({ vendor }: Engine, facts: RequestFacts, isTrusted: boolean): Vendor | undefined {
  if (vendor === undefined) return undefined
  if (!isTrusted && vendor.origins !== undefined && !vendor.origins.includes(facts.origin)) return undefined
  return vendor.covers?.(facts) === false ? undefined : vendor
}

/** Whether a credential may go on from one address to another. */
export function trusts({ trustedHosts, vendor }: Engine, peers: Peers | undefined, to: URL, from: URL): boolean {
  return isTrusted(to, from, trustedHosts, vendor?.origins ?? []) || (peers?.has(to.origin) ?? false)
}
