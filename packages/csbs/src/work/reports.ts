import { type JsonObject, objectOf, objectsIn, textOf, type WorkName, type WorkReport } from '@holdfast/core/plugin'
import { CLOCK_SLACK, utcOf } from '@holdfast/openstack'
import { lastFailureOf } from '../failures-in-200.ts'
import type { Aim } from './names.ts'

/** Milliseconds within which a new backup shows in the list. */
const SHOWN_WITHIN = 300_000
/** The backups in an answer; `undefined` for an answer without any. */
export function itemsIn({ checkpoint_item, checkpoint_items }: JsonObject): readonly JsonObject[] | undefined {
  if (Array.isArray(checkpoint_items)) return objectsIn(checkpoint_items)
  const one = objectOf(checkpoint_item)
  return one && [one]
}

/**
 * The report on work, by the states of its backups.
 *
 * @param at milliseconds since the epoch by the server's clock, if the answer is about this work alone.
 */
export function reportOf(items: readonly JsonObject[], work: WorkName, at: number | undefined): WorkReport | undefined {
  const { facts = {} } = work
  const since = facts.since === undefined ? undefined : Number(facts.since)
  const own = ownOf(items, facts)
  // A list may lag behind the answer to the start.
  const mayLag = facts.aim === 'created' && at !== undefined && since !== undefined && at < since + SHOWN_WITHIN
  const missing: readonly WorkReport[] =
    mayLag && own.length < Number(facts.servers ?? 1) ? [{ status: 'pending' }] : []
  const reports = [...own.map((item) => reportOfItem(item, work, since)), ...missing]
  if (reports.length > 0) return whole(reports)
  return at !== undefined && facts.aim === 'deleted' ? { status: 'succeeded' } : undefined
}

/** The listed backups of work. */
export function ownOf(
  items: readonly JsonObject[],
  { record, item }: { readonly record?: string; readonly item?: string | undefined },
): readonly JsonObject[] {
  const named = item?.split(',')
  return items.filter(({ id, checkpoint_id }) =>
    named === undefined ? checkpoint_id === record : named.includes(textOf(id) ?? ''),
  )
}

/** The end of work on several backups: one failure is that of the whole, once none is under way. */
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
  // It had this state before, too, so that only a change since then shows the end.
  const isOld = aim !== 'created' && since !== undefined && changed !== undefined && changed < since - CLOCK_SLACK
  switch (status) {
    case 'error':
      if (isOld) return { status: 'pending' }
      // The failure of other work: the deletion waits for its turn.
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
 * The name of a restoration under way whose backup still shows the failure of an earlier one: at its end, the same failure may
 * still be that of the earlier one, which is never removed.
 */
function nextName(item: JsonObject, work: WorkName): { readonly next?: WorkName } {
  const { facts } = work
  const isOld = textOf(objectOf(item.extend_info)?.fail_op) === failedBy.restored
  if (facts?.aim !== 'restored' || facts.failure !== undefined || !isOld) return {}
  return { next: { ...work, facts: { ...facts, failure: failureOf(item) } } }
}

/** The failure that a backup shows, as one string. */
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
