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
import type { Backup } from './backups.ts'
import { filtered, listing } from './listing.ts'
import { badProvider, noBackup } from './messages.ts'
import { recordOf } from './record.ts'
import { assertRestorable, type CsbsState, isExecuting, provider } from './state.ts'

/** Reading, deleting and restoring backups. */
export function backupOperations(state: CsbsState): readonly Operation[] {
  const items = '/v1/:project/checkpoint_items'
  const record = (backup: Backup) => recordOf(backup, state.backups, state.settings.servers.get(backup.server))
  return [
    {
      method: 'GET',
      path: `${items}/count`,
      run: (asked) => spaced(200, { count: filtered(state.backups, asked.url.searchParams).length }),
    },
    {
      method: 'GET',
      path: `${items}/:item`,
      run: (asked) => spaced(200, { checkpoint_item: record(known(state, param(asked, 'item'))) }),
    },
    {
      method: 'GET',
      path: items,
      run: (asked) => spaced(200, { checkpoint_items: listing(state.backups, asked.url.searchParams).map(record) }),
    },
    {
      method: 'DELETE',
      path: '/v1/:project/providers/:provider/checkpoints/:checkpoint',
      run: (asked) => remove(state, asked),
    },
    { method: 'POST', path: '/v1/:project/restores', run: (asked) => restore(state, asked) },
    { method: 'GET', path: '/v1/:project/quotas', run: () => quotas(state) },
  ]
}

function known({ backups }: CsbsState, id: string): Backup {
  return backups.find(id) ?? noBackup(id)
}

function remove(state: CsbsState, asked: Asked): CloudReply {
  const { backups, policies } = state
  if (param(asked, 'provider') !== provider) badProvider()
  const checkpoint = param(asked, 'checkpoint')
  const named = asked.url.searchParams.get('checkpoint_items')?.split(',')
  const doomed = backups
    .all()
    .filter((backup) => backup.checkpoint === checkpoint && (named?.includes(backup.id) ?? true))
  if (doomed.length === 0) noBackup(named?.join(',') ?? checkpoint)
  for (const { work, image, policy, id } of doomed) {
    const run = policies.find(policy ?? '')
    if (run !== undefined && work?.kind === 'backup' && isExecuting(state, run))
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

function restore(state: CsbsState, { body, params, done }: Asked): CloudReply {
  const wanted = dig(body, 'restore')
  if (textAt(wanted, 'provider_id') !== provider) badProvider()
  const backup = known(state, textAt(wanted, 'parameters', 'checkpoint_item_id') ?? '')
  const checkpoint = textAt(wanted, 'checkpoint_id')
  if (checkpoint !== backup.checkpoint) noBackup(backup.id)
  const server = textAt(wanted, 'parameters', 'targets', 'server_id') ?? ''
  assertRestorable(state, backup, server)
  state.backups.begin(backup, 'restore', server)
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

function quotas({ settings, backups }: CsbsState): CloudReply {
  const resources = [
    { type: 'backup_capacity', unit: 'GB', quota: -1, used: 0 },
    { used: backups.all().length, type: 'backups', quota: settings.quota.backups },
  ]
  return spaced(200, { quotas: { resources } })
}
