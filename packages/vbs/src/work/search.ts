import {
  type Fault,
  objectOf,
  objectsIn,
  parseObject,
  type Reply,
  type RequestFacts,
  textOf,
  type WorkName,
  type WorkRequest,
} from '@holdfast/core/plugin'
import { CLOCK_SLACK, isNotFound, listQuery, pathOf, utcOf } from '@holdfast/openstack'
import { subjectOf } from '../subject.ts'
import { backupNamed } from './names.ts'

const creation = /\/(?:cloudbackups|backups)$/

/** The list with the backup of a lost creation, or with what was to be deleted. Nothing shows who began a restoration. */
export function searchFor(start: RequestFacts): WorkRequest | undefined {
  const deletion = deletionOf(start)
  if (deletion !== undefined) return { path: deletion.path }
  const subject = wanted(start)
  if (subject === undefined) return undefined
  const filters = { volume_id: subject.volume, name: subject.name }
  return { path: `${subject.base}/backups/detail?${listQuery(filters, 'sort_key=created_at&sort_dir=desc')}` }
}

/**
 * The backup that a lost creation has made, if exactly one can be it: of that disk, with that name, and made since then. Or the one
 * that is being deleted, whoever deletes it.
 */
export function foundBackup(
  { text }: Reply,
  start: RequestFacts,
  since: number,
  isTaken: (id: string) => boolean,
): WorkName | undefined {
  const { backups, backup } = parseObject(text) ?? {}
  const deletion = deletionOf(start)
  if (deletion !== undefined) {
    const { status } = objectOf(backup) ?? {}
    return status === 'deleting' || status === 'deleted'
      ? backupNamed(deletion.id, deletion.list, 'deleted')
      : undefined
  }
  const subject = wanted(start)
  if (subject === undefined) return undefined
  const candidates = objectsIn(backups).filter(
    ({ id, volume_id, name, created_at }) =>
      volume_id === subject.volume &&
      name === subject.name &&
      (utcOf(created_at) ?? 0) >= since - CLOCK_SLACK &&
      !isTaken(textOf(id) ?? ''),
  )
  const id = candidates.length === 1 ? textOf(candidates[0]?.id) : undefined
  return id === undefined ? undefined : backupNamed(id, `${subject.base}/backups`, 'created')
}

/** True for a refusal of the search that shows that what was to be deleted does not exist. */
export const isGone = (fault: Fault, start: RequestFacts): boolean =>
  isNotFound(fault) && deletionOf(start) !== undefined

/** A deletion, of OpenStack's kind or of VBS's own, which is a POST without a body. */
function deletionOf(start: RequestFacts) {
  const { base, to, act, backup: id } = subjectOf(start) ?? {}
  const method = to === 'backups' ? 'DELETE' : to === 'cloudbackups' ? 'POST' : undefined
  if (base === undefined || id === undefined || act !== undefined || start.method !== method) return undefined
  const list = `${base}/backups`
  return { id, list, path: `${list}/${id}` }
}

function wanted(start: RequestFacts) {
  const subject = start.method === 'POST' && creation.test(pathOf(start)) ? subjectOf(start) : undefined
  return subject?.volume === undefined || subject.name === undefined ? undefined : subject
}
