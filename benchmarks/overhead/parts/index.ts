import type { Part } from '../figure.ts'
import { expired } from './expired.ts'
import { imports } from './imports.ts'
import { keys } from './keys.ts'
import { refusals } from './refusals.ts'
import { retries } from './retries.ts'
import { successCounts, successTimes } from './success.ts'

export const parts: readonly Part[] = [successCounts, successTimes, retries, refusals, keys, expired, imports]
