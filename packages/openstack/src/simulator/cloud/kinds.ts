import { faultReply } from '../fault-reply.ts'
import type { Refusal } from '../refusal.ts'
import { type CloudReply, spaced } from '../reply.ts'
import { webobReply } from './webob.ts'

/** The service: Nova, Cinder, Neutron or Glance. */
export type CloudKind = 'compute' | 'volume' | 'network' | 'image'

type Words = readonly [code: string, message: string, status?: number]

/** The things in which one service differs from another. */
export interface KindFacts {
  readonly root: string
  /** The names of its objects in paths and bodies: many, and one. An image is its own body. */
  readonly many: string
  readonly one: string
  /** The names of all its lists, in paths and bodies. */
  readonly lists: readonly string[]
  /** Version documents by the name of the version, at `/`, and the status that they come with. */
  readonly versions: readonly [id: string, path: string]
  readonly versionsStatus: 200 | 300
  readonly createStatus: 201 | 202
  readonly deleteStatus: 202 | 204
  missing(id: string): Words
  /** The answer if the quota is used up. */
  full(most: number): Words
  /** The answer if other work on the object is under way. */
  busy(id: string): Words
  /** The answer if the state of the object does not allow it. */
  held(id: string): Words
  write(refusal: Refusal, request: Request): CloudReply
}

const page = (refusal: Refusal, request: Request) =>
  webobReply(faultReply(refusal).status, refusal.message, request.headers.get('accept') ?? '')

const ofNeutron = ({ code, message, status = 409 }: Refusal) =>
  spaced(status, { NeutronError: { type: code, message, detail: '' } })

const inUse = (id: string): Words => [
  'NetworkInUse',
  `Unable to complete operation on network ${id}. There are one or more ports still in use on the network.`,
  409,
]

/** Codes, statuses and sentences as the sources of the services have them. */
export const kinds: Readonly<Record<CloudKind, KindFacts>> = {
  compute: {
    ...{ root: '/v2.1', many: 'servers', one: 'server', lists: ['servers'], versions: ['v2.1', 'v2.1'] },
    ...{ versionsStatus: 200, createStatus: 202, deleteStatus: 204 },
    missing: (id) => ['itemNotFound', `Instance ${id} could not be found.`],
    full: (most) => [
      'forbidden',
      `Quota exceeded for instances: Requested 1, but already used ${most} of ${most} instances`,
    ],
    busy: (id) => ['conflictingRequest', `Cannot 'start' instance ${id} while it is in task_state powering-on`],
    held: (id) => ['conflictingRequest', `Cannot 'start' instance ${id} while it is in vm_state rescued`],
    write: faultReply,
  },
  volume: {
    ...{
      root: '/v3/:project',
      many: 'volumes',
      one: 'volume',
      lists: ['volumes', 'snapshots', 'backups'],
      versions: ['v3.0', 'v3'],
    },
    ...{ versionsStatus: 300, createStatus: 202, deleteStatus: 202 },
    missing: (id) => ['itemNotFound', `Volume ${id} could not be found.`],
    full: (most) => [
      'overLimit',
      `VolumeLimitExceeded: Maximum number of volumes allowed (${most}) exceeded for quota 'volumes'.`,
    ],
    busy: (id) => [
      'badRequest',
      `Invalid volume: Volume ${id} status must be available, but current status is: attaching.`,
    ],
    held: (id) => [
      'badRequest',
      `Invalid volume: Volume ${id} status must be available, but current status is: in-use.`,
    ],
    write: faultReply,
  },
  network: {
    ...{ root: '/v2.0', many: 'networks', one: 'network', lists: ['networks'], versions: ['v2.0', 'v2.0'] },
    ...{ versionsStatus: 200, createStatus: 201, deleteStatus: 204 },
    missing: (id) => ['NetworkNotFound', `Network ${id} could not be found.`, 404],
    full: () => ['OverQuota', "Quota exceeded for resources: ['network'].", 409],
    // Neutron has no transitional states: its agents do slow work after the answer.
    busy: inUse,
    held: inUse,
    write: ofNeutron,
  },
  image: {
    ...{ root: '/v2', many: 'images', one: 'image', lists: ['images'], versions: ['v2.15', 'v2'] },
    ...{ versionsStatus: 300, createStatus: 201, deleteStatus: 204 },
    missing: (id) => ['itemNotFound', `No image found with ID ${id}`, 404],
    full: () => ['overLimit', 'The request returned a 413 Request Entity Too Large.', 413],
    busy: (id) => [
      'conflictingRequest',
      `New operation on image '${id}' is not permitted as prior operation is still in progress`,
      409,
    ],
    held: (id) => ['forbidden', `Image ${id} is protected and cannot be deleted.`, 403],
    write: page,
  },
}
