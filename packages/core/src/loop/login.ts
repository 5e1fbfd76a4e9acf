import { lateVerdict } from '../classify/classify.ts'
import type { Session } from '../contract/session.ts'
import { isRefused } from '../error/refused-error.ts'
import { ClosedError } from '../session/closed-error.ts'
import { FailedLogin } from '../session/login-memory.ts'
import type { SessionSlot } from '../session/slot.ts'
import type { Call } from './call.ts'
import type { Ending, Failure } from './ending.ts'
import { lastFailure } from './failure.ts'
import { secretsOf } from './secrets.ts'
import { doorFrom } from './slot.ts'
import { failureBehind } from './to-error.ts'

/** A request that its caller has signed himself is left as it is. */
export function isSignedByCaller({ message, vendor, target }: Call): boolean {
  if (vendor?.auth?.signs !== undefined) return !vendor.auth.signs(target, new Headers(message.headers))
  if (message.headers === undefined) return false
  const headers = new Headers(message.headers)
  return headers.has('authorization') || (vendor?.secretHeaders?.some((name) => headers.has(name)) ?? false)
}

/** Waits for the login that all callers share. */
export async function openSession(
  call: Call,
  slot: SessionSlot,
): Promise<Ending | { readonly type: 'session'; readonly session: Session }> {
  const { key, engine } = call
  // A session for a service that is known to be down would be a login for nothing.
  const openFor = key.breaker?.openFor(engine.clock.now()) ?? 0
  if (openFor > 0) return { type: 'refused', reason: 'circuit-open', retryAfter: openFor, key: key.id }
  // Nobody would end it: a call that is older than the closing of its client opens none.
  if (call.id <= slot.closedUpTo()) return closed(call, new ClosedError())
  const deadline = call.deadline()
  try {
    return { type: 'session', session: await slot.open(deadline.signal, doorFrom(engine, slot.origin)) }
  } catch (error) {
    if (error instanceof ClosedError) return closed(call, error)
    if (call.signal?.aborted) return { type: 'raw', thrown: call.signal.reason }
    if (deadline.timedOut) return lateLogin(call)
    return error instanceof FailedLogin ? failedLogin(call, error) : { type: 'raw', thrown: error }
  } finally {
    deadline.release()
  }
}

/** A call that had been sent ends with what it met. */
const closed = (call: Call, thrown: ClosedError): Ending => lastFailure(call, 'login-failed') ?? { type: 'raw', thrown }

/** The call fails with the login's own verdict: that is what a person has to mend. */
function failedLogin(call: Call, { error, retryAfter }: FailedLogin): Ending {
  if (isRefused(error)) return { type: 'refused', reason: error.reason, retryAfter, key: error.key }
  const failure = failureBehind(error)
  if (failure === undefined) return { type: 'raw', thrown: error }
  const { verdict, secrets } = failure
  return unsent(call, {
    verdict,
    reason: 'login-failed',
    retryAfter,
    cause: error,
    secrets,
    open: () => ownOf(failure.seal()),
  })
}

/** One login fails many calls: each gets a reply of its own. What has a body is new with each sealing. */
const ownOf = (response: Response | undefined): Response | undefined =>
  response?.body === null ? response.clone() : response

/** The call's time went by while others logged in. */
function lateLogin(call: Call): Ending {
  const verdict = lateVerdict('LOGIN_TIMEOUT', call.grounds)
  const nothing = { retryAfter: undefined, cause: undefined, secrets: [], open: () => undefined }
  return unsent(call, { verdict, reason: 'deadline', ...nothing })
}

/** Whatever befell the login, the request that waited for it was not sent. */
function unsent(call: Call, what: Omit<Failure, 'attempts' | 'request' | 'seal'>): Ending {
  const failure: Failure = {
    ...what,
    verdict: { ...what.verdict, outcome: 'rejected' },
    attempts: call.records ?? [],
    request: call.request,
    secrets: [...what.secrets, ...secretsOf(call)],
    seal: what.open,
  }
  return { type: 'failure', failure }
}
