import type { FailReason } from '../contract/decision.ts'
import type { Session } from '../contract/session.ts'
import type { Call } from './call.ts'
import { isAtLead } from './doors.ts'
import { makeFailure } from './failure.ts'
import type { SeenFault } from './seen.ts'
import { toError } from './to-error.ts'

/** A session was refused, and there is no further login for this call. */
export function refusedForGood(call: Call, seen: SeenFault, session: Session, reason: FailReason): void {
  const { freshRefusals } = call.key
  const now = call.engine.clock.now()
  const isVain = freshRefusals.left(now) > 0
  if (call.renewed) return freshRefusals.note(now)
  if (!isAtLead(call)) {
    // What this host refuses the next one may take: one new session is tried, and no more for a while.
    if (reason !== 'body-once' || isVain) return
    freshRefusals.note(now)
    return forget(call, seen)
  }
  // This call cannot go out again, but the next one must not meet the same session.
  if (reason === 'body-once') return forget(call, seen)
  // One that is taken elsewhere is good, but not here. One that nobody has taken since is good for nothing.
  if (isVain && call.slot?.isProven(session) === false) forget(call, seen)
}

/** The session that was refused is used no more. */
export function forget(call: Call, seen: SeenFault): void {
  const { session, verdict } = seen
  if (session === undefined) return
  const { fault, row } = verdict
  // A host that does not lead knows neither that a session has ended nor that credentials are good for nothing.
  if (!isAtLead(call)) return call.slot?.drop(session, true, undefined)
  // A plain 401 means that the server knows no such session; any other answer came from one that it knows.
  const mayStand = fault.status !== 401 && !(row?.kind === 'auth' && row.ended)
  call.slot?.drop(session, mayStand, () => toError(makeFailure(call, seen, 'auth')))
}
