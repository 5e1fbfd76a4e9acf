import type { Reading } from '../attempt/read.ts'
import type { Session } from '../contract/session.ts'
import type { Verdict } from '../contract/verdict.ts'

/** One attempt, classified. */
export type Seen =
  | { readonly type: 'fine'; readonly response: Response; readonly ms: number }
  | {
      readonly type: 'fault'
      readonly verdict: Verdict
      readonly ms: number
      readonly session: Session | undefined
      readonly reading: Reading | undefined
      readonly cause: unknown
      /** True where an answer had begun before time ran out. */
      readonly isAnswered?: boolean
    }
  | { readonly type: 'raw'; readonly thrown: unknown }
  | { readonly type: 'aborted' }

/** An attempt that met a fault. */
export type SeenFault = Extract<Seen, { type: 'fault' }>

/** Gives up a reply that is gone past, and with it its socket. */
export function discard({ reading }: SeenFault): undefined {
  reading?.seal()
}

/** The reply of a fault that is accepted. Only replies are. */
export function replyOf({ reading, cause }: SeenFault): Response {
  if (reading === undefined) throw cause ?? new TypeError('There is no reply to accept.')
  return reading.open()
}
