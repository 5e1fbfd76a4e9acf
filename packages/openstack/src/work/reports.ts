import {
  type Fault,
  type JsonObject,
  objectOf,
  objectsIn,
  textOf,
  type WorkName,
  type WorkReport,
} from '@holdfast/core/plugin'
import { catalogue } from '../catalogue.ts'
import { nameOfStatus } from '../fault.ts'
import { CLOCK_SLACK } from '../time.ts'
import { collectionOf, manyOf } from './collections.ts'
import { serverActions } from './server-actions.ts'
import { type Standing, standingOf } from './standing.ts'

/** Milliseconds for which a record may be from before the work: the replica that answers may lag behind. */
const LAG = 60_000

/** The objects in an answer; `undefined` for an answer without any. */
export function objectsOf(body: JsonObject, list: string, isAlone: boolean): readonly JsonObject[] | undefined {
  if (!isAlone) {
    const several = body[manyOf(list)]
    return Array.isArray(several) ? objectsIn(several) : undefined
  }
  const { one } = collectionOf(list)
  const object = one === undefined ? body : objectOf(body[one])
  return object && [object]
}

/** The identifier of an object. */
export const idOf = ({ id, request_id }: JsonObject): string | undefined => textOf(id) ?? textOf(request_id)

/**
 * The report on work, by the record of its object.
 *
 * @param at milliseconds since the epoch by the server's clock.
 */
export function reportOf(object: JsonObject, work: WorkName, at: number): WorkReport | undefined {
  const { list = '', aim = '', since } = work.facts ?? {}
  const standing = standingOf(list, object)
  if (standing === undefined) return undefined
  const { phase, word, progress, changed } = standing
  if (phase === 'gone') return aim === 'deleted' ? { status: 'succeeded' } : { status: 'lost' }
  if (phase === 'moving') return { status: 'running', message: word, ...(progress !== undefined && { progress }) }
  const begunAt = since === undefined ? undefined : Number(since)
  const isEarly = begunAt !== undefined && at < begunAt + LAG
  const isReached = phase === 'resting' && reaches(object, word, work)
  if (isEarly && !isNew(work) && isFromBefore(changed, begunAt, isReached)) return { status: 'pending' }
  if (isReached) return { status: 'succeeded', result: object }
  // Confirming a resize sets no task.
  return word === 'VERIFY_RESIZE' && aim === 'confirmResize'
    ? { status: 'pending' }
    : { status: 'failed', fault: faultOf(object, list, standing) }
}

/** True if there can be no record from before the work. */
const isNew = ({ facts }: WorkName): boolean =>
  facts?.aim === 'created' || manyOf(facts?.list ?? '') === 'os-instance-actions'

/** True if an object may have had this state before, so that only a change since then shows the end. */
function isFromBefore(changed: number | undefined, begunAt: number, isReached: boolean): boolean {
  if (changed === undefined) return !isReached
  return isReached ? changed < begunAt - CLOCK_SLACK : changed <= begunAt + CLOCK_SLACK
}

/** True if an object at rest has the wanted state. */
function reaches(object: JsonObject, word: string, { facts = {} }: WorkName): boolean {
  const { aim = '', size, flavor } = facts
  if (aim === 'deleted') return false
  if (aim === 'imported') return word === 'active'
  if (size !== undefined) return Number(object.size) >= Number(size)
  if (manyOf(facts.list ?? '') !== 'servers') return true
  const action = Object.hasOwn(serverActions, aim) ? serverActions[aim] : undefined
  if (action === undefined || action.ends.includes(word)) return true
  // A cloud may confirm a resize automatically.
  return aim === 'resize' && flavor !== undefined && textOf(objectOf(object.flavor)?.id) === flavor
}

/** The fault of an object that came to rest in another state: its own, if it shows one. */
export function faultOf(object: JsonObject, list: string, { word, reason }: Standing): Fault {
  const { code, message } = objectOf(object.fault) ?? {}
  const sentence = textOf(message)
  const name = word === 'ERROR' && typeof code === 'number' ? nameOfStatus(code) : undefined
  const own: Fault | undefined =
    name === undefined || sentence === undefined ? undefined : { code: name, message: sentence, params: [sentence] }
  // A server's own fault says nothing about the token of the poll.
  if (own !== undefined && catalogue.find(own)?.kind !== 'auth') return own
  const one = collectionOf(list).one ?? manyOf(list).replace(/s$/, '')
  const rest = `the ${one} came to rest as ${word}`
  return { code: 'computeFault', details: ['WORK_FAILED'], message: [rest, reason].filter(Boolean).join(': ') }
}
