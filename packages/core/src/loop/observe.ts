import { type Admission, admitNow } from '../admit/admit.ts'
import { record } from '../admit/record.ts'
import { readBody } from '../attempt/read.ts'
import { bodyNeed, classifyFailure, classifyReply } from '../classify/classify.ts'
import type { Decision } from '../contract/decision.ts'
import type { BodyNeed } from '../contract/vendor.ts'
import type { Verdict } from '../contract/verdict.ts'
import { decideOnly } from './act.ts'
import { blanked } from './blanked.ts'
import type { Call } from './call.ts'
import type { Ending } from './ending.ts'
import { attemptEnded, attemptStarted, callEnded, callRefused, decisionMade, keyPaused } from './events.ts'
import { extentOf } from './look.ts'
import { secretsOf } from './secrets.ts'
import type { Seen } from './seen.ts'

const MS = 10_000

/** What stood before the attempt, for whoever concludes from it afterwards. */
interface Begun {
  readonly admission: Admission
  readonly isResendable: boolean
  readonly started: number
}

/**
 * One attempt exactly as the caller wrote it. Breaker, budget and pause run beside it, and events say what they would
 * have done; what takes time, such as looking into a body, is done when the caller has his reply.
 */
export async function observe(call: Call): Promise<Ending> {
  const begun = begin(call)
  let response: Response
  try {
    response = await call.engine.fetch(...call.message.compose(undefined))
  } catch (thrown) {
    const ending = { type: 'raw', thrown } as const
    const verdict = call.signal?.aborted
      ? undefined
      : classifyFailure({ type: 'thrown', thrown, timedOut: false, ms: 0 }, call.grounds)
    conclude(call, begun, ending, verdict && faultOf(call, begun, verdict))
    return ending
  }
  const ending = { type: 'reply', response } as const
  const need = needOf(call, response)
  if (need === undefined) conclude(call, begun, ending)
  else if (need === 'none') conclude(call, begun, ending, fineOf(call, begun, response))
  else void lookInto(call, begun, ending, need)
  return ending
}

/** `undefined` is a vendor's mistake, which must not cost the caller his reply. */
function needOf(call: Call, response: Response): BodyNeed | undefined {
  try {
    return bodyNeed(response, call.grounds)
  } catch {
    return undefined
  }
}

function begin(call: Call): Begun {
  const { engine, key, message, policy } = call
  const started = engine.clock.now()
  const admission: Admission = admitNow(key, started) ?? {
    type: 'refused',
    reason: 'paused',
    retryAfter: key.pause?.left(started) ?? 0,
  }
  if (admission.type === 'refused' && call.hasObservers) callRefused(call, admission.reason, admission.retryAfter, true)
  if (admission.type === 'admitted') key.budget?.earn()
  call.attempt = 1
  key.active++
  if (call.hasObservers) attemptStarted(call)
  return { admission, isResendable: message.canBeKept(policy.replayLimit), started }
}

/** Reads a copy beside the caller, whose reply is his own. */
async function lookInto(
  call: Call,
  begun: Begun,
  ending: Extract<Ending, { type: 'reply' }>,
  need: BodyNeed,
): Promise<void> {
  const { response } = ending
  const copy = copyOf(response)
  const answered = fineOf(call, begun, response)
  let seen: Seen | undefined
  try {
    const reading = copy && (await readBody(copy, { ...extentOf(response, need), ms: MS, signal: call.signal }))
    reading?.seal()
    const verdict = reading?.isFine
      ? undefined
      : classifyReply(response, reading ?? { text: '', complete: false }, call.grounds)
    const told = verdict && blanked(verdict, () => secretsOf(call))
    seen = told === undefined ? answered : { ...faultOf(call, begun, told), ms: answered.ms }
  } catch {
    // Given up by the caller, or a vendor's mistake: neither says anything of the service.
  }
  conclude(call, begun, ending, seen)
}

/** Tells the shadow of breaker, budget and pause, and the observers. */
function conclude(call: Call, { admission, isResendable, started }: Begun, ending: Ending, seen?: Seen): void {
  const { engine, key } = call
  const verdict = seen?.type === 'fault' ? seen.verdict : undefined
  const ms = seen !== undefined && 'ms' in seen ? seen.ms : engine.clock.now() - call.started
  const permit = admission.type === 'admitted' ? admission.permit : undefined
  const slow = seen !== undefined && !call.slowByNature && (key.breaker?.isSlow(ms) ?? false)
  key.active--
  const paused = record(key, { permit, verdict, void: seen === undefined, slow, began: started }, engine.clock.now())
  if (paused !== undefined && call.hasObservers) keyPaused(call, paused)
  if (call.hasObservers) attemptEnded(call, seen ?? { type: 'aborted' }, ms)
  if (verdict !== undefined) wouldDo(call, verdict, isResendable)
  if (call.hasObservers) callEnded(call, ending)
}

function wouldDo(call: Call, verdict: Verdict, isResendable: boolean): void {
  let decision: Decision
  try {
    decision = decideOnly(call, verdict, isResendable)
  } catch {
    // A vendor's mistake, which acting would have ended with.
    return
  }
  if (decision.do === 'wait' && verdict.spends) call.key.budget?.spend(call.engine.clock.now())
  if (call.hasObservers) decisionMade(call, verdict, decision, true)
}

const sinceOf = ({ engine }: Call, { started }: Begun): number => engine.clock.now() - started

const fineOf = (call: Call, begun: Begun, response: Response) =>
  ({ type: 'fine', response, ms: sinceOf(call, begun) }) as const

const faultOf = (call: Call, begun: Begun, verdict: Verdict) =>
  ({
    type: 'fault',
    verdict,
    ms: sinceOf(call, begun),
    session: undefined,
    reading: undefined,
    cause: undefined,
  }) as const

function copyOf(response: Response): Response | undefined {
  try {
    return response.clone()
  } catch {
    return undefined
  }
}
