import { decideOnly, isFree, withinOuter } from '../act/act.ts'
import { Deadline } from '../attempt/deadline.ts'
import { readBody } from '../attempt/read.ts'
import { copyOf } from '../attempt/reply.ts'
import type { AttemptResult, FailedAttempt } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import type { CallResult } from '../call/call-result.ts'
import { emitCallEnded, emitDecision, emitRefusal } from '../call/shown/events.ts'
import { bodyNeed, readLimits } from '../classify/body-need.ts'
import { classifyReply, classifyUnread } from '../classify/classify.ts'
import { systemClock } from '../contract/clock.ts'
import type { Decision } from '../contract/decision.ts'
import type { BodyNeed } from '../contract/vendor.ts'
import { withoutOwnCode } from '../error/redact-verdict.ts'
import { sendAsGiven } from '../request/made/send-as-given.ts'
import type { FetchArguments } from '../request/replayable-request.ts'
import { Background } from './background.ts'
import { finishAttempt, giveBack, startAttempt } from './count-attempt.ts'
import { foundFault, unreadFault } from './fault/in-reply.ts'
import { failedResult } from './fault/without-reply.ts'

/** Most milliseconds for reading a copy of a body. */
const COPY_MS = 10_000

type Fine = Extract<AttemptResult, { type: 'reply' }>

/** The result if the caller aborts, or a vendor's hook throws: neither says anything about the service. */
const INCONCLUSIVE = { type: 'aborted' } as const

/**
 * Makes one attempt exactly as the caller wrote it. Breaker, budget and pause run beside it, and events say what they would have
 * done. What takes time, such as reading a body, is done after the caller has the reply.
 */
export async function observe(call: Call): Promise<CallResult> {
  startObserving(call)
  let response: Response
  try {
    response = await sendAsGiven((...given) => handToFetch(call, given), call.request)
  } catch (thrown) {
    const result = { type: 'raw', thrown } as const
    const isOwn = call.signal?.aborted === true
    conclude(call, result, isOwn ? INCONCLUSIVE : judged(() => failedResult(call, failureOf(call, thrown))))
    return result
  }
  const reply: Fine = { type: 'reply', response, ms: systemClock.now() - call.attemptStartedAt }
  const need = needOf(call, response)
  if (need === undefined) conclude(call, reply, INCONCLUSIVE)
  else if (need !== 'none') void classifyCopy(call, reply, need)
  else
    conclude(
      call,
      reply,
      judged(() => unreadResult(call, reply)),
    )
  return reply
}

/** Gives the request to `fetch`, unless its call was ended from outside while its body was made. */
function handToFetch(call: Call, given: FetchArguments): Promise<Response> {
  if (call.isTerminated) throw call.closing.reason
  call.hasLeft = true
  const { fetch } = call.engine
  return fetch(...given)
}

const failureOf = (call: Call, thrown: unknown) =>
  ({ type: 'thrown', thrown, timedOut: false, ms: systemClock.now() - call.attemptStartedAt }) as const

/** The result; inconclusive if a vendor's hook throws, because the caller must get the reply all the same. */
function judged(judge: () => AttemptResult): AttemptResult {
  try {
    return judge()
  } catch {
    return INCONCLUSIVE
  }
}

/** The part of the body to read; `undefined` if a vendor's hook throws, because the caller must get the reply all the same. */
function needOf(call: Call, response: Response): BodyNeed | undefined {
  try {
    return bodyNeed(response, call.destination.vendor, call.destination.target, call.policy)
  } catch {
    return undefined
  }
}

function startObserving(call: Call): void {
  const { admission } = call.destination.service
  const startedAt = systemClock.now()
  call.permit = admission.enter(startedAt, false, call.policy.patience === 0)
  if (call.permit === undefined && call.hasObservers) {
    const { reason, retryAfter } = admission.refusal(startedAt)
    emitRefusal(call, reason, retryAfter, true)
  }
  startAttempt(call, undefined, startedAt)
}

/** The result of a reply whose body need not be read. */
function unreadResult(call: Call, reply: Fine): AttemptResult {
  const found = call.policy.classify && classifyUnread(reply.response, call.classifyContext())
  return found === undefined ? reply : shown(call, foundFault(call, undefined, reply, undefined, found))
}

/** Reads and classifies a copy of the reply, which the caller has. */
async function classifyCopy(call: Call, reply: Fine, need: BodyNeed): Promise<void> {
  const { response } = reply
  const copy = copyOf(response)
  const limits = new Deadline(undefined, call.signal)
  const reader = new Background(call.engine, (reason) => {
    limits.giveUp(reason)
    conclude(call, reply, INCONCLUSIVE)
  })
  let attempt: AttemptResult = INCONCLUSIVE
  try {
    const reading =
      copy &&
      (await readBody(copy, {
        ...readLimits(response, need, call.policy),
        ms: COPY_MS,
        signal: limits.ofFetch,
      }))
    reading?.giveUp()
    // A body that is too late for this reading may still be in time for the caller.
    const unread = reading === undefined || reading.late ? undefined : unreadFault(call, reading, reply, undefined)
    const found =
      unread !== undefined || reading?.isFine
        ? undefined
        : classifyReply(response, reading ?? { text: '', complete: false }, call.classifyContext())
    attempt = unread ?? (found === undefined ? reply : shown(call, foundFault(call, reading, reply, undefined, found)))
  } catch {
    // As `INCONCLUSIVE` says.
  }
  limits.release()
  if (reader.end()) conclude(call, reply, attempt)
}

/** The fault without a code from the server, if the request's body could not be searched for secrets. */
const shown = (call: Call, failed: FailedAttempt): FailedAttempt =>
  call.request.hasUnreadBody ? { ...failed, verdict: withoutOwnCode(failed.verdict) } : failed

/** Records the result in breaker, budget and pause, and emits its events. */
function conclude(call: Call, result: CallResult, attempt: AttemptResult): void {
  try {
    finishAttempt(call, attempt, true)
    if (attempt.type === 'fault') wouldDo(call, attempt)
    if (call.hasObservers) emitCallEnded(call, result, systemClock.now() - call.startedAt)
  } catch {
    // After an exception in a vendor's hook, the caller must get the reply all the same.
    giveBack(call)
  }
}

function wouldDo(call: Call, failed: FailedAttempt): void {
  const { verdict } = failed
  let decision: Decision
  try {
    const isResendable = call.request.isReplayable(call.policy.replayLimit)
    decision = withinOuter(call, failed, decideOnly(call, verdict, isResendable))
  } catch {
    // An exception in a vendor's hook, which in the mode `act` would have ended the call.
    return
  }
  const { admission } = call.destination.service
  if (decision.do === 'wait' && !isFree(call, verdict)) admission.spendToken(systemClock.now())
  if (call.hasObservers) emitDecision(call, verdict, decision, true)
}
