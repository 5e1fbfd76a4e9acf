import { isTrusted, rerouted } from '../act/reroute.ts'
import { overrideOf } from '../classify/judge.ts'
import type { Decision } from '../contract/decision.ts'
import type { Verdict } from '../contract/verdict.ts'
import { type Circumstances, decide } from '../decide/decide.ts'
import { forError, type Policy } from '../options/policy.ts'
import { Message } from '../request/message.ts'
import type { Call } from './call.ts'
import type { Ending } from './ending.ts'
import { decisionMade } from './events.ts'
import { failureOf, toError } from './failure.ts'
import type { SeenFault } from './seen.ts'

/** Decides upon a fault and does it. `undefined` means: again. */
export async function act(call: Call, seen: SeenFault): Promise<Ending | undefined> {
  const { verdict, session } = seen
  const policy = policyFor(call, verdict)
  const decision = decide(verdict, call, limitsOf(policy), await circumstancesOf(call, verdict, session !== undefined))
  note(call, seen, decision)
  switch (decision.do) {
    case 'return':
      return { type: 'reply', response: reply(seen) }
    case 'wait':
      return wait(call, seen, decision.ms)
    case 'renew':
      call.renewed = true
      // A plain 401 means that the server knows no such session; any other answer came from one that it knows.
      if (session !== undefined) {
        call.slot?.refuse(session, verdict.fault.status !== 401, () => toError(failureOf(call, seen, 'auth')))
      }
      return discard(seen)
    case 'reroute':
      call.moveTo(rerouted(call.target.url, decision.host)?.href ?? call.target.url)
      return discard(seen)
    case 'ask':
      return ask(call, seen, policy)
    case 'fail':
      return { type: 'failure', failure: failureOf(call, seen, decision.reason, decision.retryAfter) }
  }
}

/** What would be decided upon a verdict, with nothing done. */
export async function judgeOnly(call: Call, verdict: Verdict): Promise<Decision> {
  const renewable = call.slot !== undefined
  return decide(verdict, call, limitsOf(policyFor(call, verdict)), await circumstancesOf(call, verdict, renewable))
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

async function circumstancesOf(call: Call, verdict: Verdict, renewable: boolean): Promise<Circumstances> {
  const { engine, key, target } = call
  const { clock, trustedHosts, vendor } = engine
  const named = verdict.reroute === undefined ? undefined : rerouted(target.url, verdict.reroute)
  const trusted = named !== undefined && isTrusted(named, trustedHosts, vendor?.origins ?? [])
  return {
    repeatable: call.isRepeatable,
    resendable: await call.message.canSend(),
    renewable,
    affordable: key.budget === undefined || key.budget.tokens(clock.now()) >= 1,
    remaining: call.remaining,
    reroute: trusted ? named.host : undefined,
    random: clock.random,
  }
}

async function wait(call: Call, seen: SeenFault, ms: number): Promise<Ending | undefined> {
  const { clock } = call.engine
  if (seen.verdict.spends) call.key.budget?.spend(clock.now())
  call.retries++
  call.lastWait = ms
  call.waited += ms
  call.last = { ...seen, sealed: seen.reading?.seal() }
  try {
    await clock.sleep(ms, call.signal)
  } catch (thrown) {
    return { type: 'raw', thrown }
  }
  return undefined
}

async function ask(call: Call, seen: SeenFault, policy: Policy): Promise<Ending | undefined> {
  const answer = (await policy.onConflict?.(seen.verdict, call.request)) ?? 'fail'
  if (answer === 'accept') return { type: 'reply', response: reply(seen) }
  if (answer === 'fail') return { type: 'failure', failure: failureOf(call, seen, 'conflict') }
  if (call.retries >= policy.limit) return { type: 'failure', failure: failureOf(call, seen, 'attempts') }
  call.retries++
  const isRequest = answer instanceof Request
  const init = isRequest ? undefined : { ...answer.init, signal: call.signal ?? null }
  call.replace(new Message(isRequest ? answer : (answer.url ?? call.message.facts.url), init))
  return discard(seen)
}

/** Keeps in the call's history what was seen and decided. */
function note(call: Call, { verdict, ms }: SeenFault, decision: Decision): void {
  const { fault, kind, outcome } = verdict
  call.records ??= []
  call.records.push({
    attempt: call.attempt,
    at: call.engine.clock.now() - ms - call.started,
    ms,
    ...(fault.status !== undefined && { status: fault.status }),
    code: fault.code,
    kind,
    outcome,
    decision,
  })
  if (call.isObserved) decisionMade(call, verdict, decision)
}

function discard({ reading }: SeenFault): undefined {
  reading?.seal()
}

/** The reply of a fault that is accepted. Only replies are. */
function reply({ reading, cause }: SeenFault): Response {
  if (reading === undefined) throw cause ?? new TypeError('There is no reply to accept.')
  return reading.open()
}
