import type { RequestFacts } from '@holdfast/core/plugin'
import { parseObject, pathOf } from '@holdfast/openstack'

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
 * Whether a write may be sent twice. A tag that is written twice is there once, one that is removed twice is gone. No
 * other POST may, not even the one that deletes a backup: a second request makes a second backup, runs a policy again, or
 * writes over a disk once more.
 */
export const isRepeatableWrite = (request: RequestFacts): boolean => tagWrites.test(pathOf(request))

/** Successes that may still tell of a failure: a failed job, disks that were not bound, a backup that has failed. */
export type SuccessKind = 'job' | 'binding' | 'backup'

/** The kind of a request that is answered with 200 though something failed. */
export function successKindOf(request: RequestFacts): SuccessKind | undefined {
  const [method, path] = [request.method, pathOf(request)]
  if (method === 'POST') return bindings.test(path) ? 'binding' : undefined
  if (method !== 'GET') return undefined
  if (oneJob.test(path)) return 'job'
  return oneBackup.test(path) ? 'backup' : undefined
}
