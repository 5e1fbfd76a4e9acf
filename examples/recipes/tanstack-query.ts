/**
 * TanStack Query: it repeats what fails three times, so it is told to leave alone what was seen through already.
 */
import { shouldRetry } from '@holdfast/core'
import { QueryClient } from '@tanstack/query-core'

/** A query client that does not repeat what a resilient client has given up. */
export const queryClient = () => new QueryClient({ defaultOptions: { queries: { retry: shouldRetry } } })
