import { isOptionsError } from './error/options-error.ts'
import { isRefused } from './error/refused-error.ts'
import { failureOf } from './loop/failure-of.ts'

/** Retries of a caller's own, where nothing of this library's has failed. */
const OWN_RETRIES = 3

/**
 * The `retry` of a library that repeats by itself, such as TanStack Query: it says no to what a resilient client has seen
 * through or refused, for more retries around that one's would multiply, and yes, three times, to anything else.
 *
 * @param failureCount number of failures so far, this one left out.
 * @example
 * new QueryClient({ defaultOptions: { queries: { retry: shouldRetry } } })
 */
export function shouldRetry(failureCount: number, error: unknown): boolean {
  const isOurs = failureOf(error) !== undefined || isRefused(error) || isOptionsError(error)
  return !isOurs && failureCount < OWN_RETRIES
}
