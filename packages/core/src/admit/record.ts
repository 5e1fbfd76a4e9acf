import type { Quota } from '../contract/rate-limit/quota.ts'
import type { Verdict } from '../contract/verdict.ts'
import type { Admission } from './admission.ts'
import type { Health } from './breaker/circuit.ts'
import type { LoadSign } from './limit/evidence.ts'
import type { Permit } from './permit.ts'

/** One attempt that has failed. */
export interface RecordedAttempt {
  /** Absent for an attempt of a client that only observes, which is sent without one. */
  readonly permit: Permit | undefined
  /** Monotonic milliseconds. */
  readonly startedAt: number
  /** Milliseconds until its answer. */
  readonly ms: number
  /** The milliseconds of its time limit. */
  readonly timeout: number
  readonly verdict: Verdict
  /** The quota in its answer. */
  readonly quota: Quota | undefined
  readonly isSlowByNature: boolean
}

/** Most milliseconds for which a quota is believed, if pauses are turned off. */
const LONGEST_HOLD = 300_000

/** Share of an attempt's time limit from which on an answer is so slow that the limit must not grow freely. */
const SLOW_FROM = 0.3

/**
 * Records what a failed attempt says about the service, and lets the next calls go.
 *
 * @returns the milliseconds of a pause, if one has begun or become longer.
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
      isUnreachable: isUnreachable(verdict),
      isConnectionFault: isConnectionFault(verdict),
      hint: verdict.wait,
      isThrottle: isThrottle(verdict),
    },
    now,
  )
  return paused
}

/** Records a good answer, without making an object for it: most answers are good. */
export function recordGood(
  admission: Admission,
  permit: Permit | undefined,
  startedAt: number,
  ms: number,
  { timeout, isSlowByNature }: Pick<RecordedAttempt, 'timeout' | 'isSlowByNature'>,
  quota: Quota | undefined,
  tokens: number,
): number | undefined {
  const { breaker, pause } = admission
  const now = startedAt + ms
  pause?.lift(startedAt)
  if (permit === undefined) return undefined
  breaker?.record(permit, 'success', !isSlowByNature && breaker.isSlow(ms), now)
  const paused = applyQuota(admission, quota, now)
  admission.finishWell(ms, isSlowByNature || ms > SLOW_FROM * timeout, now, tokens)
  return paused
}

function recordPause({ pause, gate }: Admission, attempt: RecordedAttempt, now: number): number | undefined {
  const { startedAt, verdict } = attempt
  if (!verdict.pauses) {
    // A connection that failed says nothing about the pause.
    if (verdict.fault.status !== undefined) pause?.lift(startedAt)
    return undefined
  }
  return verdict.wait === undefined || verdict.wait === 0 ? undefined : gate.startPause(verdict.wait, now)
}

/** Applies the quota of an answer, unless the answer is a throttle that says itself how long to wait. */
const recordQuota = (admission: Admission, { verdict, quota }: RecordedAttempt, now: number): number | undefined =>
  verdict.pauses && verdict.wait !== undefined ? undefined : applyQuota(admission, quota, now)

/** Applies a quota. If the rate limit is used up, all callers wait until it resets. */
function applyQuota({ pause, gate }: Admission, quota: Quota | undefined, now: number): number | undefined {
  gate.applyQuota(quota, pause?.longest ?? LONGEST_HOLD, now)
  if (quota === undefined || quota.remaining !== 0) return undefined
  const { resetAfter = 0 } = quota
  return resetAfter > 0 ? gate.startPause(resetAfter, now) : undefined
}

/** A reply of any class proves that the service works; a throttle or a transport fault that does not trip proves nothing. */
function healthOf({ trips, source, fault }: Verdict): Health {
  if (trips) return 'failure'
  return source === 'transport' || fault.status === 429 ? 'neutral' : 'success'
}

/** True if the server says that there were too many requests: by its status, or by the code that ends an HTTP/2 stream. */
const isThrottle = ({ fault }: Pick<Verdict, 'fault'>): boolean =>
  fault.status === 429 || fault.code === 'HTTP2_ENHANCE_YOUR_CALM'

/** True if no connection could be made, and one may be made later. */
const isUnreachable = ({ source, kind, outcome }: Verdict): boolean =>
  source === 'transport' && kind === 'retryable' && outcome === 'rejected'

/** True for a fault that comes from no load: the connection broke or was refused, or a gateway could not reach the service. */
export const isConnectionFault = ({ source, fault }: Verdict): boolean =>
  fault.status === 502 || (source === 'transport' && fault.code !== 'ATTEMPT_TIMEOUT' && !isThrottle({ fault }))

/**
 * A throttle or an error that pauses is a sign of overload, and so is a connection that cannot be made, whatever the reason: calls
 * wait until it can. A 500 is none: it is a bug in the service, whatever the load.
 */
function loadOf(verdict: Verdict): LoadSign['load'] {
  const { trips, pauses, source, fault } = verdict
  if (fault.status === 429 || pauses || isUnreachable(verdict)) return fault.status === 500 ? 'none' : 'bad'
  return trips || source === 'transport' ? 'none' : 'good'
}
