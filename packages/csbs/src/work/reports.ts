import { type JsonObject, objectOf, objectsIn, textOf, type WorkName, type WorkReport } from '@holdfast/core/plugin'
import { utcOf } from '@holdfast/openstack'
import { lastFailureOf } from '../failures-in-200.ts'
import type { Aim } from './names.ts'

/** Milliseconds within which a backup shows that has just been asked for. */
const SHOWN_WITHIN = 300_000
/** Milliseconds by which the clocks of a service and of what is in front of it may differ. */
const SLACK = 2_000

/** The backups that an answer tells of; `undefined` for another answer. */
export function itemsIn({ checkpoint_item, checkpoint_items }: JsonObject): readonly JsonObject[] | undefined {
  if (Array.isArray(checkpoint_items)) return objectsIn(checkpoint_items)
  const one = objectOf(checkpoint_item)
  return one && [one]
}

/**
 * The state of work, by the states of its backups.
 *
 * @param at milliseconds since the epoch by the server's clock, where the answer is about this work alone.
 */
export function reportOf(items: readonly JsonObject[], work: WorkName, at: number | undefined): WorkReport | undefined {
  const { facts = {} } = work
  const since = facts.since === undefined ? undefined : Number(facts.since)
  const own = ownOf(items, facts)
  // A list may lag behind what was answered.
  const mayLag = facts.aim === 'created' && at !== undefined && since !== undefined && at < since + SHOWN_WITHIN
  const missing: readonly WorkReport[] =
    mayLag && own.length < Number(facts.servers ?? 1) ? [{ status: 'pending' }] : []
  const reports = [...own.map((item) => reportOfItem(item, work, since)), ...missing]
  if (reports.length > 0) return whole(reports)
  return at !== undefined && facts.aim === 'deleted' ? { status: 'succeeded' } : undefined
}

/** The backups that work is upon, as far as they are listed. */
export function ownOf(
  items: readonly JsonObject[],
  { record, item }: { readonly record?: string; readonly item?: string | undefined },
): readonly JsonObject[] {
  const named = item?.split(',')
  return items.filter(({ id, checkpoint_id }) =>
    named === undefined ? checkpoint_id === record : named.includes(textOf(id) ?? ''),
  )
}

/** One failure is that of the whole, once nothing runs any more. */
function whole(parts: readonly WorkReport[]): WorkReport {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  const under = parts.filter((part) => part.status === 'pending' || part.status === 'running')
  if (under.length === 0) {
    const results = parts.flatMap((part) => (part.status === 'succeeded' ? [part.result] : []))
    return parts.find(({ status }) => status !== 'succeeded') ?? { status: 'succeeded', result: results }
  }
  const shares = parts.map((part) => ('progress' in part ? (part.progress ?? 0) : part.status === 'pending' ? 0 : 1))
  return { status: 'running', progress: shares.reduce((sum, share) => sum + share, 0) / parts.length }
}

/** The `fail_op` of work that has failed. */
const failedBy: Readonly<Record<Aim, string>> = { created: 'backup', restored: 'restore', deleted: 'delete' }
const operations: ReadonlySet<string | undefined> = new Set(Object.values(failedBy))

function reportOfItem(item: JsonObject, work: WorkName, since: number | undefined): WorkReport {
  const { facts = {} } = work
  const aim = facts.aim as Aim
  const { status, extend_info, updated_at } = item
  const changed = utcOf(updated_at)
  const failed = textOf(objectOf(extend_info)?.fail_op)
  // It was so before, too: only a change since then tells of the end.
  const isOld = aim !== 'created' && since !== undefined && changed !== undefined && changed < since - SLACK
  switch (status) {
    case 'error':
      if (isOld) return { status: 'pending' }
      // Of other work: what is to be deleted waits for its turn, and nobody knows what came of what was before.
      if (failed !== failedBy[aim] && operations.has(failed))
        return aim === 'deleted' ? { status: 'pending' } : { status: 'lost', fault: lastFailureOf(item) }
      return { status: 'failed', fault: lastFailureOf(item) }
    case 'available':
      if (isOld || aim === 'deleted') return { status: 'pending' }
      if (aim !== 'restored' || failed !== failedBy.restored) return { status: 'succeeded', result: item }
      return { status: facts.failure === failureOf(item) ? 'lost' : 'failed', fault: lastFailureOf(item) }
    case 'deleted':
      return aim === 'deleted' ? { status: 'succeeded' } : { status: 'lost' }
    default:
      return { ...underWay(textOf(status), objectOf(extend_info)?.progress), ...nextName(item, work) }
  }
}

/**
 * The name of a restoration under way whose backup still tells of one before that failed: at its end the same words may be
 * those of the old one, which nothing takes away.
 */
function nextName(item: JsonObject, work: WorkName): { readonly next?: WorkName } {
  const { facts } = work
  const isOld = textOf(objectOf(item.extend_info)?.fail_op) === failedBy.restored
  if (facts?.aim !== 'restored' || facts.failure !== undefined || !isOld) return {}
  return { next: { ...work, facts: { ...facts, failure: failureOf(item) } } }
}

/** The failure that a backup tells of, as one text. */
const failureOf = (item: JsonObject): string => {
  const { fail_reason, fail_code } = objectOf(item.extend_info) ?? {}
  return JSON.stringify([fail_reason, fail_code]).slice(0, 200)
}

function underWay(state = '', percent: unknown): WorkReport {
  const progress = typeof percent === 'number' && percent >= 0 && percent <= 100 ? percent / 100 : undefined
  return {
    status: state.startsWith('waiting_') ? 'pending' : 'running',
    ...(progress !== undefined && { progress }),
    message: state,
  }
}
