import type { Part } from '../figure.ts'
import { expired } from './expired.ts'
import { imports } from './imports.ts'
import { keys } from './keys.ts'
import { refusals } from './refusals.ts'
import { retries } from './retries.ts'
import { ownCounts, successCounts, successTimes } from './success.ts'

/** Not in a run of all: what it takes is in `success-counts`, too. */
export const budgeted: readonly Part[] = [ownCounts, keys]

export const parts: readonly Part[] = [successCounts, successTimes, retries, refusals, keys, expired, imports]
