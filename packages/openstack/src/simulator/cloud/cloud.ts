import {
  baseOf,
  type ChecksOf,
  checkSettings,
  count,
  duration,
  httpUrl,
  ofType,
  oneOf,
} from '@holdfast/testing/simulator-kit'
import { type Clock, createClock } from '../clock.ts'
import { createPlannedFailures, type WorkFailure } from '../failures.ts'
import { Refusal } from '../refusal.ts'
import { CloudService } from '../service.ts'
import { type IdentityService, identityService } from '../token-check.ts'
import { type CloudKind, kinds } from './kinds.ts'
import { type CloudObject, Objects } from './objects.ts'
import { operationsOf } from './operations.ts'

/** Work that takes time: `create`, `delete`, `restore`, `import`, `attach`, or the name of an action. */
export type CloudWork = string

/** The options of `openstackServer`. */
export interface OpenstackServerOptions {
  /** The service: Nova, Cinder, Neutron or Glance. */
  readonly kind: CloudKind
  /** The service that its tokens come from. */
  readonly keystone: IdentityService
  /** Its own address. @default any origin */
  readonly url?: string
  /** Objects that may be made. @default 10 */
  readonly quota?: number
  /** Milliseconds that accepted work on an object takes. @default 0 */
  readonly workTime?: number
  /** The server's time, which may be advanced; several services may share one. @default a clock that goes with `Date.now` */
  readonly clock?: Clock
}

const checks: ChecksOf<OpenstackServerOptions> = {
  kind: oneOf(...Object.keys(kinds)),
  keystone: identityService,
  url: httpUrl,
  quota: count,
  workTime: duration,
  clock: ofType('object'),
}

/** A service and its objects. */
export interface OpenstackServer extends CloudService {
  /** Its servers, volumes, networks or images, by identifier. */
  readonly objects: Map<string, CloudObject>
  /** Makes the next work of this kind fail after it was accepted. */
  failWork(work: CloudWork, failure?: Pick<WorkFailure, 'reason'>): void
}

/**
 * Nova, Cinder, Neutron or Glance in memory, with as much as tests of their errors and states need:
 * version documents, objects that are made, read, acted on and deleted, quotas, states, tokens that end, and faults on
 * command, each in the body that the service gives it.
 */
export function openstackServer(options: OpenstackServerOptions): OpenstackServer {
  checkSettings('openstackServer', options, checks, ['kind', 'keystone'])
  const { kind, keystone, url, quota = 10, workTime = 0, clock = createClock() } = options
  const facts = kinds[kind]
  const failures = createPlannedFailures<CloudWork>()
  const objects = new Objects(kind, clock, failures, workTime)
  const service = new CloudService({
    base: baseWithout(facts.root, url),
    clock,
    // Only Cinder has the project in its paths.
    keystone: kind === 'volume' ? keystone : withoutProject(keystone),
    staleToken: '401',
    throttle: undefined,
    family: () => 'native',
    operations: operationsOf(facts, objects, quota),
    failures,
    write: facts.write,
    malformed: () => new Refusal('badRequest', 'Malformed request body', 400),
    headers: () => ({
      date: new Date(clock.now()).toUTCString(),
      'x-openstack-request-id': `req-${crypto.randomUUID()}`,
    }),
  })
  return Object.assign(service, {
    objects: objects.all,
    failWork: (work: CloudWork, { reason = 'It is to fail.' }: Pick<WorkFailure, 'reason'> = {}) =>
      failures.plan(work, { code: '', reason }),
  })
}

/** The address before the version and the project, with which every path begins, and an address in a catalogue ends. */
const baseWithout = (root: string, url: string | undefined): string =>
  baseOf(url).replace(new RegExp(`${root.replace('/:project', '(?:/[^/]+)?')}$`), '')

const withoutProject = (keystone: IdentityService): IdentityService => ({
  get isDown() {
    return keystone.isDown
  },
  projects: [],
  validate: (token) => keystone.validate(token) && { project: { id: '' } },
  stateOf: (token) => keystone.stateOf(token),
  uri: () => keystone.uri(),
})
