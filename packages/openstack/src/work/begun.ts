import {
  type Fault,
  type JsonObject,
  objectOf,
  parseObject,
  type Reply,
  textOf,
  type WorkName,
} from '@holdfast/core/plugin'
import { idIn, pathOf } from '../paths.ts'
import { actionOf } from '../services/requests.ts'
import { serverTime } from '../time.ts'
import { collectionOf, type Place, placeOf } from './collections.ts'
import { isDeletion } from './deletion.ts'
import { workOn } from './names.ts'
import { serverActions } from './server-actions.ts'

type Begun = WorkName | { readonly fault: Fault } | undefined

/**
 * Paths of work that goes on after a 202 and cannot be watched: groups and volumes taken over from a storage system (Cinder),
 * interfaces and migrations of a server (Nova), amphorae (Octavia).
 */
const further =
  /\/v3\/[^/]+\/(?:groups|group_snapshots|manageable_(?:volumes|snapshots)|os-(?:volume|snapshot)-manage)(?:\/|$)|\/servers\/[^/]+\/(?:os-interface|migrations)\/|\/octavia\/amphorae\/[^/]+\/(?:failover|config)$/

/** The work that an answer has begun. */
export function begun(reply: Reply): Begun {
  const { request, status } = reply
  const place = placeOf(request)
  if (place === undefined)
    return status === 202 && further.test(pathOf(request)) ? unfollowed('look at the object.') : undefined
  if (status >= 300) return undefined
  const { rest, many } = place
  if (rest === 'action' && isDeletion(place, request)) return named(place, place.id ?? '', 'deleted', reply)
  if (rest === 'action') return many === 'servers' ? onServer(place, reply) : onVolume(place, reply)
  if (rest === 'restore') return restoration(place, reply)
  if (rest?.startsWith('os-volume_attachments')) return attachment(place, reply)
  if (rest === 'import' && place.id !== undefined) return named(place, place.id, 'imported', reply)
  return onObject(place, reply)
}

const named = ({ list }: Place, id: string, aim: string, { headers }: Reply, more: object = {}): WorkName =>
  workOn({ list, id, aim, since: serverTime(headers), ...more })

/** Work whose end no state shows. */
const unfollowed = (what: string): Begun => ({
  fault: { code: 'WORK_LOST', message: `It is under way, but no state tells of its end: ${what}` },
})

/** A success whose object cannot be read. */
const unnamed: Begun = { fault: { code: 'WORK_LOST', message: 'The answer names no object.' } }

/** A creation, a deletion, or the change of a part of a load balancer. */
function onObject(place: Place, reply: Reply): Begun {
  const { id, many, rest, list } = place
  const { method } = reply.request
  const isBalancing = list.includes('/lbaas/')
  // The data of an image is stored when the answer comes, and an image is deleted then.
  if (many === 'images') return undefined
  if (method === 'DELETE') return id === undefined || many === 'tasks' ? undefined : named(place, id, 'deleted', reply)
  if (method === 'PUT' && isBalancing)
    return id === undefined ? unfollowed('wait for the load balancer.') : named(place, id, 'updated', reply)
  const isCreation = id === undefined || (many === 'backups' && id === 'import_record')
  if (method !== 'POST' || !isCreation || rest !== undefined) return undefined
  const body = parseObject(reply.text)
  if (textOf(body?.reservation_id) !== undefined) return unfollowed('wait for each of the servers of the reservation.')
  const created = textOf(bodyOf(place, body)?.id)
  if (isMultiple(reply)) return unfollowed('wait for each of the servers; the answer names the first.')
  return created === undefined ? unnamed : named(place, created, 'created', reply)
}

/** True for a request for several servers: Nova names only the first. */
function isMultiple({ request }: Reply): boolean {
  const { min_count, max_count } = objectOf(parseObject(request.bodyText)?.server) ?? {}
  return Math.max(Number(min_count ?? 1), Number(max_count ?? 1)) > 1
}

function bodyOf({ list }: Place, body: JsonObject | undefined): JsonObject | undefined {
  const { one } = collectionOf(list)
  return one === undefined ? body : objectOf(body?.[one])
}

