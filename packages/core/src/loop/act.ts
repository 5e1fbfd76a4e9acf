import { overrideOf } from '../classify/judge.ts'
import type { Decision } from '../contract/decision.ts'
import type { Verdict } from '../contract/verdict.ts'
import { type Circumstances, decide } from '../decide/decide.ts'
import { forError, type Policy } from '../options/policy.ts'
import { isSafe } from '../request/repeatable.ts'
import { rerouted } from '../trust/hosts.ts'
import { leastTime } from './allowance.ts'
import type { Call } from './call.ts'
import { ask } from './conflict.ts'
import { isLedToNew, maySendOn } from './doors.ts'
import type { Ending } from './ending.ts'
import { decisionMade } from './events.ts'
import { makeFailure, putAside } from './failure.ts'
import { isBound } from './home.ts'
import { forget, refusedForGood } from './refusal.ts'
import { discard, replyOf, type SeenFault } from './seen.ts'

/** Decides upon a fault and does it. `undefined` means: again. */
export async function act(call: Call, seen: SeenFault): Promise<Ending | undefined> {
  try {
    return await settle(call, seen)
  } catch (thrown) {
    // A vendor's mistake must not hold the socket of the reply that it was asked about.
    discard(seen)
    throw thrown
  }
}

async function settle(call: Call, seen: SeenFault): Promise<Ending | undefined> {
  const { verdict, session } = seen
  const policy = policyFor(call, verdict)
  const resendable = await call.message.canSend()
  // From here to the token that a wait spends nothing is awaited, or a crowd would share the last token.
  const decision = decide(
    verdict,
    call,
    limitsOf(policy),
    circumstancesOf(call, verdict, resendable, session !== undefined),
  )
  note(call, seen, decision)
  switch (decision.do) {
    case 'return':
      return { type: 'reply', response: replyOf(seen) }
    case 'wait':
      return wait(call, seen, decision.ms)
    case 'renew':
      call.renewed = true
      forget(call, seen)
      return putAside(call, seen)
    case 'reroute':
      return move(call, seen)
    case 'ask':
      return ask(call, seen, policy)
    case 'fail':
      if (verdict.reauth && session !== undefined) refusedForGood(call, seen, session, decision.reason)
      return { type: 'failure', failure: makeFailure(call, seen, decision.reason, decision.retryAfter) }
  }
}

/** What would be decided upon a verdict, with nothing done. */
export function decideOnly(call: Call, verdict: Verdict, resendable: boolean): Decision {
  const circumstances = circumstancesOf(call, verdict, resendable, call.slot !== undefined)
  return decide(verdict, call, limitsOf(policyFor(call, verdict)), circumstances)
}

const policyFor = ({ policy }: Call, { fault, row }: Verdict): Policy =>
  forError(policy, overrideOf(fault, row, policy.errors))

const limitsOf = ({ limit, pace, jitter, curves, acceptAchieved, onConflict }: Policy) => ({
  limit,
  pace,
  jitter,
  curves,
  acceptAchieved,
  hasOnConflict: onConflict !== undefined,
})

function circumstancesOf(call: Call, verdict: Verdict, resendable: boolean, renewable: boolean): Circumstances {
  const { engine, key, target } = call
  const { clock } = engine
  const named = verdict.reroute === undefined ? undefined : rerouted(target.url, verdict.reroute)
  const trusted = named !== undefined && maySendOn(call, named)
  return {
    repeatable: call.isRepeatable,
    resendable,
    renewable: renewable && key.freshRefusals.left(clock.now()) === 0,
    // Neither the budget nor the circuit of a door that has been left keeps anybody from the next one.
    affordable: isLedToNew(call) || key.budget === undefined || key.budget.tokens(clock.now()) >= 1,
    openFor: call.isLedOn ? 0 : (key.breaker?.reopensIn(clock.now()) ?? 0),
    remaining: call.remaining,
    least: leastTime(call),
    bound: named !== undefined && isBound(call, target),
    reroute: trusted ? named.host : undefined,
    random: clock.random,
  }
}

/** Goes to the host that the reply names; its own words, because a decision shows a host without its usual port. */
function move(call: Call, seen: SeenFault): Ending | undefined {
  const named = rerouted(call.target.url, seen.verdict.reroute ?? '')
  if (named === undefined) return { type: 'failure', failure: makeFailure(call, seen, 'untrusted-host') }
  putAside(call, seen)
  call.moveTo(named.href)
  return undefined
}

async function wait(call: Call, seen: SeenFault, ms: number): Promise<Ending | undefined> {
  const { key, engine } = call
  const { clock } = engine
  if (seen.verdict.spends && !isLedToNew(call)) key.budget?.spend(clock.now())
  call.retries++
  call.lastWait = ms
  call.waited += ms
  putAside(call, seen)
  // Who waits goes on with this key: another made meanwhile would not hear what it learns.
  key.active++
  try {
    await clock.sleep(ms, call.signal)
  } catch (thrown) {
    return { type: 'raw', thrown }
  } finally {
    key.active--
  }
  return undefined
}

/** Keeps in the call's history what was seen and decided. */
function note(call: Call, { verdict, ms }: SeenFault, decision: Decision): void {
  const { fault, kind, outcome } = verdict
  call.records ??= []
  call.records.push({
    attempt: call.attempt,
    method: call.target.method,
    safe: isSafe(call.target, call.vendor),
    at: call.engine.clock.now() - ms - call.started,
    ms,
    ...(fault.status !== undefined && { status: fault.status }),
    code: fault.code,
    kind,
    outcome,
    decision,
  })
  if (call.hasObservers) decisionMade(call, verdict, decision)
}
