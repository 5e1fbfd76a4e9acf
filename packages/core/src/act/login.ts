import type { Call } from '../call/call.ts'
import { AGAIN, type CallFailure, type CallResult, type RoundEnd } from '../call/call-result.ts'
import { loginTransportFor } from '../call/session-for.ts'
import { emitWait } from '../call/shown/events.ts'
import { failureBehind } from '../call/shown/to-error.ts'
import { loginTimeoutOf, maxWaitOf } from '../call/time-limits.ts'
import { ownVerdict } from '../classify/classify.ts'
import { LONGEST_TIMER } from '../contract/clock.ts'
import type { Session } from '../contract/session.ts'
import type { Verdict } from '../contract/verdict.ts'
import { isRefused } from '../error/is-refused.ts'
import { isClosed } from '../session/closed-error.ts'
import { type FailedLogin, isFailedLogin } from '../session/login/failed-login.ts'
import type { SessionCache } from '../session/session-cache.ts'
import { endInterrupted, failWithLastFault } from './fail-call.ts'

/** A session, or the end of the round, which is {@link AGAIN} if the next login was waited for. */
export type OpenedSession = RoundEnd | { readonly type: 'session'; readonly session: Session }

/** True for a request that its caller has signed, which the engine does not sign. */
export function isSignedByCaller(call: Call): boolean {
  const { vendor, target } = call.destination
  if (vendor?.auth?.shouldSign !== undefined)
    return !vendor.auth.shouldSign(target, call.hasHeaders ? call.outgoingHeaders : noHeaders())
  if (!call.hasHeaders) return false
  const given = call.outgoingHeaders
  return given.has('authorization') || (vendor?.secretHeaders?.some((name) => given.has(name)) ?? false)
}

let none: Headers | undefined

/**
 * The headers of all requests without headers. They are immutable, because a vendor that wrote into them would sign other
 * requests. Their `has` is a constant, because that of Node.js validates each name.
 */
function noHeaders(): Headers {
  none ??= Object.assign(Response.error().headers, { has: () => false })
  return none
}

/**
 * Waits for the login that all callers share.
 *
 * @param onFailed called if it failed, before the next login is waited for.
 */
export async function openSession(call: Call, sessions: SessionCache, onFailed?: () => void): Promise<OpenedSession> {
  const { engine } = call
  const deadline = call.deadline()
  try {
    const isBodyOnce = !call.request.isReplayable(call.policy.replayLimit)
    const session = await sessions.login(isBodyOnce, deadline, call.closing, () => ({
      makeTransport: loginTransportFor(engine, sessions.origin),
      timeout: loginTimeoutOf(engine),
    }))
    return { type: 'session', session }
  } catch (error) {
    onFailed?.()
    if (isClosed(error) || call.signal?.aborted) return endInterrupted(call)
    if (deadline.timedOut) return loginTimedOut(call)
    return isFailedLogin(error) ? await loginFailed(call, error) : { type: 'raw', thrown: error }
  } finally {
    deadline.release()
  }
}

/** Ends a call that has too little time left after waiting for its session. */
export const endWithoutTime = (call: Call): CallResult => failWithLastFault(call, 'deadline') ?? loginTimedOut(call)

/** Waits for the next login if the call's retries and time allow that, or ends the call with the verdict of the login. */
async function loginFailed(call: Call, failed: FailedLogin): Promise<RoundEnd> {
  const { error, retryAfter } = failed
  if (isRefused(error)) return { type: 'refused', reason: error.reason, retryAfter, key: error.key }
  const failure = failureBehind(error)
  if (failure === undefined) return { type: 'raw', thrown: error }
  if (retryAfter !== undefined && mayWaitForNext(call, failure, retryAfter)) return waitForNext(call, retryAfter)
  const { verdict, secrets, buffered, hint } = failure
  const live = () => unshared(buffered())
  const reason = failed.isOfSessions ? 'session-rejected' : 'login-failed'
  return failUnsent(call, { verdict, reason, retryAfter, cause: error, secrets, hint, live })
}

/** True if the failure of the login may pass, and the call can wait for the next login. */
const mayWaitForNext = (call: Call, { verdict }: CallFailure, ms: number): boolean =>
  verdict.kind === 'retryable' &&
  // A host that names another would do so again.
  verdict.reroute === undefined &&
  (call.history.failedLogins < call.policy.limit || mayOutwait(call, verdict, ms)) &&
  ms <= Math.min(LONGEST_TIMER, maxWaitOf(call.policy)) &&
  ms < call.remaining - call.minAttemptTime

/**
 * True if the call has the patience to wait for the server, however many logins that takes. All callers share one login at a time, so
 * the server gets no more of them the longer they wait. What the caller's own function throws is no outage of the server.
 */
function mayOutwait(call: Call, { fault }: Verdict, ms: number): boolean {
  const { patience, limit } = call.policy
  const isOfServer = fault.code !== 'CREDENTIALS_FAILED'
  return isOfServer && limit > 0 && (patience === false || call.history.waited + ms <= patience)
}

async function waitForNext(call: Call, ms: number): Promise<RoundEnd> {
  call.history.failedLogins++
  call.history.waited += ms
  if (call.hasObservers) emitWait(call, 'login-failed', ms)
  try {
    await call.sleep(ms)
    return AGAIN
  } catch {
    return endInterrupted(call)
  }
}

/** A reply for this caller alone: one failed login ends many calls. A reply with a body is a new one already. */
const unshared = (response: Response | undefined): Response | undefined =>
  response?.body === null ? response.clone() : response

/** Ends a call whose time ran out while it waited for a login. */
function loginTimedOut(call: Call): CallResult {
  const verdict = ownVerdict('LOGIN_TIMEOUT', call.classifyContext())
  const nothing = { retryAfter: undefined, cause: undefined, secrets: [], live: () => undefined }
  return failUnsent(call, { verdict, reason: 'deadline', ...nothing })
}

/** Ends a call that waited for a login. Whatever the outcome of the login, the request itself was not sent. */
function failUnsent(call: Call, login: Omit<CallFailure, 'attempts' | 'request' | 'buffered'>): CallResult {
  const failure: CallFailure = {
    ...login,
    verdict: { ...login.verdict, outcome: 'rejected' },
    attempts: call.history.attempts,
    request: call.shown.request,
    secrets: [...login.secrets, ...call.secrets()],
    buffered: login.live,
  }
  return { type: 'failure', failure }
}
