import type { Call } from '../call/call.ts'
import type { CallFailure, CallResult } from '../call/call-result.ts'
import { loginTransportFor } from '../call/session-for.ts'
import { failureBehind } from '../call/to-error.ts'
import { timeoutVerdict } from '../classify/classify.ts'
import type { Session } from '../contract/session.ts'
import { isRefused } from '../error/refused-error.ts'
import { ClosedError } from '../session/closed-error.ts'
import { FailedLogin } from '../session/login-backoff.ts'
import type { SessionCache } from '../session/session-cache.ts'
import { failWithLastFault } from './failure.ts'

/** True for a request that its caller has signed: it is left as it is. */
export function isSignedByCaller({ request: { headers }, destination: { vendor, target } }: Call): boolean {
  if (vendor?.auth?.shouldSign !== undefined) return !vendor.auth.shouldSign(target, new Headers(headers))
  if (headers === undefined) return false
  const given = new Headers(headers)
  return given.has('authorization') || (vendor?.secretHeaders?.some((name) => given.has(name)) ?? false)
}

/** Waits for the login that all callers share. */
export async function openSession(
  call: Call,
  sessions: SessionCache,
): Promise<CallResult | { readonly type: 'session'; readonly session: Session }> {
  const { engine, destination } = call
  const { breaker, id } = destination.service
  // A session for a service that is known to be down would be a login for nothing.
  const openFor = breaker?.admissionDelay(engine.clock.now()) ?? 0
  if (openFor > 0) return { type: 'refused', reason: 'circuit-open', retryAfter: openFor, key: id }
  // Nobody would end it: a call that is older than the closing of its client opens none.
  if (call.id <= sessions.closedUpTo()) return closed(call, new ClosedError())
  const deadline = call.deadline()
  try {
    const session = await sessions.login(deadline.signal, loginTransportFor(engine, sessions.origin))
    return { type: 'session', session }
  } catch (error) {
    if (error instanceof ClosedError) return closed(call, error)
    if (call.signal?.aborted) return { type: 'raw', thrown: call.signal.reason }
    if (deadline.timedOut) return loginTimedOut(call)
    return error instanceof FailedLogin ? loginFailed(call, error) : { type: 'raw', thrown: error }
  } finally {
    deadline.release()
  }
}

/** Ends a call whose client was closed; one that had been sent ends with its last fault. */
const closed = (call: Call, thrown: ClosedError): CallResult =>
  failWithLastFault(call, 'login-failed') ?? { type: 'raw', thrown }

/** Ends a call with the login's own verdict: that is what a person has to mend. */
function loginFailed(call: Call, { error, retryAfter }: FailedLogin): CallResult {
  if (isRefused(error)) return { type: 'refused', reason: error.reason, retryAfter, key: error.key }
  const failure = failureBehind(error)
  if (failure === undefined) return { type: 'raw', thrown: error }
  const { verdict, secrets, buffered } = failure
  const live = () => unshared(buffered())
  return failUnsent(call, { verdict, reason: 'login-failed', retryAfter, cause: error, secrets, live })
}

/** A reply of the caller's own: one login fails many calls. A reply with a body is new with each reading. */
const unshared = (response: Response | undefined): Response | undefined =>
  response?.body === null ? response.clone() : response

/** Ends a call whose time went by while others logged in. */
function loginTimedOut(call: Call): CallResult {
  const verdict = timeoutVerdict('LOGIN_TIMEOUT', call.classifyContext())
  const nothing = { retryAfter: undefined, cause: undefined, secrets: [], live: () => undefined }
  return failUnsent(call, { verdict, reason: 'deadline', ...nothing })
}

/** Ends a call that waited for a login: whatever became of that, the request itself was not sent. */
function failUnsent(call: Call, login: Omit<CallFailure, 'attempts' | 'request' | 'buffered'>): CallResult {
  const failure: CallFailure = {
    ...login,
    verdict: { ...login.verdict, outcome: 'rejected' },
    attempts: call.attempts ?? [],
    request: call.shownRequest(),
    secrets: [...login.secrets, ...call.secrets()],
    buffered: login.live,
  }
  return { type: 'failure', failure }
}
