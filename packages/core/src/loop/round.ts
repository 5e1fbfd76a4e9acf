import pRetry from 'p-retry'
import { act } from '../act/act.ts'
import { endInterrupted, endMistaken, failWithLastFault, isInterrupted } from '../act/fail-call.ts'
import { endWithoutTime, isSignedByCaller, type OpenedSession, openSession } from '../act/login.ts'
import { mayBeDone } from '../act/outer-call.ts'
import { markDoubtful } from '../attempt/reply.ts'
import { type AttemptResult, releaseReply } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import { AGAIN, type CallResult, type RoundEnd } from '../call/call-result.ts'
import { systemClock } from '../contract/clock.ts'
import type { Session } from '../contract/session.ts'
import type { SessionCache } from '../session/session-cache.ts'
import { isPrepared, prepare } from './added/prepare.ts'
import { finishAttempt, giveBack, startAttempt } from './count-attempt.ts'
import { refusalOf } from './find-failure.ts'
import { inspect } from './inspect-outcome.ts'
import { end } from './settle.ts'
import { send } from './sign-and-send.ts'
import { endOfWait, isDown, refuse, waitForTurn, waitUntilUp } from './wait-for-turn.ts'

/** Thrown to p-retry for {@link AGAIN}; results are returned, so p-retry does no more here than a loop would. */
const NO_RESULT: Error = Object.freeze(new Error('The call has no result yet.'))

// Without p-retry's own signal and limits: `decide` has all limits, and an abort ends a round by itself.
const FOREVER = Object.freeze({ retries: Number.POSITIVE_INFINITY, minTimeout: 0 })

/** Goes on with a call that has to wait, or whose first attempt did not succeed. */
export async function goRound(call: Call, begin: (call: Call) => Promise<RoundEnd>): Promise<void> {
  call.keepHistory()
  call.request.keepHeaders()
  // Most calls need only one more round, and no loop.
  let ended = await begin(call)
  if (ended.type === 'again') ended = await round(call)
  const result = ended.type === 'again' ? await pRetry(() => roundOrThrow(call), FOREVER) : ended
  // An outer client may find a fault in this reply, and must know that an attempt before it may have been done.
  if (result.type === 'reply' && mayBeDone(call.history.attempts)) markDoubtful(result.response)
  end(call, result)
}

async function roundOrThrow(call: Call): Promise<CallResult> {
  const result = await round(call)
  if (result.type === 'again') throw NO_RESULT
  return result
}

/** One round. Never throws, because p-retry would then retry for ever. */
export async function round(call: Call): Promise<RoundEnd> {
  try {
    call.followActiveEndpoint()
    if (isInterrupted(call)) return endInterrupted(call)
    const { sessions } = call.destination
    if (sessions === undefined || isSignedByCaller(call)) return await admitAndSend(call, undefined)
    const session = useSessionInHand(call, sessions, systemClock.now())
    if (session !== undefined) return await admitAndSend(call, session)
    if (isDown(call)) {
      const turn = await waitUntilUp(call)
      if (turn.type !== 'admitted') return endOfWait(call, turn)
    }
    const opened = await openSession(call, sessions)
    if (opened.type !== 'session') return endOfLogin(call, opened)
    // The login may have found the service at another endpoint.
    call.followActiveEndpoint()
    return await admitAndSend(call, opened.session)
  } catch (thrown) {
    giveBack(call)
    return endMistaken(call, thrown)
  }
}

/** The session that a call can use at once; `undefined` if it has to wait for a login. */
export function useSessionInHand(call: Call, sessions: SessionCache, now: number): Session | undefined {
  const session = sessions.get(!call.request.isReplayable(call.policy.replayLimit))
  if (session !== undefined) sessions.markUsed(now)
  return session
}

/** Sends the next attempt, at once if admission allows it. */
function admitAndSend(call: Call, session: Session | undefined): Promise<RoundEnd> | RoundEnd {
  const now = systemClock.now()
  const mayBeLate = call.history.lastFault !== undefined || session !== undefined
  if (mayBeLate && call.deadlineAt - now < call.minAttemptTime) return endWithoutTime(call)
  const { admission } = call.destination.service
  call.permit = admission.enter(now, call.history.owesToken, call.policy.patience === 0)
  return call.permit === undefined ? waitAndSend(call, session) : sendAdmitted(call, session, now)
}

