import { type Clock, createClock } from '../clock.ts'
import { textAt } from '../dig.ts'
import { type Operation, param } from '../operation.ts'
import { Refusal, refuse } from '../refusal.ts'
import { type CloudReply, spaced } from '../reply.ts'
import { CloudService } from '../service.ts'
import type { IdentityService } from '../token-check.ts'
import { type CloudKind, type KindFacts, kinds } from './kinds.ts'

/** An object of the service. */
export interface CloudObject {
  readonly id: string
  readonly name: string
  /** `busy` while other work is under way on it, `held` where its state rules out what is asked. */
  state: 'free' | 'busy' | 'held'
}

/** The options of `openstackServer`. */
export interface OpenstackServerOptions {
  readonly kind: CloudKind
  /** The service that its tokens come from. */
  readonly keystone: IdentityService
  /** Its own address. @default any origin */
  readonly url?: string
  /** Objects that may be made. @default 10 */
  readonly quota?: number
  readonly clock?: Clock
}

/** A service, and all that stands in it. */
export interface OpenstackServer extends CloudService {
  /** Its servers, volumes, networks or images, by identifier. */
  readonly objects: Map<string, CloudObject>
}

/**
 * Nova, Cinder, Neutron or Glance in memory, as far as it takes to meet the kinds of their errors over the wire: version
 * documents, objects that are made, read, acted on and deleted, quotas, states, tokens that end, and faults on command, each
 * in the body that the service gives it.
 */
export function openstackServer({
  kind,
  keystone,
  url = '',
  quota = 10,
  clock,
}: OpenstackServerOptions): OpenstackServer {
  const facts = kinds[kind]
  const objects = new Map<string, CloudObject>()
  const service = new CloudService({
    base: url.replace(/\/$/, ''),
    clock: clock ?? createClock(),
    // Cinder alone has the project in its paths.
    keystone: kind === 'volume' ? keystone : withoutProject(keystone),
    staleToken: '401',
    throttle: undefined,
    family: () => 'native',
    operations: operationsOf(facts, objects, quota),
    failures: { clear() {} },
    write: facts.write,
    malformed: () => new Refusal('badRequest', 'Malformed request body', 400),
    headers: () => ({ 'x-openstack-request-id': `req-${crypto.randomUUID()}` }),
  })
  return Object.assign(service, { objects })
}

const withoutProject = (keystone: IdentityService): IdentityService => ({
  get isDown() {
    return keystone.isDown
  },
  projects: [],
  validate: (token) => keystone.validate(token) && { project: { id: '' } },
  stateOf: (token) => keystone.stateOf(token),
  uri: () => keystone.uri(),
})

function operationsOf(facts: KindFacts, objects: Map<string, CloudObject>, quota: number): Operation[] {
  const { root, many, one, createStatus, deleteStatus } = facts
  const found = (id: string) => objects.get(id) ?? refuse(...facts.missing(id))
  const free = (id: string) => {
    const object = found(id)
    return object.state === 'free' ? object : refuse(...facts[object.state](id))
  }
  const bare = ({ id, name }: CloudObject) => ({ id, name })
  const shown = (status: number, object: CloudObject): CloudReply =>
    spaced(status, one === 'image' ? bare(object) : { [one]: bare(object) })
  return [
    { open: true, method: 'GET', path: '/', run: ({ url }) => versionsOf(facts, url) },
    { method: 'GET', path: `${root}/${many}`, run: () => spaced(200, { [many]: [...objects.values()].map(bare) }) },
    {
      method: 'POST',
      path: `${root}/${many}`,
      run({ body, done }) {
        if (objects.size >= quota) refuse(...facts.full(quota))
        const name = textAt(body, ...(one === 'image' ? [] : [one]), 'name')
        const object: CloudObject = { id: crypto.randomUUID(), name: name ?? '', state: 'free' }
        objects.set(object.id, object)
        done('create', object.id)
        return shown(createStatus, object)
      },
    },
    { method: 'GET', path: `${root}/${many}/:id`, run: (asked) => shown(200, found(param(asked, 'id'))) },
    {
      method: 'DELETE',
      path: `${root}/${many}/:id`,
      run(asked) {
        const { id } = free(param(asked, 'id'))
        objects.delete(id)
        asked.done('delete', id)
        return { status: deleteStatus }
      },
    },
    {
      method: 'POST',
      path: `${root}/${many}/:id/action`,
      run(asked) {
        const { id } = free(param(asked, 'id'))
        asked.done(Object.keys(Object(asked.body))[0] ?? 'nothing', id)
        return { status: 202 }
      },
    },
    { open: true, path: '/*', run: () => refuse('itemNotFound', 'The resource could not be found.', 404) },
  ]
}

/** Nova and Neutron answer 200, Cinder and Glance 300: a choice, of which none is made. */
function versionsOf({ versions: [id, path], versionsStatus }: KindFacts, { origin }: URL): CloudReply {
  const links = [{ rel: 'self', href: `${origin}/${path}/` }]
  return spaced(versionsStatus, { versions: [{ id, status: 'CURRENT', links }] })
}
