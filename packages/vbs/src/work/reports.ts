import {
  type Fault,
  type JsonObject,
  objectOf,
  objectsIn,
  type Reply,
  textOf,
  type WorkName,
  type WorkReport,
  type WorkReports,
} from '@holdfast/core/plugin'
import { failureIn200 } from '../failures-in-200.ts'
import { diskNamed } from './names.ts'

/** `{status: INIT | RUNNING | SUCCESS | FAIL, entities}`. */
export function reportOfJob(job: JsonObject, reply: Reply): WorkReport | undefined {
  switch (job.status) {
    case 'INIT':
      return { status: 'pending' }
    case 'RUNNING':
      return { status: 'running' }
    case 'SUCCESS':
      return { status: 'succeeded', result: job.entities }
    case 'FAIL':
      return failed('job', reply)
    default:
      return undefined
  }
}

/** The backups in a list. A backup that is missing there is polled alone. */
export function reportsOfList({ backups }: JsonObject, about: readonly WorkName[]): WorkReports | undefined {
  if (!Array.isArray(backups)) return undefined
  const listed = new Map(objectsIn(backups).map((backup) => [textOf(backup.id), backup]))
  return new Map(
    about.flatMap((work) => {
      const report = reportOfBackup(listed.get(work.id), work)
      return report === undefined ? [] : [[work.id, report] as const]
    }),
  )
}

/**
 * `{status: creating | available | restoring | deleting | error | error_restoring}`, by the wanted state. Cinder has
 * `error_deleting`, too, and leaves a backup `available` whose restoration has failed (openstack/cinder
 * cinder/backup/manager.py, `restore_backup`), so that the state of the disk decides.
 */
export function reportOfBackup(given: unknown, { id, facts = {} }: WorkName): WorkReport | undefined {
  const { aim, list, disk } = facts
  const backup = objectOf(given)
  switch (backup?.status) {
    case undefined:
      return undefined
    case 'error':
    case 'error_restoring':
      return failed('backup', { text: JSON.stringify({ backup }), status: 200 })
    case 'error_deleting':
      return { status: 'failed', fault: restFault('BACKUP_FAILED', 'backup', backup) }
    case 'available':
      // A deletion that has not begun. The service marks a backup before it answers a restoration.
      if (aim === 'deleted') return { status: 'pending' }
      if (aim !== 'restored') return { status: 'succeeded', result: backup }
      if (list === undefined || disk === undefined)
        return { status: 'lost', fault: { code: 'WORK_LOST', message: 'nothing names the disk' } }
      return { status: 'running', next: diskNamed(id, disk, list) }
    case 'deleted':
      return aim === 'deleted' ? { status: 'succeeded' } : { status: 'lost' }
    default:
      return { status: 'running', message: textOf(backup?.status) ?? '' }
  }
}

/** `{status: restoring-backup | available | error_restoring | …}` of a disk whose backup is at rest again. */
export function reportOfDisk(given: unknown, { facts = {} }: WorkName): WorkReport | undefined {
  const disk = objectOf(given)
  switch (disk?.status) {
    case undefined:
      return undefined
    case 'restoring-backup':
      return { status: 'running', message: 'restoring-backup' }
    case 'error':
    case 'error_restoring':
      return { status: 'failed', fault: restFault('RESTORE_FAILED', 'disk', disk) }
    default:
      return { status: 'succeeded', result: restorationOf(facts) }
  }
}

/** The result of a restoration, as its job has it. */
export const restorationOf = ({ backup, disk }: Readonly<Record<string, string>>) => ({
  backup_id: backup,
  volume_id: disk,
})

function restFault(code: string, what: string, { status, fail_reason }: JsonObject): Fault {
  const reason = textOf(fail_reason)
  return { code, message: `the ${what} came to rest as ${status}${reason === undefined ? '' : `: ${reason}`}` }
}

function failed(kind: 'job' | 'backup', reply: Pick<Reply, 'text' | 'status'>): WorkReport {
  const fault = failureIn200(kind, reply)
  return { status: 'failed', ...(fault && { fault }) }
}
