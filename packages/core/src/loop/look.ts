import type { Attempted } from '../attempt/attempt.ts'
import type { Deadline } from '../attempt/deadline.ts'
import type { Bounds } from '../attempt/head.ts'
import { hasBody, passOn } from '../attempt/passed-on.ts'
import { type Reading, readBody } from '../attempt/read.ts'
import { bodyNeed, classifyFailure, classifyReply, lateVerdict } from '../classify/classify.ts'
import { ofSession } from '../classify/of-session.ts'
import type { Session } from '../contract/session.ts'
import type { BodyNeed } from '../contract/vendor.ts'
import type { Verdict } from '../contract/verdict.ts'
import { isSafe } from '../request/repeatable.ts'
import { blanked } from './blanked.ts'
import type { Call } from './call.ts'
import { secretsOf } from './secrets.ts'
import type { Seen } from './seen.ts'

const FAILURE_BYTES = 65_536
const WHOLE_BYTES = 1_048_576
/** A failure's body is worth no longer a wait than this. */
const FAILURE_MS = 10_000

/** How much of a body is read at most to know what it says. */
export const extentOf = ({ status }: Response, need: BodyNeed): Pick<Bounds, 'bytes' | 'sniff'> => ({
  bytes: status >= 400 ? FAILURE_BYTES : WHOLE_BYTES,
  ...(typeof need === 'function' && { sniff: need }),
})

/** Looks at what an attempt brought: as far into a body as it takes to know a success from a failure. */
export function look(call: Call, attempted: Attempted, session: Session | undefined): Seen | Promise<Seen> {
  const { outcome, deadline } = attempted
  const grounds = call.grounds
  if (outcome.type === 'aborted') return { type: 'aborted' }
  const { ms } = outcome
  if (outcome.type !== 'reply') {
    deadline?.release()
    if (outcome.type === 'redirect-refused') void outcome.response.body?.cancel().catch(() => {})
    const cause = outcome.type === 'thrown' && !outcome.timedOut ? outcome.thrown : undefined
    const verdict = classifyFailure(outcome, grounds)
    if (verdict === undefined) return { type: 'raw', thrown: cause }
    return { type: 'fault', verdict: truly(call, verdict, outcome.answered), ms, session, reading: undefined, cause }
  }
  const { response } = outcome
  const need = needOf(response, call, deadline)
  if (need === 'none') return { type: 'fine', response: handedOver(call, attempted, response), ms }
  return read(call, attempted, {
    response,
    need,
    ms,
    answered: outcome.answered,
    session,
  })
}

function needOf(response: Response, { grounds }: Call, deadline: Deadline | undefined): BodyNeed {
  try {
    return bodyNeed(response, grounds)
  } catch (thrown) {
    deadline?.release()
    void response.body?.cancel().catch(() => {})
    throw thrown
  }
}

interface Replied {
  readonly response: Response
  readonly need: BodyNeed
  readonly ms: number
  readonly answered: boolean | undefined
  readonly session: Session | undefined
}

async function read(call: Call, { deadline }: Attempted, replied: Replied): Promise<Seen> {
  const { response, need, ms } = replied
  const failed = response.status >= 400
  const left = Math.max(0, Math.min(call.timeout - ms, call.remaining))
  let reading: Reading
  try {
    reading = await readBody(response, {
      ...extentOf(response, need),
      ms: Math.min(left, failed ? FAILURE_MS : 2 ** 31 - 1),
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
    return seenIn(call, reading, replied)
  } catch (thrown) {
    reading.seal()
    throw thrown
  }
}

function seenIn(call: Call, reading: Reading, { response, ms, answered, session }: Replied): Seen {
  const { grounds } = call
  const unread = response.status >= 400 ? undefined : unreadVerdict(call, reading, ms)
  if (unread !== undefined) {
    reading.seal()
    const verdict = truly(call, unread, true)
    return { type: 'fault', verdict, ms, session, reading: undefined, cause: reading.broken, isAnswered: true }
  }
  const said = reading.isFine ? undefined : classifyReply(response, reading, grounds)
  if (said === undefined) return { type: 'fine', response: reading.open(), ms }
  const told = blanked(said, () => [...(session?.secrets ?? []), ...secretsOf(call)])
  const verdict = ofSession(truly(call, told, answered), session)
  return { type: 'fault', verdict, ms, session, reading, cause: undefined }
}

/** The verdict on a success that cannot be read as far as it has to be. */
function unreadVerdict({ grounds }: Call, { late, broken }: Reading, ms: number): Verdict | undefined {
  if (late) return lateVerdict('ATTEMPT_TIMEOUT', grounds)
  return broken === undefined
    ? undefined
    : classifyFailure({ type: 'thrown', thrown: broken, timedOut: false, ms }, grounds)
}

/** A verdict on what came after the answer to a request says nothing of whether the request was done. */
function truly({ target, vendor }: Call, verdict: Verdict, answered = false): Verdict {
  if (!answered || isSafe(target, vendor)) return verdict
  return { ...verdict, outcome: 'unknown', fault: { ...verdict.fault, inTask: true } }
}

/** The reply as fetch gave it; through a body of ours only where the caller's signal or an idle limit still has to act. */
function handedOver({ policy, signal }: Call, { deadline }: Attempted, response: Response): Response {
  const idle = policy.bodyTimeout || undefined
  const watched = deadline !== undefined && signal != null
  if ((!watched && idle === undefined) || !hasBody(response) || response.body === null) {
    deadline?.release()
    return response
  }
  return passOn(response, { rest: response.body.getReader(), idle, onEnd: () => deadline?.release() })
}
