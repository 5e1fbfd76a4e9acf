/**
 * ofetch, as Nuxt has it: without retries of its own. `failureOf(error)` has the verdict.
 */
import type { ResilientFetch } from '@holdfast/core'
import { createFetch } from 'ofetch'

/** An `ofetch` whose requests are seen through. */
export const ofetchOver = (client: ResilientFetch, baseURL: string) =>
  createFetch({ fetch: client.fetch, defaults: { baseURL, retry: 0 } })
