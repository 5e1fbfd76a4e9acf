import type { Scenario } from '../model/scenario.ts'
import { faults } from './faults.ts'
import { limits } from './limits.ts'
import { returns } from './returns.ts'
import { sizes } from './sizes.ts'
import { work } from './work.ts'

/** All scenarios, in the order of the tables. */
export const scenarios: readonly Scenario[] = [...faults, ...limits, ...work, ...returns, ...sizes]