/** Actions of a server whose end no status shows. */
const elsewhere: Readonly<Record<string, string>> = {
  createImage: 'wait for the image to be active, at the image service.',
  createBackup: 'wait for the image to be active, at the image service.',
  migrate: 'look at the migrations of the server.',
  'os-migrateLive': 'look at the migrations of the server.',
  evacuate: 'look at the migrations of the server.',
  changePassword: 'only a login to the server shows it.',
  trigger_crash_dump: 'only the server itself shows it.',
  addFixedIp: 'look at the addresses of the server.',
  removeFixedIp: 'look at the addresses of the server.',
  injectNetworkInfo: 'only the server itself shows it.',
  resetNetwork: 'only the server itself shows it.',
}

function onServer(place: Place, reply: Reply): Begun {
  const { id = '' } = place
  const action = actionOf(reply.request) ?? ''
  const other = Object.hasOwn(elsewhere, action) ? elsewhere[action] : undefined
  if (other !== undefined) return unfollowed(other)
  if (!Object.hasOwn(serverActions, action)) return undefined
  const reference = action === 'resize' ? textOf(bodyIn(reply, action).flavorRef) : undefined
  return named(place, id, action, reply, { flavor: reference && idIn(reference) })
}

/** Actions of a volume that end when it is at rest again, or in error. */
const volumeActions: ReadonlySet<string> = new Set(['os-extend', 'os-reimage', 'revert'])
const volumeElsewhere: Readonly<Record<string, string>> = {
  'os-volume_upload_image': 'wait for the image to be active, at the image service.',
  'os-retype': 'the volume is at rest again either way; look at its type.',
  'os-migrate_volume': 'look at the migration status of the volume.',
}

function onVolume(place: Place, reply: Reply): Begun {
  const { id = '', many } = place
  if (many !== 'volumes') return undefined
  const action = actionOf(reply.request) ?? ''
  const other = Object.hasOwn(volumeElsewhere, action) ? volumeElsewhere[action] : undefined
  if (other !== undefined) return unfollowed(other)
  if (!volumeActions.has(action)) return undefined
  const size = action === 'os-extend' ? Number(bodyIn(reply, action).new_size) : Number.NaN
  return named(place, id, action, reply, { size: Number.isNaN(size) ? undefined : String(size) })
}

const bodyIn = ({ request }: Reply, action: string): JsonObject =>
  objectOf(parseObject(request.bodyText)?.[action]) ?? {}

/** `{restore: {backup_id, volume_id}}`: the volume shows the end; the backup is available after a failure, too. */
function restoration({ list }: Place, reply: Reply): Begun {
  const { volume_id } = objectOf(parseObject(reply.text)?.restore) ?? {}
  const id = textOf(volume_id)
  const volumes = { list: list.replace(/backups$/, 'volumes'), many: 'volumes' }
  return id === undefined ? unnamed : named(volumes, id, 'restored', reply)
}

/**
 * Work that shows only in the record of its action, which has the identifier of the request. Source: openstack/nova
 * nova/api/openstack/compute/volume_attachments.py, instance_actions.py.
 */
function attachment({ list, id = '', rest }: Place, reply: Reply): Begun {
  const { method } = reply.request
  if (method === 'PUT') {
    const { volumeId } = objectOf(parseObject(reply.request.bodyText)?.volumeAttachment) ?? {}
    // With the same volume, it only changes whether the volume is deleted with the server.
    return rest === `os-volume_attachments/${volumeId}`
      ? undefined
      : unfollowed('wait for the volumes, at their service.')
  }
  const aim = method === 'POST' ? 'attach_volume' : 'detach_volume'
  if (aim === 'detach_volume' && method !== 'DELETE') return undefined
  const request = textOf(reply.headers.get('x-openstack-request-id') ?? reply.headers.get('x-compute-request-id'))
  if (request === undefined) return unfollowed('wait for the volume, at the volume service.')
  const actions = { list: `${list}/${id}/os-instance-actions`, many: 'os-instance-actions' }
  return named(actions, request, aim, reply)
}
