import { admitNow } from '../admit/admit.ts'
import { record } from '../admit/record.ts'
import { readBody } from '../attempt/read.ts'
import { bodyNeed, classifyFailure, classifyReply, type Grounds } from '../classify/classify.ts'
import type { Verdict } from '../contract/verdict.ts'
import { judgeOnly } from './act.ts'
import type { Call } from './call.ts'
import type { Ending } from './ending.ts'
import { attemptEnded, attemptStarted, callEnded, callRefused, decisionMade } from './events.ts'

const BYTES = 65_536
const MS = 10_000

/** One attempt exactly as the caller wrote it; breaker, budget and pause run beside it, and events say what they would have done. */
export async function observe(call: Call): Promise<Ending> {
  const { engine, key, message } = call
  const { clock } = engine
  const admission = admitNow(key, clock.now()) ?? {
    type: 'refused',
    reason: 'paused',
    retryAfter: key.pause?.left(clock.now()) ?? 0,
  }
  if (admission.type === 'refused' && call.isObserved) callRefused(call, admission.reason, admission.retryAfter, true)
  if (admission.type === 'admitted') key.budget?.earn()
  call.attempt = 1
  if (call.isObserved) attemptStarted(call)
  const started = clock.now()
  let ending: Ending
  let verdict: Verdict | undefined
  try {
    const response = await engine.fetch(...message.compose(undefined))
    ending = { type: 'reply', response }
    verdict = await verdictOn(response, call)
  } catch (thrown) {
    ending = { type: 'raw', thrown }
    verdict = call.signal?.aborted
      ? undefined
      : classifyFailure({ type: 'thrown', thrown, timedOut: false, ms: 0 }, groundsOf(call))
  }
  const ms = clock.now() - started
  const isVoid = ending.type === 'raw' && verdict === undefined
  const permit = admission.type === 'admitted' ? admission.permit : undefined
  record(key, { permit, verdict, void: isVoid, slow: !isVoid && (key.breaker?.isSlow(ms) ?? false) }, clock.now())
  if (call.isObserved) {
    if (verdict !== undefined) {
      attemptEnded(call, { type: 'fault', verdict, ms, session: undefined, reading: undefined, cause: undefined })
      decisionMade(call, verdict, await judgeOnly(call, verdict), true)
    } else if (ending.type === 'reply')
      attemptEnded(call, { type: 'fine', response: ending.response, ms, session: undefined })
    callEnded(call, ending)
  }
  return ending
}

const groundsOf = ({ target, vendor, policy, engine }: Call): Grounds => ({
  request: target,
  vendor,
  errors: policy.errors,
  date: engine.clock.date,
})

/** Reads a copy: the reply itself is the caller's. */
async function verdictOn(response: Response, call: Call): Promise<Verdict | undefined> {
  const grounds = groundsOf(call)
  if (bodyNeed(response, grounds) === 'none') return undefined
  const reading = await readBody(response.clone(), { bytes: BYTES, ms: MS, signal: call.signal })
  reading.seal()
  return classifyReply(response, reading, grounds)
}
