import type { Clock } from '../contract/clock.ts'
import type { RefusalReason } from '../contract/decision.ts'
import type { Permit } from './breaker.ts'
import type { Key } from './key.ts'

/** Let out, refused, or given up by the caller while waiting. */
export type Admission =
  | { readonly type: 'admitted'; readonly permit: Permit | undefined }
  | { readonly type: 'refused'; readonly reason: RefusalReason; readonly retryAfter: number }
  | { readonly type: 'aborted' }

/** Longest wait a timer can hold; whoever wakes too early asks again. */
const LONGEST_WAIT = 2 ** 31 - 1

const UNGUARDED: Admission = Object.freeze({ type: 'admitted', permit: undefined })

/** Asks pause and breaker at once: yes, no, or `undefined` where the request has to wait its turn. */
export function admitNow(key: Key, now: number): Admission | undefined {
  return key.pause !== undefined && key.pause.ask(now) > 0 ? undefined : askBreaker(key, now)
}

/** How a request waits for a pause to end. */
export interface Waiting {
  readonly clock: Clock
  readonly signal: AbortSignal | null | undefined
  /** Monotonic milliseconds from which on there is no time left for an answer. */
  readonly until: number
  /** Told of every wait, in milliseconds. */
  waited(ms: number): void
}

/** Waits until the pause is over, no earlier and spread, then asks again. */
export async function admitLater(key: Key, { clock, signal, until, waited }: Waiting): Promise<Admission> {
  const { pause } = key
  if (pause === undefined) return askBreaker(key, clock.now())
  if (!pause.enter()) return { type: 'refused', reason: 'queue-full', retryAfter: pause.left(clock.now()) }
  try {
    for (;;) {
      const now = clock.now()
      const left = pause.ask(now)
      if (left === 0) return askBreaker(key, now)
      if (now + left >= until) return { type: 'refused', reason: 'paused', retryAfter: left }
      const spread = left * (1 + 0.2 * clock.random())
      // Who has no time for the spread leaves without: later there would be none left for an answer.
      const ms = Math.min(LONGEST_WAIT, now + spread < until ? spread : left)
      waited(ms)
      await clock.sleep(ms, signal)
    }
  } catch {
    return { type: 'aborted' }
  } finally {
    pause.leave()
  }
}

function askBreaker({ breaker }: Key, now: number): Admission {
  if (breaker === undefined) return UNGUARDED
  const answer = breaker.admit(now)
  return typeof answer === 'number'
    ? { type: 'refused', reason: 'circuit-open', retryAfter: answer }
    : { type: 'admitted', permit: answer }
}
