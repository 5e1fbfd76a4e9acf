import type { RateLimit } from '../model/condition.ts'
import type { Scenario } from '../model/scenario.ts'
import { during, MINUTE, story } from './story.ts'

const limit = (retryAfter: number | undefined): RateLimit => ({ perSecond: 70, burst: 70, retryAfter })

/** A service that counts requests. */
export const limits: readonly Scenario[] = [
  story('4', 'half the load fits, 429 and Retry-After', { changes: during(MINUTE, { rate: limit(1) }) }),
  story('5', 'half the load fits, bare 429', { changes: during(MINUTE, { rate: limit(undefined) }) }),
]
