import type { Deadline } from '../attempt/deadline.ts'
import { type FailedAttempt, releaseReply } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import { AGAIN, type RoundEnd } from '../call/call-result.ts'
import { prereadBody } from '../call/preread-body.ts'
import type { ConflictAnswer } from '../contract/policy.ts'
import { OptionsError } from '../error/options-error.ts'
import { redactVerdict } from '../error/redact-verdict.ts'
import { redactRequest } from '../error/request-line.ts'
import { kindOf } from '../error/shown-value.ts'
import type { Policy } from '../options/policy.ts'
import { isRequest } from '../request/is-request.ts'
import { type FetchArguments, ReplayableRequest } from '../request/replayable-request.ts'
import { withDefaults } from '../request/snapshot.ts'
import { Redactor } from '../secrets/redact.ts'
import { acceptConflict } from './accept-conflict.ts'
import { failCall, makeFailure } from './fail-call.ts'

/**
 * Calls `onConflict` and does what it answers.
 *
 * @throws the user's own error, or the error of a request that cannot be made.
 */
export async function resolveConflict(call: Call, failed: FailedAttempt, policy: Policy): Promise<RoundEnd> {
  const deadline = call.deadline()
  // By it the call can be ended from outside while its user is asked.
  call.attemptDeadline = deadline
  let answer: ConflictAnswer
  try {
    answer = await askUser(call, failed, policy, deadline)
  } catch (thrown) {
    if (deadline.timedOut) return failCall(call, failed, 'deadline')
    throw thrown
  } finally {
    deadline.release()
  }
  if (answer === 'accept') return acceptConflict(failed, call.destination, makeFailure(call, failed, 'conflict'))
  if (answer === 'fail') return failCall(call, failed, 'conflict')
  if (call.history.retries + call.history.busyRetries >= policy.limit) return failCall(call, failed, 'attempts')
  const isOther = isRequest(answer) || answer.init !== undefined
  const request = isOther ? requestOf(call, answer) : await sameRequestAt(call, answer.url)
  if (request === undefined) return failCall(call, failed, 'body-not-replayable')
  await prereadBody(call.engine, request, policy.replayLimit)
  call.history.retries++
  releaseReply(failed)
  call.replaceRequest(request, isOther)
  return AGAIN
}

/** The user's answer, unless time runs out or the caller aborts before. */
function askUser(
  call: Call,
  failed: FailedAttempt,
  { onConflict }: Policy,
  deadline: Deadline,
): Promise<ConflictAnswer> {
  return new Promise((resolve, reject) => {
    deadline.onAbort = reject
    const ask = async () => {
      const redactor = new Redactor(call.secrets(failed))
      const shown = redactRequest(call.shown.request, redactor)
      return conflictAnswer(await onConflict?.(redactVerdict(failed.verdict, redactor), shown))
    }
    ask().then(resolve, reject)
  })
}

/**
 * Checks what `onConflict` returned; nothing means `fail`.
 *
 * @throws {OptionsError} if it is not an answer: a mistake must not send a request again.
 */
function conflictAnswer(answer: unknown): ConflictAnswer {
  if (answer === undefined || answer === null) return 'fail'
  if (answer === 'fail' || answer === 'accept' || isRequest(answer) || isNext(answer)) return answer
  const forms = "'fail', 'accept', a `Request`, or an object with a `url`, an `init` or both"
  throw new OptionsError('onConflict', `must answer ${forms}, got ${kindOf(answer)}.`)
}

type Next = Extract<ConflictAnswer, { readonly init?: RequestInit }>

function isNext(answer: unknown): answer is Next {
  if (typeof answer !== 'object' || answer === null) return false
  // Own members only: a `Response` has a `url` as well, which is not the address for a request.
  const { url, init, ...others }: Readonly<Record<string, unknown>> = { ...answer }
  if (Object.keys(others).length > 0 || (url === undefined && init === undefined)) return false
  const isAddress = url === undefined || (typeof url === 'string' && url !== '') || url instanceof URL
  return isAddress && (init === undefined || isInit(init))
}

/** False for lists, maps and headers: they have no members that fetch reads, so the request would be sent without its body. */
const isInit = (init: unknown): boolean => typeof init === 'object' && init !== null && !(Symbol.iterator in init)

/** The request in an answer, with the client's defaults and the caller's own signal. */
function requestOf({ engine, request, signal }: Call, answer: Exclude<ConflictAnswer, string>): ReplayableRequest {
  const isWhole = isRequest(answer)
  const { url, method } = request.facts
  const input = isWhole ? answer : (answer.url ?? url)
  const init = withDefaults(engine.init, input, isWhole ? undefined : { method, ...answer.init })
  return new ReplayableRequest(input, signal == null ? init : { ...init, signal })
}

/** The same request at another address; `undefined` if its body cannot be sent again. */
async function sameRequestAt(call: Call, to: string | URL | undefined) {
  const { request } = call
  const url = to ?? request.facts.url
  if (!(await request.prepareResend(call))) return undefined
  const again = (...given: FetchArguments) => new ReplayableRequest(...given, request.bodies?.options)
  return request.handTo(again, { url: String(url) })
}
