import type { RequestFacts } from '@holdfast/core/plugin'
import { isLogin, parseObject, pathOf } from '@holdfast/openstack'

/** Which policies have these tags, or how many? */
const queries = /\/backuppolicy\/resource_instances\/action$/
const tagWrites = /\/backuppolicy\/[^/]+\/tags(?:\/action)?$/
const oneJob = /\/jobs\/[^/]+$/
const oneBackup = /\/backups\/(?!detail$)[^/]+$/
const bindings = /\/backuppolicyresources(?:\/[^/]+\/deleted_resources)?$/

/** Whether a query by tag is one is told by its body. */
export const needsRequestBody = (request: RequestFacts): boolean =>
  request.method === 'POST' && queries.test(pathOf(request))

/** Whether a POST is known to look and not to touch. */
export function isSafe(request: RequestFacts): boolean | undefined {
  if (!needsRequestBody(request)) return undefined
  const action = parseObject(request.bodyText)?.action
  return action === 'filter' || action === 'count' ? true : undefined
}

/**
 * Whether a request may be sent twice.
 *
 * - A tag that is written twice is there once, one that is removed twice is gone, and a token that nobody got expires
 *   unused.
 * - No other POST may, not even the one that deletes a backup: nothing knows an idempotency key, so that a second
 *   request makes a second backup, runs a policy again, or writes over a disk once more.
 */
export function isRepeatable(request: RequestFacts): boolean | undefined {
  if (request.method !== 'POST' && request.method !== 'PATCH') return undefined
  return isSafe(request) === true || tagWrites.test(pathOf(request)) || isLogin(request)
}

/** What a success may still tell of: a failed job, disks that were not bound, a backup that has failed. */
export type Telling = 'job' | 'binding' | 'backup'

/** Which requests are answered with 200 though something failed. */
export function tellingOf(request: RequestFacts): Telling | undefined {
  const [method, path] = [request.method, pathOf(request)]
  if (method === 'POST') return bindings.test(path) ? 'binding' : undefined
  if (method !== 'GET') return undefined
  if (oneJob.test(path)) return 'job'
  return oneBackup.test(path) ? 'backup' : undefined
}
