import { parseObject, type RequestFacts } from '@holdfast/core/plugin'
import { pathOf } from '@holdfast/openstack'

/** The query for the policies with these tags, or for their number. */
const queries = /\/backuppolicy\/resource_instances\/action$/
const tagWrites = /\/backuppolicy\/[^/]+\/tags(?:\/action)?$/
const oneJob = /\/jobs\/[^/]+$/
const oneBackup = /\/backups\/(?!detail$)[^/]+$/
const bindings = /\/backuppolicyresources(?:\/[^/]+\/deleted_resources)?$/

/** True for a request whose body shows if it is a query by tag. */
export const needsRequestBody = (request: RequestFacts): boolean =>
  request.method === 'POST' && queries.test(pathOf(request))

/** True for a POST that is known to change nothing. */
export function isSafe(request: RequestFacts): boolean | undefined {
  if (!needsRequestBody(request)) return undefined
  const action = parseObject(request.bodyText)?.action
  return action === 'filter' || action === 'count' ? true : undefined
}

/**
 * True for a write that may be sent twice: writing or removing a tag. No other POST may, not even the one that deletes a backup: a
 * second request makes a second backup, runs a policy again, or overwrites a disk once more.
 */
export const isRepeatableWrite = (request: RequestFacts): boolean => tagWrites.test(pathOf(request))

/** Successes that may contain a failure: a failed job, disks that were not bound, a backup that has failed. */
export type SuccessKind = 'job' | 'binding' | 'backup'

/** The kind of a request that is answered with 200 though something failed. */
export function successKindOf(request: RequestFacts): SuccessKind | undefined {
  const [method, path] = [request.method, pathOf(request)]
  if (method === 'POST') return bindings.test(path) ? 'binding' : undefined
  if (method !== 'GET') return undefined
  if (oneJob.test(path)) return 'job'
  return oneBackup.test(path) ? 'backup' : undefined
}
