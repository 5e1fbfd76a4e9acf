import {
  type Fault,
  identifier,
  type JsonObject,
  objectOf,
  type StateAnswer,
  urlPart,
  type WantedState,
} from '@holdfast/core/plugin'
import { isNotFound } from '../fault.ts'
import { collectionOf } from './collections.ts'
import { faultOf } from './reports.ts'
import { type Standing, standingOf } from './standing.ts'

/** The address of a service as `endpointOf` gives it, or its path. */
type Endpoint = string | URL

/** The path of a service. If an address has no version, `version` is added. */
function baseOf(endpoint: Endpoint, version: string): string {
  const given = String(endpoint)
  const path = (URL.canParse(given) ? new URL(given).pathname : given).replace(/\/+$/, '')
  return /\/v\d[^/]*(?:\/|$)/.test(path) ? path : `${path}${version}`
}

interface Shown extends Standing {
  readonly object: JsonObject
}

interface Wanted {
  readonly words: string
  /** True if the object has the wanted state. */
  readonly holds: (seen: Shown) => boolean
  /** True if it will not reach it. */
  readonly isHopeless: (seen: Shown) => boolean
  /** True if it is also the wanted state that the service does not know the object. */
  readonly isMetBy404?: boolean
}

function objectIs(list: string, id: string, { words, holds, isHopeless, isMetBy404 = false }: Wanted): WantedState {
  const { one, pace } = collectionOf(list)
  const seenIn = ({ body }: StateAnswer): Shown | undefined => {
    const object = objectOf(one === undefined ? body : objectOf(body)?.[one])
    const standing = object && standingOf(list, object)
    return standing && { ...standing, object }
  }
  return {
    name: `${one ?? 'image'} ${id} is ${words}`,
    request: { path: `${list}/${urlPart(identifier(id))}` },
    ...(pace && { pace }),
    holds(answer) {
      const seen = seenIn(answer)
      return seen === undefined ? isMetBy404 && isNotFound(answer) : holds(seen)
    },
    faultIn(answer): Fault | undefined {
      const seen = seenIn(answer)
      if (seen === undefined) return answer.fault?.settled ? answer.fault : undefined
      return isHopeless(seen) ? faultOf(seen.object, list, seen) : undefined
    },
  }
}

const isOver = ({ phase }: Shown): boolean => phase === 'failed' || phase === 'gone'

const is = (...wanted: readonly string[]): Pick<Wanted, 'holds' | 'isHopeless'> => ({
  holds: ({ phase, word }) => phase === 'resting' && wanted.includes(word),
  isHopeless: isOver,
})

/** The state `deleted`. It is given up only if the deletion has failed: an object in another error may still be deleted. */
const gone: Wanted = {
  words: 'deleted',
  holds: ({ phase }) => phase === 'gone',
  isHopeless: ({ word }) => word === 'error_deleting',
  isMetBy404: true,
}

const ofVolumes = (endpoint: Endpoint, many: string): string => `${baseOf(endpoint, '/v3')}/${many}`
const ofServers = (endpoint: Endpoint): string => `${baseOf(endpoint, '/v2.1')}/servers`
const balancers = (endpoint: Endpoint): string => `${baseOf(endpoint, '/v2.0')}/lbaas/loadbalancers`

/**
 * A volume without work under way and without an attachment: it was made, or detached.
 *
 * @param endpoint the address of the volume service as `endpointOf` gives it, with the project: `https://volume.example/v3/{project}`.
 * @example
 * await volumes.until(volumeAvailable(id, url), { timeout: 600_000 })
 */
export const volumeAvailable = (id: string, endpoint: Endpoint): WantedState =>
  objectIs(ofVolumes(endpoint, 'volumes'), id, { words: 'available', ...is('available') })

/** A volume that is attached to a server. If the attachment fails, the volume is available again, so give a `timeout`. */
export const volumeInUse = (id: string, endpoint: Endpoint): WantedState =>
  objectIs(ofVolumes(endpoint, 'volumes'), id, { words: 'in use', ...is('in-use') })

/** A volume that the volume service does not know any more. */
export const volumeDeleted = (id: string, endpoint: Endpoint): WantedState =>
  objectIs(ofVolumes(endpoint, 'volumes'), id, gone)

/** A snapshot of a volume that can be used. */
export const snapshotAvailable = (id: string, endpoint: Endpoint): WantedState =>
  objectIs(ofVolumes(endpoint, 'snapshots'), id, { words: 'available', ...is('available') })

/** A snapshot that the volume service does not know any more. */
export const snapshotDeleted = (id: string, endpoint: Endpoint): WantedState =>
  objectIs(ofVolumes(endpoint, 'snapshots'), id, gone)

/** A backup of a volume that can be restored from. */
export const backupAvailable = (id: string, endpoint: Endpoint): WantedState =>
  objectIs(ofVolumes(endpoint, 'backups'), id, { words: 'available', ...is('available') })

/** A backup that the volume service does not know any more. */
export const backupDeleted = (id: string, endpoint: Endpoint): WantedState =>
  objectIs(ofVolumes(endpoint, 'backups'), id, gone)

/**
 * A server that runs, with no task at work on it.
 *
 * @param endpoint the address of the compute service, where it has a path of its own. @default '/v2.1'
 * @example
 * await servers.until(serverActive(id), { timeout: 600_000 })
 */
export const serverActive = (id: string, endpoint: Endpoint = ''): WantedState =>
  objectIs(ofServers(endpoint), id, { words: 'active', ...is('ACTIVE') })

/** A server that is shut off, with no task at work on it. */
export const serverStopped = (id: string, endpoint: Endpoint = ''): WantedState =>
  objectIs(ofServers(endpoint), id, { words: 'stopped', ...is('SHUTOFF') })

/** A server that the compute service does not know any more. */
export const serverDeleted = (id: string, endpoint: Endpoint = ''): WantedState =>
  objectIs(ofServers(endpoint), id, gone)

/**
 * An image whose data was stored.
 *
 * @param endpoint the address of the image service, where it has a path of its own. @default '/v2'
 */
export const imageActive = (id: string, endpoint: Endpoint = ''): WantedState =>
  objectIs(`${baseOf(endpoint, '/v2')}/images`, id, { words: 'active', ...is('active') })

/**
 * A load balancer whose last change is active.
 *
 * @param endpoint the address of the load balancer service, where it has a path of its own. @default '/v2.0'
 */
export const loadBalancerActive = (id: string, endpoint: Endpoint = ''): WantedState =>
  objectIs(balancers(endpoint), id, { words: 'active', ...is('ACTIVE') })

/** A load balancer that its service does not know any more. */
export const loadBalancerDeleted = (id: string, endpoint: Endpoint = ''): WantedState =>
  objectIs(balancers(endpoint), id, gone)
