import pRetry from 'p-retry'
import { type Admission, admitLater, admitNow } from '../admit/admit.ts'
import type { Permit } from '../admit/breaker.ts'
import { record } from '../admit/record.ts'
import type { Session } from '../contract/session.ts'
import { act } from './act.ts'
import { isCutShort, leastTime } from './allowance.ts'
import type { Call } from './call.ts'
import { isLate, proves, tellTheWay } from './doors.ts'
import type { Ending } from './ending.ts'
import { attemptEnded, attemptStarted, callEnded, callRefused, callWaited, keyPaused } from './events.ts'
import { lastFailure } from './failure.ts'
import { isSignedByCaller, openSession } from './login.ts'
import type { Seen } from './seen.ts'
import { send } from './send.ts'

/** Thrown to p-retry to mean "again", and nothing else ever is: whatever is final is returned. */
const AGAIN: Error = Object.freeze(new Error('again'))

// No signal and no limits of p-retry's own: `decide` holds every limit, and an abort settles by itself.
const FOREVER = Object.freeze({ retries: Number.POSITIVE_INFINITY, minTimeout: 0 })

/** Runs a call to its end: (login) → admit → attempt → classify → record → decide → act, and again from admit. */
export async function run(call: Call): Promise<Ending> {
  // The first round needs no loop, and for most calls it is the only one.
  const ending = (await round(call)) ?? (await pRetry(() => again(call), FOREVER))
  call.message.dispose()
  if (call.hasObservers) callEnded(call, ending)
  return ending
}

async function again(call: Call): Promise<Ending> {
  const ending = await round(call)
  if (ending === undefined) throw AGAIN
  return ending
}

/** One round. `undefined` means: again. */
async function round(call: Call): Promise<Ending | undefined> {
  const { signal } = call
  call.keepUp()
  const { slot } = call
  if (signal?.aborted) return { type: 'raw', thrown: signal.reason }
  try {
    if (slot === undefined || isSignedByCaller(call)) return await step(call, undefined)
    const session = slot.current(!call.message.canBeKept(call.policy.replayLimit))
    if (session !== undefined) return await step(call, session)
    const opened = await openSession(call, slot)
    if (opened.type === 'refused') return refused(call, opened)
    if (opened.type !== 'session') return opened
    // The login may have found the service behind another door.
    call.keepUp()
    return await step(call, opened.session)
  } catch (thrown) {
    // What a hook or a vendor throws by mistake ends the call as it is: p-retry would take it for a failed attempt.
    return { type: 'raw', thrown }
  }
}

async function step(call: Call, session: Session | undefined): Promise<Ending | undefined> {
  const { key, engine } = call
  let began = call.attempt === 0 && session === undefined ? call.started : engine.clock.now()
  if (call.last !== undefined && call.until - began < leastTime(call)) return lastFailure(call, 'deadline')
  let admission = admitNow(key, began)
  if (admission === undefined) {
    admission = await waitForPause(call)
    began = engine.clock.now()
  }
  if (admission.type === 'aborted') return { type: 'raw', thrown: call.signal?.reason }
  if (admission.type === 'refused') return refused(call, admission)
  begin(call)
  const seen = await send(call, session, began)
  finish(call, seen, { permit: admission.permit, session, began })
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
    until: call.until - leastTime(call),
    waited: (ms) => {
      call.waited += ms
      if (call.hasObservers) callWaited(call, ms)
    },
  })
}

/** A refusal is no attempt: the first is its own error, a later one only ends the retries of the last real verdict. */
function refused(call: Call, { reason, retryAfter, key = call.key.id }: Refusal): Ending {
  if (call.hasObservers) callRefused(call, reason, retryAfter)
  return lastFailure(call, reason, retryAfter) ?? { type: 'refused', reason, retryAfter, key }
}

/** A refusal by the key of the call, or by the one of the login that it waited for. */
type Refusal = Pick<Extract<Ending, { type: 'refused' }>, 'reason' | 'retryAfter'> & { readonly key?: string }

function begin(call: Call): void {
  if (call.attempt === 0) call.key.budget?.earn()
  call.attempt++
  call.key.active++
  if (call.hasObservers) attemptStarted(call)
}

interface Begun {
  readonly permit: Permit | undefined
  readonly session: Session | undefined
  readonly began: number
}

function finish(call: Call, seen: Seen, { permit, session, began }: Begun): void {
  const { key, slot, engine } = call
  key.active--
  const verdict = seen.type === 'fault' ? seen.verdict : undefined
  const isVoid = seen.type === 'raw' || seen.type === 'aborted' || (isLate(verdict) && isCutShort(call, began))
  const slow = 'ms' in seen && !call.slowByNature && (key.breaker?.isSlow(seen.ms) ?? false)
  // A reply that is fine has just been timed: the clock need not be asked again.
  const now = seen.type === 'fine' ? began + seen.ms : engine.clock.now()
  if (call.hasObservers) attemptEnded(call, seen, 'ms' in seen ? seen.ms : now - began)
  const paused = record(key, { permit, began, verdict, void: isVoid, slow }, now)
  if (paused !== undefined && call.hasObservers) keyPaused(call, paused)
  if (session !== undefined && proves(seen)) {
    slot?.prove(session)
    key.freshRefusals.forget()
  }
  tellTheWay(call, seen, isVoid)
}
