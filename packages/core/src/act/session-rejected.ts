import type { FailedAttempt } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import { toError } from '../call/shown/to-error.ts'
import { systemClock } from '../contract/clock.ts'
import type { FailReason } from '../contract/decision.ts'
import type { Session } from '../contract/session.ts'
import { isAtActiveEndpoint } from '../endpoints/failover.ts'
import { makeFailure } from './end-call.ts'

/** True if a login may bring a call another session in place of one that is rejected. */
export const mayRenew = (call: Call, now: number): boolean =>
  call.destination.vendor?.auth?.isFixed !== true &&
  call.destination.service.reloginCooldown.remaining(now) === 0 &&
  (call.history.renewals === 0 || mayRenewAgain(call))

/**
 * True if a call that has asked for a fresh session may ask for one more: not where this service alone rejects the
 * sessions that others take.
 */
function mayRenewAgain(call: Call): boolean {
  const { service, sessions } = call.destination
  // Where the active endpoint has taken none at all, those that have are endpoints that were left.
  const isKnown = service.hasTakenSession || call.endpoints?.hasTakenSession === false
  return isAtActiveEndpoint(call) && (isKnown || sessions?.hasBeenValid !== true)
}

/** Draws the conclusions from a rejected session for which this call makes no further login. */
export function onSessionRejected(call: Call, failed: FailedAttempt, session: Session, reason: FailReason): void {
  const { service, sessions } = call.destination
  const { reloginCooldown } = service
  const now = systemClock.now()
  const isCoolingDown = reloginCooldown.remaining(now) > 0
  if (call.history.renewals > 0) {
    reloginCooldown.start(now)
    // A session that others take is good, but not here.
    if (!mayRenewAgain(call)) return
  }
  if (!isAtActiveEndpoint(call)) {
    // The next host may take what this one rejects: one new session is tried, and no more for a while.
    if (reason !== 'body-not-replayable' || isCoolingDown) return
    reloginCooldown.start(now)
    return invalidateSession(call, failed)
  }
  // This call cannot go out again, but the next one must not meet the same session.
  if (reason === 'body-not-replayable') return invalidateSession(call, failed)
  // One that nobody has taken is good for nothing.
  if (sessions?.isKnownValid(session) === false) invalidateSession(call, failed)
}

/** Has the rejected session used no more. */
export function invalidateSession(call: Call, failed: FailedAttempt): void {
  const { session, verdict } = failed
  const { sessions } = call.destination
  if (session === undefined) return
  const { fault, row } = verdict
  // A host that is not the active endpoint knows neither that a session has ended nor that credentials are wrong.
  if (!isAtActiveEndpoint(call)) return sessions?.invalidate(session, true, undefined)
  // By a plain 401 the server knows no such session; with any other answer it may keep the session, which is then ended.
  const mayStand = fault.status !== 401 && !(row?.kind === 'auth' && row.ended)
  const isUntried = sessions?.isInHand(session) === true && !sessions.isKnownValid(session)
  // Made at once: other callers are told of it when this call, and all that it knows of secrets, is gone.
  const failure = isUntried ? makeFailure(call, failed, 'auth') : undefined
  sessions?.invalidate(session, mayStand, failure && (() => toError(failure)))
}
