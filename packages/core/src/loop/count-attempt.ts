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

/** Notes that an attempt begins, with the permit that the call has; one that is only observed may have none. */
export function startAttempt(call: Call, session: Session | undefined, startedAt: number): void {
  call.attempt++
  call.session = session
  // Before the service counts the attempt, because an exception in a vendor's hook ends the call here.
  if (call.hasObservers) emitAttemptStarted(call)
  call.isDoubtful = false
  call.attemptStartedAt = startedAt
  if (call.history.preparedFor > 0) call.history.preparedFor = 0
  call.destination.service.activeCalls++
}

/** Gives back the permit of an attempt that is not made, or that says nothing about the service. */
export function giveBack(call: Call): void {
  const { permit } = call
  if (permit === undefined) return
  call.permit = undefined
  call.destination.service.admission.release(permit, call.hasLeft)
}

/**
 * Records what an attempt says about its service.
 *
 * @param isObserved true if its call only observes, so that no other call is sent to another host.
 * @throws what a vendor's hook throws; then the permit must be given back.
 */
export function finishAttempt(call: Call, result: AttemptResult, isObserved = false): void {
  const { destination, permit, session, attemptStartedAt: startedAt } = call
  const { service, sessions, isSlowByNature, timeout } = destination
  service.activeCalls--
  // These belong to this attempt alone: the next one may be for another request.
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
  // A success has just been timed, so the clock need not be read again.
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
      ? recordGood(admission, permit, startedAt, ms, destination, quota, call.history.tokens)
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
  recordEndpoint(call.endpoints, call, result, { isInconclusive, isCircuitOpen })
}

function quotaIn({ engine, destination }: Call, result: AttemptResult, now: number): Quota | undefined {
  if (result.type !== 'reply') return result.type === 'fault' && !result.isElsewhere ? result.quota : undefined
  const { rateLimit } = engine
  const { service, target } = destination
  // With rules from the user, the API is known to have limits.
  if (rateLimit === undefined && !service.admission.gate.expectsQuota(now)) return undefined
  const quota = quotaOf(result.response, rateLimit)
  return quota !== undefined && isElsewhere(result.response, target) ? undefined : quota
}

/** True if the attempt had so little time left that its time-out says nothing about the service. */
const hadTooLittle = ({ destination: { timeout }, deadlineAt, startedAt, attemptStartedAt }: Call): boolean =>
  wasShortened(timeout, deadlineAt - startedAt, deadlineAt - attemptStartedAt)
