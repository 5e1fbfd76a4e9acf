import type { Verdict } from '../contract/verdict.ts'
import type { Health, Permit } from './breaker.ts'
import type { Key } from './key.ts'

/** One attempt that has ended. */
export interface Ended {
  readonly permit: Permit | undefined
  /** Monotonic milliseconds. */
  readonly began: number
  readonly verdict: Verdict | undefined
  /** True where the attempt says nothing about the service: the caller's abort or the caller's fault. */
  readonly void: boolean
  /** True where it took longer than a slow call and was not slow by nature. */
  readonly slow: boolean
}

/** Tells breaker and pause what an attempt said about the service. Says how long the key is now held back, if that is news. */
export function record(
  key: Key,
  { permit, began, verdict, void: isVoid, slow }: Ended,
  now: number,
): number | undefined {
  if (permit !== undefined) key.breaker?.record(permit, isVoid ? 'neutral' : healthOf(verdict), slow, now)
  if (isVoid || key.pause === undefined) return undefined
  if (verdict === undefined || !verdict.pauses) {
    // A connection that failed brought no word of the pause.
    if (verdict === undefined || verdict.fault.status !== undefined) key.pause.lift(began)
    return undefined
  }
  return verdict.wait === undefined || verdict.wait === 0 ? undefined : key.pause.hold(verdict.wait, now)
}

/** A reply of any class proves the service alive; a throttle, or a fault on this side of the wire, proves nothing. */
function healthOf(verdict: Verdict | undefined): Health {
  if (verdict === undefined) return 'success'
  if (verdict.trips) return 'failure'
  return verdict.source === 'transport' || verdict.fault.status === 429 ? 'neutral' : 'success'
}
