/**
 * Hono's typed client: it hands every reply over, so it gets `client.fetch`. `failureOf(reply)` has the verdict.
 *
 *     hc<typeof app>('https://api.example', honoOptions(client))
 */
import type { ResilientFetch } from '@holdfast/core'

/** The options of `hc` with which its requests are seen through. */
export const honoOptions = (client: ResilientFetch) => ({ fetch: client.fetch })
