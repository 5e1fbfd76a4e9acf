import {
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

/** Backups in a list; one that is not in it is asked after alone. */
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

/** `{status: creating | available | restoring | deleting | error | error_restoring}`, by what is to become of it. */
export function reportOfBackup(given: unknown, { facts }: WorkName): WorkReport | undefined {
  const backup = objectOf(given)
  switch (backup?.status) {
    case undefined:
      return undefined
    case 'error':
    case 'error_restoring':
      return failed('backup', { text: JSON.stringify({ backup }), status: 200 })
    case 'available':
      // A deletion that has not begun; the service marks what it restores from before it answers.
      return facts?.aim === 'deleted' ? { status: 'pending' } : { status: 'succeeded', result: backup }
    case 'deleted':
      return facts?.aim === 'deleted' ? { status: 'succeeded' } : { status: 'lost' }
    default:
      return { status: 'running', message: textOf(backup?.status) ?? '' }
  }
}

function failed(kind: 'job' | 'backup', reply: Pick<Reply, 'text' | 'status'>): WorkReport {
  const fault = failureIn200(kind, reply)
  return { status: 'failed', ...(fault && { fault }) }
}
