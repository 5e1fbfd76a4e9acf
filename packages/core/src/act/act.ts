import { type FailedAttempt, releaseReply } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import { AGAIN, type RoundEnd } from '../call/call-result.ts'
import { maxWaitOf, patienceOf } from '../call/time-limits.ts'
import { overrideOf } from '../classify/override.ts'
import { systemClock } from '../contract/clock.ts'
import type { Decision } from '../contract/decision.ts'
import type { Verdict } from '../contract/verdict.ts'
import { type Circumstances, decide, type Limits } from '../decide/decide.ts'
import { failsOverToUntried, rerouteOf } from '../endpoints/failover.ts'
import { isHostBound } from '../endpoints/resolve.ts'
import { forError, type Policy } from '../options/policy.ts'
import { acceptConflict } from './accept-conflict.ts'
import { resolveConflict } from './conflict.ts'
import { endInterrupted, failCall, makeFailure } from './fail-call.ts'
import { isSignedByCaller } from './login.ts'
import { isLeftToOuter } from './outer-call.ts'
import { recordAttempt } from './record-attempt.ts'
import { invalidateSession, mayRenew, onSessionRejected } from './session-rejected.ts'

/** Decides about a failed attempt and carries the decision out. @throws what a vendor's hook throws. */
export function act(call: Call, failed: FailedAttempt): RoundEnd | Promise<RoundEnd> {
  const resendable = call.request.prepareResend(call)
  return typeof resendable === 'boolean'
    ? decideAndAct(call, failed, resendable)
    : resendable.then((known) => decideAndAct(call, failed, known))
}

function decideAndAct(call: Call, failed: FailedAttempt, resendable: boolean): RoundEnd | Promise<RoundEnd> {
  const { verdict, session } = failed
  const policy = policyFor(call.policy, verdict)
  // A call that was ended from outside has its result: nothing is decided or recorded any more.
  if (call.isTerminated || call.signal?.aborted) {
    releaseReply(failed)
    return endInterrupted(call)
  }
  // No await from here to where a wait spends its token: otherwise many calls would spend the same last token.
  const decided = decideFor(call, verdict, policy, { resendable, renewable: session !== undefined })
  const decision = withinOuter(call, failed, decided)
  recordAttempt(call, failed, decision)
  switch (decision.do) {
    case 'return':
      return acceptConflict(failed, call.destination, makeFailure(call, failed, 'conflict'))
    case 'wait':
      return wait(call, failed, decision.ms)
    case 'renew':
      call.history.renewals++
      invalidateSession(call, failed)
      releaseReply(failed)
      return AGAIN
    case 'reroute':
      return reroute(call, failed)
    case 'ask':
      return resolveConflict(call, failed, policy)
    case 'fail':
      if (verdict.reauth && session !== undefined) onSessionRejected(call, failed, session, decision.reason)
      return failCall(call, failed, decision.reason, decision.retryAfter)
  }
}

/** The decision, or to fail: if an inner call has ended for good, or an outer call will retry. */
export function withinOuter(call: Call, { verdict, ended }: FailedAttempt, decision: Decision): Decision {
  const isLeft = ended === undefined && decision.do === 'wait' && isLeftToOuter(call, verdict, decideOnly)
  const reason = isLeft ? 'nested' : ended
  if (reason === undefined) return decision
  const { wait: retryAfter } = verdict
  return { do: 'fail', reason, ...(retryAfter !== undefined && { retryAfter }) }
}

/** The decision about a verdict, which is not carried out. */
export function decideOnly(call: Call, verdict: Verdict, resendable: boolean): Decision {
  // What its caller has signed is sent without a session, so no new one would help it.
  const renewable = call.destination.sessions !== undefined && !isSignedByCaller(call)
  return decideFor(call, verdict, policyFor(call.policy, verdict), { resendable, renewable })
}

function decideFor(
  call: Call,
  verdict: Verdict,
  policy: Policy,
  attempt: Pick<Circumstances, 'resendable' | 'renewable'>,
): Decision {
  return decide(verdict, call.history, limitsOf(policy), circumstancesOf(call, verdict, attempt))
}

