import { dig, textAt } from '../dig.ts'
import { type Asked, type Operation, param } from '../operation.ts'
import { refuse } from '../refusal.ts'
import { type CloudReply, spaced } from '../reply.ts'
import type { Backup } from './backups.ts'
import { filtered, listing } from './listing.ts'
import { recordOf } from './record.ts'
import { badProvider, noBackup } from './words.ts'
import { assertRestorable, type CsbsWorld, isExecuting, provider } from './world.ts'

/** Reading, deleting and restoring backups. */
export function backupOperations(world: CsbsWorld): readonly Operation[] {
  const items = '/v1/:project/checkpoint_items'
  const record = (backup: Backup) => recordOf(backup, world.backups, world.settings.servers.get(backup.server))
  return [
    {
      method: 'GET',
      path: `${items}/count`,
      run: (asked) => spaced(200, { count: filtered(world.backups, asked.url.searchParams).length }),
    },
    {
      method: 'GET',
      path: `${items}/:item`,
      run: (asked) => spaced(200, { checkpoint_item: record(known(world, param(asked, 'item'))) }),
    },
    {
      method: 'GET',
      path: items,
      run: (asked) => spaced(200, { checkpoint_items: listing(world.backups, asked.url.searchParams).map(record) }),
    },
    {
      method: 'DELETE',
      path: '/v1/:project/providers/:provider/checkpoints/:checkpoint',
      run: (asked) => remove(world, asked),
    },
    { method: 'POST', path: '/v1/:project/restores', run: (asked) => restore(world, asked) },
    { method: 'GET', path: '/v1/:project/quotas', run: () => quotas(world) },
  ]
}

function known({ backups }: CsbsWorld, id: string): Backup {
  return backups.find(id) ?? noBackup(id)
}

function remove(world: CsbsWorld, asked: Asked): CloudReply {
  const { backups, policies } = world
  if (param(asked, 'provider') !== provider) badProvider()
  const checkpoint = param(asked, 'checkpoint')
  const named = asked.url.searchParams.get('checkpoint_items')?.split(',')
  const doomed = backups
    .all()
    .filter((backup) => backup.checkpoint === checkpoint && (named?.includes(backup.id) ?? true))
  if (doomed.length === 0) noBackup(named?.join(',') ?? checkpoint)
  for (const { work, image, policy, id } of doomed) {
    const run = policies.find(policy ?? '')
    if (run !== undefined && work?.kind === 'backup' && isExecuting(world, run))
      refuse('CSBS.2004', 'item in plan executing')
    if (work !== undefined) refuse('CSBS.2003', 'item in executing')
    if (image !== undefined) refuse('CSBS.8007', `The backup ${id} has register to image, can't be delete`)
  }
  for (const backup of doomed) {
    backups.begin(backup, 'delete')
    asked.done('backup.delete', backup.id)
  }
  return spaced(200, {})
}

function restore(world: CsbsWorld, { body, params, done }: Asked): CloudReply {
  const wanted = dig(body, 'restore')
  if (textAt(wanted, 'provider_id') !== provider) badProvider()
  const backup = known(world, textAt(wanted, 'parameters', 'checkpoint_item_id') ?? '')
  const checkpoint = textAt(wanted, 'checkpoint_id')
  if (checkpoint !== backup.checkpoint) noBackup(backup.id)
  const server = textAt(wanted, 'parameters', 'targets', 'server_id') ?? ''
  assertRestorable(world, backup, server)
  world.backups.begin(backup, 'restore', server)
  done('backup.restore', server)
  return spaced(200, {
    restore: {
      restore_target: null,
      status: 'in_progress',
      provider_id: provider,
      resources_status: {},
      parameters: dig(wanted, 'parameters'),
      checkpoint_id: checkpoint,
      project_id: params.project,
      id: crypto.randomUUID(),
      resources_reason: {},
    },
  })
}

function quotas({ settings, backups }: CsbsWorld): CloudReply {
  const resources = [
    { type: 'backup_capacity', unit: 'GB', quota: -1, used: 0 },
    { used: backups.all().length, type: 'backups', quota: settings.quota.backups },
  ]
  return spaced(200, { quotas: { resources } })
}
