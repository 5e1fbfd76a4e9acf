import type { Decision, RefusalReason, WaitReason } from '../../contract/decision.ts'
import type { CallFields, ResilienceEvent, VerdictFacts } from '../../contract/event.ts'
import { detailOf, type Verdict } from '../../contract/verdict.ts'
import type { AttemptResult } from '../attempt-result.ts'
import type { CallResult } from '../call-result.ts'

/** The parts of a call that its events tell. */
export interface ObservedCall {
  readonly attempt: number
  /** Milliseconds. */
  readonly history: { readonly waited: number }
  readonly signal: AbortSignal | null | undefined
  readonly shown: { readonly fields: CallFields }
  emit(event: ResilienceEvent): void
}

/** Tells that an attempt is sent. */
export function emitAttemptStarted(call: ObservedCall): void {
  call.emit({ type: 'attempt-started', attempt: call.attempt, ...call.shown.fields })
}

/** Tells the result of an attempt. */
export function emitAttemptEnded(call: ObservedCall, result: AttemptResult, ms: number): void {
  const status =
    result.type === 'reply' ? result.response.status : result.type === 'fault' ? result.verdict.fault.status : undefined
  call.emit({
    type: 'attempt-ended',
    attempt: call.attempt,
    ms,
    ...(status !== undefined && { status }),
    ...(result.type === 'fault' && { verdict: verdictFacts(result.verdict) }),
    ...call.shown.fields,
  })
}

/** Tells a decision. */
export function emitDecision(call: ObservedCall, verdict: Verdict, decision: Decision, observed?: true): void {
  const fields = { verdict: verdictFacts(verdict), ...call.shown.fields }
  if (verdict.source === 'unlisted') call.emit({ type: 'fault-unlisted', ...fields })
  call.emit({
    type: 'decision-made',
    attempt: call.attempt,
    decision: { ...decision },
    ...(observed && { observed }),
    ...fields,
  })
}

/** Tells that a request is not let out. */
export function emitRefusal(
  call: ObservedCall,
  reason: RefusalReason,
  retryAfter: number | undefined,
  observed?: true,
): void {
  call.emit({
    type: 'call-refused',
    reason,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(observed && { observed }),
    ...call.shown.fields,
  })
}

/** Tells that a request waits for the next login, or has waited for its turn. */
export function emitWait(call: ObservedCall, reason: WaitReason | 'login-failed', ms: number): void {
  call.emit({ type: 'call-waited', reason, ms, ...call.shown.fields })
}

/** Tells that a server has asked all callers of a key to wait. */
export function emitPause(call: ObservedCall, ms: number): void {
  call.emit({ type: 'key-paused', key: call.shown.fields.key, ms })
}

/** Tells the result of a call that took `ms` milliseconds. */
export function emitCallEnded(call: ObservedCall, result: CallResult, ms: number): void {
  const failure = result.type === 'failure' ? result.failure : undefined
  const reason = failure?.reason ?? (result.type === 'refused' ? result.reason : undefined)
  const gaveUp = reason ?? (call.signal?.aborted ? 'aborted' : 'thrown')
  call.emit({
    type: 'call-ended',
    attempts: call.attempt,
    ms,
    waited: call.history.waited,
    ...(result.type !== 'reply' && { reason: gaveUp }),
    ...(failure !== undefined && { verdict: verdictFacts(failure.verdict) }),
    ...call.shown.fields,
  })
}

/** A verdict without the server's words and parameters: those may hold a session's name. */
export function verdictFacts(verdict: Verdict): VerdictFacts {
  const { vendor, fault, kind, outcome, source } = verdict
  const detail = detailOf(verdict)
  return {
    vendor,
    code: fault.code,
    ...(detail !== undefined && { detail }),
    kind,
    outcome,
    ...(fault.status !== undefined && { status: fault.status }),
    source,
  }
}
