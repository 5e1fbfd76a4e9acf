import type { Clock, PlannedFailures, WorkFailure } from '@holdfast/openstack/simulator'
import type { VbsSettings } from './options.ts'

/** Kinds of work that take time. */
export type VbsWork = 'backup' | 'restore' | 'delete'

/** The end of a job that fails. */
export interface VbsFailure extends WorkFailure {
  /** True if only the record of a sub-job has the code. @default false */
  readonly inSubJob?: boolean
}

/** Work that has been taken on, from when to when. Milliseconds since the epoch. */
export interface Work {
  readonly kind: VbsWork
  readonly volume: string
  readonly begun: number
  readonly from: number
  readonly until: number
  readonly failure: VbsFailure | undefined
}

/** A backup of one disk. */
export interface Backup {
  readonly id: string
  readonly volume: string
  readonly snapshot: string
  readonly name: string | null
  readonly description: string | null
  readonly policy?: string
  readonly createdAt: number
  updatedAt: number
  ended: 'available' | 'error' | 'error_restoring'
  failReason: string | null
  work?: Work
}

/** Backups, whose states follow the clock. */
export interface Backups {
  all(): readonly Backup[]
  find(id: string): Backup | undefined
  create(backup: Pick<Backup, 'volume' | 'name' | 'description' | 'policy'>): Backup & { readonly work: Work }
  begin(backup: Backup, kind: Exclude<VbsWork, 'backup'>, volume?: string): Work
  /** The work under way on the disk. */
  atWorkOn(volume: string): VbsWork | undefined
  /** Plans work that has no backup. */
  plan(kind: VbsWork, volume: string, failure?: VbsFailure): Work
}

const states: Readonly<Record<VbsWork, string>> = { backup: 'creating', restore: 'restoring', delete: 'deleting' }

/** `creating`, `available`, `restoring` and so on. */
export const stateOf = ({ work, ended }: Backup) => (work === undefined ? ended : states[work.kind])

/** Starts with none. */
export function createBackups(
  { durations }: Pick<VbsSettings, 'durations'>,
  failures: PlannedFailures<VbsWork, VbsFailure>,
  clock: Clock,
): Backups {
  const backups = new Map<string, Backup>()

  function plan(kind: VbsWork, volume: string, failure = failures.take(kind)): Work {
    const begun = clock.now()
    const from = begun + durations.waiting
    return { kind, volume, begun, from, until: from + durations[kind], failure }
  }

  function all(): readonly Backup[] {
    for (const backup of backups.values()) {
      const { work } = backup
      if (work === undefined || clock.now() < work.until) continue
      if (work.kind === 'delete' && work.failure === undefined) backups.delete(backup.id)
      else finish(backup, work)
    }
    return [...backups.values()]
  }

  return {
    all,
    plan,
    find: (id) => all().find((backup) => backup.id === id),
    create(parts) {
      const work = plan('backup', parts.volume)
      const times = { createdAt: work.begun, updatedAt: work.begun }
      const ids = { id: crypto.randomUUID(), snapshot: crypto.randomUUID() }
      const backup = { ...parts, ...ids, ...times, ended: 'available' as const, failReason: null, work }
      backups.set(backup.id, backup)
      return backup
    },
    begin(backup, kind, volume = backup.volume) {
      const work = plan(kind, volume)
      backup.updatedAt = work.begun
      backup.work = work
      return work
    },
    atWorkOn: (volume) => all().find(({ work }) => work?.volume === volume && work.kind !== 'delete')?.work?.kind,
  }
}

function finish(backup: Backup, { kind, until, failure }: Work): void {
  backup.updatedAt = until
  backup.failReason = failure === undefined ? null : (failure.reason ?? 'made to fail')
  if (failure !== undefined) backup.ended = kind === 'restore' ? 'error_restoring' : 'error'
  else backup.ended = 'available'
  delete backup.work
}
