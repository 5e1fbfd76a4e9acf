import type { Deadline } from '../attempt/deadline.ts'
import type { ConflictAnswer } from '../contract/policy.ts'
import type { Policy } from '../options/policy.ts'
import { withDefaults } from '../request/defaults.ts'
import { isRequest } from '../request/is-request.ts'
import { Message } from '../request/message.ts'
import type { Call } from './call.ts'
import type { Ending } from './ending.ts'
import { makeFailure, putAside } from './failure.ts'
import { readAhead } from './read-ahead.ts'
import { discard, replyOf, type SeenFault } from './seen.ts'

/** Asks the user about a conflict and does what he says. `undefined` means: again. */
export async function ask(call: Call, seen: SeenFault, policy: Policy): Promise<Ending | undefined> {
  const deadline = call.deadline()
  let answer: ConflictAnswer
  try {
    answer = await answered(call, seen, policy, deadline)
  } catch (thrown) {
    if (deadline.timedOut) return { type: 'failure', failure: makeFailure(call, seen, 'deadline') }
    discard(seen)
    return { type: 'raw', thrown }
  } finally {
    deadline.release()
  }
  if (answer === 'accept') return { type: 'reply', response: replyOf(seen) }
  if (answer === 'fail') return { type: 'failure', failure: makeFailure(call, seen, 'conflict') }
  if (call.retries >= policy.limit) return { type: 'failure', failure: makeFailure(call, seen, 'attempts') }
  const message =
    isRequest(answer) || answer.init !== undefined ? next(call, answer) : await elsewhere(call, answer.url)
  if (message === undefined) return { type: 'failure', failure: makeFailure(call, seen, 'body-once') }
  await readAhead(call.engine, message, policy.replayLimit)
  call.retries++
  putAside(call, seen)
  call.replace(message)
  return undefined
}

/** The user's answer, for as long as there is time and the caller has not given up. */
function answered(
  call: Call,
  { verdict }: SeenFault,
  { onConflict }: Policy,
  deadline: Deadline,
): Promise<ConflictAnswer> {
  return new Promise((resolve, reject) => {
    deadline.onAbort = reject
    const ask = async () => (await onConflict?.(verdict, call.request)) ?? 'fail'
    ask().then(resolve, reject)
  })
}

/** The request that an answer gives, with the client's defaults and under the caller's own abort. */
function next({ engine, message, signal }: Call, answer: Exclude<ConflictAnswer, string>): Message {
  const isWhole = isRequest(answer)
  const input = isWhole ? answer : (answer.url ?? message.facts.url)
  const init = withDefaults(engine.init, input, isWhole ? undefined : { method: message.facts.method, ...answer.init })
  return new Message(input, signal == null ? init : { ...init, signal })
}

/** The same request at another address; `undefined` where its body has left for good. */
async function elsewhere({ message, signal }: Call, url: string | URL = message.facts.url) {
  if (!(await message.canSend())) return undefined
  const [input, init] = message.compose({ url: String(url) })
  return new Message(input, signal == null ? init : { ...init, signal })
}
