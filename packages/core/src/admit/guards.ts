import type { Breaker } from './breaker.ts'
import type { Budget } from './budget.ts'
import type { Pause } from './pause.ts'

/** The guards of one service: each is absent where the user has turned it off. */
export interface Guards {
  readonly breaker: Breaker | undefined
  readonly budget: Budget | undefined
  readonly pause: Pause | undefined
}
