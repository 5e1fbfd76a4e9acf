import type { BreakerOptions, BudgetOptions, RetryOptions } from '@holdfast/core'
import type { Runner } from './runner.ts'

/** The description of a scenario, shown before it runs. */
export interface ScenarioInfo {
  /** Its name for `--scenario`. */
  readonly name: string
  readonly title: string
  /** The failure, and what the client promises about it. */
  readonly about: string
  /** Options of this scenario's client, beside the usual ones. */
  readonly options?: {
    readonly breaker?: BreakerOptions
    readonly limits?: boolean
    readonly patience?: number | false
    readonly budget?: BudgetOptions
    readonly retry?: RetryOptions
  }
  /** True if it may run at a real endpoint too. */
  readonly readsOnly: boolean
}

/** One failure of one system, and what the client does about it. */
export type Scenario<Server> =
  | (ScenarioInfo & { readonly readsOnly: true; run(runner: Runner, server?: Server): Promise<void> })
  | (ScenarioInfo & { readonly readsOnly: false; run(runner: Runner, server: Server): Promise<void> })
