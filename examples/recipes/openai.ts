/**
 * The OpenAI SDK: without retries of its own. Its errors stay its own, with their status; `failureOf(error)` has the verdict.
 */
import type { ResilientFetch } from '@holdfast/core'
import OpenAI from 'openai'

/** An OpenAI client whose requests are seen through. */
export const openaiOver = (client: ResilientFetch, baseURL: string, apiKey: string) =>
  new OpenAI({ apiKey, baseURL, fetch: client.fetch, maxRetries: 0 })
