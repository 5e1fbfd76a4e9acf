import { parseObject, type RequestFacts } from '@holdfast/core/plugin'
import { pathOf } from '@holdfast/openstack'

/** The checks if servers can be backed up, or restored. */
const checks = /\/providers\/[^/]+\/resources\/action$/
/** The query for the backups or policies with these tags, or for their number. */
const queries = /\/csbs_backup(?:_policy)?\/resource_instances\/action$/
const tagWrites = /\/csbs_backup(?:_policy)?\/[^/]+\/tags(?:\/action)?$/
const creations = /\/(?:providers\/[^/]+\/(?:resources\/[^/]+\/action|checkpoints)|restores)$/
const looking: ReadonlySet<unknown> = new Set(['check_protectable', 'check_restorable', 'filter', 'count'])
const oneBackup = /\/checkpoint_items\/(?!count$)[^/]+$/

/** True for a request whose body names what it does: `resources/action` without a server, or a query by tag. */
export const needsRequestBody = (request: RequestFacts): boolean =>
  request.method === 'POST' && [checks, queries].some((one) => one.test(pathOf(request)))

/** True for a POST that is known to change nothing: one of the two checks, or a query by tag. */
export function isSafe(request: RequestFacts): boolean | undefined {
  if (!needsRequestBody(request)) return undefined
  const body = parseObject(request.bodyText)
  if (body === undefined) return undefined
  const actions = checks.test(pathOf(request)) ? Object.keys(body) : [body.action]
  return actions.length > 0 && actions.every((action) => looking.has(action)) ? true : undefined
}

/**
 * True for a write that may be sent twice. Writing tags is idempotent by the documents; any other write makes a second backup when
 * it is sent twice.
 */
export const isRepeatableWrite = (request: RequestFacts): boolean => tagWrites.test(pathOf(request))

/** Successes that may contain a failure: a check that says no, work that failed at once, a backup that has failed. */
export type SuccessKind = 'check' | 'creation' | 'backup'

/** The kind of a request that is answered with 200 though something failed. */
export function successKindOf(request: RequestFacts): SuccessKind | undefined {
  const [method, path] = [request.method, pathOf(request)]
  if (method === 'GET') return oneBackup.test(path) ? 'backup' : undefined
  if (method !== 'POST') return undefined
  if (checks.test(path)) return 'check'
  return creations.test(path) ? 'creation' : undefined
}
