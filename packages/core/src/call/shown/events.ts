import type { Decision, RefusalReason, WaitReason } from '../../contract/decision.ts'
import type { CallFields, ResilienceEvent, VerdictFacts } from '../../contract/event.ts'
import { detailOf, type Verdict } from '../../contract/verdict.ts'
import type { AttemptResult } from '../attempt-result.ts'
import type { CallResult } from '../call-result.ts'

/** The parts of a call that its events show. */
export interface ObservedCall {
  readonly attempt: number
  /** Milliseconds. */
  readonly history: { readonly waited: number }
  readonly signal: AbortSignal | null | undefined
  readonly shown: { readonly fields: CallFields }
  emit(event: ResilienceEvent): void
}

/** Emits that an attempt is sent. */
export function emitAttemptStarted(call: ObservedCall): void {
  call.emit({ ...call.shown.fields, type: 'attempt-started', attempt: call.attempt })
}

/** Emits the result of an attempt. */
export function emitAttemptEnded(call: ObservedCall, result: AttemptResult, ms: number): void {
  const { attempt } = call
  if (result.type === 'reply') {
    const { status } = result.response
    return call.emit({ ...call.shown.fields, type: 'attempt-ended', attempt, ms, status })
  }
  const verdict = result.type === 'fault' ? verdictFacts(result.verdict) : undefined
  call.emit({
    ...call.shown.fields,
    type: 'attempt-ended',
    attempt,
    ms,
    ...(verdict?.status !== undefined && { status: verdict.status }),
    ...(verdict !== undefined && { verdict }),
  })
}

/** Emits a decision. */
export function emitDecision(call: ObservedCall, verdict: Verdict, decision: Decision, observed?: true): void {
  const fields = { ...call.shown.fields, verdict: verdictFacts(verdict) }
  if (verdict.source === 'unlisted') call.emit({ ...fields, type: 'fault-unlisted' })
  call.emit({
    ...fields,
    type: 'decision-made',
    attempt: call.attempt,
    decision: Object.freeze({ ...decision }),
    ...(observed && { observed }),
  })
}

/** Emits that a request is refused. */
export function emitRefusal(
  call: ObservedCall,
  reason: RefusalReason,
  retryAfter: number | undefined,
  observed?: true,
): void {
  call.emit({
    ...call.shown.fields,
    type: 'call-refused',
    reason,
    ...(retryAfter !== undefined && { retryAfter: Math.ceil(retryAfter) }),
    ...(observed && { observed }),
  })
}

/** Emits that a request waits for the next login, or has waited for its turn. */
export function emitWait(call: ObservedCall, reason: WaitReason | 'login-failed', ms: number): void {
  call.emit({ ...call.shown.fields, type: 'call-waited', reason, ms })
}

/** Emits that a server has asked for a pause. */
export function emitPause(call: ObservedCall, ms: number): void {
  call.emit({ type: 'key-paused', key: call.shown.fields.key, ms })
}

/** Emits the result of a call that took `ms` milliseconds. */
export function emitCallEnded(call: ObservedCall, result: CallResult, ms: number): void {
  const { waited } = call.history
  const event = { ...call.shown.fields, type: 'call-ended', attempts: call.attempt, ms, waited } as const
  if (result.type === 'reply') return call.emit(event)
  const failure = result.type === 'failure' ? result.failure : undefined
  const reason = failure?.reason ?? (result.type === 'refused' ? result.reason : undefined)
  const gaveUp = reason ?? (call.signal?.aborted ? 'aborted' : 'thrown')
  call.emit({
    ...event,
    reason: gaveUp,
    ...(failure !== undefined && { verdict: verdictFacts(failure.verdict) }),
  })
}

/** A frozen verdict without the server's message and parameters, which may contain a session's name. */
export function verdictFacts(verdict: Verdict): VerdictFacts {
  const { vendor, fault, kind, outcome, source } = verdict
  const detail = detailOf(verdict)
  return Object.freeze({
    vendor,
    code: fault.code,
    ...(detail !== undefined && { detail }),
    kind,
    outcome,
    ...(fault.status !== undefined && { status: fault.status }),
    source,
  })
}
