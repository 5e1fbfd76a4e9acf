import type { RequestFacts } from '@holdfast/core/plugin'
import { pathOf } from '@holdfast/openstack'
import { isSafe } from './requests.ts'
import { type Subject, subjectOf } from './subject.ts'

/** The newest first: what a lost request made is at the top. */
const newest = 'sort=created_at:desc'

/**
 * The query that shows whether a request was done. Nothing is as good as a job's identifier, which is lost with the
 * answer; what is listed by server, policy or name is.
 */
export function verifyWith(request: RequestFacts): string | undefined {
  const { method } = request
  if (method === 'GET' || method === 'HEAD' || isSafe(request)) return undefined
  const subject = subjectOf(request)
  if (subject === undefined) return undefined
  return `GET ${subject.base}${questionOf(method, pathOf(request), subject)}`
}

function questionOf(method: string, path: string, { server, policy, backup, record, name }: Subject): string {
  if (path.includes('/tags')) return `${path.slice(path.lastIndexOf('/csbs_backup')).replace(/\/tags\/.*$/, '/tags')}`
  if (/\/policies(?:\/|$)/.test(path)) {
    return policy === undefined ? `/policies?${listing({ name })}` : `/policies/${policy}`
  }
  if (path.endsWith('/restores')) {
    return backup === undefined ? '/checkpoint_items?status=restoring' : `/checkpoint_items/${backup}`
  }
  if (method === 'DELETE') {
    // A list of them is too long for one address.
    return backup !== undefined && !backup.includes(',')
      ? `/checkpoint_items/${backup}`
      : `/checkpoint_items?${listing({ checkpoint_id: record })}`
  }
  return `/checkpoint_items?${listing({ resource_id: server, policy_id: policy, name })}`
}

function listing(filters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(filters).flatMap(([filter, value]) =>
    value === undefined ? [] : [`${filter}=${encodeURIComponent(value)}`],
  )
  return [...given, newest].join('&')
}
