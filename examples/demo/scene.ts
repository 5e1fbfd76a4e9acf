import type { BreakerOptions, BudgetOptions, RetryOptions } from '@holdfast/core'
import type { Stage } from './stage.ts'

/** What is told of a scene before it is played. */
export interface Billing {
  /** As `--scene` takes it. */
  readonly name: string
  readonly title: string
  /** What is wrong, and what is promised. */
  readonly about: string
  /** Options of this scene's client, beside the usual ones. */
  readonly options?: {
    readonly breaker?: BreakerOptions
    readonly budget?: BudgetOptions
    readonly retry?: RetryOptions
  }
  /** Whether it may be played at a real endpoint too. */
  readonly readsOnly: boolean
}

/** One trouble of one system, and what the client makes of it. */
export type Scene<Server> =
  | (Billing & { readonly readsOnly: true; play(stage: Stage, server?: Server): Promise<void> })
  | (Billing & { readonly readsOnly: false; play(stage: Stage, server: Server): Promise<void> })
