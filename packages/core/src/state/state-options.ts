import { Budget } from '../admit/budget.ts'
import { Pause } from '../admit/pause.ts'
import type { BreakerOptions, BudgetOptions, PauseOptions } from '../contract/policy.ts'
import { withDefaultOptions } from '../options/filled.ts'
import { BUDGET, breakerOptions, PAUSE, QUEUE } from '../options/options.ts'

/** The options of the guards of each service. */
export interface StateOptions {
  readonly breaker?: BreakerOptions | false | undefined
  readonly budget?: BudgetOptions | false | undefined
  readonly pause?: PauseOptions | false | undefined
  readonly limits?: boolean | undefined
  readonly queue?: number | undefined
  readonly concurrency?: number | undefined
}

/** The options of guards with their defaults, once for all services of a client. */
export function filled(options: StateOptions): FilledOptions {
  const known = filledOptions.get(options)
  if (known !== undefined) return known
  const { breaker, budget, pause, limits = true, queue = QUEUE, concurrency } = options
  const made = {
    breaker: breaker === false ? undefined : breakerOptions(breaker),
    budget: budget === false ? undefined : new Budget(withDefaultOptions(BUDGET, budget), 0),
    pause: pause === false ? undefined : new Pause(withDefaultOptions(PAUSE, pause)),
    hasLimit: limits,
    queue,
    concurrency,
  }
  filledOptions.set(options, made)
  return made
}

const filledOptions = new WeakMap<StateOptions, FilledOptions>()

interface FilledOptions {
  readonly breaker: Required<BreakerOptions> | undefined
  /** A full budget, which all services of the client share at first. */
  readonly budget: Budget | undefined
  /** A pause that has not begun, which all services of the client share at first. */
  readonly pause: Pause | undefined
  readonly hasLimit: boolean
  readonly queue: number
  readonly concurrency: number | undefined
}
