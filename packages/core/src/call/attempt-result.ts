import type { BodyReading } from '../attempt/read.ts'
import type { FailReason } from '../contract/decision.ts'
import type { Quota } from '../contract/rate-limit/quota.ts'
import type { Session } from '../contract/session.ts'
import type { Verdict } from '../contract/verdict.ts'

/** One attempt, classified. */
export type AttemptResult =
  | { readonly type: 'reply'; readonly response: Response; readonly ms: number }
  | {
      readonly type: 'fault'
      readonly verdict: Verdict
      readonly ms: number
      readonly session: Session | undefined
      readonly reading: BodyReading | undefined
      readonly cause: unknown
      /** The quota in the reply. */
      readonly quota?: Quota | undefined
      /** The address of a redirect that was not followed. */
      readonly location?: string | undefined
      /** True if a reply had begun before time ran out. */
      readonly replyHadBegun?: boolean
      /** True if it came from another origin by a redirect, so that it says nothing about the service that was asked. */
      readonly isElsewhere?: boolean
      /** True if it failed before anything was sent: in the caller's own functions, or in a queue of this process. */
      readonly isUnsent?: boolean
      /** The reason why the inner call has ended, and this one with it. */
      readonly ended?: FailReason | undefined
    }
  | {
      readonly type: 'raw'
      readonly thrown: unknown
      /** True if a vendor's hook has thrown it. */
      readonly isMistake?: true
    }
  | { readonly type: 'aborted' }

/** An attempt that met a fault. */
export type FailedAttempt = Extract<AttemptResult, { type: 'fault' }>

/** A failed attempt without a reply. */
export const faultAlone = (verdict: Verdict, ms: number, cause?: unknown, session?: Session): FailedAttempt => ({
  type: 'fault',
  verdict,
  ms,
  session,
  reading: undefined,
  cause,
})

/** Gives up the reply of a failed attempt, which frees its socket. */
export function releaseReply({ reading }: FailedAttempt): undefined {
  reading?.giveUp()
}
