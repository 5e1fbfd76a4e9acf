import {
  type Asked,
  type CloudReply,
  dig,
  listAt,
  type Operation,
  param,
  Refusal,
  spaced,
  textAt,
} from '@holdfast/openstack/simulator'
import { badProvider, noBackup } from './messages.ts'
import { iso } from './record.ts'
import { assertProtectable, assertRestorable, assertRoom, type CsbsState, provider } from './state.ts'

/** Backing up a server, and checking whether that, or its restoration, would be possible. */
export function protectOperations(state: CsbsState): readonly Operation[] {
  const resources = '/v1/:project/providers/:provider/resources'
  return [
    { method: 'POST', path: `${resources}/action`, run: (asked) => checkAll(state, asked) },
    { method: 'POST', path: `${resources}/:server/action`, run: (asked) => protect(state, asked) },
  ]
}

/** A repeated request cannot be told from a new one: each makes a backup. */
function protect(state: CsbsState, asked: Asked): CloudReply {
  if (param(asked, 'provider') !== provider) badProvider()
  const server = param(asked, 'server')
  const wanted = dig(asked.body, 'protect')
  if (wanted === undefined) throw new Refusal('CSBS.9001', 'action invalid')
  assertProtectable(state, server)
  assertRoom(state, 1)
  const checkpoint = crypto.randomUUID()
  const name = textAt(wanted, 'backup_name') ?? `manualbk_${checkpoint.slice(0, 4)}`
  const description = textAt(wanted, 'description') ?? ''
  const backup = state.backups.create({ server, checkpoint, name, description, auto: false })
  asked.done('backup.create', server)
  return spaced(200, {
    checkpoint: {
      ...{ status: 'protecting', created_at: iso(backup.createdAt), id: checkpoint, resource_graph: null },
      ...{ project_id: param(asked, 'project'), extra_info: null },
      protection_plan: {
        id: `fake_${checkpoint}`,
        resources: [{ type: 'OS::Nova::Server', id: server, name: `resource_${server}`, extra_info: {} }],
        name: `server protect plan for ${server}`,
      },
    },
  })
}

/** Answers 200, and says for each item separately why it cannot be done. */
function checkAll(state: CsbsState, asked: Asked): CloudReply {
  if (param(asked, 'provider') !== provider) badProvider()
  const { body } = asked
  if (dig(body, 'check_protectable') !== undefined) {
    const protectable = listAt(body, 'check_protectable').map((item) => {
      const server = textAt(item, 'resource_id') ?? ''
      return verdict(server, () => assertProtectable(state, server))
    })
    return spaced(200, { protectable })
  }
  if (dig(body, 'check_restorable') === undefined) throw new Refusal('CSBS.9001', 'action invalid')
  const restorable = listAt(body, 'check_restorable').map((item) => {
    const server = textAt(item, 'target', 'resource_id') ?? ''
    const id = textAt(item, 'checkpoint_item_id') ?? ''
    return verdict(server, () => assertRestorable(state, state.backups.find(id) ?? noBackup(id), server))
  })
  return spaced(200, { restorable })
}

function verdict(resource_id: string, assert: () => void) {
  const resource = { resource_id, resource_type: 'OS::Nova::Server' }
  try {
    assert()
    return { ...resource, result: true, error_msg: '', error_code: '' }
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    return { ...resource, result: false, error_msg: refusal.message, error_code: refusal.code }
  }
}
