import type { Backup, Backups } from './backups.ts'
import { recordOf } from './record.ts'

type Record = ReturnType<typeof recordOf>

const sortable = ['created_at', 'updated_at', 'name', 'status', 'id'] as const

/** The backups that a query asks for: filtered, sorted, and the page of them. */
export function listing(backups: Backups, query: URLSearchParams): readonly Backup[] {
  const found = sorted(filtered(backups, query), backups, query.get('sort'))
  const first = found.findIndex(({ id }) => id === query.get('marker')) + 1
  return found.slice(first, first + Number(query.get('limit') ?? 1000))
}

/** A name matches if it contains the text. */
export function filtered(backups: Backups, query: URLSearchParams): readonly Backup[] {
  const same = (name: string, value: string | undefined) => !query.has(name) || query.get(name) === value
  return backups
    .all()
    .filter(
      (backup) =>
        same('status', backups.stateOf(backup)) &&
        same('resource_id', backup.server) &&
        same('checkpoint_id', backup.checkpoint) &&
        same('policy_id', backup.policy) &&
        backup.name.includes(query.get('name') ?? ''),
    )
}

/** `created_at:desc`; the first key counts, and the default direction is descending. */
function sorted(found: readonly Backup[], backups: Backups, sort: string | null): readonly Backup[] {
  const [name, direction = 'desc'] = sort?.split(',')[0]?.split(':') ?? []
  const key = sortable.find((candidate) => candidate === name)
  if (key === undefined) return found
  const record = (backup: Backup): Record => recordOf(backup, backups, undefined)
  const up = found.toSorted((a, b) => Number(record(a)[key] > record(b)[key]) - Number(record(a)[key] < record(b)[key]))
  return direction === 'asc' ? up : up.reverse()
}
