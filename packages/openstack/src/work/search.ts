import {
  type Fault,
  type JsonObject,
  objectOf,
  objectsIn,
  parseObject,
  type Reply,
  type RequestFacts,
  textOf,
  urlPart,
  type WorkName,
  type WorkRequest,
} from '@holdfast/core/plugin'
import { isNotFound } from '../fault.ts'
import { idIn, pathOf } from '../paths.ts'
import { listQuery } from '../query.ts'
import { actionOf, nameForNova, nameIn } from '../services/requests.ts'
import { CLOCK_SLACK, utcOf } from '../time.ts'
import { collectionOf, manyOf, type Place, placeOf } from './collections.ts'
import { isDeletion } from './deletion.ts'
import { workOn } from './names.ts'
import { objectsOf } from './reports.ts'
import { serverActions } from './server-actions.ts'
import { standingOf } from './standing.ts'

/** The object that a lost start would have made, changed or deleted. */
type Search = { readonly place: Place; readonly aim: string } & (
  | { readonly type: 'new'; readonly name: string; readonly asked: JsonObject }
  | { readonly type: 'known'; readonly id: string; readonly size?: string }
)

/** The request that searches for what a lost start has made, by its name, or for the object that it was to change or delete. */
export function searchFor(start: RequestFacts): WorkRequest | undefined {
  if (isDetachment(start)) return { path: pathOf(start) }
  const search = searchOf(start)
  if (search === undefined) return undefined
  const { list, many } = search.place
  if (search.type === 'known') return { path: `${list}/${urlPart(search.id)}` }
  const name = many === 'servers' ? nameForNova(search.name) : search.name
  const order = many === 'servers' ? 'sort_key=created_at&sort_dir=desc' : 'sort=created_at:desc'
  return { path: `${list}/detail?${listQuery({ name }, order)}` }
}

/** The work that a lost start has begun: on the only new object that it can be, or on one on which another's work is as good. */
export function foundWork(
  { text }: Reply,
  start: RequestFacts,
  since: number,
  isTaken: (id: string) => boolean,
): WorkName | undefined {
  const search = searchOf(start)
  const body = parseObject(text)
  if (search === undefined || body === undefined) return undefined
  const { list } = search.place
  if (search.type === 'known') {
    const [object] = objectsOf(body, list, true) ?? []
    const { id, aim, size } = search
    return object && isUnderWay(object, search) ? workOn({ list, id, aim, since, size }) : undefined
  }
  const { name, asked } = search
  const candidates = objectsIn(body[manyOf(list)]).filter(
    (object) =>
      object.name === name &&
      !isTaken(textOf(object.id) ?? '') &&
      (utcOf(object.created_at ?? object.created) ?? 0) >= since - CLOCK_SLACK &&
      isAsAsked(object, asked),
  )
  const id = candidates.length === 1 ? textOf(candidates[0]?.id) : undefined
  return id === undefined ? undefined : workOn({ list, id, aim: 'created', since })
}

/** True for a refusal of the search that shows that what was to be deleted, or detached, does not exist. */
export const isGone = (fault: Fault, start: RequestFacts): boolean =>
  isNotFound(fault) && (isDetachment(start) || searchOf(start)?.aim === 'deleted')

const isDetachment = (start: RequestFacts): boolean =>
  start.method === 'DELETE' && (placeOf(start)?.rest?.startsWith('os-volume_attachments/') ?? false)

/** Kinds of objects whose creation can be searched for. */
const named: ReadonlySet<string> = new Set(['servers', 'volumes', 'snapshots', 'backups'])

function searchOf(start: RequestFacts): Search | undefined {
  const place = placeOf(start)
  if (place === undefined) return undefined
  const { id, rest, list } = place
  if (id !== undefined && isDeletion(place, start)) return { type: 'known', place, id, aim: 'deleted' }
  if (start.method !== 'POST' || !named.has(place.many)) return undefined
  if (id !== undefined) return rest === 'action' ? actionSearch(place, id, start) : undefined
  const name = nameIn(start)
  const asked = objectOf(parseObject(start.bodyText)?.[collectionOf(list).one ?? ''])
  return name === undefined || asked === undefined ? undefined : { type: 'new', place, aim: 'created', name, asked }
}

function actionSearch(place: Place, id: string, start: RequestFacts): Search | undefined {
  const aim = actionOf(start) ?? ''
  if (place.many === 'servers' && Object.hasOwn(serverActions, aim))
    return serverActions[aim]?.task === undefined ? undefined : { type: 'known', place, id, aim }
  const size = Number(objectOf(parseObject(start.bodyText)?.['os-extend'])?.new_size)
  return place.many === 'volumes' && size > 0 ? { type: 'known', place, id, aim, size: String(size) } : undefined
}

/** True if the object has the wanted state or is changing to it, whoever has caused that. */
function isUnderWay(
  object: JsonObject,
  { aim, place: { list }, ...search }: Extract<Search, { type: 'known' }>,
): boolean {
  const task = object['OS-EXT-STS:task_state']
  if (aim === 'deleted') return isOnItsWayOut(object, list)
  if (search.size !== undefined) return object.status === 'extending' || object.size === Number(search.size)
  const action = serverActions[aim]
  return task === action?.task || (task === null && (action?.ends.includes(textOf(object.status) ?? '') ?? false))
}

/** True for an object that is deleted or being deleted, by the words of Nova's tasks, Cinder and Octavia. */
function isOnItsWayOut(object: JsonObject, list: string): boolean {
  const { word, phase } = standingOf(list, object) ?? {}
  const words = [textOf(object['OS-EXT-STS:task_state']), word]
  return phase === 'gone' || words.some((each) => /^(?:(?:soft-)?deleting|unmanaging|PENDING_DELETE)$/.test(each ?? ''))
}

/** The members in which a new object must match the request, if both have them. */
function isAsAsked(object: JsonObject, asked: JsonObject): boolean {
  const flavor = textOf(objectOf(object.flavor)?.id)
  const reference = textOf(asked.flavorRef)
  if (flavor !== undefined && reference !== undefined && flavor !== idIn(reference)) return false
  return ['size', 'volume_id', 'snapshot_id', 'source_volid'].every((member) => {
    const wanted = asked[member]
    return wanted == null || object[member] == null || String(wanted) === String(object[member])
  })
}
