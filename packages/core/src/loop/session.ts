import { LoginHeldBack } from '../act/login-memory.ts'
import type { SessionSlot } from '../act/sessions.ts'
import { Deadline } from '../attempt/deadline.ts'
import { classifyFailure } from '../classify/classify.ts'
import type { Session } from '../contract/session.ts'
import { isVendorError } from '../error/vendor-error.ts'
import type { Call } from './call.ts'
import type { Ending } from './ending.ts'

/** A request that its caller has signed himself is left as it is. */
export function isSignedByCaller({ message, vendor }: Call): boolean {
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
  const closedFor = key.breaker?.refusal(engine.clock.now()) ?? 0
  if (closedFor > 0) return { type: 'refused', reason: 'circuit-open', retryAfter: closedFor, key: key.id }
  const { remaining } = call
  const deadline = new Deadline(
    remaining === Number.POSITIVE_INFINITY ? undefined : Math.max(0, remaining),
    call.signal,
  )
  try {
    return { type: 'session', session: await slot.open(deadline.signal) }
  } catch (error) {
    if (call.signal?.aborted) return { type: 'raw', thrown: call.signal.reason }
    if (deadline.timedOut) return lateLogin(call)
    return error instanceof LoginHeldBack ? failedLogin(call, error) : { type: 'raw', thrown: error }
  } finally {
    deadline.release()
  }
}

/** The call fails with the login's own verdict: that is what a person has to mend. */
function failedLogin(call: Call, { error, retryAfter }: LoginHeldBack): Ending {
  if (!isVendorError(error)) return { type: 'raw', thrown: error }
  const { vendor, code, kind, status, detail } = error
  const catalogue = call.engine.catalogues.find((one) => one.vendor === vendor)
  const row = catalogue?.find({
    code,
    ...(status !== undefined && { status }),
    details: detail === undefined ? [] : [detail],
  })
  return {
    type: 'failure',
    failure: {
      verdict: {
        vendor,
        fault: { code, ...(status !== undefined && { status }), params: Object.values(error.params) },
        row,
        source: 'vendor',
        overridden: false,
        kind,
        outcome: 'rejected',
        pace: 'fast',
        reauth: false,
        achieved: false,
        trips: false,
        spends: false,
        pauses: false,
        wait: undefined,
        reroute: undefined,
      },
      reason: 'login-failed',
      retryAfter,
      attempts: call.records ?? [],
      request: call.request,
      secrets: call.secrets(),
      cause: error,
      open: () => copyOf(error.response),
      seal: () => copyOf(error.response),
    },
  }
}

/** One login fails many calls: each gets a reply of its own to read. */
const copyOf = (response: Response | undefined): Response | undefined =>
  response?.bodyUsed ? response : response?.clone()

/** Nothing of this call was sent: its time went by while others logged in. */
function lateLogin(call: Call): Ending {
  const { target, vendor, engine } = call
  const grounds = { request: target, vendor, errors: undefined, date: engine.clock.date }
  const verdict = classifyFailure({ type: 'thrown', thrown: undefined, timedOut: true, ms: 0 }, grounds)
  if (verdict === undefined)
    return { type: 'raw', thrown: new DOMException('The login took too long.', 'TimeoutError') }
  return {
    type: 'failure',
    failure: {
      verdict: { ...verdict, outcome: 'rejected' },
      reason: 'deadline',
      retryAfter: undefined,
      attempts: call.records ?? [],
      request: call.request,
      secrets: call.secrets(),
      cause: undefined,
      open: () => undefined,
      seal: () => undefined,
    },
  }
}
