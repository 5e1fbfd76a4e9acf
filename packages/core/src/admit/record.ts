import type { Verdict } from '../contract/verdict.ts'
import type { Health } from './breaker.ts'
import type { Guards } from './guards.ts'
import type { Permit } from './permit.ts'

/** One attempt that has ended. */
export interface RecordedAttempt {
  readonly permit: Permit | undefined
  /** Monotonic milliseconds. */
  readonly startedAt: number
  readonly verdict: Verdict | undefined
  /** True where the attempt says nothing about the service: the caller's abort or the caller's fault. */
  readonly isInconclusive: boolean
  /** True where it took longer than a slow call and was not slow by nature. */
  readonly isSlow: boolean
}

/**
 * Records in breaker and pause what an attempt said about the service.
 *
 * @returns for how many milliseconds the service is now held back, if that is news.
 */
export function record(
  { breaker, pause }: Guards,
  { permit, startedAt, verdict, isInconclusive, isSlow }: RecordedAttempt,
  now: number,
): number | undefined {
  if (permit !== undefined) breaker?.record(permit, isInconclusive ? 'neutral' : healthOf(verdict), isSlow, now)
  if (isInconclusive || pause === undefined) return undefined
  if (verdict === undefined || !verdict.pauses) {
    // A connection that failed brought no word of the pause.
    if (verdict === undefined || verdict.fault.status !== undefined) pause.lift(startedAt)
    return undefined
  }
  return verdict.wait === undefined || verdict.wait === 0 ? undefined : pause.start(verdict.wait, now)
}

/** A reply of any class proves the service alive; a throttle, or a fault on this side of the wire, proves nothing. */
function healthOf(verdict: Verdict | undefined): Health {
  if (verdict === undefined) return 'success'
  if (verdict.trips) return 'failure'
  return verdict.source === 'transport' || verdict.fault.status === 429 ? 'neutral' : 'success'
}
