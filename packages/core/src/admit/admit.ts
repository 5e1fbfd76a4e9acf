import type { Clock } from '../contract/clock.ts'
import { LONGEST_TIMER } from '../contract/clock.ts'
import type { RefusalReason } from '../contract/decision.ts'
import type { Guards } from './guards.ts'
import type { Permit } from './permit.ts'

/** Let out, refused, or given up by the caller while waiting. */
export type Admission =
  | { readonly type: 'admitted'; readonly permit: Permit | undefined }
  | { readonly type: 'refused'; readonly reason: RefusalReason; readonly retryAfter: number }
  | { readonly type: 'aborted' }

const UNGUARDED: Admission = Object.freeze({ type: 'admitted', permit: undefined })

/** Takes a place at once, or is refused one; `undefined` where the request has to wait its turn. */
export function admitNow(guards: Guards, now: number): Admission | undefined {
  return guards.pause !== undefined && guards.pause.claim(now) > 0 ? undefined : admitByBreaker(guards, now)
}

/** The circumstances in which a request waits for a pause to end. */
export interface PauseWait {
  readonly clock: Clock
  /** Signals that end the wait. */
  readonly signals: readonly (AbortSignal | null | undefined)[]
  /** Monotonic milliseconds from which on there is no time left for an answer. */
  readonly deadlineAt: number
  /** Told of every wait, in milliseconds. */
  onWait(ms: number): void
}

/** Waits until the pause is over, no shorter and spread, then takes a place. */
export async function admitLater(
  guards: Guards,
  { clock, signals, deadlineAt, onWait }: PauseWait,
): Promise<Admission> {
  const { pause } = guards
  if (pause === undefined) return admitByBreaker(guards, clock.now())
  if (!pause.joinQueue()) return { type: 'refused', reason: 'queue-full', retryAfter: pause.remaining(clock.now()) }
  try {
    for (;;) {
      const now = clock.now()
      const left = pause.claim(now)
      if (left === 0) return admitByBreaker(guards, now)
      if (now + left >= deadlineAt) return { type: 'refused', reason: 'paused', retryAfter: left }
      const spread = left * (1 + 0.2 * clock.random())
      // A call without time for the spread leaves without: later there would be none left for an answer.
      const ms = Math.min(LONGEST_TIMER, now + spread < deadlineAt ? spread : left)
      onWait(ms)
      await clock.sleep(ms, ...signals)
    }
  } catch {
    return { type: 'aborted' }
  } finally {
    pause.leaveQueue()
  }
}

function admitByBreaker({ breaker }: Guards, now: number): Admission {
  if (breaker === undefined) return UNGUARDED
  const answer = breaker.admit(now)
  return typeof answer === 'number'
    ? { type: 'refused', reason: 'circuit-open', retryAfter: answer }
    : { type: 'admitted', permit: answer }
}
