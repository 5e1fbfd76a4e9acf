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
import { acceptConflict } from './accept.ts'
import { resolveConflict } from './conflict.ts'
import { endInterrupted, failCall, makeFailure } from './end-call.ts'
import { isLeftToOuter } from './outer-call.ts'
import { recordAttempt } from './record-attempt.ts'
import { invalidateSession, mayRenew, onSessionRejected } from './session-rejected.ts'

/** Decides upon a failed attempt and does it. @throws what a vendor's hook throws. */
export function act(call: Call, failed: FailedAttempt): RoundEnd | Promise<RoundEnd> {
  const resendable = call.request.prepareResend(call)
  return typeof resendable === 'boolean'
    ? decideAndAct(call, failed, resendable)
    : resendable.then((known) => decideAndAct(call, failed, known))
}

function decideAndAct(call: Call, failed: FailedAttempt, resendable: boolean): RoundEnd | Promise<RoundEnd> {
  const { verdict, session } = failed
  const policy = policyFor(call.policy, verdict)
  // One that was ended from outside has had its end: nobody is asked any more, and nothing is noted behind it.
  if (call.isTerminated || call.signal?.aborted) {
    releaseReply(failed)
    return endInterrupted(call)
  }
  // From here to the token that a wait spends nothing is awaited, or a crowd would share the last token.
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

/** A decision, where a call within this one has ended for good, or one around it will send the same again. */
export function withinOuter(call: Call, { verdict, ended }: FailedAttempt, decision: Decision): Decision {
  const isLeft = ended === undefined && decision.do === 'wait' && isLeftToOuter(call, verdict, decideOnly)
  const reason = isLeft ? 'nested' : ended
  if (reason === undefined) return decision
  const { wait: retryAfter } = verdict
  return { do: 'fail', reason, ...(retryAfter !== undefined && { retryAfter }) }
}

/** The decision upon a verdict, with nothing done. */
export function decideOnly(call: Call, verdict: Verdict, resendable: boolean): Decision {
  const renewable = call.destination.sessions !== undefined
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
    // Neither the budget nor the circuit of an endpoint that has been left keeps a call from the next one.
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
 * True for a retry that costs no token: one that goes to another endpoint; and one that the server itself has scheduled, or
 * whose request it refused before anything was done, where the limit paces it. Calls without patience are not paced.
 */
export function isFree(call: Call, { costsRetryToken, outcome, pauses, wait = 0 }: Verdict): boolean {
  if (!costsRetryToken || failsOverToUntried(call)) return true
  if (call.policy.patience === 0 || !call.destination.service.admission.gate.isPaced) return false
  return outcome === 'rejected' || (pauses && wait > 0)
}

/** True if a retry can be paid for, now or while it waits for its turn. */
function mayPay(call: Call, now: number): boolean {
  const { budget } = call.destination.service.admission
  return budget === undefined || budget.tokens(now) >= 1 || (patienceOf(call) > 0 && budget.mayEarn)
}

/** Takes a token, or owes it until the turn of the call has come. */
function pay(call: Call, now: number): void {
  const { admission } = call.destination.service
  const { budget } = admission
  if (budget === undefined) return
  call.history.owesToken = budget.tokens(now) < 1
  if (!call.history.owesToken) admission.spendToken(now)
}

/**
 * Goes where the reply sends the call, read from the reply: without a port in it the usual one is meant, which a decision
 * does not show.
 */
function reroute(call: Call, failed: FailedAttempt): RoundEnd {
  const to = rerouteOf(call, failed.verdict.reroute ?? '')
  if (to === undefined) return failCall(call, failed, 'untrusted-host')
  releaseReply(failed)
  // How many endpoints there are bounds those that nobody has named.
  if (to.reason === 'named-host') call.history.reroutes++
  call.rerouteTo(to.url.href)
  return AGAIN
}

async function wait(call: Call, failed: FailedAttempt, ms: number): Promise<RoundEnd> {
  const { service } = call.destination
  if (!isFree(call, failed.verdict)) pay(call, systemClock.now())
  if (failed.verdict.busy) call.history.busyRetries++
  else call.history.retries++
  call.history.lastWait = ms
  call.history.waited += ms
  releaseReply(failed)
  // A service with a call under way is kept: what this call learns must not go to a state that nobody has any more.
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
