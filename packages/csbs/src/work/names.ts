import { type RequestFacts, urlPart, type WorkName } from '@holdfast/core/plugin'
import { pathOf } from '@holdfast/openstack'
import { subjectOf } from '../subject.ts'

/** The wanted state of backups. */
export type Aim = 'created' | 'restored' | 'deleted'

interface Named {
  readonly aim: Aim
  /** The path up to the project. */
  readonly base: string
  /** A backup record: a `checkpoint`. */
  readonly record?: string | undefined
  /** A backup: a `checkpoint_item`; or several of a record, separated by commas. */
  readonly item?: string | undefined
  /** True if the record has only one backup. */
  readonly isSingle?: boolean
  /** Number of servers that are backed up, if the answer says so. */
  readonly servers?: number | undefined
  /** Milliseconds since the epoch, by the server's clock, of the answer to the start. */
  readonly since?: number | undefined
}

/**
 * The name of work on one backup, or on all of a record. Works on one backup each share a poll. A record with several does not,
 * because a page of a list might show only some of them.
 */
export function backupNamed({ aim, base, record, item, isSingle, servers, since }: Named): WorkName {
  const id = item ?? record ?? ''
  const facts = {
    aim,
    base,
    ...(record !== undefined && { record }),
    ...(item !== undefined && { item }),
    ...(servers !== undefined && { servers: String(servers) }),
    ...(since !== undefined && { since: String(since) }),
  }
  const isOne = isSingle || (item !== undefined && !item.includes(','))
  return { id, group: isOne ? base : `${base} ${id}`, pace: 'slow', facts }
}

/** The backups that a request deletes; `undefined` for any other request. */
export function deletionOf(request: RequestFacts) {
  const { base, record, backup: item } = subjectOf(request) ?? {}
  if (request.method !== 'DELETE' || base === undefined || record === undefined) return undefined
  return pathOf(request).includes('/checkpoints/') ? ({ aim: 'deleted', base, record, item } as const) : undefined
}

/** The address of the list of a record's backups. */
export const listOf = (base: string, record: string): string =>
  `${base}/checkpoint_items?checkpoint_id=${urlPart(record)}`
