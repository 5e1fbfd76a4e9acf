/**
 * Octokit: its own retries and throttling off, for two layers of retries multiply. `failureOf(error)` has the verdict.
 */
import type { ResilientFetch } from '@holdfast/core'
import { Octokit } from 'octokit'

/** An Octokit whose requests are seen through. */
export const octokitOver = (client: ResilientFetch, baseUrl: string, auth: string) =>
  new Octokit({ auth, baseUrl, request: { fetch: client }, retry: { enabled: false }, throttle: { enabled: false } })