async function waitAndSend(call: Call, session: Session | undefined): Promise<RoundEnd> {
  const turn = await waitForTurn(call)
  if (turn.type !== 'admitted') return endOfWait(call, turn)
  const { sessions } = call.destination
  if (session === undefined || sessions === undefined || !hasEndedItself(call, sessions, session))
    return sendAdmitted(call, session, systemClock.now())
  const opened = await openWithTurn(call, sessions)
  return opened.type === 'session' ? sendAdmitted(call, opened.session, systemClock.now()) : endOfLogin(call, opened)
}

function sendAdmitted(call: Call, session: Session | undefined, startedAt: number): Promise<RoundEnd> | RoundEnd {
  call.history.owesToken = false
  // While the call waited, the session may have been rejected or replaced, or the active endpoint may have changed.
  if (isOutdated(call, session)) {
    giveBack(call)
    return AGAIN
  }
  startAttempt(call, session, startedAt)
  return conclude(call, attemptResult(call))
}

/** True if a session has expired that was neither rejected nor replaced. */
const hasEndedItself = (call: Call, sessions: SessionCache, session: Session): boolean =>
  sessions.isInHand(session) && sessions.get(!call.request.isReplayable(call.policy.replayLimit)) === undefined

/** Waits for a login while keeping the permit: if calls wait for longer than a session lives, none would be sent otherwise. */
async function openWithTurn(call: Call, sessions: SessionCache): Promise<OpenedSession> {
  const opened = await openSession(call, sessions, () => giveBack(call))
  if (opened.type !== 'session' || call.deadlineAt - systemClock.now() >= call.minAttemptTime) return opened
  giveBack(call)
  return endWithoutTime(call)
}

/** The end of a round whose call got no session. */
const endOfLogin = (call: Call, opened: Exclude<OpenedSession, { type: 'session' }>): RoundEnd =>
  opened.type === 'refused' ? refuse(call, opened) : opened

const attemptResult = (call: Call): Promise<AttemptResult> =>
  isPrepared(call) ? preparedResult(call) : sentResult(call)

/** The result of an attempt with prepared headers or body. Nothing is sent if the call was ended from outside meanwhile. */
const preparedResult = async (call: Call): Promise<AttemptResult> =>
  (await prepare(call)) ?? (call.isTerminated ? { type: 'aborted' } : sentResult(call))

const sentResult = (call: Call): Promise<AttemptResult> =>
  new Promise((resolve) => send(call, (sent, outcome) => resolve(inspect(sent, outcome))))

/** Records the result of an attempt and acts on it. Never throws. */
export async function conclude(call: Call, judged: AttemptResult | Promise<AttemptResult>): Promise<RoundEnd> {
  let result: AttemptResult
  try {
    result = judged instanceof Promise ? await judged : judged
  } catch (thrown) {
    // An exception in a vendor's hook, or a mistake in the caller's own `fetch` arguments.
    result = { type: 'raw', thrown, isMistake: true }
  }
  try {
    const failed = result.type === 'fault' || result.type === 'raw'
    const reading = failed ? call.request.readForSecrets(call.policy.replayLimit, call) : undefined
    if (reading !== undefined) await reading
    finishAttempt(call, result)
    if (result.type === 'fault') {
      const next = act(call, result)
      return next instanceof Promise ? await next : next
    }
  } catch (thrown) {
    giveBack(call)
    // The reply of the attempt must not hold its socket.
    if (result.type === 'fault') releaseReply(result)
    return endMistaken(call, thrown, result)
  }
  if (result.type === 'raw')
    return (
      (result.isMistake ? undefined : refusedWithin(call, result.thrown)) ?? endMistaken(call, result.thrown, result)
    )
  return result.type === 'reply' ? result : { type: 'raw', thrown: call.signal?.reason }
}

/** The end of a call whose last attempt an inner client has refused: an earlier attempt may have been done. */
function refusedWithin(call: Call, thrown: unknown): CallResult | undefined {
  const refusal = refusalOf(thrown)
  return refusal && failWithLastFault(call, refusal.reason, refusal.retryAfter)
}

/** True if the session or the endpoint of the attempt has changed while the call waited. */
const isOutdated = (call: Call, session: Session | undefined): boolean =>
  (session !== undefined && call.destination.sessions?.isInHand(session) === false) ||
  call.willFailOver() ||
  call.closing.aborted
