/**
 * Octokit: its own retries and throttling off, for two layers of retries multiply. Its errors stay its own, with their status and
 * data. They keep nothing of the reply itself, so its verdict becomes their `cause`, and `failureOf(error)` has it. The options of
 * one call are in its `request`: `octokit.request('POST /gists', { files, request: { resilience: { idempotent: true } } })`.
 */
import { type Fetch, failureOf, type OneCallOptions, type ResilientFetch } from '@holdfast/core'
import { Octokit } from 'octokit'

/** An Octokit whose requests are seen through. */
export function octokitOver(client: ResilientFetch, baseUrl: string, auth: string): Octokit {
  const octokit = new Octokit({ auth, baseUrl, retry: { enabled: false }, throttle: { enabled: false } })
  octokit.hook.wrap('request', async (request, options) => {
    let reply: Response | undefined
    const { resilience = {} } = options.request as { resilience?: OneCallOptions }
    const fetch: Fetch = async (input, init) => (reply = await client.fetch(input, { ...init, resilience }))
    options.request = { ...options.request, fetch }
    try {
      return await request(options)
    } catch (error) {
      if (error instanceof Error) error.cause ??= failureOf(reply)
      throw error
    }
  })
  return octokit
}
