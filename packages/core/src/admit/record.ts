import type { Quota } from '../contract/rate-limit/quota.ts'
import type { Verdict } from '../contract/verdict.ts'
import type { Admission } from './admission.ts'
import type { Health } from './circuit/circuit.ts'
import type { LoadSign } from './limit/evidence.ts'
import type { Permit } from './permit.ts'

/** One attempt that has failed. */
export interface RecordedAttempt {
  /** Absent for an attempt that was sent without one, by a client that only observes. */
  readonly permit: Permit | undefined
  /** Monotonic milliseconds. */
  readonly startedAt: number
  /** Milliseconds until its answer. */
  readonly ms: number
  /** Milliseconds that it had. */
  readonly timeout: number
  readonly verdict: Verdict
  /** Its answer's word on the rate limit. */
  readonly quota: Quota | undefined
  readonly isSlowByNature: boolean
}

/** Milliseconds for which a service's word on its rate limit is believed at most, where it is given no pause. */
const LONGEST_HOLD = 300_000

/** Share of an attempt's time from which on its answer is so slow that more requests would be unwise. */
const SLOW_FROM = 0.3

/**
 * Records what a failed attempt said about the service, and lets the next go.
 *
 * @returns for how many milliseconds the service is now held back, if that is news.
 */
export function record(admission: Admission, attempt: RecordedAttempt, now: number): number | undefined {
  const { breaker } = admission
  const { permit, ms, timeout, verdict, isSlowByNature } = attempt
  if (permit === undefined) return recordPause(admission, attempt, now)
  breaker?.record(permit, healthOf(verdict), !isSlowByNature && breaker.isSlow(ms), now)
  const paused = recordPause(admission, attempt, now) ?? recordQuota(admission, attempt, now)
  admission.finish(
    {
      load: loadOf(verdict),
      ms,
      isSlow: isSlowByNature || ms > SLOW_FROM * timeout,
      isTimedOut: ms >= timeout,
      isAbsent: verdict.source === 'transport' && verdict.outcome === 'rejected',
      isConnectionFault: isConnectionFault(verdict),
      hint: verdict.wait,
      isThrottle: isThrottle(verdict),
    },
    now,
  )
  return paused
}

/** Records a good answer, as most are, with nothing made for it. */
export function recordGood(
  admission: Admission,
  permit: Permit | undefined,
  startedAt: number,
  ms: number,
  { timeout, isSlowByNature }: Pick<RecordedAttempt, 'timeout' | 'isSlowByNature'>,
  quota: Quota | undefined,
): number | undefined {
  const { breaker, pause } = admission
  const now = startedAt + ms
  pause?.lift(startedAt)
  if (permit === undefined) return undefined
  breaker?.record(permit, 'success', !isSlowByNature && breaker.isSlow(ms), now)
  const paused = applyQuota(admission, quota, now)
  admission.finishWell(ms, isSlowByNature || ms > SLOW_FROM * timeout, now)
  return paused
}

function recordPause({ pause, gate }: Admission, attempt: RecordedAttempt, now: number): number | undefined {
  const { startedAt, verdict } = attempt
  if (!verdict.pauses) {
    // A connection that failed brought no word of the pause.
    if (verdict.fault.status !== undefined) pause?.lift(startedAt)
    return undefined
  }
  return verdict.wait === undefined || verdict.wait === 0 ? undefined : gate.startPause(verdict.wait, now)
}

/** A throttle has its own word on its rate limit, which is the nearer one. */
const recordQuota = (admission: Admission, { verdict, quota }: RecordedAttempt, now: number): number | undefined =>
  verdict.pauses && verdict.wait !== undefined ? undefined : applyQuota(admission, quota, now)

/** Holds back all callers once a rate limit is used up, until it begins anew. */
function applyQuota({ pause, gate }: Admission, quota: Quota | undefined, now: number): number | undefined {
  gate.applyQuota(quota, pause?.longest ?? LONGEST_HOLD, now)
  if (quota === undefined || quota.remaining !== 0) return undefined
  const { resetAfter = 0 } = quota
  return resetAfter > 0 ? gate.startPause(resetAfter, now) : undefined
}

/** A reply of any class proves the service alive; a throttle, or a fault on this side of the wire, proves nothing. */
function healthOf({ trips, source, fault }: Verdict): Health {
  if (trips) return 'failure'
  return source === 'transport' || fault.status === 429 ? 'neutral' : 'success'
}

/** True for a server's word that it was asked for too much: as a status, or as the code with which it ends an HTTP/2 stream. */
const isThrottle = ({ fault }: Pick<Verdict, 'fault'>): boolean =>
  fault.status === 429 || fault.code === 'HTTP2_ENHANCE_YOUR_CALM'

/** True for a fault that comes of no load: the connection broke or was refused, or a gateway found nobody behind it. */
export const isConnectionFault = ({ source, fault }: Verdict): boolean =>
  fault.status === 502 || (source === 'transport' && fault.code !== 'ATTEMPT_TIMEOUT' && !isThrottle({ fault }))

/** A throttle, and what trips, is a sign of overload; but a 500 is a fault in the program, whatever the load. */
function loadOf({ trips, pauses, source, fault }: Verdict): LoadSign['load'] {
  if (fault.status === 429 || pauses) return fault.status === 500 ? 'none' : 'bad'
  return trips || source === 'transport' ? 'none' : 'good'
}
