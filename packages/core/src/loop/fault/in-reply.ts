import type { BodyReading } from '../../attempt/read.ts'
import { isElsewhere } from '../../attempt/redirect.ts'
import { isDoubtful as isDoubtfulReply } from '../../attempt/reply.ts'
import { type FailedAttempt, faultAlone } from '../../call/attempt-result.ts'
import { classifyFailure, ownVerdict } from '../../classify/classify.ts'
import type { ClassifyContext } from '../../classify/context.ts'
import { limitToSession } from '../../classify/limit-to-session.ts'
import type { Finding } from '../../classify/of-caller.ts'
import { quotaOf } from '../../classify/rate-limit/quota.ts'
import type { AttemptOutcome } from '../../contract/attempt-outcome.ts'
import type { Session } from '../../contract/session.ts'
import type { Verdict } from '../../contract/verdict.ts'
import { redactCode } from '../../error/redact-verdict.ts'
import { secretsWithin, withInner } from './of-inner-client.ts'
import { withUnknownOutcome } from './outcome.ts'

type Reply = Extract<AttemptOutcome, { type: 'reply' }>

/** The parts of a call by which a fault in its reply is judged. */
interface AnsweredCall {
  readonly isDoubtful: boolean
  classifyContext(): ClassifyContext
  addSecrets(secrets: readonly string[]): void
  secrets(attempt: Pick<FailedAttempt, 'session' | 'reading'>): readonly string[]
}

/** The failed attempt for a fault that was found in a reply. The request's body must have been read for secrets before. */
export function foundFault(
  call: AnsweredCall,
  reading: BodyReading | undefined,
  { response, ms, answeredByRedirect }: Reply,
  session: Session | undefined,
  { verdict: found, cause }: Finding,
): FailedAttempt {
  const context = call.classifyContext()
  call.addSecrets(secretsWithin(response))
  const redacted = redactCode(found, () => call.secrets({ session, reading }))
  const isDoubtful = (answeredByRedirect ?? response.redirected) || call.isDoubtful || isDoubtfulReply(response)
  const verdict = limitToSession(isDoubtful ? withUnknownOutcome(redacted, context) : redacted, session)
  const quota = quotaIn(response, context)
  const foreign = isElsewhere(response, context.request) && { isElsewhere: true }
  return withInner({ type: 'fault', verdict, ms, session, reading, cause, quota, ...foreign }, response)
}

const quotaIn = (response: Response, { rateLimit }: ClassifyContext) => quotaOf(response, rateLimit)

/** The fault of a success whose body cannot be read as far as needed. */
export function unreadFault(
  call: Pick<AnsweredCall, 'classifyContext'>,
  reading: BodyReading,
  { response, ms }: Reply,
  session: Session | undefined,
): FailedAttempt | undefined {
  if (response.status >= 400 || (!reading.late && reading.broken === undefined)) return undefined
  const context = call.classifyContext()
  const unread = unreadVerdict(context, reading, ms)
  if (unread === undefined) return undefined
  const fault = faultAlone(withUnknownOutcome(unread, context), ms, reading.broken, session)
  return { ...fault, replyHadBegun: true }
}

const unreadVerdict = (context: ClassifyContext, { late, broken }: BodyReading, ms: number): Verdict | undefined =>
  late
    ? ownVerdict('ATTEMPT_TIMEOUT', context)
    : classifyFailure({ type: 'thrown', thrown: broken, timedOut: false, ms }, context)
