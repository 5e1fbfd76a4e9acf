/**
 * The Anthropic SDK: without retries of its own. Its errors stay its own, with their status; `failureOf(error)` has the verdict.
 */
import Anthropic from '@anthropic-ai/sdk'
import type { ResilientFetch } from '@holdfast/core'

/** An Anthropic client whose requests are seen through. */
export const anthropicOver = (client: ResilientFetch, baseURL: string, apiKey: string) =>
  new Anthropic({ apiKey, baseURL, fetch: client.fetch, maxRetries: 0 })
