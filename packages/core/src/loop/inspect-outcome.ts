import { type BodyReading, readBody } from '../attempt/read.ts'
import { hasBody, readerOf, withBody } from '../attempt/replayed-response.ts'
import { discard } from '../attempt/reply.ts'
import type { AttemptResult } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import { bodyNeed, readLimits } from '../classify/body-need.ts'
import { classifyReply, classifyUnread } from '../classify/classify.ts'
import type { Finding } from '../classify/of-caller.ts'
import type { AttemptOutcome } from '../contract/attempt-outcome.ts'
import { LONGEST_TIMER } from '../contract/clock.ts'
import type { Session } from '../contract/session.ts'
import type { BodyNeed } from '../contract/vendor.ts'
import { isRequest } from '../request/is-request.ts'
import { foundFault, unreadFault } from './fault/in-reply.ts'
import { failedResult } from './fault/without-reply.ts'

type Reply = Extract<AttemptOutcome, { type: 'reply' }>

/** Most milliseconds for reading the body of a failure. */
const FAILURE_MS = 10_000

/**
 * Classifies the outcome of an attempt, and reads as much of a body as that needs. An exception in a vendor's hook is a result as
 * well; after a body was read, it rejects.
 */
export function inspect(call: Call, outcome: AttemptOutcome): AttemptResult | Promise<AttemptResult> {
  try {
    return resultOf(call, outcome)
  } catch (thrown) {
    call.attemptDeadline?.release()
    return { type: 'raw', thrown, isMistake: true }
  }
}

function resultOf(call: Call, outcome: AttemptOutcome): AttemptResult | Promise<AttemptResult> {
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

function bodyNeedOf({ destination, policy }: Call, response: Response): BodyNeed {
  try {
    return bodyNeed(response, destination.vendor, destination.target, policy)
  } catch (thrown) {
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
      ...readLimits(response, need, call.policy),
      ms: Math.min(left, response.status >= 400 ? FAILURE_MS : LONGEST_TIMER),
      signal: call.signal,
      attempt: deadline,
      idle: call.policy.bodyTimeout || undefined,
      onEnd: () => deadline?.release(),
    })
  } catch (thrown) {
    deadline?.release()
    // If the body was read before, that is a bug in the given fetch.
    return call.signal?.aborted ? { type: 'aborted' } : { type: 'raw', thrown }
  }
  try {
    const result = resultOfReading(call, reading, reply, session)
    return result instanceof Promise ? await result : result
  } catch (thrown) {
    reading.giveUp()
    throw thrown
  }
}

function resultOfReading(
  call: Call,
  reading: BodyReading,
  reply: Reply,
  session: Session | undefined,
): AttemptResult | Promise<AttemptResult> {
  const { response, ms } = reply
  const unread = unreadFault(call, reading, reply, session)
  if (unread !== undefined) {
    reading.giveUp()
    return unread
  }
  const found = reading.isFine ? undefined : classifyReply(response, reading, call.classifyContext())
  return found === undefined
    ? { type: 'reply', response: reading.passOn(), ms }
    : faultOf(call, reading, reply, session, found)
}

/** The result for a fault that was found in a reply, after the request was searched for secrets. */
function faultOf(
  call: Call,
  reading: BodyReading,
  reply: Reply,
  session: Session | undefined,
  found: Finding,
): AttemptResult | Promise<AttemptResult> {
  const tell = () => foundFault(call, reading, reply, session, found)
  const looking = call.request.readForSecrets(call.policy.replayLimit, call)
  return looking === undefined ? tell() : looking.then(tell)
}

/** The result for a reply that the `classify` option calls a failure without having seen its body. */
async function refusedUnread(call: Call, reply: Reply, found: Finding): Promise<AttemptResult> {
  const { attemptDeadline: deadline, session } = call
  const idle = call.policy.bodyTimeout || undefined
  const reading = await readBody(reply.response, { bytes: 0, ms: 0, idle, onEnd: () => deadline?.release() })
  return faultOf(call, reading, reply, session, found)
}

/** The reply of fetch; with a body of the engine's only if the caller's signal or an idle limit must still act on it. */
function deliver(call: Call, response: Response): Response {
  const { policy, signal, attemptDeadline: deadline } = call
  const idle = policy.bodyTimeout || undefined
  const watched = deadline !== undefined && signal != null && mustHold(call)
  if ((!watched && idle === undefined) || !hasBody(response) || response.body === null) {
    deadline?.release()
    return response
  }
  return withBody(response, { rest: readerOf(response.body), idle, onEnd: () => deadline?.release() })
}

/**
 * False if fetch itself has the caller's signal, as it has without a time limit. The signal of a `Request` works only until the
 * `Request` is collected.
 */
const mustHold = ({ attemptTimeout, request }: Call): boolean =>
  attemptTimeout < Number.POSITIVE_INFINITY || isRequest(request.given[0])
