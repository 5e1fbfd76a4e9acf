import { type BodyReading, readBody } from '../attempt/read.ts'
import { readLimits } from '../attempt/read-limits.ts'
import { isElsewhere } from '../attempt/redirect.ts'
import { discard } from '../attempt/reply.ts'
import type { AttemptResult } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import {
  bodyNeed,
  classifyFailure,
  classifyRefusedAnswer,
  classifyReply,
  classifyUnread,
  ownVerdict,
} from '../classify/classify.ts'
import type { ClassifyContext } from '../classify/context.ts'
import { limitToSession } from '../classify/limit-to-session.ts'
import type { Finding } from '../classify/of-caller.ts'
import { quotaOf } from '../classify/rate-limit/quota.ts'
import type { AttemptOutcome } from '../contract/attempt-outcome.ts'
import { LONGEST_TIMER } from '../contract/clock.ts'
import type { Session } from '../contract/session.ts'
import type { BodyNeed } from '../contract/vendor.ts'
import type { Verdict } from '../contract/verdict.ts'
import { redactCode } from '../error/redact-verdict.ts'
import { isSafeRequest } from '../request/repeatable.ts'
import { innerResult, secretsWithin, withInner } from './added/inner-failure.ts'
import { unsentIn, withUnknownOutcome, withUnsent } from './added/unsent.ts'
import { deliver } from './deliver.ts'

type Reply = Extract<AttemptOutcome, { type: 'reply' }>

/** Milliseconds for which the body of a failure is waited for. */
const FAILURE_MS = 10_000

/** Classifies the outcome of an attempt, reading as much of a body as it takes to know a success from a failure. */
export function inspect(call: Call, outcome: AttemptOutcome): AttemptResult | Promise<AttemptResult> {
  if (outcome.type === 'aborted') return outcome
  if (outcome.type !== 'reply') return failedResult(call, outcome)
  const { response, ms } = outcome
  const need = bodyNeedOf(call, response)
  if (need !== 'none') return readAndClassify(call, outcome, need)
  const found = call.policy.classify && classifyUnread(response, call.classifyContext())
  if (found !== undefined) return refusedUnread(call, outcome, found)
  const delivered = deliver(call, response)
  return delivered === response ? outcome : { type: 'reply', response: delivered, ms }
}

/** The result of an attempt without a reply to be read. */
function failedResult(call: Call, outcome: Exclude<AttemptOutcome, { type: 'reply' | 'aborted' }>): AttemptResult {
  const { ms, answeredByRedirect } = outcome
  const context = call.classifyContext()
  call.attemptDeadline?.release()
  if (outcome.type === 'redirect-refused') discard(outcome.response)
  const cause = outcome.type === 'thrown' && !outcome.timedOut ? outcome.thrown : undefined
  const inner = cause === undefined ? undefined : innerResult(call, cause, outcome)
  if (inner !== undefined) return inner
  const found = classifyFailure(outcome, context)
  const answered = found ?? answerOf(cause, context)
  if (answered === undefined) return { type: 'raw', thrown: cause }
  const isLate = answeredByRedirect || call.isDoubtful || found === undefined
  const unsent = isLate ? undefined : unsentIn(call, outcome)
  const verdict = isLate ? withUnknownOutcome(answered, context) : withUnsent(answered, unsent)
  const location = outcome.type === 'redirect-refused' ? outcome.response.headers.get('location') : null
  const { session } = call
  const fault = { type: 'fault', verdict, ms, session, reading: undefined, cause } as const
  return { ...fault, ...(location !== null && { location }), ...(unsent === 'queued' && { isUnsent: true }) }
}

const quotaIn = (response: Response, { rateLimit, date }: ClassifyContext) => quotaOf(response, rateLimit, date)

/** The verdict on an answer that fetch itself did not take, where it matters that one has come. */
const answerOf = (thrown: unknown, context: ClassifyContext): Verdict | undefined =>
  classifyRefusedAnswer(thrown, context, isSafeRequest(context.request, context.vendor))

function bodyNeedOf({ destination, policy, attemptDeadline }: Call, response: Response): BodyNeed {
  try {
    return bodyNeed(response, destination.vendor, destination.target, policy)
  } catch (thrown) {
    attemptDeadline?.release()
    discard(response)
    throw thrown
  }
}

async function readAndClassify(call: Call, reply: Reply, need: BodyNeed): Promise<AttemptResult> {
  const { response, ms } = reply
  const { attemptDeadline: deadline, session } = call
  const left = Math.max(0, Math.min(call.destination.timeout - ms, call.remaining))
  let reading: BodyReading
  try {
    reading = await readBody(response, {
      ...readLimits(response, need, call.policy.bodyNeed),
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
    const result = resultOf(call, reading, reply, session)
    return result instanceof Promise ? await result : result
  } catch (thrown) {
    reading.giveUp()
    throw thrown
  }
}

function resultOf(
  call: Call,
  reading: BodyReading,
  reply: Reply,
  session: Session | undefined,
): AttemptResult | Promise<AttemptResult> {
  const { response, ms } = reply
  const context = call.classifyContext()
  const unread = response.status >= 400 ? undefined : unreadVerdict(context, reading, ms)
  if (unread !== undefined) {
    reading.giveUp()
    const verdict = withUnknownOutcome(unread, context)
    return { type: 'fault', verdict, ms, session, reading: undefined, cause: reading.broken, replyHadBegun: true }
  }
  const found = reading.isFine ? undefined : classifyReply(response, reading, context)
  return found === undefined
    ? { type: 'reply', response: reading.passOn(), ms }
    : faultOf(call, reading, reply, session, found)
}

/** A fault that was found in a reply, as it may be told. */
function faultOf(
  call: Call,
  reading: BodyReading,
  { response, ms, answeredByRedirect }: Reply,
  session: Session | undefined,
  { verdict: found, cause }: Finding,
): AttemptResult | Promise<AttemptResult> {
  const context = call.classifyContext()
  const tell = () => {
    const redacted = redactCode(found, () => call.secrets({ session, reading }))
    const isDoubtful = (answeredByRedirect ?? response.redirected) || call.isDoubtful
    const verdict = limitToSession(isDoubtful ? withUnknownOutcome(redacted, context) : redacted, session)
    const quota = quotaIn(response, context)
    const foreign = isElsewhere(response, context.request) && { isElsewhere: true }
    return withInner({ type: 'fault', verdict, ms, session, reading, cause, quota, ...foreign }, response)
  }
  call.addSecrets(secretsWithin(response))
  const looking = call.request.readForSecrets(call.policy.replayLimit, call)
  return looking === undefined ? tell() : looking.then(tell)
}

/** A reply that its caller calls a failure without having seen its body. */
async function refusedUnread(call: Call, reply: Reply, found: Finding): Promise<AttemptResult> {
  const { attemptDeadline: deadline, session } = call
  const idle = call.policy.bodyTimeout || undefined
  const reading = await readBody(reply.response, { bytes: 0, ms: 0, idle, onEnd: () => deadline?.release() })
  return faultOf(call, reading, reply, session, found)
}

/** The verdict on a success that cannot be read as far as it has to be. */
function unreadVerdict(context: ClassifyContext, { late, broken }: BodyReading, ms: number): Verdict | undefined {
  if (late) return ownVerdict('ATTEMPT_TIMEOUT', context)
  return broken === undefined
    ? undefined
    : classifyFailure({ type: 'thrown', thrown: broken, timedOut: false, ms }, context)
}
