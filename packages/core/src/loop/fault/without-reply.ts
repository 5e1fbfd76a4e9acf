import type { Deadline } from '../../attempt/deadline.ts'
import { discard } from '../../attempt/reply.ts'
import { type AttemptResult, faultAlone } from '../../call/attempt-result.ts'
import type { Fetch } from '../../call/engine.ts'
import { classifyFailure, classifyRefusedAnswer } from '../../classify/classify.ts'
import type { ClassifyContext } from '../../classify/context.ts'
import type { AttemptOutcome } from '../../contract/attempt-outcome.ts'
import type { Session } from '../../contract/session.ts'
import type { Verdict } from '../../contract/verdict.ts'
import { isUndici } from '../../http/thrown.ts'
import { isSafeRequest } from '../../request/repeatable.ts'
import { type AroundCall, innerResult } from './of-inner-client.ts'
import { unsentIn, withUnknownOutcome, withUnsent } from './outcome.ts'

/** The parts of a call by which an attempt without a reply is judged. */
interface UnansweredCall extends AroundCall {
  readonly engine: { readonly fetch: Fetch }
  readonly session: Session | undefined
  readonly attemptDeadline: Deadline | undefined
}

type UnansweredOutcome = Exclude<AttemptOutcome, { type: 'reply' | 'aborted' }>

/** The result of an attempt without a usable reply. */
export function failedResult(call: UnansweredCall, outcome: UnansweredOutcome): AttemptResult {
  const { ms, answeredByRedirect } = outcome
  const context = call.classifyContext()
  call.attemptDeadline?.release()
  if (outcome.type === 'redirect-refused') discard(outcome.response)
  const cause = causeOf(outcome)
  const inner = outcome.type !== 'thrown' || cause === undefined ? undefined : innerResult(call, cause, outcome)
  if (inner !== undefined) return inner
  const found = classifyFailure(outcome, context)
  const answered = found ?? answerOf(cause, context)
  if (answered === undefined) return { type: 'raw', thrown: cause }
  const isLate = answeredByRedirect || call.isDoubtful || found === undefined || isSentOn(outcome, answered)
  const unsent = isLate ? undefined : unsentIn(outcome, call.engine.fetch, call.attemptDeadline)
  const verdict = isLate ? withUnknownOutcome(answered, context) : withUnsent(answered, unsent)
  const location = outcome.type === 'redirect-refused' ? outcome.response.headers.get('location') : null
  const fault = faultAlone(verdict, ms, cause, call.session)
  return { ...fault, ...(location !== null && { location }), ...(unsent === 'queued' && { isUnsent: true }) }
}

/** True if a redirect may have been followed by a given fetch whose error does not tell. */
const isSentOn = (outcome: UnansweredOutcome, { fault }: Verdict): boolean =>
  outcome.type === 'thrown' && fault.code === 'REDIRECT_REFUSED' && !isUndici(outcome.thrown)

const causeOf = (outcome: UnansweredOutcome): unknown =>
  outcome.type === 'redirect-refused' ? outcome.cause : outcome.timedOut ? undefined : outcome.thrown

/** The verdict on an answer that fetch did not accept. */
const answerOf = (thrown: unknown, context: ClassifyContext): Verdict | undefined =>
  classifyRefusedAnswer(thrown, context, isSafeRequest(context.request, context.vendor))
