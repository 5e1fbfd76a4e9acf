import type { RequestFacts } from '@holdfast/core/plugin'
import { listQuery } from '@holdfast/openstack'
import { type Subject, subjectOf } from './subject.ts'

/** The newest first: what a lost request made is at the top. */
const newest = 'sort_key=created_at&sort_dir=desc'

/**
 * The query that shows whether a request was done. The job's identifier is lost with the answer; what can be listed by
 * disk and name, or looked at by itself, is not.
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
      // A restore shows in the state of the backup, a deletion in that there is none.
      return backup === undefined ? `backups/detail?${list({ volume_id: volume, name })}` : `backups/${backup}`
    case 'backuppolicy':
      if (act === 'action') return `backuppolicy/${policy}/backuptasks?${newest}`
      return act === 'tags' ? `backuppolicy/${policy}/tags` : 'backuppolicy'
    case 'os-vendor-backup-sharing':
      return sharing === undefined ? `${to}/detail?${list({ backup_id: backup })}` : `${to}/${sharing}`
    default:
      // There is no list of the disks of a policy; the policy says how many they are.
      return 'backuppolicy'
  }
}
