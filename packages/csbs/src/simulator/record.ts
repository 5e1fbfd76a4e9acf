import type { Backup, Backups } from './backups.ts'
import type { CsbsServer } from './options.ts'

/** A backup as `GET /checkpoint_items` has it. */
export function recordOf(backup: Backup, backups: Backups, server: CsbsServer | undefined) {
  return {
    status: backups.stateOf(backup),
    backup_data: { eip: '', cloudservicetype: '', ram: 4096, vcpus: 4, private_ip: '', disk: 0, imagetype: '' },
    name: backup.name,
    resource_id: backup.server,
    created_at: iso(backup.createdAt),
    checkpoint_id: backup.checkpoint,
    updated_at: iso(backup.updatedAt),
    resource_type: 'OS::Nova::Server',
    description: backup.description,
    tags: [],
    extend_info: extendInfo(backup, backups, server),
    id: backup.id,
  }
}

function extendInfo(backup: Backup, backups: Backups, server: CsbsServer | undefined) {
  const { failed, finishedAt, image, auto } = backup
  return {
    auto_trigger: auto,
    space_saving_ratio: 0,
    copy_status: 'na',
    fail_reason: failed?.failure.reason ?? (failed === undefined ? '' : 'made to fail'),
    resource_az: 'az1.dc1',
    image_type: 'backup',
    finished_at: finishedAt === undefined ? '' : iso(finishedAt),
    average_speed: 0,
    copy_from: '',
    supported_restore_mode: 'backup',
    support_lld: false,
    os_images_data: image === undefined ? [] : [{ image_id: image }],
    volume_backups: [],
    fail_code: failed === undefined ? {} : failCode(failed.failure.code, failed.failure.reason ?? 'made to fail'),
    incremental: false,
    taskid: backup.id,
    hypervisor_type: 'QEMU',
    progress: backups.progressOf(backup),
    fail_op: failed?.op ?? '',
    resource_name: server?.name ?? `resource_${backup.server}`,
    size: 0,
  }
}

/** Capital keys; a code of digits is a number, as documented. */
const failCode = (code: string, description: string) => ({
  Code: /^\d+$/.test(code) ? Number(code) : code,
  Description: description,
})

/** Microseconds, and no zone. */
export const iso = (ms: number) => new Date(ms).toISOString().replace('Z', '000')
