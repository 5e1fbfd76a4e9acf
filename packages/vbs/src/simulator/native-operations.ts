import {
  type Asked,
  type CloudReply,
  dig,
  type Operation,
  param,
  refuse,
  spaced,
  textAt,
} from '@holdfast/openstack/simulator'
import { type Backup, stateOf } from './backups.ts'
import { recordOf, summaryOf } from './record.ts'
import { startBackup, type VbsState } from './state.ts'

/** OpenStack's own calls, in two versions: they answer 202 and give no job. */
export function nativeOperations(state: VbsState): readonly Operation[] {
  return ['v2', 'v3'].flatMap((version): Operation[] => {
    const path = `/${version}/:project/backups`
    const one = `${path}/:backup`
    const record = (backup: Backup, asked: Asked) => recordOf(backup, hrefOf(asked, version), state)
    const summary = (backup: Backup, asked: Asked) => summaryOf(backup, hrefOf(asked, version))
    return [
      {
        method: 'GET',
        path: `${path}/detail`,
        run: (asked) => spaced(200, { backups: listed(state, asked).map((backup) => record(backup, asked)) }),
      },
      {
        method: 'GET',
        path,
        run: (asked) => spaced(200, { backups: listed(state, asked).map((backup) => summary(backup, asked)) }),
      },
      { method: 'GET', path: one, run: (asked) => spaced(200, { backup: record(known(state, asked), asked) }) },
      { method: 'POST', path, run: (asked) => accepted({ backup: summary(create(state, asked), asked) }) },
      { method: 'DELETE', path: one, run: (asked) => remove(state, asked) },
      { method: 'POST', path: `${one}/restore`, run: (asked) => restore(state, asked) },
    ]
  })
}

const hrefOf = (asked: Asked, version: string) => ({
  origin: asked.url.origin,
  project: param(asked, 'project'),
  version,
})

const accepted = (value: unknown): CloudReply => ({ ...spaced(202, value), statusText: 'Accepted' })

function known({ backups }: VbsState, asked: Asked): Backup {
  const id = param(asked, 'backup')
  return backups.find(id) ?? refuse('itemNotFound', `Backup ${id} could not be found.`)
}

/** The newest first, unless the query sets another order. */
function listed({ backups }: VbsState, { url }: Asked): readonly Backup[] {
  const query = url.searchParams
  const same = (name: string, value: string | null) => !query.has(name) || query.get(name) === value
  const found = backups
    .all()
    .filter(
      (backup) => same('name', backup.name) && same('status', stateOf(backup)) && same('volume_id', backup.volume),
    )
  if (query.get('sort_dir') !== 'asc') found.reverse()
  const offset = Number(query.get('offset') ?? 0)
  return found.slice(offset, offset + Number(query.get('limit') ?? 1000))
}

/** A repeated request cannot be told from a new one: each makes a backup. */
function create(state: VbsState, { body, done }: Asked): Backup {
  const { backups, settings } = state
  const wanted = dig(body, 'backup') ?? refuse('badRequest', 'Malformed request body')
  const id = textAt(wanted, 'volume_id') ?? refuse('badRequest', 'Incorrect request body format')
  const volume = settings.volumes.get(id) ?? refuse('itemNotFound', `Volume ${id} could not be found.`)
  const kind = backups.atWorkOn(id)
  const status =
    kind === undefined ? volume.status : { backup: 'backing-up', restore: 'restoring-backup', delete: '' }[kind]
  if (status !== 'available' && status !== 'in-use') {
    const text = `Volume to be backed up must be available or in-use, but the current status is "${status}".`
    refuse('badRequest', `Invalid volume: ${text}`)
  }
  const { quota } = settings
  if (backups.all().length >= quota.backups) {
    refuse('overLimit', `BackupLimitExceeded: Maximum number of backups allowed (${quota.backups}) exceeded`)
  }
  done('backup.create', id)
  const [name, description] = [textAt(wanted, 'name') ?? null, textAt(wanted, 'description') ?? null]
  return startBackup(state, { volume: id, name, description }).backup
}

function remove(state: VbsState, asked: Asked): CloudReply {
  const backup = known(state, asked)
  if (backup.work !== undefined || backup.ended === 'error_restoring') {
    refuse('badRequest', 'Invalid backup: Backup status must be available or error')
  }
  state.backups.begin(backup, 'delete')
  asked.done('backup.delete', backup.id)
  return { status: 202, statusText: 'Accepted', headers: { 'content-type': 'text/html' } }
}

function restore(state: VbsState, asked: Asked): CloudReply {
  const { backups, settings } = state
  const backup = known(state, asked)
  const id = textAt(asked.body, 'restore', 'volume_id') ?? backup.volume
  const volume = settings.volumes.get(id) ?? refuse('itemNotFound', `Volume ${id} could not be found.`)
  if (backup.work !== undefined || backup.ended !== 'available') {
    refuse('badRequest', 'Invalid backup: Backup status must be available')
  }
  if (backups.atWorkOn(id) !== undefined || volume.status !== 'available') {
    refuse('badRequest', 'Invalid volume: Volume to be restored to must be available')
  }
  backups.begin(backup, 'restore', id)
  asked.done('backup.restore', id)
  return accepted({ restore: { backup_id: backup.id, volume_id: id, volume_name: volume.name } })
}
