import pRetry from 'p-retry'
import { type Admission, admitLater, admitNow } from '../admit/admit.ts'
import { record } from '../admit/record.ts'
import type { Session } from '../contract/session.ts'
import { act } from './act.ts'
import type { Call } from './call.ts'
import type { Ending } from './ending.ts'
import { attemptEnded, attemptStarted, callEnded, callRefused, callWaited, keyPaused } from './events.ts'
import { failureOfLast } from './failure.ts'
import type { Seen } from './seen.ts'
import { send } from './send.ts'
import { isSignedByCaller, openSession } from './session.ts'

/** Thrown to p-retry to mean "again", and nothing else ever is: whatever is final is returned. */
const AGAIN: Error = Object.freeze(new Error('again'))

// No signal and no limits of p-retry's own: `decide` holds every limit, and an abort settles by itself.
const FOREVER = Object.freeze({ retries: Number.POSITIVE_INFINITY, minTimeout: 0 })

/** Runs a call to its end: admit → attempt → classify → record → decide → act, and again from admit. */
export async function run(call: Call): Promise<Ending> {
  const ending = await pRetry(async () => {
    let ending: Ending | undefined
    try {
      ending = await step(call)
    } catch (thrown) {
      // What a hook or a vendor throws by mistake ends the call as it is: p-retry would take it for a failed attempt.
      return { type: 'raw', thrown } satisfies Ending
    }
    if (ending === undefined) throw AGAIN
    return ending
  }, FOREVER)
  if (call.isObserved) callEnded(call, ending)
  return ending
}

/** One round. `undefined` means: again. */
async function step(call: Call): Promise<Ending | undefined> {
  const { slot, key, engine } = call
  let session: Session | undefined
  if (slot !== undefined && !isSignedByCaller(call)) {
    session = slot.current(call.message.isOnceOnly)
    if (session === undefined) {
      const opened = await openSession(call, slot)
      if (opened.type !== 'session') return opened
      session = opened.session
    }
  }
  const now = call.attempt === 0 && session === undefined ? call.started : engine.clock.now()
  const admission = admitNow(key, now) ?? (await waitForPause(call))
  if (admission.type === 'aborted') return { type: 'raw', thrown: call.signal?.reason }
  if (admission.type === 'refused') return refused(call, admission)
  const seen = await attempted(call, admission, session)
  switch (seen.type) {
    case 'fine':
      return { type: 'reply', response: seen.response }
    case 'fault':
      return act(call, seen)
    case 'raw':
      return seen
    case 'aborted':
      return { type: 'raw', thrown: call.signal?.reason }
  }
}

function waitForPause(call: Call): Promise<Admission> {
  const { clock } = call.engine
  return admitLater(call.key, {
    clock,
    signal: call.signal,
    until: call.until,
    waited: (ms) => {
      call.waited += ms
      if (call.isObserved) callWaited(call, ms)
    },
  })
}

/** A refusal is no attempt: the first is its own error, a later one only ends the retries of the last real verdict. */
function refused(call: Call, { reason, retryAfter }: Extract<Admission, { type: 'refused' }>): Ending {
  if (call.isObserved) callRefused(call, reason, retryAfter)
  return failureOfLast(call, reason, retryAfter) ?? { type: 'refused', reason, retryAfter, key: call.key.id }
}

async function attempted(
  call: Call,
  { permit }: Extract<Admission, { type: 'admitted' }>,
  session: Session | undefined,
): Promise<Seen> {
  const { key, slot, engine } = call
  if (call.attempt === 0) key.budget?.earn()
  call.attempt++
  if (call.isObserved) attemptStarted(call)
  key.active++
  let seen: Seen
  try {
    seen = await send(call, session)
  } catch (thrown) {
    seen = { type: 'raw', thrown }
  }
  key.active--
  const verdict = seen.type === 'fault' ? seen.verdict : undefined
  const isVoid = seen.type === 'raw' || seen.type === 'aborted'
  const slow = 'ms' in seen && !call.slowByNature && (key.breaker?.isSlow(seen.ms) ?? false)
  const paused = record(key, { permit, verdict, void: isVoid, slow }, engine.clock.now())
  if (paused !== undefined && call.isObserved) keyPaused(call, paused)
  if (session !== undefined && !isVoid && verdict?.kind !== 'auth') slot?.prove(session)
  if (call.isObserved) attemptEnded(call, seen)
  return seen
}
