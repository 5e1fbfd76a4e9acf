import { endInterrupted, endMistaken, isInterrupted } from '../act/fail-call.ts'
import { isSignedByCaller } from '../act/login.ts'
import type { AttemptResult } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import type { AttemptOutcome } from '../contract/attempt-outcome.ts'
import { isPrepared } from './added/prepare.ts'
import { finishAttempt, giveBack, startAttempt } from './count-attempt.ts'
import { inspect } from './inspect-outcome.ts'
import { conclude, goRound, round, useSessionInHand } from './round.ts'
import { end } from './settle.ts'
import { send } from './sign-and-send.ts'
import { refuse, refusedAtOnce } from './wait-for-turn.ts'

/**
 * Runs a call to its end: (login) → admit → attempt → classify → record → decide → act, and again from the login.
 *
 * The first attempt waits only for its reply. It needs no promise and no loop, and most calls have no other. A call that has to
 * wait for anything else goes round the ring.
 */
export function run(call: Call): void {
  try {
    if (isInterrupted(call)) return end(call, endInterrupted(call))
    // The caller's own functions may be asynchronous.
    if (isPrepared(call)) return void goRound(call, round)
    const { sessions, service } = call.destination
    const isSigned = sessions !== undefined && !isSignedByCaller(call)
    const session = isSigned ? useSessionInHand(call, sessions, call.startedAt) : undefined
    if (isSigned && session === undefined) return void goRound(call, round)
    call.permit = service.admission.enter(call.startedAt, false, call.policy.patience === 0)
    if (call.permit === undefined) return waitOrRefuse(call)
    startAttempt(call, session, call.startedAt)
  } catch (thrown) {
    // An exception in a hook ends the call.
    giveBack(call)
    return end(call, { type: 'raw', thrown })
  }
  try {
    send(call, finishFirst)
  } catch (thrown) {
    goOn(call, { type: 'raw', thrown })
  }
}

/** Refuses a call at once, or lets it wait. During an outage most calls are refused, and need no promise. */
function waitOrRefuse(call: Call): void {
  const refused = refusedAtOnce(call, call.startedAt)
  if (refused === undefined) void goRound(call, round)
  else end(call, refuse(call, refused))
}

/** Takes the outcome of the first attempt. */
function finishFirst(call: Call, outcome: AttemptOutcome): void {
  const result = inspect(call, outcome)
  if (result instanceof Promise || result.type !== 'reply') return goOn(call, result)
  try {
    finishAttempt(call, result)
  } catch (thrown) {
    giveBack(call)
    return end(call, endMistaken(call, thrown))
  }
  end(call, result, call.attemptStartedAt + result.ms)
}

/** Goes on with a call whose first attempt did not succeed. */
function goOn(call: Call, result: AttemptResult | Promise<AttemptResult>): void {
  void goRound(call, (judged) => conclude(judged, result))
}
