import pRetry from 'p-retry'
import { act } from '../act/act.ts'
import { endInterrupted, failWithLastFault } from '../act/end-call.ts'
import { endWithoutTime, isSignedByCaller, openSession } from '../act/login.ts'
import type { Permit } from '../admit/permit.ts'
import { record } from '../admit/record.ts'
import type { Turn } from '../admit/turn.ts'
import type { AttemptResult } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import type { CallResult } from '../call/call-result.ts'
import { emitAttemptEnded, emitAttemptStarted, emitCallEnded, emitPause, emitRefusal } from '../call/events.ts'
import { redactRejection } from '../call/redact-rejection.ts'
import type { Session } from '../contract/session.ts'
import { isAttemptTimeout, isFromService, recordEndpoint } from '../endpoints/failover.ts'
import { send } from './send.ts'
import { isDown, waitForTurn, waitUntilUp } from './turn.ts'

/** Thrown to p-retry to mean "again"; final results are returned, so p-retry does no more here than a loop would. */
const AGAIN: Error = Object.freeze(new Error('again'))

// No signal and no limits of p-retry's own: `decide` holds every limit, and an abort settles by itself.
const FOREVER = Object.freeze({ retries: Number.POSITIVE_INFINITY, minTimeout: 0 })

/** Runs a call to its end: (login) → admit → attempt → classify → record → decide → act, and again from the login. */
export async function run(call: Call): Promise<CallResult> {
  // The first round needs no loop, and for most calls it is the only one.
  const ended = (await round(call)) ?? (await pRetry(() => roundOrThrow(call), FOREVER))
  // A login's rejection goes to the call that waits for it, which knows more secrets.
  const result = ended.type === 'raw' && !call.isInternal ? redactRejection(call, ended) : ended
  call.request.dispose()
  if (call.hasObservers) emitCallEnded(call, result, call.engine.clock.now() - call.startedAt)
  return withRequest(call, result)
}

/** A refusal that can name the request it was for. */
const withRequest = (call: Call, result: CallResult): CallResult =>
  result.type === 'refused' ? { ...result, shownRequest: () => call.shownRequest() } : result

async function roundOrThrow(call: Call): Promise<CallResult> {
  const result = await round(call)
  if (result === undefined) throw AGAIN
  return result
}

/** One round. `undefined` means: again. Never throws, for p-retry would take that for a failed attempt and go on for ever. */
async function round(call: Call): Promise<CallResult | undefined> {
  try {
    call.followActiveEndpoint()
    const { sessions } = call.destination
    if (call.signal?.aborted || call.closing.aborted) return endInterrupted(call)
    if (sessions === undefined || isSignedByCaller(call)) return await admitAndSend(call, undefined)
    const session = sessions.get(!call.request.isReplayable(call.policy.replayLimit))
    if (session !== undefined) {
      sessions.markUsed()
      return await admitAndSend(call, session)
    }
    if (isDown(call)) {
      const turn = await waitUntilUp(call)
      if (turn.type !== 'admitted') return endOf(call, turn)
    }
    const opened = await openSession(call, sessions)
    if (opened.type === 'again') return undefined
    if (opened.type === 'refused') return refuse(call, opened)
    if (opened.type !== 'session') return opened
    // The login may have found the service at another endpoint.
    call.followActiveEndpoint()
    return await admitAndSend(call, opened.session)
  } catch (thrown) {
    // A mistake of a hook or of a vendor ends the call as it is.
    return { type: 'raw', thrown }
  }
}

