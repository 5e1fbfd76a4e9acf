import {
  objectsIn,
  parseObject,
  type Reply,
  type RequestFacts,
  textOf,
  type WorkName,
  type WorkRequest,
} from '@holdfast/core/plugin'
import { listQuery, pathOf, utcOf } from '@holdfast/openstack'
import { subjectOf } from '../subject.ts'
import { backupNamed } from './names.ts'

/** Milliseconds by which the clocks of a service and of what is in front of it may differ. */
const SLACK = 2_000

const creation = /\/(?:cloudbackups|backups)$/

/** The list in which the backup of a lost creation stands. Of restorations and deletions nothing tells whose they are. */
export function searchFor(start: RequestFacts): WorkRequest | undefined {
  const subject = wanted(start)
  if (subject === undefined) return undefined
  const filters = { volume_id: subject.volume, name: subject.name }
  return { path: `${subject.base}/backups/detail?${listQuery(filters, 'sort_key=created_at&sort_dir=desc')}` }
}

/** The backup that a lost creation has made, if one and only one can be it: of that disk, by that name, and made since. */
export function foundBackup({ text }: Reply, start: RequestFacts, since: number): WorkName | undefined {
  const subject = wanted(start)
  const { backups } = parseObject(text) ?? {}
  if (subject === undefined) return undefined
  const candidates = objectsIn(backups).filter(
    ({ volume_id, name, created_at }) =>
      volume_id === subject.volume && name === subject.name && (utcOf(created_at) ?? 0) >= since - SLACK,
  )
  const id = candidates.length === 1 ? textOf(candidates[0]?.id) : undefined
  return id === undefined ? undefined : backupNamed(id, `${subject.base}/backups`, 'created')
}

function wanted(start: RequestFacts) {
  const subject = start.method === 'POST' && creation.test(pathOf(start)) ? subjectOf(start) : undefined
  return subject?.volume === undefined || subject.name === undefined ? undefined : subject
}
