import { type Policy, TIMEOUT, TOTAL_TIMEOUT } from '../options/policy.ts'

/** Milliseconds for an attempt: the user's word, then the vendor's. */
export const timeoutOf = ({ timeout }: Policy, said: number | undefined): number =>
  orForEver(timeout ?? said ?? TIMEOUT)

/** Milliseconds for a call and all of its attempts: never less than one of them has. */
export const totalTimeoutOf = ({ totalTimeout }: Policy, said: number | undefined, timeout: number): number =>
  orForEver(totalTimeout ?? said ?? Math.max(TOTAL_TIMEOUT, Number.isFinite(timeout) ? timeout : 0))

const orForEver = (ms: number | false): number => (ms === false ? Number.POSITIVE_INFINITY : ms)
