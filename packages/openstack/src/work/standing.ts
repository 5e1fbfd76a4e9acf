import { type JsonObject, objectOf, objectsIn, textOf } from '@holdfast/core/plugin'
import { utcOf } from '../time.ts'
import { manyOf } from './collections.ts'

/** The state of an object with respect to work on it, by its record. */
export interface Standing {
  /**
   * - `moving`: work is under way on it.
   * - `resting`: no work is under way.
   * - `failed`: no work is under way, and it is in error.
   * - `gone`: it is deleted.
   */
  readonly phase: 'moving' | 'resting' | 'failed' | 'gone'
  /** The service's own name for its state. */
  readonly word: string
  /** Milliseconds since the epoch, by the server's clock, of its last change. */
  readonly changed?: number | undefined
  /** The reason of an error in the record. */
  readonly reason?: string | undefined
  /** From 0 to 1. */
  readonly progress?: number | undefined
}

/** Reads the record of an object in a list. `undefined` for anything else. */
export function standingOf(list: string, object: JsonObject): Standing | undefined {
  const many = manyOf(list)
  if (many === 'os-instance-actions') return ofAction(object)
  const word = textOf(list.includes('/lbaas/') ? object.provisioning_status : object.status)
  if (word === undefined) return undefined
  const read = many === 'servers' ? ofServer : many === 'images' ? ofImage : byWord
  const changed = utcOf(object.updated_at ?? object.updated)
  return { word, changed, ...read(object, word) }
}

type Read = Omit<Standing, 'word' | 'changed'>

/**
 * The states of volumes, snapshots, backups, tasks of the image service and parts of load balancers. A state that is not listed is
 * `moving`.
 *
 * Source: openstack/cinder cinder/objects/fields.py; openstack/glance glance/domain/__init__.py (`Task`); openstack/octavia
 * octavia/common/constants.py (`SUPPORTED_PROVISIONING_STATUSES`).
 */
const phases: ReadonlyMap<string, Standing['phase']> = new Map([
  ...['available', 'in-use', 'reserved', 'awaiting-transfer', 'success', 'ACTIVE'].map(
    (word) => [word, 'resting'] as const,
  ),
  ...['error', 'failure', 'ERROR'].map((word) => [word, 'failed'] as const),
  ...['deleted', 'DELETED'].map((word) => [word, 'gone'] as const),
])
/** The state of an error during which the deletion still goes on. */
const STILL_DELETING = 'error_managing_deleting'

function byWord(object: JsonObject, word: string): Read {
  const isError = word.startsWith('error_') && word !== STILL_DELETING
  const phase = isError ? 'failed' : (phases.get(word) ?? 'moving')
  const reason = phase === 'failed' ? (textOf(object.fail_reason) ?? textOf(object.message)) : undefined
  const percent = /^(\d{1,3})%$/.exec(textOf(object['os-extended-snapshot-attributes:progress']) ?? '')?.[1]
  return { phase, reason, progress: percent === undefined ? undefined : Math.min(1, Number(percent) / 100) }
}

/** Statuses of a server with work under way. `UNKNOWN`: its cell does not answer. */
const movingServers: ReadonlySet<string> = new Set([
  'BUILD',
  'REBOOT',
  'HARD_REBOOT',
  'PASSWORD',
  'REBUILD',
  'RESIZE',
  'MIGRATING',
  'REVERT_RESIZE',
  'UNKNOWN',
])

/** A server at rest has no task. */
function ofServer(server: JsonObject, word: string): Read {
  const task = textOf(server['OS-EXT-STS:task_state'])
  // For a server whose resize waits for confirmation, the number has no meaning.
  const progress = typeof server.progress === 'number' ? Math.min(1, Math.max(0, server.progress / 100)) : undefined
  if (word === 'DELETED' || word === 'SOFT_DELETED') return { phase: 'gone' }
  if (task !== undefined || movingServers.has(word)) return { phase: 'moving', ...(progress && { progress }) }
  return { phase: word === 'ERROR' ? 'failed' : 'resting', reason: textOf(objectOf(server.fault)?.message) }
}

/** True for an image with an import under way, which locks it before the answer (since 2020). */
function ofImage(image: JsonObject, word: string): Read {
  const stores = textOf(image.os_glance_failed_import)
  if (word === 'deleted' || word === 'pending_delete') return { phase: 'gone' }
  const isLocked = textOf(image.os_glance_import_task) !== undefined
  if (isLocked || textOf(image.os_glance_importing_to_stores) !== undefined) return { phase: 'moving' }
  if (word === 'saving' || word === 'importing') return { phase: 'moving' }
  if (word === 'killed' || stores !== undefined) return { phase: 'failed', reason: stores && `not stored in ${stores}` }
  return { phase: 'resting' }
}

/** Events that end with their action. Others, of the scheduler, come before. */
const lastEvent = /^(?:compute|api)_(?:attach|detach)_volume$/

/** The record of an action: `{action, message, events: [{event, finish_time, result}]}`. */
function ofAction(action: JsonObject): Standing | undefined {
  const word = textOf(action.action)
  if (word === undefined) return undefined
  const events = objectsIn(action.events)
  if (action.message === 'Error' || events.some(({ result }) => result === 'Error')) {
    const details = events.flatMap((event) => textOf(event.details) ?? [])
    return { phase: 'failed', word, reason: details.at(-1) }
  }
  const isOver = events.some(({ event, result }) => lastEvent.test(textOf(event) ?? '') && result === 'Success')
  return { phase: isOver ? 'resting' : 'moving', word }
}
