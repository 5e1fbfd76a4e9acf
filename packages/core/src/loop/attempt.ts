import { record, recordGood } from '../admit/record.ts'
import { isElsewhere } from '../attempt/redirect.ts'
import type { AttemptResult } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import { emitAttemptEnded, emitAttemptStarted, emitPause } from '../call/shown/events.ts'
import { wasShortened } from '../call/time-limits.ts'
import { quotaOf } from '../classify/rate-limit/quota.ts'
import { systemClock } from '../contract/clock.ts'
import type { Quota } from '../contract/rate-limit/quota.ts'
import type { Session } from '../contract/session.ts'
import { isAttemptTimeout, isFromService, recordEndpoint } from '../endpoints/failover.ts'

/** Notes that the attempt begins whose place the call has; one that is only observed may have none. */
export function startAttempt(call: Call, session: Session | undefined, startedAt: number): void {
  call.attempt++
  call.session = session
  // An exception in a vendor's hook ends the call here, before the service counts the attempt.
  if (call.hasObservers) emitAttemptStarted(call)
  call.isDoubtful = false
  call.attemptStartedAt = startedAt
  if (call.history.preparedFor > 0) call.history.preparedFor = 0
  call.destination.service.activeCalls++
}

/** Gives back the place of an attempt that is not made, or of which nothing can be said. */
export function giveBack(call: Call): void {
  const { permit } = call
  if (permit === undefined) return
  call.permit = undefined
  call.destination.service.admission.release(permit, call.hasLeft)
}

/**
 * Notes what an attempt has shown of its service.
 *
 * @param isObserved true if its call does nothing about it: no other is sent to another host, then.
 * @throws what a vendor's hook throws; its place is to be given back, then.
 */
export function finishAttempt(call: Call, result: AttemptResult, isObserved = false): void {
  const { destination, permit, session, attemptStartedAt: startedAt } = call
  const { service, sessions, isSlowByNature, timeout } = destination
  service.activeCalls--
  // Of this attempt alone: the next one may be of another request.
  call.prepared = undefined
  call.headers = undefined
  const isForeign = result.type === 'fault' && result.isElsewhere === true
  const verdict = result.type === 'fault' && !isForeign ? result.verdict : undefined
  const isInconclusive =
    call.isTerminated ||
    isForeign ||
    result.type === 'raw' ||
    result.type === 'aborted' ||
    (result.type === 'fault' && result.isUnsent === true) ||
    (isAttemptTimeout(verdict) && hadTooLittle(call))
  // A reply that is fine has just been timed: the clock need not be asked again.
  const now = result.type === 'reply' ? startedAt + result.ms : systemClock.now()
  const ms = 'ms' in result ? result.ms : now - startedAt
  if (call.hasObservers) emitAttemptEnded(call, result, ms)
  const quota = quotaIn(call, result, now)
  if (isInconclusive) giveBack(call)
  call.permit = undefined
  const { admission } = service
  const paused = isInconclusive
    ? undefined
    : verdict === undefined
      ? recordGood(admission, permit, startedAt, ms, destination, quota)
      : record(admission, { permit, startedAt, ms, timeout, verdict, quota, isSlowByNature }, now)
  if (paused !== undefined && call.hasObservers) emitPause(call, paused)
  if (session !== undefined && isFromService(result)) {
    sessions?.markValid(session)
    service.hasTakenSession = true
    call.endpoints?.markSessionTaken(call.destination.target.origin)
    service.reloginCooldown.reset()
  }
  if (call.endpoints === undefined || isObserved) return
  const isCircuitOpen = (admission.breaker?.probeDelay(now) ?? 0) > 0
  recordEndpoint(call, result, { isInconclusive, isCircuitOpen })
}

function quotaIn({ engine, destination }: Call, result: AttemptResult, now: number): Quota | undefined {
  if (result.type !== 'reply') return result.type === 'fault' && !result.isElsewhere ? result.quota : undefined
  const { rateLimit } = engine
  const { service, target } = destination
  // Who names the rules of an API knows that it has limits.
  if (rateLimit === undefined && !service.admission.gate.expectsQuota(now)) return undefined
  const quota = quotaOf(result.response, rateLimit, systemClock.date)
  return quota !== undefined && isElsewhere(result.response, target) ? undefined : quota
}

/** True if the attempt had so little of its time left that a time-out says nothing of the service. */
const hadTooLittle = ({ destination: { timeout }, deadlineAt, startedAt, attemptStartedAt }: Call): boolean =>
  wasShortened(timeout, deadlineAt - startedAt, deadlineAt - attemptStartedAt)
