import type { Verdict } from '../contract/verdict.ts'
import type { Call } from './call.ts'
import { isBound, trusts } from './home.ts'
import type { Seen, SeenFault } from './seen.ts'

/** Lets what an attempt has met tell where the service is: for the rest of this call, and for those that follow. */
export function tellTheWay(call: Call, seen: Seen, isVoid: boolean): void {
  const { peers, way, target } = call
  if (peers === undefined) return
  if (seen.type === 'fine' || (seen.type === 'fault' && seen.verdict.source !== 'transport')) peers.heard(target.origin)
  if (serves(seen)) way.arrive(peers)
  else if (seen.type === 'fault' && !isVoid && (isUnreached(seen) || isShutOff(call, seen)))
    way.pass(peers, target.origin)
}

/** A host that does what it is asked, or says in the vendor's words why not, is one that calls may go to. */
const serves = (seen: Seen): boolean =>
  proves(seen) && (seen.type === 'fine' || (seen.type === 'fault' && seen.verdict.reroute === undefined))

/** Only the service itself can say that a session is good: not the network, nor a proxy before it. */
export const proves = (seen: Seen): boolean =>
  seen.type === 'fine' || (seen.type === 'fault' && seen.verdict.vendor !== 'http' && seen.verdict.kind !== 'auth')

/** Whether the next attempt goes to a door that the call has not been at yet. */
export const isLedToNew = (call: Call): boolean => call.isLedOn && !call.way.hasLeft(call.peers?.lead ?? '')

/** Whether what is said there of a session holds for all of the service: a host that does not lead may know less. */
export const isAtLead = (call: Call): boolean =>
  call.peers === undefined || (call.peers.lead === call.target.origin && !isBound(call, call.target))

/** Whether a reply to the call may send it to an address. */
export function maySendOn({ engine, peers, vendor, target }: Call, to: URL): boolean {
  const wary = vendor?.relays?.(target) === true
  return trusts(wary ? { ...engine, trustedHosts: [] } : engine, peers, to, to)
}

/** Nobody answered at that door. What broke off, or spoke of its certificate, has answered. */
const isUnreached = ({ verdict, isAnswered }: SeenFault): boolean =>
  verdict.source === 'transport' &&
  verdict.kind === 'retryable' &&
  (verdict.outcome === 'rejected' || (isLate(verdict) && !isAnswered))

/** What breaks off once may do so by chance; what does nothing else, or until its circuit opens, is no door any more. */
function isShutOff({ key, engine, peers, target }: Call, { verdict }: SeenFault): boolean {
  if (verdict.source !== 'transport' || !verdict.trips) return false
  return peers?.brokeOff(target.origin) === true || (key.breaker?.reopensIn(engine.clock.now()) ?? 0) > 0
}

export const isLate = (verdict: Verdict | undefined): boolean => verdict?.fault.code === 'ATTEMPT_TIMEOUT'
