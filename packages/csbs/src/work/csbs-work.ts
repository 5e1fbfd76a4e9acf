import {
  OptionsError,
  objectOf,
  parseObject,
  type Reply,
  type RequestFacts,
  textOf,
  type VendorWork,
} from '@holdfast/core/plugin'
import { isNotFound, pathOf, serverTime } from '@holdfast/openstack'
import { subjectOf } from '../subject.ts'
import { backupNamed, deletionOf, listOf } from './names.ts'
import { itemsIn, reportOf } from './reports.ts'
import { foundRecord, isCreation, searchFor } from './search.ts'

/** Most backups in one answer: those that have changed last. */
const MOST = 500

const itemPath = /^(?<base>(?:\/[^/?#]+)*\/v1\/[^/?#]+)\/checkpoint_items\/(?<item>[^/?#]+)$/

/**
 * The long work of CSBS. It has no tasks that could be polled: an answer names a backup record, and the work shows in the states of
 * its backups. None of it can be cancelled. Five deletions run at a time, so that one may take half an hour.
 *
 * Source: opentelekomcloud-docs/cloud-server-backup-service api-ref, `backup_management/querying_all_backups.rst` and
 * `deleting_a_backup.rst`.
 */
export const csbsWork: VendorWork = {
  vendor: 'csbs',
  begun,
  nameOf(id) {
    const { base, item } = itemPath.exec(id)?.groups ?? {}
    if (base !== undefined && item !== undefined) return backupNamed({ aim: 'created', base, item })
    throw new OptionsError(
      'work',
      'must be the path of a backup, `/v1/{project}/checkpoint_items/{backup}`: its identifier names no project.',
    )
  },
  ask(works) {
    const [first] = works
    const { base = '', item, record } = first.facts ?? {}
    const list = `${base}/checkpoint_items`
    if (works.length > 1) return { path: `${list}?sort=updated_at:desc&limit=${MOST}`, about: works.slice(0, MOST) }
    // Read by itself, a backup that was in error before its deletion would be a failure.
    return { path: record === undefined ? `${list}/${item}` : listOf(base, record), about: [first] }
  },
  read(reply, about) {
    const body = parseObject(reply.text)
    const items = body && itemsIn(body)
    const isAlone = about.length === 1
    return (
      items &&
      new Map(
        about.flatMap((work) => {
          const report = reportOf(items, work, isAlone ? serverTime(reply.headers) : undefined)
          return report === undefined ? [] : [[work.id, report] as const]
        }),
      )
    )
  },
  readRefusal: (fault, { facts }) =>
    !isNotFound(fault) || facts?.item === undefined
      ? undefined
      : facts.aim === 'deleted'
        ? { status: 'succeeded' }
        : { status: 'lost', fault },
  verifyWith: ({ facts }) =>
    facts &&
    `GET ${facts.base}/checkpoint_items${facts.record === undefined ? `/${facts.item}` : `?checkpoint_id=${facts.record}`}`,
  find: searchFor,
  found: foundRecord,
}

const unnamed = (what: string) => ({ fault: { code: 'WORK_LOST', message: `The answer names no ${what}.` } })

function begun({ text, headers, request }: Reply): ReturnType<VendorWork['begun']> {
  const subject = subjectOf(request)
  if (subject === undefined) return undefined
  const { base, server, backup, record } = subject
  const since = serverTime(headers)
  const { checkpoint, restore } = parseObject(text) ?? {}
  const deletion = deletionOf(request)
  if (deletion !== undefined) return backupNamed({ ...deletion, since })
  if (request.method !== 'POST') return undefined
  if (pathOf(request).endsWith('/restores'))
    return restore === undefined
      ? unnamed('restoration')
      : backupNamed({ aim: 'restored', base, record, item: backup, since })
  if (!isCreation(request)) return undefined
  const id = textOf(objectOf(checkpoint)?.id)
  return id === undefined
    ? unnamed('backup record')
    : backupNamed({
        aim: 'created',
        base,
        record: id,
        isSingle: server !== undefined,
        servers: serversOf(request, checkpoint),
        since,
      })
}

/** The number of servers that the run of a policy backs up: those in the request, or all of the policy. */
function serversOf(request: RequestFacts, checkpoint: unknown): number | undefined {
  const { parameters } = objectOf(parseObject(request.bodyText)?.checkpoint) ?? {}
  const { resources = objectOf(objectOf(checkpoint)?.protection_plan)?.resources } = objectOf(parameters) ?? {}
  return Array.isArray(resources) ? resources.length : undefined
}
