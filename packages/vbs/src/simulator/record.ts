import { type Backup, stateOf } from './backups.ts'
import type { VbsState } from './state.ts'

/** The parts of a request's URL that are in the links of a backup. */
export interface Place {
  readonly origin: string
  readonly project: string
  readonly version: string
}

/** A backup as a list has it. */
export const summaryOf = ({ id, name }: Backup, { origin, project, version }: Place) => ({
  id,
  links: [
    { href: `${origin}/${version}/${project}/backups/${id}`, rel: 'self' },
    { href: `${origin}/${project}/backups/${id}`, rel: 'bookmark' },
  ],
  name,
})

/** A backup with all its members. */
export function recordOf(backup: Backup, place: Place, { settings, clock }: VbsState) {
  const { id, links, name } = summaryOf(backup, place)
  return {
    status: stateOf(backup),
    description: backup.description,
    links,
    availability_zone: null,
    volume_id: backup.volume,
    fail_reason: backup.failReason,
    id,
    size: settings.volumes.get(backup.volume)?.size ?? 0,
    object_count: 0,
    container: 'volumebackups',
    name,
    created_at: iso(backup.createdAt),
    'os-backup-project-attr:project_id': place.project,
    snapshot_id: backup.snapshot,
    updated_at: iso(backup.updatedAt),
    data_timestamp: iso(clock.now()),
    has_dependent_backups: false,
    is_incremental: false,
  }
}

/** Microseconds, and no zone. */
const iso = (ms: number) => new Date(ms).toISOString().replace('Z', '000')
