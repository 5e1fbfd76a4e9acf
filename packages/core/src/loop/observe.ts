import { decideOnly, isFree } from '../act/act.ts'
import type { Permit } from '../admit/permit.ts'
import { record } from '../admit/record.ts'
import { readBody } from '../attempt/read.ts'
import { readLimits } from '../attempt/read-limits.ts'
import { copyOf } from '../attempt/reply.ts'
import { type AttemptResult, faultAlone } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import type { CallResult } from '../call/call-result.ts'
import {
  emitAttemptEnded,
  emitAttemptStarted,
  emitCallEnded,
  emitDecision,
  emitPause,
  emitRefusal,
} from '../call/shown/events.ts'
import { bodyNeed, classifyFailure, classifyReply, classifyUnread } from '../classify/classify.ts'
import { quotaOf } from '../classify/rate-limit/quota.ts'
import type { Decision } from '../contract/decision.ts'
import type { BodyNeed } from '../contract/vendor.ts'
import type { Verdict } from '../contract/verdict.ts'
import { redactCode, withoutOwnCode } from '../error/redact-verdict.ts'
import { sendAsGiven } from '../request/made/send-as-given.ts'

/** Milliseconds for which a copy of a body is read. */
const COPY_MS = 10_000

/** An attempt under way, with the admission that it would have had. */
interface ObservedAttempt {
  /** Absent where it would have had to wait. */
  readonly permit: Permit | undefined
  readonly isResendable: boolean
  readonly startedAt: number
}

/**
 * One attempt exactly as the caller wrote it. Breaker, budget and pause run beside it, and events say what they would
 * have done; what takes time, such as looking into a body, is done when the caller has his reply.
 */
export async function observe(call: Call): Promise<CallResult> {
  const observed = startObserving(call)
  let response: Response
  try {
    response = await sendAsGiven(call.engine.fetch, call.request)
  } catch (thrown) {
    const result = { type: 'raw', thrown } as const
    const verdict = call.signal?.aborted
      ? undefined
      : classifyFailure({ type: 'thrown', thrown, timedOut: false, ms: 0 }, call.classifyContext())
    conclude(call, observed, result, verdict && faultOf(call, observed, verdict))
    return result
  }
  const result = { type: 'reply', response } as const
  const need = needOf(call, response)
  if (need === undefined) conclude(call, observed, result)
  else if (need === 'none') concludeUnread(call, observed, result)
  else void classifyCopy(call, observed, result, need)
  return result
}

/** `undefined` is a vendor's mistake, which must not cost the caller his reply. */
function needOf(call: Call, response: Response): BodyNeed | undefined {
  try {
    return bodyNeed(response, call.destination.vendor, call.destination.target, call.policy)
  } catch {
    return undefined
  }
}

function startObserving(call: Call): ObservedAttempt {
  const { engine, request, policy } = call
  const { service } = call.destination
  const startedAt = engine.clock.now()
  const { admission } = service
  const permit = admission.enter(startedAt, false)
  if (permit === undefined && call.hasObservers) {
    const { reason, retryAfter } = admission.refusal(startedAt)
    emitRefusal(call, reason, retryAfter, true)
  }
  call.attempt = 1
  service.activeCalls++
  if (call.hasObservers) emitAttemptStarted(call)
  return { permit, isResendable: request.isReplayable(policy.replayLimit), startedAt }
}

/** Concludes from a reply of which nothing has to be read. */
function concludeUnread(call: Call, observed: ObservedAttempt, result: Extract<CallResult, { type: 'reply' }>): void {
  const { response } = result
  const found = call.policy.classify && classifyUnread(response, call.classifyContext())
  const fault = found && faultOf(call, observed, redactedVerdict(call, found.verdict))
  conclude(call, observed, result, fault ?? fineOf(call, observed, response))
}

/** Reads a copy beside the caller, whose reply is his own. */
async function classifyCopy(
  call: Call,
  observed: ObservedAttempt,
  result: Extract<CallResult, { type: 'reply' }>,
  need: BodyNeed,
): Promise<void> {
  const { response } = result
  const copy = copyOf(response)
  const fine = fineOf(call, observed, response)
  let attempt: AttemptResult | undefined
  try {
    const reading =
      copy &&
      (await readBody(copy, { ...readLimits(response, need, call.policy.bodyNeed), ms: COPY_MS, signal: call.signal }))
    reading?.giveUp()
    const found = reading?.isFine
      ? undefined
      : classifyReply(response, reading ?? { text: '', complete: false }, call.classifyContext())
    const redacted = found && redactedVerdict(call, found.verdict)
    attempt = redacted === undefined ? fine : faultAlone(redacted, fine.ms)
  } catch {
    // Given up by the caller, or a vendor's mistake: neither says anything of the service.
  }
  conclude(call, observed, result, attempt)
}

/** A body that nobody may look into has secrets that nobody knows. */
const redactedVerdict = (call: Call, verdict: Verdict): Verdict =>
  call.request.hasUnreadBody ? withoutOwnCode(verdict) : redactCode(verdict, () => call.secrets())

/** Tells the shadow of breaker, budget and pause, and the observers. */
function conclude(
  call: Call,
  { permit, isResendable, startedAt }: ObservedAttempt,
  result: CallResult,
  attempt?: AttemptResult,
): void {
  const { engine } = call
  const { service, isSlowByNature, timeout } = call.destination
  const verdict = attempt?.type === 'fault' ? attempt.verdict : undefined
  const ms = attempt !== undefined && 'ms' in attempt ? attempt.ms : engine.clock.now() - call.startedAt
  const isInconclusive = attempt === undefined
  service.activeCalls--
  const { rateLimit, date } = call.classifyContext()
  const quota = result.type === 'reply' ? quotaOf(result.response, rateLimit, date) : undefined
  const recorded = { permit, startedAt, ms, timeout, verdict, quota, isInconclusive, isSlowByNature }
  const paused = record(service.admission, recorded, engine.clock.now())
  if (paused !== undefined && call.hasObservers) emitPause(call, paused)
  if (call.hasObservers) emitAttemptEnded(call, attempt ?? { type: 'aborted' }, ms)
  if (verdict !== undefined) wouldDo(call, verdict, isResendable)
  if (call.hasObservers) emitCallEnded(call, result, engine.clock.now() - call.startedAt)
}

function wouldDo(call: Call, verdict: Verdict, isResendable: boolean): void {
  let decision: Decision
  try {
    decision = decideOnly(call, verdict, isResendable)
  } catch {
    // A vendor's mistake, which acting would have ended with.
    return
  }
  const { admission } = call.destination.service
  if (decision.do === 'wait' && !isFree(call, verdict)) admission.spendToken(call.engine.clock.now())
  if (call.hasObservers) emitDecision(call, verdict, decision, true)
}

const sinceOf = ({ engine }: Call, { startedAt }: ObservedAttempt): number => engine.clock.now() - startedAt

const fineOf = (call: Call, observed: ObservedAttempt, response: Response) =>
  ({ type: 'reply', response, ms: sinceOf(call, observed) }) as const

const faultOf = (call: Call, observed: ObservedAttempt, verdict: Verdict) =>
  faultAlone(verdict, sinceOf(call, observed))
