import type { RequestFacts } from '@holdfast/core/plugin'
import { listQuery, pathOf } from '@holdfast/openstack'
import { type Subject, subjectOf } from './subject.ts'

/** The newest first, so that what a lost request made is at the top. */
const newest = 'sort=created_at:desc'

/**
 * The query that shows whether a request was done: a list by server, policy or name. The identifier of a job would be better, but it
 * is lost with the answer.
 */
export function verificationOf(request: RequestFacts): string | undefined {
  const subject = subjectOf(request)
  if (subject === undefined) return undefined
  return `GET ${subject.base}${questionOf(request.method, pathOf(request), subject)}`
}

const list = (filters: Parameters<typeof listQuery>[0]): string => listQuery(filters, newest)

function questionOf(method: string, path: string, { server, policy, backup, record, name }: Subject): string {
  if (path.includes('/tags')) return `${path.slice(path.lastIndexOf('/csbs_backup')).replace(/\/tags\/.*$/, '/tags')}`
  if (/\/policies(?:\/|$)/.test(path)) {
    return policy === undefined ? `/policies?${list({ name })}` : `/policies/${policy}`
  }
  if (path.endsWith('/restores')) {
    return backup === undefined ? '/checkpoint_items?status=restoring' : `/checkpoint_items/${backup}`
  }
  if (method === 'DELETE') {
    // A list of them is too long for one address.
    return backup !== undefined && !backup.includes(',')
      ? `/checkpoint_items/${backup}`
      : `/checkpoint_items?${list({ checkpoint_id: record })}`
  }
  return `/checkpoint_items?${list({ resource_id: server, policy_id: policy, name })}`
}