const policyFor = (policy: Policy, verdict: Verdict): Policy => forError(policy, overrideOf(verdict, policy.errors))

const limitsOf = (policy: Policy): Limits => {
  const { limit, hasOwnLimit, pace, jitter, curves, acceptAchieved, onConflict } = policy
  const maxWait = maxWaitOf(policy)
  return { limit, hasOwnLimit, pace, maxWait, jitter, curves, acceptAchieved, hasOnConflict: onConflict !== undefined }
}

function circumstancesOf(
  call: Call,
  verdict: Verdict,
  { resendable, renewable }: Pick<Circumstances, 'resendable' | 'renewable'>,
): Circumstances {
  const { service, target } = call.destination
  const { breaker } = service.admission
  const now = systemClock.now()
  const reroute = verdict.reroute === undefined ? undefined : rerouteOf(call, verdict.reroute)
  return {
    repeatable: call.isRepeatable(),
    resendable,
    renewable: renewable && mayRenew(call, now),
    // The budget and the circuit of an endpoint that is left do not hold back a call to the next one.
    affordable: isFree(call, verdict) || mayPay(call, now),
    openFor: call.willFailOver() ? 0 : (breaker?.probeDelay(now) ?? 0),
    patience: patienceOf(call),
    remaining: call.remaining,
    minAttemptTime: call.minAttemptTime,
    isHostBound: verdict.reroute !== undefined && isHostBound(call, target),
    reroute: reroute && { host: reroute.url.host, reason: reroute.reason },
    random: systemClock.random,
  }
}

/**
 * True for a retry that costs no token: one that goes to another endpoint, or one that the limit paces, if the server asked for
 * the wait or refused the request before anything was done. Calls without patience are not paced.
 */
export function isFree(call: Call, { costsRetryToken, outcome, pauses, wait = 0 }: Verdict): boolean {
  if (!costsRetryToken || failsOverToUntried(call)) return true
  if (call.policy.patience === 0 || !call.destination.service.admission.gate.isPaced) return false
  return outcome === 'rejected' || (pauses && wait > 0)
}

/** True if a token for the retry is there, or can come while the call waits for its turn. */
function mayPay(call: Call, now: number): boolean {
  const { budget } = call.destination.service.admission
  return budget === undefined || budget.tokens(now) >= 1 || (patienceOf(call) > 0 && budget.mayEarn)
}

/** Spends a token, or notes that the call owes one, which it spends at its turn. */
function pay(call: Call, now: number): void {
  const { admission } = call.destination.service
  const { budget } = admission
  if (budget === undefined) return
  call.history.tokens++
  call.history.owesToken = budget.tokens(now) < 1
  if (!call.history.owesToken) admission.spendToken(now)
}

/**
 * Goes to the host that the reply names. It is read from the reply again, because a decision does not show whether a default port
 * was meant.
 */
function reroute(call: Call, failed: FailedAttempt): RoundEnd {
  const to = rerouteOf(call, failed.verdict.reroute ?? '')
  if (to === undefined) return failCall(call, failed, 'untrusted-host')
  releaseReply(failed)
  // Re-routes to endpoints are bounded by the number of endpoints.
  if (to.reason === 'named-host') call.history.reroutes++
  call.rerouteTo(to.url.href)
  return AGAIN
}

async function wait(call: Call, failed: FailedAttempt, ms: number): Promise<RoundEnd> {
  const { service } = call.destination
  if (!isFree(call, failed.verdict)) pay(call, systemClock.now())
  if (failed.verdict.busy) call.history.busyRetries++
  else call.history.retries++
  call.history.reroutes = 0
  call.history.lastWait = ms
  call.history.waited += ms
  releaseReply(failed)
  // A state with active calls is not dropped: what this call learns must go to the state that later calls use.
  service.activeCalls++
  try {
    await call.sleep(ms)
  } catch {
    return endInterrupted(call)
  } finally {
    service.activeCalls--
  }
  return AGAIN
}
