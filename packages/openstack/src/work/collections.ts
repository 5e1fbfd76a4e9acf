import type { Pace, RequestFacts } from '@holdfast/core/plugin'
import { pathOf } from '../paths.ts'

/** A kind of objects whose states show the state of work on them, by the last part of the path of their list. */
interface Collection {
  /** The key of one object in a body; absent if the object is the body. */
  readonly one?: string
  /** The query of the list for the objects that have changed last; absent if each must be read by itself. */
  readonly listed?: string
  /** Set if work tends to take minutes to hours. @default 'fast' */
  readonly pace?: Pace
}

/** Most objects in one answer. Every service has its own limit, 1,000 by default. */
const MOST = 500
const byChange = `sort=updated_at:desc&limit=${MOST}`

const collections: Readonly<Record<string, Collection>> = {
  servers: { one: 'server', listed: `/detail?limit=${MOST}` },
  'os-instance-actions': { one: 'instanceAction' },
  volumes: { one: 'volume', listed: `/detail?${byChange}` },
  snapshots: { one: 'snapshot', listed: `/detail?${byChange}` },
  backups: { one: 'backup', listed: `/detail?${byChange}`, pace: 'slow' },
  images: { listed: `?${byChange}`, pace: 'slow' },
  tasks: { pace: 'slow' },
  loadbalancers: { one: 'loadbalancer', listed: `?${byChange}` },
  listeners: { one: 'listener', listed: `?${byChange}` },
  pools: { one: 'pool', listed: `?${byChange}` },
  members: { one: 'member', listed: `?${byChange}` },
  healthmonitors: { one: 'healthmonitor', listed: `?${byChange}` },
  l7policies: { one: 'l7policy', listed: `?${byChange}` },
  rules: { one: 'rule', listed: `?${byChange}` },
}

/** The place of an object. */
export interface Place {
  /** The path of its list. */
  readonly list: string
  /** The last part of that path. */
  readonly many: string
  readonly id?: string | undefined
  /** The rest after the identifier: `action`, `restore`, `os-volume_attachments/8e9c…`. */
  readonly rest?: string | undefined
}

const shapes = [
  /^(?<list>.*\/v2(?:\.1)?(?:\/[^/]+)?\/(?<many>servers))(?:\/(?<id>[^/]+)(?:\/(?<rest>action|os-volume_attachments(?:\/[^/]+)?))?)?$/,
  /^(?<list>.*\/v2(?:\.1)?(?:\/[^/]+)?\/servers\/[^/]+\/(?<many>os-instance-actions))\/(?<id>[^/]+)$/,
  /^(?<list>.*\/v[23](?:\/[^/]+)?\/(?<many>volumes|snapshots|backups))(?:\/(?<id>[^/]+)(?:\/(?<rest>action|restore))?)?$/,
  /^(?<list>.*\/v2\/(?<many>images|tasks))(?:\/(?<id>[^/]+)(?:\/(?<rest>import))?)?$/,
  /^(?<list>.*\/v2(?:\.0)?\/lbaas\/(?<many>loadbalancers|listeners|pools|healthmonitors|l7policies))(?:\/(?<id>[^/]+)(?:\/(?<rest>failover))?)?$/,
  /^(?<list>.*\/v2(?:\.0)?\/lbaas\/(?:pools\/[^/]+\/(?<members>members)|l7policies\/[^/]+\/rules))(?:\/(?<id>[^/]+))?$/,
]

/** The place that a path names; `undefined` for paths of anything else. */
export function placeOf(request: Pick<RequestFacts, 'path'>): Place | undefined {
  const path = pathOf(request)
  for (const shape of shapes) {
    const found = shape.exec(path)?.groups
    if (found?.list === undefined) continue
    const { list, many = found.members ?? 'rules', id, rest } = found
    return { list, many, id, rest }
  }
  return undefined
}

/** The kind of objects in a list. */
export const collectionOf = (list: string): Collection => collections[manyOf(list)] ?? {}

/** The last part of a list's path: the key before its objects in a body. */
export const manyOf = (list: string): string => list.slice(list.lastIndexOf('/') + 1)
