import type { Decision, RefusalReason } from '../contract/decision.ts'
import type { VerdictFacts } from '../contract/event.ts'
import type { Verdict } from '../contract/verdict.ts'
import type { Call } from './call.ts'
import type { Ending } from './ending.ts'
import type { Seen } from './seen.ts'

export function attemptStarted(call: Call): void {
  call.emit({ type: 'attempt-started', attempt: call.attempt, ...call.facts })
}

export function attemptEnded(call: Call, seen: Seen, ms: number): void {
  const status =
    seen.type === 'fine' ? seen.response.status : seen.type === 'fault' ? seen.verdict.fault.status : undefined
  call.emit({
    type: 'attempt-ended',
    attempt: call.attempt,
    ms,
    ...(status !== undefined && { status }),
    ...(seen.type === 'fault' && { verdict: shown(seen.verdict) }),
    ...call.facts,
  })
}

export function decisionMade(call: Call, verdict: Verdict, decision: Decision, observed?: true): void {
  const facts = { verdict: shown(verdict), ...call.facts }
  if (verdict.source === 'unlisted') call.emit({ type: 'fault-unlisted', ...facts })
  call.emit({
    type: 'decision-made',
    attempt: call.attempt,
    decision: { ...decision },
    ...(observed && { observed }),
    ...facts,
  })
}

export function callRefused(call: Call, reason: RefusalReason, retryAfter: number, observed?: true): void {
  call.emit({ type: 'call-refused', reason, retryAfter, ...(observed && { observed }), ...call.facts })
}

export function callWaited(call: Call, ms: number): void {
  call.emit({ type: 'call-waited', reason: 'paused', ms, ...call.facts })
}

export function keyPaused(call: Call, ms: number): void {
  call.emit({ type: 'key-paused', key: call.key.id, ms })
}

export function callEnded(call: Call, ending: Ending): void {
  const failure = ending.type === 'failure' ? ending.failure : undefined
  const reason = failure?.reason ?? (ending.type === 'refused' ? ending.reason : undefined)
  const gaveUp = reason ?? (call.signal?.aborted ? 'aborted' : 'thrown')
  call.emit({
    type: 'call-ended',
    attempts: call.attempt,
    ms: call.engine.clock.now() - call.started,
    waited: call.waited,
    ...(ending.type !== 'reply' && { reason: gaveUp }),
    ...(failure !== undefined && { verdict: shown(failure.verdict) }),
    ...call.facts,
  })
}

/** A verdict without the server's words and parameters: those may hold a session's name. */
export const shown = ({ vendor, fault, row, kind, outcome, source }: Verdict): VerdictFacts => ({
  vendor,
  code: fault.code,
  ...(row?.refines !== undefined && { detail: row.code }),
  kind,
  outcome,
  ...(fault.status !== undefined && { status: fault.status }),
  source,
})
