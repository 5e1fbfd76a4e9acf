import {
  type Asked,
  type CloudReply,
  compact,
  dig,
  type Operation,
  param,
  refuse,
  textAt,
} from '@holdfast/openstack/simulator'
import type { Work } from './backups.ts'
import { startBackup, type VbsState } from './state.ts'

/** The vendor's own calls: each gives a job, which is asked after under another version. */
export function cloudOperations(state: VbsState): readonly Operation[] {
  const path = '/v2/:project/cloudbackups'
  return [
    { method: 'GET', path: `${path}/quota`, run: () => quotas(state) },
    { method: 'POST', path, run: (asked) => create(state, asked) },
    { method: 'POST', path: `${path}/:backup/restore`, run: (asked) => restore(state, asked) },
    { method: 'POST', path: `${path}/:backup`, run: (asked) => remove(state, asked) },
    {
      method: 'GET',
      path: '/v1/:project/jobs/:job',
      run: (asked) => {
        const job = state.jobs.record(param(asked, 'job'))
        return compact(200, job ?? refuse('common.0011', 'The task could not be found.', 404))
      },
    },
  ]
}

/** A repeated request cannot be told from a new one: each makes a backup. */
function create(state: VbsState, { body, done }: Asked): CloudReply {
  const wanted = dig(body, 'backup') ?? refuse('VolumeBackup.0002', 'The request has no backup.')
  const volume = textAt(wanted, 'volume_id') ?? refuse('VolumeBackup.0010', 'The request names no disk.')
  const name = checkedName(textAt(wanted, 'name'))
  assertBackable(state, volume)
  const description = textAt(wanted, 'description') ?? null
  done('backup.create', volume)
  if (state.settings.volumes.has(volume)) {
    return compact(200, { job_id: startBackup(state, { volume, name, description }).job })
  }
  // Whether there is such a disk, only the job finds out.
  const work = state.backups.plan('backup', volume, { code: 'VolumeBackup.0021', reason: 'There is no such disk.' })
  return compact(200, { job_id: state.jobs.submit(work, { volume_id: volume }) })
}

function checkedName(name: string | undefined): string {
  if (name === undefined) return refuse('VolumeBackup.0007', 'The backup has no name.')
  if (name.length > 64) refuse('VolumeBackup.0003', 'The name of the backup is too long.')
  if (!/^[\w-]+$/.test(name)) refuse('VolumeBackup.0004', 'The name of the backup is not allowed.')
  return name.startsWith('auto') ? refuse('VolumeBackup.0005', 'The name of the backup begins with auto.') : name
}

function assertBackable({ settings, backups }: VbsState, volume: string): void {
  const { quota, volumes } = settings
  const kind = backups.atWorkOn(volume)
  if (kind === 'backup') refuse('VolumeBackup.0013', 'An earlier backup of the disk is not complete.')
  if (kind === 'restore' || volumes.get(volume)?.status === 'error') {
    refuse('VolumeBackup.0012', 'The disk is neither available nor in use.')
  }
  const all = backups.all()
  if (all.filter((backup) => backup.volume === volume).length >= quota.perVolume) {
    refuse('VolumeBackup.0040', `The disk has ${quota.perVolume} backups, which is the limit.`)
  }
  if (all.length >= quota.backups) refuse('VolumeBackup.0080', 'The quota of backups is used up.')
}

function restore(state: VbsState, asked: Asked): CloudReply {
  const { backups, settings } = state
  if (dig(asked.body, 'restore') === undefined) refuse('VolumeBackup.0210', 'The request has no restore.')
  const id = textAt(asked.body, 'restore', 'volume_id') ?? refuse('VolumeBackup.0208', 'The request names no disk.')
  const volume = settings.volumes.get(id)
  const backup = backups.find(param(asked, 'backup'))
  if (volume === undefined || backup === undefined)
    return refuse('VolumeBackup.0111', 'There is no such disk or backup.')
  const kind = backups.atWorkOn(id)
  if (kind === 'backup') refuse('VolumeBackup.0206', 'A backup of the disk is being made.')
  if (kind === 'restore' || volume.status !== 'available') refuse('VolumeBackup.0205', 'The disk is not available.')
  if (backup.work !== undefined || backup.ended !== 'available') {
    refuse('VolumeBackup.0089', 'The backup is not available.')
  }
  asked.done('backup.restore', id)
  return inJob(state, backups.begin(backup, 'restore', id), backup.id)
}

function remove(state: VbsState, asked: Asked): CloudReply {
  const id = param(asked, 'backup')
  const backup = state.backups.find(id) ?? refuse('VolumeBackup.0110', 'The backup could not be found.', 404)
  if (backup.work !== undefined) refuse('VolumeBackup.0125', 'Something else is done with the backup.')
  asked.done('backup.delete', id)
  return inJob(state, state.backups.begin(backup, 'delete'), id)
}

const inJob = ({ jobs }: VbsState, work: Work, backup: string): CloudReply =>
  compact(200, { job_id: jobs.submit(work, { backup_id: backup, volume_id: work.volume }) })

function quotas({ settings, backups }: VbsState): CloudReply {
  const resources = [
    { type: 'backups', used: backups.all().length, reserved: 0, quota: settings.quota.backups },
    { type: 'backup_gigabytes', used: 0, reserved: 0, quota: -1 },
  ]
  return compact(200, { quotas: { resources } })
}