async function admitAndSend(call: Call, session: Session | undefined): Promise<CallResult | undefined> {
  const { clock } = call.engine
  const { service } = call.destination
  let startedAt = call.attempt === 0 && session === undefined ? call.startedAt : clock.now()
  const hasWaited = call.lastFault !== undefined || session !== undefined
  if (hasWaited && call.deadlineAt - startedAt < call.minAttemptTime) return endWithoutTime(call)
  let permit = service.admission.enter(startedAt, call.owesToken)
  if (permit === undefined) {
    const turn = await waitForTurn(call)
    if (turn.type !== 'admitted') return endOf(call, turn)
    permit = turn.permit
    startedAt = clock.now()
  }
  call.owesToken = false
  // While it waited the session may have ended, or the service moved: nothing is sent that is known to be in vain.
  if (isOutdated(call, session)) {
    service.admission.release(permit)
    return undefined
  }
  startAttempt(call, startedAt)
  const result = await send(call, session, startedAt)
  finishAttempt(call, result, { permit, session, startedAt })
  switch (result.type) {
    case 'fine':
      return { type: 'reply', response: result.response }
    case 'fault':
      return act(call, result)
    case 'raw':
      return result
    case 'aborted':
      return { type: 'raw', thrown: call.signal?.reason }
  }
}

/** The end of a call whose turn has not come. `undefined` means: again, at another endpoint. */
function endOf(call: Call, turn: Exclude<Turn, { type: 'admitted' }>): CallResult | undefined {
  if (turn.type === 'refused') return refuse(call, turn)
  return turn.type === 'aborted' ? endInterrupted(call) : undefined
}

/** True where what an attempt was to carry was overtaken while the call waited. */
const isOutdated = (call: Call, session: Session | undefined): boolean =>
  (session !== undefined && call.destination.sessions?.isInHand(session) === false) ||
  call.willFailOver() ||
  call.closing.aborted

/** A refusal by the guards of the call, or by those of the login that it waited for. */
type Refusal = Pick<Extract<CallResult, { type: 'refused' }>, 'reason' | 'retryAfter'> & { readonly key?: string }

/** Ends a call that is not let out: with its last fault, or as a refusal if there was no attempt. */
function refuse(call: Call, { reason, retryAfter, key = call.destination.service.id }: Refusal): CallResult {
  if (call.hasObservers) emitRefusal(call, reason, retryAfter)
  return failWithLastFault(call, reason, retryAfter) ?? { type: 'refused', reason, retryAfter, key }
}

function startAttempt(call: Call, startedAt: number): void {
  const { service } = call.destination
  call.attempt++
  call.attemptStartedAt = startedAt
  service.activeCalls++
  if (call.hasObservers) emitAttemptStarted(call)
}

interface StartedAttempt {
  readonly permit: Permit
  readonly session: Session | undefined
  readonly startedAt: number
}

function finishAttempt(call: Call, result: AttemptResult, { permit, session, startedAt }: StartedAttempt): void {
  const { service, sessions, isSlowByNature, timeout } = call.destination
  service.activeCalls--
  call.attemptStartedAt = undefined
  const verdict = result.type === 'fault' ? result.verdict : undefined
  const isInconclusive =
    call.isTerminated ||
    result.type === 'raw' ||
    result.type === 'aborted' ||
    (isAttemptTimeout(verdict) && call.wasShortened(startedAt))
  // A reply that is fine has just been timed: the clock need not be asked again.
  const now = result.type === 'fine' ? startedAt + result.ms : call.engine.clock.now()
  const ms = 'ms' in result ? result.ms : now - startedAt
  if (call.hasObservers) emitAttemptEnded(call, result, ms)
  const quota = 'quota' in result ? result.quota : undefined
  const recorded = { permit, startedAt, ms, timeout, verdict, quota, isInconclusive, isSlowByNature }
  const paused = record(service.admission, recorded, now)
  if (paused !== undefined && call.hasObservers) emitPause(call, paused)
  if (session !== undefined && isFromService(result)) {
    sessions?.markValid(session)
    service.hasTakenSession = true
    call.endpoints?.markSessionTaken(call.destination.target.origin)
    service.reloginCooldown.reset()
  }
  if (call.endpoints === undefined) return
  const isCircuitOpen = (service.admission.breaker?.probeDelay(now) ?? 0) > 0
  const { active } = call.endpoints
  recordEndpoint(call, result, { isInconclusive, isCircuitOpen })
  if (call.endpoints.active !== active) service.admission.move()
}
