import type { Part } from '../figure.ts'
import { expired } from './expired.ts'
import { imports } from './imports.ts'
import { keys } from './keys.ts'
import { refusals } from './refusals.ts'
import { retries } from './retries.ts'
import { ownCounts, successCounts, successTimes } from './success.ts'

/** Not in a run of all parts: `success-counts` has the same figures. */
export const budgeted: readonly Part[] = [ownCounts, keys]

export const parts: readonly Part[] = [successCounts, successTimes, retries, refusals, keys, expired, imports]
