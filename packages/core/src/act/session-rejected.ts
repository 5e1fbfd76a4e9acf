import type { FailedAttempt } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import { toError } from '../call/shown/to-error.ts'
import { systemClock } from '../contract/clock.ts'
import type { FailReason } from '../contract/decision.ts'
import type { Session } from '../contract/session.ts'
import { isAtActiveEndpoint } from '../endpoints/failover.ts'
import { makeFailure } from './fail-call.ts'

/** True if a login may replace the rejected session of a call. */
export const mayRenew = (call: Call, now: number): boolean =>
  call.destination.vendor?.auth?.isFixed !== true &&
  call.destination.service.reloginCooldown.remaining(now) === 0 &&
  (call.history.renewals === 0 || mayRenewAgain(call))

/**
 * True if a call that has renewed its session before may do so once more: not if only this service rejects the sessions that
 * others accept.
 */
function mayRenewAgain(call: Call): boolean {
  const { service, sessions } = call.destination
  // If the active endpoint has accepted none, the endpoints that have accepted some are no longer active.
  const isKnown = service.hasTakenSession || call.endpoints?.hasTakenSession === false
  return isAtActiveEndpoint(call) && (isKnown || sessions?.hasBeenValid !== true)
}

/** Handles a rejected session for which this call makes no further login. */
export function onSessionRejected(call: Call, failed: FailedAttempt, session: Session, reason: FailReason): void {
  const { service, sessions } = call.destination
  const { reloginCooldown } = service
  const now = systemClock.now()
  const isCoolingDown = reloginCooldown.remaining(now) > 0
  if (call.history.renewals > 0) {
    reloginCooldown.start(now)
    // A session that others accept is valid, but not here.
    if (!mayRenewAgain(call)) return
  }
  if (!isAtActiveEndpoint(call)) {
    // The next host may accept what this one rejects: one new session is tried, and no more for a time.
    if (reason !== 'body-not-replayable' || isCoolingDown) return
    reloginCooldown.start(now)
    return invalidateSession(call, failed)
  }
  // This call sends nothing more, but the next call must not use the same session.
  if (reason === 'body-not-replayable') return invalidateSession(call, failed)
  // A session that no service has accepted is of no use.
  if (sessions?.isKnownValid(session) === false) invalidateSession(call, failed)
}

/** Drops the rejected session, so that no call uses it any more. */
export function invalidateSession(call: Call, failed: FailedAttempt): void {
  const { session, verdict } = failed
  const { sessions } = call.destination
  if (session === undefined) return
  const { fault, row } = verdict
  // Only the active endpoint knows whether a session has ended or credentials are wrong.
  if (!isAtActiveEndpoint(call)) return sessions?.invalidate(session, true, undefined)
  // A plain 401 means that the server does not know the session; after any other answer it may exist, and is ended.
  const mayStand = fault.status !== 401 && !(row?.kind === 'auth' && row.ended)
  const isUntried = sessions?.isInHand(session) === true && !sessions.isKnownValid(session)
  // Made now: other calls get this error when this call, which knows its secrets, no longer exists.
  const failure = isUntried ? makeFailure(call, failed, 'auth') : undefined
  sessions?.invalidate(session, mayStand, failure && (() => toError(failure)))
}
