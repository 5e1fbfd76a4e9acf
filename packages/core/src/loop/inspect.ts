import type { EndedSending } from '../attempt/attempt.ts'
import type { Deadline } from '../attempt/deadline.ts'
import { type BodyReading, readBody } from '../attempt/read.ts'
import { readLimits } from '../attempt/read-limits.ts'
import type { AttemptResult } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import {
  bodyNeed,
  type ClassifyContext,
  classifyFailure,
  classifyRefusedAnswer,
  classifyReply,
  classifyUnread,
  ownVerdict,
} from '../classify/classify.ts'
import { limitToSession } from '../classify/limit-to-session.ts'
import type { Finding } from '../classify/of-caller.ts'
import { quotaOf } from '../classify/rate-limit/quota.ts'
import { LONGEST_TIMER } from '../contract/clock.ts'
import type { Session } from '../contract/session.ts'
import type { BodyNeed } from '../contract/vendor.ts'
import type { Verdict } from '../contract/verdict.ts'
import { redactCode } from '../error/redact-verdict.ts'
import { isSafeRequest } from '../request/repeatable.ts'
import { deliver } from './deliver.ts'

/** Milliseconds for which the body of a failure is waited for. */
const FAILURE_MS = 10_000

/** Classifies the outcome of an attempt, reading as much of a body as it takes to know a success from a failure. */
export function inspectReply(
  call: Call,
  sending: EndedSending,
  session: Session | undefined,
): AttemptResult | Promise<AttemptResult> {
  const { outcome, deadline } = sending
  if (outcome.type === 'aborted') return { type: 'aborted' }
  const context = call.classifyContext()
  const { ms, answeredByRedirect } = outcome
  if (outcome.type !== 'reply') {
    deadline?.release()
    if (outcome.type === 'redirect-refused') void outcome.response.body?.cancel().catch(() => {})
    const cause = outcome.type === 'thrown' && !outcome.timedOut ? outcome.thrown : undefined
    const found = classifyFailure(outcome, context)
    const answered = found ?? answerOf(cause, context)
    if (answered === undefined) return { type: 'raw', thrown: cause }
    const verdict = answeredByRedirect || found === undefined ? withUnknownOutcome(answered, context) : answered
    const location = outcome.type === 'redirect-refused' ? outcome.response.headers.get('location') : null
    return { type: 'fault', verdict, ms, session, reading: undefined, cause, ...(location !== null && { location }) }
  }
  const { response } = outcome
  const need = bodyNeedOf(response, context, deadline)
  if (need === 'none') {
    const found = context.classify && classifyUnread(response, context)
    if (found === undefined) {
      return { type: 'fine', response: deliver(call, sending, response), ms, quota: quotaIn(response, context) }
    }
    return refusedUnread(call, sending, { response, need, ms, answeredByRedirect, session, context }, found)
  }
  return readAndClassify(call, sending, { response, need, ms, answeredByRedirect, session, context })
}

const quotaIn = (response: Response, { rateLimit, date }: ClassifyContext) => quotaOf(response, rateLimit, date)

/** The verdict on an answer that fetch itself did not take, where it matters that one has come. */
const answerOf = (thrown: unknown, context: ClassifyContext): Verdict | undefined =>
  classifyRefusedAnswer(thrown, context, isSafeRequest(context.request, context.vendor))

function bodyNeedOf(response: Response, context: ClassifyContext, deadline: Deadline | undefined): BodyNeed {
  try {
    return bodyNeed(response, context)
  } catch (thrown) {
    deadline?.release()
    void response.body?.cancel().catch(() => {})
    throw thrown
  }
}

/** A reply whose body must be read to classify it. */
interface UnreadReply {
  readonly response: Response
  readonly need: BodyNeed
  readonly ms: number
  readonly answeredByRedirect: boolean | undefined
  readonly session: Session | undefined
  readonly context: ClassifyContext
}

async function readAndClassify(call: Call, { deadline }: EndedSending, reply: UnreadReply): Promise<AttemptResult> {
  const { response, need, ms, context } = reply
  const left = Math.max(0, Math.min(call.destination.timeout - ms, call.remaining))
  let reading: BodyReading
  try {
    reading = await readBody(response, {
      ...readLimits(response, need, context.bodyNeed),
      ms: Math.min(left, response.status >= 400 ? FAILURE_MS : LONGEST_TIMER),
      signal: call.signal,
      idle: call.policy.bodyTimeout || undefined,
      onEnd: () => deadline?.release(),
    })
  } catch (thrown) {
    deadline?.release()
    // A body that was read before is a mistake of the given fetch.
    return call.signal?.aborted ? { type: 'aborted' } : { type: 'raw', thrown }
  }
  try {
    return await resultOf(call, reading, reply)
  } catch (thrown) {
    reading.buffered()
    throw thrown
  }
}

async function resultOf(call: Call, reading: BodyReading, reply: UnreadReply): Promise<AttemptResult> {
  const { response, ms, session, context } = reply
  const unread = response.status >= 400 ? undefined : unreadVerdict(context, reading, ms)
  if (unread !== undefined) {
    reading.buffered()
    const verdict = withUnknownOutcome(unread, context)
    return { type: 'fault', verdict, ms, session, reading: undefined, cause: reading.broken, replyHadBegun: true }
  }
  const found = reading.isFine ? undefined : classifyReply(response, reading, context)
  if (found !== undefined) return faultOf(call, reading, reply, found)
  return { type: 'fine', response: reading.passOn(), ms, quota: quotaIn(response, context) }
}

/** A fault that was found in a reply, as it may be told. */
async function faultOf(
  call: Call,
  reading: BodyReading,
  { response, ms, answeredByRedirect, session, context }: UnreadReply,
  { verdict: found, cause }: Finding,
): Promise<AttemptResult> {
  await call.request.readForSecrets(call.policy.replayLimit)
  const redacted = redactCode(found, () => call.secrets({ session, reading }))
  const verdict = limitToSession(answeredByRedirect ? withUnknownOutcome(redacted, context) : redacted, session)
  return { type: 'fault', verdict, ms, session, reading, cause, quota: quotaIn(response, context) }
}

/** A reply that its caller calls a failure without having seen its body. */
async function refusedUnread(
  call: Call,
  { deadline }: EndedSending,
  reply: UnreadReply,
  found: Finding,
): Promise<AttemptResult> {
  const idle = call.policy.bodyTimeout || undefined
  const reading = await readBody(reply.response, { bytes: 0, ms: 0, idle, onEnd: () => deadline?.release() })
  return faultOf(call, reading, reply, found)
}

/** The verdict on a success that cannot be read as far as it has to be. */
function unreadVerdict(context: ClassifyContext, { late, broken }: BodyReading, ms: number): Verdict | undefined {
  if (late) return ownVerdict('ATTEMPT_TIMEOUT', context)
  return broken === undefined
    ? undefined
    : classifyFailure({ type: 'thrown', thrown: broken, timedOut: false, ms }, context)
}

/** A verdict on something that came after the answer to a request, so that it does not tell whether that was done. */
function withUnknownOutcome(verdict: Verdict, { request, vendor }: ClassifyContext): Verdict {
  if (isSafeRequest(request, vendor)) return verdict
  return { ...verdict, outcome: 'unknown', fault: { ...verdict.fault, inTask: true } }
}
