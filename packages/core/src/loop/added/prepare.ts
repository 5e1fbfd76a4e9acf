import { Deadline } from '../../attempt/deadline.ts'
import { type AttemptResult, type FailedAttempt, faultAlone } from '../../call/attempt-result.ts'
import type { Call } from '../../call/call.ts'
import { secretsOfBody } from '../../call/shown/secrets.ts'
import { ownVerdict } from '../../classify/classify.ts'
import { optionMistake } from '../../classify/of-caller.ts'
import { systemClock } from '../../contract/clock.ts'
import { OptionsError } from '../../error/options-error.ts'
import { attemptHeaders } from '../../options/attempt-headers.ts'
import { deadlineHeader } from '../../request/made/deadline-header.ts'
import { secretsOfHeaders } from '../../secrets/credentials-in-headers.ts'

/** True if something has to be made for each attempt. */
export const isPrepared = ({ policy, request, idempotencyKey }: Call): boolean =>
  policy.beforeAttempt !== undefined ||
  policy.deadlineHeader !== undefined ||
  idempotencyKey !== undefined ||
  request.bodies !== undefined

/** Makes the body and the headers of the attempt under way, within its time. @returns its fault, if they cannot be made. */
export async function prepare(call: Call): Promise<Extract<AttemptResult, { type: 'fault' | 'aborted' }> | undefined> {
  const timeout = call.attemptTimeout
  const startedAt = systemClock.now()
  const deadline = new Deadline(Number.isFinite(timeout) ? timeout : undefined, call.signal, call.request.givenInput)
  call.attemptDeadline = deadline
  let option = 'resilience.body'
  try {
    const body = renewBody(call)
    // The caller's functions need not observe a signal.
    if (body !== undefined) await deadline.until(body)
    option = 'beforeAttempt'
    const added = await addedHeaders(call, deadline)
    call.history.preparedFor = systemClock.now() - startedAt
    call.attemptStartedAt = systemClock.now()
    call.prepared = headersOf(call, added, call.attemptTimeout)
    call.headers = undefined
    return undefined
  } catch (thrown) {
    if (call.signal?.aborted) return { type: 'aborted' }
    const isLate = deadline.timedOut || call.isTerminated
    const late = () => new OptionsError(option, `took longer than the ${Math.round(timeout)} ms of the attempt.`)
    return unsent(call, isLate ? late() : optionMistake(option, thrown), systemClock.now() - startedAt)
  } finally {
    deadline.release()
  }
}

/** Makes the next body, if a function of the caller's does. An answer to that may still repeat secrets of the body before. */
export function renewBody(call: Call): Promise<void> | undefined {
  const { request, destination } = call
  const { bodies } = request
  if (bodies?.sent !== undefined)
    call.addSecrets(
      secretsOfBody(request.bodyForSecrets, request.factsForSecrets(destination.target), destination.vendor),
    )
  return bodies?.renew()
}

/** The headers from `beforeAttempt`. */
async function addedHeaders(call: Call, deadline: Deadline): Promise<Headers | undefined> {
  const { policy, attempt, destination } = call
  const { beforeAttempt } = policy
  if (beforeAttempt === undefined) return undefined
  const ask = async () => beforeAttempt({ request: destination.target, attempt, signal: deadline.signal })
  const added = attemptHeaders(await deadline.until(ask()))
  call.addSecrets(secretsOfHeaders(added, destination.vendor?.secretHeaders))
  return added
}

/** The headers of the request with those that options add. */
function headersOf(call: Call, added: Headers | undefined, left: number): Headers | undefined {
  const { policy, idempotencyKey, request } = call
  const limit = policy.deadlineHeader && deadlineHeader(policy.deadlineHeader, left)
  if (added === undefined && limit === undefined && idempotencyKey === undefined) return undefined
  const headers = new Headers(request.headers)
  for (const [name, value] of added ?? []) headers.set(name, value)
  if (idempotencyKey !== undefined) headers.set(idempotencyKey.header, idempotencyKey.value)
  if (limit !== undefined) headers.set(...limit)
  return headers
}

const unsent = (call: Call, cause: OptionsError, ms: number): FailedAttempt => ({
  ...faultAlone({ ...ownVerdict('OPTION_FAILED', call.classifyContext()), outcome: 'rejected' }, ms, cause),
  isUnsent: true,
})
