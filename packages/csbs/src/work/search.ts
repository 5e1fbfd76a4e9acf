import {
  objectOf,
  objectsIn,
  parseObject,
  type Reply,
  type RequestFacts,
  textOf,
  type WorkName,
  type WorkRequest,
} from '@holdfast/core/plugin'
import { CLOCK_SLACK, listQuery, pathOf, utcOf } from '@holdfast/openstack'
import { subjectOf } from '../subject.ts'
import { backupNamed, deletionOf, listOf } from './names.ts'
import { itemsIn, ownOf } from './reports.ts'

const leaving: ReadonlySet<unknown> = new Set(['waiting_delete', 'deleting', 'deleted'])

const creation = /\/providers\/[^/]+\/(?:resources\/[^/]+\/action|checkpoints)$/

/** True for a request that makes backups. */
export const isCreation = (request: RequestFacts): boolean =>
  request.method === 'POST' && creation.test(pathOf(request))

/** The list with the backup of a lost creation, or with what was to be deleted. Nothing shows who began a restoration. */
export function searchFor(start: RequestFacts): WorkRequest | undefined {
  const deletion = deletionOf(start)
  if (deletion !== undefined) return { path: listOf(deletion.base, deletion.record) }
  const subject = wanted(start)
  if (subject === undefined) return undefined
  const filters = { resource_id: subject.server, policy_id: subject.policy }
  return { path: `${subject.base}/checkpoint_items?${listQuery(filters, 'sort=created_at:desc')}` }
}

/**
 * The record that a lost creation has made, if exactly one can be it: begun by hand, with that name, and made since then. Or what is
 * being deleted or no longer exists, whoever deletes it.
 */
export function foundRecord(
  { text }: Reply,
  start: RequestFacts,
  since: number,
  isTaken: (id: string) => boolean,
): WorkName | undefined {
  const deletion = deletionOf(start)
  if (deletion !== undefined) {
    const items = itemsIn(parseObject(text) ?? {})
    const left = items && ownOf(items, deletion)
    return left?.every(({ status }) => leaving.has(status)) ? backupNamed({ ...deletion, since }) : undefined
  }
  const subject = wanted(start)
  if (subject === undefined) return undefined
  const { checkpoint_items } = parseObject(text) ?? {}
  const records = new Set(
    objectsIn(checkpoint_items).flatMap(({ checkpoint_id, name, created_at, extend_info }) => {
      const isOwn = subject.name === undefined || name === subject.name
      const isNew = (utcOf(created_at) ?? 0) >= since - CLOCK_SLACK
      return isOwn && isNew && objectOf(extend_info)?.auto_trigger !== true ? (textOf(checkpoint_id) ?? []) : []
    }),
  )
  const [record, ...others] = [...records].filter((id) => !isTaken(id))
  if (record === undefined || others.length > 0) return undefined
  const { base, server } = subject
  return backupNamed({ aim: 'created', base, record, isSingle: server !== undefined, since })
}

function wanted(start: RequestFacts) {
  const subject = isCreation(start) ? subjectOf(start) : undefined
  return subject?.server === undefined && subject?.policy === undefined ? undefined : subject
}
