import { endInterrupted, failWithLastFault } from '../act/fail-call.ts'
import type { Waiter } from '../admit/line.ts'
import { isConnectionFault } from '../admit/record.ts'
import type { Refused, Turn } from '../admit/turn.ts'
import type { Call } from '../call/call.ts'
import { AGAIN, type CallResult, type RoundEnd } from '../call/call-result.ts'
import { emitRefusal, emitWait } from '../call/shown/events.ts'
import { maxWaitOf, patienceOf } from '../call/time-limits.ts'
import { systemClock } from '../contract/clock.ts'
import { giveBack } from './count-attempt.ts'

/** Waits until a call may go, for as long as its time and its patience allow. The call then has its permit. */
export async function waitForTurn(call: Call): Promise<Turn> {
  const { admission } = call.destination.service
  const since = systemClock.now()
  const reason = admission.waitReason(since, call.history.owesToken)
  const turn = await admission.wait({ ...waiterOf(call, since), signals: [call.signal, call.closing] })
  if (turn.type === 'admitted') call.permit = turn.permit
  const ms = systemClock.now() - since
  call.history.waited += ms
  call.history.queued += ms
  if (ms > 0 && call.hasObservers) emitWait(call, reason, ms)
  return turn
}

/** The refusal of a call whose wait could not succeed; `undefined` if it may wait. */
export const refusedAtOnce = (call: Call, now: number): Refused | undefined =>
  call.destination.service.admission.refusedAtOnce(waiterOf(call, now), now)

const waiterOf = (call: Call, now: number): Waiter => ({
  priority: call.policy.priority,
  deadlineAt: Math.min(call.deadlineAt - call.minAttemptTime, now + patienceOf(call)),
  maxWait: maxWaitOf(call.policy),
  retries: call.history.retries,
  hasFailed: call.history.lastFault !== undefined && isConnectionFault(call.history.lastFault.verdict),
  owesToken: call.history.owesToken,
})

/** True while the circuit lets nothing out, so that a login for it would be useless. */
export const isDown = ({ destination }: Call): boolean =>
  (destination.service.admission.breaker?.admissionDelay(systemClock.now()) ?? 0) > 0

/** Waits until admission lets the call go, and gives the permit back. */
export async function waitUntilUp(call: Call): Promise<Turn> {
  const turn = await waitForTurn(call)
  if (turn.type !== 'admitted') return turn
  call.history.owesToken = false
  giveBack(call)
  return call.signal?.aborted || call.closing.aborted ? { type: 'aborted' } : turn
}

/** The end of a round whose call was not admitted, which is {@link AGAIN} if the active endpoint has changed. */
export function endOfWait(call: Call, turn: Exclude<Turn, { type: 'admitted' }>): RoundEnd {
  if (turn.type === 'refused') return refuse(call, turn)
  return turn.type === 'aborted' ? endInterrupted(call) : AGAIN
}

/** A refusal by the guards of the call, or by those of the login that it waited for. */
type Refusal = Pick<Extract<CallResult, { type: 'refused' }>, 'reason' | 'retryAfter'> & { readonly key?: string }

/** Ends a call that is refused: with its last fault, or as a refusal if there was no attempt. */
export function refuse(call: Call, { reason, retryAfter, key = call.destination.service.id }: Refusal): CallResult {
  if (call.hasObservers) emitRefusal(call, reason, retryAfter)
  return failWithLastFault(call, reason, retryAfter) ?? { type: 'refused', reason, retryAfter, key }
}
