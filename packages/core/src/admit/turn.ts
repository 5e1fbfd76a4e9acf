import type { RefusalReason } from '../contract/decision.ts'
import { offAbort, onAbort } from './abort-listeners.ts'
import type { Block } from './guards.ts'
import type { Waiter } from './line.ts'
import type { Permit } from './permit.ts'

/** The end of a wait: admitted, refused, the active endpoint has changed, or the caller has aborted. */
export type Turn =
  | { readonly type: 'admitted'; readonly permit: Permit }
  | { readonly type: 'refused'; readonly reason: RefusalReason; readonly retryAfter: number }
  | { readonly type: 'moved' }
  | { readonly type: 'aborted' }

/** A turn that is a refusal. */
export type Refused = Extract<Turn, { type: 'refused' }>

/** A call that asks to wait for its turn. */
export interface TurnRequest extends Waiter {
  /** Signals that end the wait. */
  readonly signals: readonly (AbortSignal | null | undefined)[]
}

/** A call in the line, and the promise of its turn. */
export interface WaitingCall extends Waiter {
  settle(turn: Turn): void
}

/** The active endpoint has changed: the call begins a new round. */
export const MOVED: Turn = Object.freeze({ type: 'moved' })
const ABORTED: Turn = Object.freeze({ type: 'aborted' })

/** Waits in a line until the call is settled, or one of its signals aborts. */
export function waitInLine(
  waiter: Waiter,
  signals: TurnRequest['signals'],
  line: { join(waiting: WaitingCall): void; leave(waiting: WaitingCall): void },
): Promise<Turn> {
  const given = signals.filter((signal) => signal != null)
  if (given.some(({ aborted }) => aborted)) return Promise.resolve(ABORTED)
  return new Promise((resolve) => {
    const waiting: WaitingCall = {
      ...waiter,
      settle(turn) {
        for (const signal of given) offAbort(signal, giveUp)
        resolve(turn)
      },
    }
    const giveUp = () => {
      waiting.settle(ABORTED)
      line.leave(waiting)
    }
    for (const signal of given) onAbort(signal, giveUp)
    line.join(waiting)
  })
}

/** The refusal of a call that would have to wait: for what blocks it, or else for a retry token. */
export function refusalOf(block: Block | undefined, owesToken: boolean, tokenDelay: number, rate: number): Refused {
  const reason = block?.reason ?? (owesToken ? 'budget' : 'limited')
  const wait = block?.ms ?? tokenDelay
  return { type: 'refused', reason, retryAfter: Number.isFinite(wait) ? wait : 1_000 / rate }
}
