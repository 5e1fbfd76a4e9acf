import type { Clock, PlannedFailures, WorkFailure } from '@holdfast/openstack/simulator'
import type { CsbsSettings } from './options.ts'

/** Kinds of work that take time. */
export type CsbsWork = 'backup' | 'restore' | 'delete'

/** Accepted work. */
interface Work {
  readonly kind: CsbsWork
  /** The server that it is about. */
  readonly server: string
  readonly from: number
  readonly until: number
  readonly failure: WorkFailure | undefined
}

/** A backup of one server: a checkpoint item. */
export interface Backup {
  readonly id: string
  readonly checkpoint: string
  readonly server: string
  readonly name: string
  readonly description: string
  readonly policy?: string
  /** True if a schedule, not a caller, has started it. */
  readonly auto: boolean
  readonly createdAt: number
  updatedAt: number
  finishedAt?: number
  ended: 'available' | 'error'
  work?: Work
  failed?: { readonly op: CsbsWork; readonly failure: WorkFailure }
  /** Identifier of an image that was made from it. */
  image?: string
}

/** Backups, whose states follow the clock. */
export interface Backups {
  all(): readonly Backup[]
  find(id: string): Backup | undefined
  create(backup: Pick<Backup, 'server' | 'checkpoint' | 'name' | 'description' | 'policy' | 'auto'>): Backup
  begin(backup: Backup, kind: Exclude<CsbsWork, 'backup'>, server?: string): void
  /** The backup that has work of this kind on the server under way. */
  atWorkOn(server: string, kind: CsbsWork): Backup | undefined
  /** `waiting_protect`, `protecting`, `available` and so on. */
  stateOf(backup: Backup): string
  /** Whole per cent. */
  progressOf(backup: Backup): number
}

const stateNames: Readonly<Record<CsbsWork, readonly [waiting: string, working: string]>> = {
  backup: ['waiting_protect', 'protecting'],
  restore: ['waiting_restore', 'restoring'],
  delete: ['waiting_delete', 'deleting'],
}

/** Deletions of a user that run at once. */
const deletionsAtOnce = 5

/** Starts with none. */
export function createBackups(
  { durations }: Pick<CsbsSettings, 'durations'>,
  failures: PlannedFailures<CsbsWork>,
  clock: Clock,
): Backups {
  const backups = new Map<string, Backup>()
  const plan = createPlanner(durations, failures, clock)

  function settle(): void {
    for (const backup of backups.values()) {
      const { work } = backup
      if (work === undefined || clock.now() < work.until) continue
      if (work.kind === 'delete' && work.failure === undefined) backups.delete(backup.id)
      else finish(backup, work)
    }
  }

  const settled = () => {
    settle()
    return [...backups.values()]
  }
  return {
    all: settled,
    find: (id) => settled().find((backup) => backup.id === id),
    create(parts) {
      const now = clock.now()
      const work = plan('backup', parts.server)
      const backup: Backup = {
        ...parts,
        id: crypto.randomUUID(),
        createdAt: now,
        updatedAt: now,
        ended: 'available',
        work,
      }
      backups.set(backup.id, backup)
      return backup
    },
    begin(backup, kind, server = backup.server) {
      backup.work = plan(kind, server)
      backup.updatedAt = clock.now()
    },
    atWorkOn: (server, kind) => settled().find(({ work }) => work?.kind === kind && work.server === server),
    stateOf({ work, ended }) {
      if (work === undefined) return ended
      return stateNames[work.kind][clock.now() < work.from ? 0 : 1]
    },
    progressOf({ work }) {
      if (work === undefined) return 100
      const share = (clock.now() - work.from) / (work.until - work.from)
      return Math.max(0, Math.min(99, Math.floor(100 * share)))
    },
  }
}

/** Plans when work begins and ends: deletions wait for each other. */
function createPlanner(
  durations: CsbsSettings['durations'],
  failures: PlannedFailures<CsbsWork>,
  clock: Clock,
): (kind: CsbsWork, server: string) => Work {
  const deletionEnds: number[] = Array.from({ length: deletionsAtOnce }, () => 0)
  return (kind, server) => {
    const ready = clock.now() + durations.waiting
    const free = Math.min(...deletionEnds)
    const from = kind === 'delete' ? Math.max(ready, free) : ready
    const until = from + durations[kind]
    if (kind === 'delete') deletionEnds[deletionEnds.indexOf(free)] = until
    return { kind, server, from, until, failure: failures.take(kind) }
  }
}

function finish(backup: Backup, { kind, until, failure }: Work): void {
  backup.updatedAt = until
  if (kind === 'backup') backup.finishedAt = until
  // A failed restore does not change the backup.
  if (failure !== undefined && kind !== 'restore') backup.ended = 'error'
  if (failure === undefined) delete backup.failed
  else backup.failed = { op: kind, failure }
  delete backup.work
}
