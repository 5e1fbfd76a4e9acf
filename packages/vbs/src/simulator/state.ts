import {
  type Clock,
  createClock,
  createPlannedFailures,
  type PlannedFailures,
  refuse,
} from '@holdfast/openstack/simulator'
import { type Backup, type Backups, createBackups, type VbsFailure, type VbsWork } from './backups.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { settingsOf, type VbsSettings, type VbsSimulatorOptions } from './options.ts'
import { createPolicies, type Policies, type Policy } from './policies.ts'

/** The whole state of the service. */
export interface VbsState {
  readonly settings: VbsSettings
  readonly clock: Clock
  readonly failures: PlannedFailures<VbsWork, VbsFailure>
  readonly backups: Backups
  readonly jobs: Jobs
  readonly policies: Policies
}

/** Starts with disks and nothing else. */
export function createState(options: VbsSimulatorOptions): VbsState {
  const settings = settingsOf(options)
  const clock = createClock(settings.now)
  const failures = createPlannedFailures<VbsWork, VbsFailure>('backup', 'restore', 'delete')
  return {
    ...{ settings, clock, failures },
    backups: createBackups(settings, failures, clock),
    jobs: createJobs(clock),
    policies: createPolicies(settings),
  }
}

/** Makes a backup and its job, also for a repeated request. */
export function startBackup(
  { backups, jobs }: VbsState,
  parts: Pick<Backup, 'volume' | 'name' | 'description' | 'policy'>,
): { readonly backup: Backup; readonly job: string } {
  const backup = backups.create(parts)
  const { id, volume, snapshot, work } = backup
  return { backup, job: jobs.submit(work, { backup_id: id, volume_id: volume, snapshot_id: snapshot }) }
}

/** True while a run of the policy is making a backup. */
export const isExecuting = ({ backups }: VbsState, { id }: Policy) =>
  backups.all().some(({ policy, work }) => policy === id && work?.kind === 'backup')

/** Backs up the disks of a policy; one that is busy is skipped. Throws a `Refusal`. */
export function runPolicy(state: VbsState, policy: Policy): void {
  const { backups, settings, clock } = state
  if (isExecuting(state, policy)) refuse('AutoBackup.0225', 'The policy is making backups.')
  if (backups.all().length + policy.volumes.size > settings.quota.backups) {
    refuse('AutoBackup.0218', 'There is no room for so many backups.')
  }
  for (const volume of policy.volumes) {
    const task = { id: crypto.randomUUID(), volume, at: clock.now() }
    if (backups.atWorkOn(volume) !== undefined) {
      policy.tasks.unshift(task)
      continue
    }
    const name = `autobk_${task.id.slice(0, 4)}`
    const { backup, job } = startBackup(state, { volume, name, description: '', policy: policy.id })
    policy.tasks.unshift({ ...task, backup: backup.id, job })
  }
}
