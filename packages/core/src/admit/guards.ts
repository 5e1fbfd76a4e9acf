import type { WaitReason } from '../contract/decision.ts'
import type { Breaker } from './breaker/breaker.ts'
import type { Budget } from './budget.ts'
import type { Limit } from './limit/limit.ts'
import type { Pause } from './pause.ts'

/** The reason why nothing may go now. */
export interface Block {
  readonly reason: WaitReason
  /** Milliseconds after which to ask again; `Infinity` if an answer must come first. */
  readonly ms: number
  /** Milliseconds for which certainly nothing goes: the known wait. */
  readonly known: number
}

/** Told of the limit of a service. */
export interface LimitListener {
  /** A limit has begun or, with `undefined`, has ended. It ends after 10 s of calm, so this is called rarely. */
  limitChanged(limit: Limit | undefined): void
}

/** The parts of the gate that the user may turn off. */
export interface GateOptions {
  readonly breaker: Breaker | undefined
  readonly pause: Pause | undefined
  readonly hasLimit: boolean
  /** Attempts under way at most. @default any number */
  readonly concurrency?: number | undefined
  readonly listener?: LimitListener | undefined
}

/** The parts of the admission of one key. */
export interface AdmissionOptions extends GateOptions {
  readonly budget: Budget | undefined
  /** Calls that may wait. */
  readonly queue: number
}
