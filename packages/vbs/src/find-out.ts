import type { RequestFacts } from '@holdfast/core/plugin'
import { isSafe } from './requests.ts'
import { type Subject, subjectOf } from './subject.ts'

/** The newest first: what a lost request made is at the top. */
const newest = 'sort_key=created_at&sort_dir=desc'

/**
 * The query that shows whether a request was done. The job's identifier is lost with the answer; what can be listed by
 * disk and name, or looked at by itself, is not.
 */
export function verifyWith(request: RequestFacts): string | undefined {
  const { method } = request
  if (method === 'GET' || method === 'HEAD' || isSafe(request)) return undefined
  const subject = subjectOf(request)
  return subject && `GET ${subject.base}/${questionOf(subject)}`
}

function questionOf({ to, act, backup, policy, sharing, volume, name }: Subject): string {
  switch (to) {
    case 'backups':
    case 'cloudbackups':
      // A restore shows in the state of the backup, a deletion in that there is none.
      return backup === undefined ? `backups/detail?${listing({ volume_id: volume, name })}` : `backups/${backup}`
    case 'backuppolicy':
      if (act === 'action') return `backuppolicy/${policy}/backuptasks?${newest}`
      return act === 'tags' ? `backuppolicy/${policy}/tags` : 'backuppolicy'
    case 'os-vendor-backup-sharing':
      return sharing === undefined ? `${to}/detail?${listing({ backup_id: backup })}` : `${to}/${sharing}`
    default:
      // There is no list of the disks of a policy; the policy says how many they are.
      return 'backuppolicy'
  }
}

function listing(filters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(filters).flatMap(([filter, value]) =>
    value === undefined ? [] : [`${filter}=${encodeURIComponent(value)}`],
  )
  return [...given, newest].join('&')
}
