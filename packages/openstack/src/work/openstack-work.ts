import { parseObject, type VendorWork, type WorkName, type WorkRequest } from '@holdfast/core/plugin'
import { isNotFound } from '../fault.ts'
import { serverTime } from '../time.ts'
import { begun } from './begun.ts'
import { collectionOf, manyOf } from './collections.ts'
import { pathOfWork, workAt } from './names.ts'
import { idOf, objectsOf, reportOf } from './reports.ts'
import { foundWork, isGone, searchFor } from './search.ts'

/** The version of Nova's API from which on the owner of a server sees the events of an action (Pike). */
const withEvents = { 'openstack-api-version': 'compute 2.51', 'x-openstack-nova-api-version': '2.51' }

/** Milliseconds by which a list of changes begins earlier, because the clocks of a service's hosts differ. */
const MARGIN = 300_000

/**
 * The long work of Nova, Cinder, Glance and Octavia. They have no tasks that could be polled: work shows in the state of its object,
 * and objects of one list share a poll. None of it can be cancelled.
 *
 * Source: the API references and sources of the projects, as each file names them.
 */
export const openstackWork: VendorWork = {
  vendor: 'openstack',
  begun,
  nameOf: workAt,
  ask(works) {
    const [first] = works
    const { list = '' } = first.facts ?? {}
    const { listed } = collectionOf(list)
    if (works.length > 1 && listed !== undefined) return { path: list + listed + changesOf(list, works), about: works }
    return { ...aloneOf(first), about: [first] }
  },
  read(reply, about) {
    const body = parseObject(reply.text)
    const list = about[0]?.facts?.list ?? ''
    const objects = body && objectsOf(body, list, about.length === 1)
    if (objects === undefined) return undefined
    const known = new Map(objects.map((object) => [idOf(object), object]))
    const at = serverTime(reply.headers)
    return new Map(
      about.flatMap((work) => {
        const object = known.get(work.id)
        const report = object && reportOf(object, work, at)
        return report === undefined ? [] : [[work.id, report] as const]
      }),
    )
  },
  readRefusal: (fault, { facts }) =>
    !isNotFound(fault) ? undefined : facts?.aim === 'deleted' ? { status: 'succeeded' } : { status: 'lost', fault },
  verifyWith: (work) => `GET ${pathOfWork(work)}`,
  find: searchFor,
  found: foundWork,
  isAchieved: isGone,
}

function aloneOf(work: WorkName): WorkRequest {
  const isAction = manyOf(work.facts?.list ?? '') === 'os-instance-actions'
  return { path: pathOfWork(work), ...(isAction && { headers: withEvents }) }
}

/** Nova's query for the servers that have changed since the first of the works began, deleted ones included. */
function changesOf(list: string, works: readonly WorkName[]): string {
  const from = new Date(Math.min(...works.map(({ facts }) => Number(facts?.since))) - MARGIN)
  if (manyOf(list) !== 'servers' || Number.isNaN(from.getTime())) return ''
  return `&changes-since=${from.toISOString().replace(/\.\d+/, '')}`
}
