import type { RequestFacts } from '@holdfast/core/plugin'
import { listQuery } from '@holdfast/openstack'
import { type Subject, subjectOf } from './subject.ts'

/** The newest first, so that what a lost request made is at the top. */
const newest = 'sort_key=created_at&sort_dir=desc'

/**
 * The query that shows whether a request was done: a list by disk and name, or one object. The identifier of the job is lost with
 * the answer.
 */
export function verificationOf(request: RequestFacts): string | undefined {
  const subject = subjectOf(request)
  return subject && `GET ${subject.base}/${questionOf(subject)}`
}

const list = (filters: Parameters<typeof listQuery>[0]): string => listQuery(filters, newest)

function questionOf({ to, act, backup, policy, sharing, volume, name }: Subject): string {
  switch (to) {
    case 'backups':
    case 'cloudbackups':
      // A restore shows in the state of the backup, a deletion in its absence.
      return backup === undefined ? `backups/detail?${list({ volume_id: volume, name })}` : `backups/${backup}`
    case 'backuppolicy':
      if (act === 'action') return `backuppolicy/${policy}/backuptasks?${newest}`
      return act === 'tags' ? `backuppolicy/${policy}/tags` : 'backuppolicy'
    case 'os-vendor-backup-sharing':
      return sharing === undefined ? `${to}/detail?${list({ backup_id: backup })}` : `${to}/${sharing}`
    default:
      // There is no list of the disks of a policy, but the policy has their number.
      return 'backuppolicy'
  }
}
