import type { CloudKind } from './kinds.ts'

/** Members of a record that a change sets. */
export type Members = Readonly<Record<string, unknown>>

/** A piece of work on an object: its record meanwhile, and at its end. */
export interface Change {
  readonly meanwhile: Members
  /** Absent if it is then deleted. */
  readonly end?: Members
  /** Its record at the end if the work fails. */
  readonly otherwise: Members
}

/** The members of a record that name its state. */
const server = (status: string, task: string | null): Members => ({ status, 'OS-EXT-STS:task_state': task })
const status = (word: string): Members => ({ status: word })

/** The creation of an object. */
export function creation(many: string, asked: Members, reason: string): Change {
  if (many === 'servers') {
    const flavor = { flavor: { id: String(asked.flavorRef ?? '1') } }
    const fault = { fault: { code: 500, message: reason, created: '2026-01-02T03:04:05Z' } }
    return {
      meanwhile: { ...server('BUILD', 'spawning'), ...flavor },
      end: server('ACTIVE', null),
      otherwise: { ...server('ERROR', null), ...fault },
    }
  }
  if (many === 'images' || many === 'networks') {
    const now = status(many === 'images' ? 'queued' : 'ACTIVE')
    return { meanwhile: now, end: now, otherwise: now }
  }
  const { size = 1, volume_id, snapshot_id } = asked
  const own = many === 'volumes' ? { size, snapshot_id: snapshot_id ?? null } : { volume_id }
  const failure = many === 'backups' ? { fail_reason: reason } : {}
  return {
    meanwhile: { ...status('creating'), ...own },
    end: status('available'),
    otherwise: { ...status('error'), ...failure },
  }
}

/** The deletion of an object. */
export function deletion(many: string, { status: before }: Members): Change {
  if (many === 'servers')
    return { meanwhile: { 'OS-EXT-STS:task_state': 'deleting' }, otherwise: server('ERROR', null) }
  return many === 'images' || many === 'networks'
    ? { meanwhile: {}, otherwise: status(String(before)) }
    : { meanwhile: status('deleting'), otherwise: status('error_deleting') }
}

const tasks: Readonly<Record<string, readonly [meanwhile: string, task: string, end: string]>> = {
  'os-start': ['SHUTOFF', 'powering-on', 'ACTIVE'],
  'os-stop': ['ACTIVE', 'powering-off', 'SHUTOFF'],
  reboot: ['REBOOT', 'rebooting', 'ACTIVE'],
  rebuild: ['REBUILD', 'rebuilding', 'ACTIVE'],
  resize: ['RESIZE', 'resize_prep', 'VERIFY_RESIZE'],
  suspend: ['ACTIVE', 'suspending', 'SUSPENDED'],
}

/** An action on an object; `undefined` for one that takes no time. */
export function action(many: string, name: string, asked: Members, before: Members): Change | undefined {
  if (many === 'volumes' && name === 'os-extend') {
    const end = { ...status(String(before.status)), size: asked.new_size }
    return { meanwhile: status('extending'), end, otherwise: status('error_extending') }
  }
  const task = many === 'servers' && Object.hasOwn(tasks, name) ? tasks[name] : undefined
  if (task !== undefined) {
    const [meanwhile, at, end] = task
    const flavor = name === 'resize' ? { flavor: { id: String(asked.flavorRef) } } : {}
    // A failed task does not change the server.
    const otherwise = server(String(before.status), null)
    return { meanwhile: server(meanwhile, at), end: { ...server(end, null), ...flavor }, otherwise }
  }
  // No task is set before it is answered.
  return many === 'servers' && name === 'confirmResize'
    ? { meanwhile: {}, end: server('ACTIVE', null), otherwise: server('ERROR', null) }
    : undefined
}

/** The restoration of a backup into a volume. */
export const restoration: Change = {
  meanwhile: status('restoring-backup'),
  end: status('available'),
  otherwise: status('error_restoring'),
}

/** The import of an image's data. */
export const importing: Change = {
  meanwhile: { status: 'importing', os_glance_import_task: 'task-1' },
  end: { status: 'active', os_glance_import_task: undefined },
  otherwise: { status: 'queued', os_glance_import_task: undefined, os_glance_failed_import: 'file' },
}

/** Times as a service writes them. */
export function timesOf(kind: CloudKind, created: number, updated: number): Members {
  const text = (ms: number) => new Date(ms).toISOString()
  if (kind === 'compute') {
    const whole = (ms: number) => text(ms).replace(/\.\d+/, '')
    return { created: whole(created), updated: whole(updated) }
  }
  const zoneless = (ms: number) => (kind === 'volume' ? text(ms).replace('Z', '000') : text(ms).replace(/\.\d+/, ''))
  return { created_at: zoneless(created), updated_at: zoneless(updated) }
}
