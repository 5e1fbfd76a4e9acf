import { resilient } from '@holdfast/core'
import { fetchFrom } from '@holdfast/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { openstack } from '../src/index.ts'
import { type CloudKind, type IdentityService, type OpenstackServer, openstackServer } from '../src/simulator/index.ts'

const url = 'https://cloud.example'
const good = 'token-1'

const keystone: IdentityService = {
  isDown: false,
  projects: [{ id: 'p-1' }],
  validate: (token) => (token === good ? { project: { id: 'p-1' } } : undefined),
  stateOf: (token) => (token === good ? 'valid' : 'unknown'),
  uri: () => `${url}/v3`,
}

const paths: Readonly<Record<CloudKind, string>> = {
  compute: '/v2.1/servers',
  volume: '/v3/p-1/volumes',
  network: '/v2.0/networks',
  image: '/v2/images',
}
const bodies: Readonly<Record<CloudKind, object>> = {
  compute: { server: { name: 'web' } },
  volume: { volume: { name: 'web' } },
  network: { network: { name: 'web' } },
  image: { name: 'web' },
}

let cloud: OpenstackServer

/** Sends a request to the service in hand; resolves with the reply, or with the error. */
async function ask(kind: CloudKind, method: string, path = '', body?: object, headers: HeadersInit = {}) {
  const client = resilient(fetchFrom(cloud.handlers), { vendor: openstack({ url }), retry: 0 })
  const init = { method, headers: { 'x-auth-token': good, ...headers } }
  const given = body && { body: JSON.stringify(body) }
  return client(`${url}${paths[kind]}${path}`, { ...init, ...given }).catch((error: unknown) => error)
}

describe.each(['compute', 'volume', 'network', 'image'] as const)('%s', (kind) => {
  beforeEach(() => {
    cloud = openstackServer({ kind, keystone, url, quota: 1 })
  })
  const make = async () => {
    const reply = await ask(kind, 'POST', '', bodies[kind])
    expect(reply).toMatchObject({ ok: true })
    const [id = ''] = cloud.objects.keys()
    return id
  }

  it('shows its versions to whoever asks, as a choice or as a document', async () => {
    const reply = await resilient(fetchFrom(cloud.handlers), { vendor: openstack({ url }) })(`${url}/`)
    expect(reply.status).toBe(kind === 'volume' || kind === 'image' ? 300 : 200)
    expect(await reply.json()).toMatchObject({ versions: [{ status: 'CURRENT' }] })
  })

  it('makes, shows and deletes an object, each once', async () => {
    const id = await make()
    expect(await ((await ask(kind, 'GET')) as Response).json()).toMatchObject({
      [`${paths[kind].split('/').at(-1)}`]: [{ id }],
    })
    expect(await ask(kind, 'GET', `/${id}`)).toMatchObject({ ok: true })
    expect(await ask(kind, 'DELETE', `/${id}`)).toMatchObject({ ok: true })
    expect(cloud.executed.map(({ action }) => action)).toEqual(['create', 'delete'])
  })

  it('says of what is not there that it is not', async () => {
    expect(await ask(kind, 'GET', '/8e9c')).toMatchObject({ status: 404, kind: 'fatal', outcome: 'rejected' })
  })

  it('says of a quota that it is used up, and it is waited for by nobody', async () => {
    await make()
    expect(await ask(kind, 'POST', '', bodies[kind])).toMatchObject({
      kind: 'fatal',
      outcome: 'rejected',
      mayBeDone: false,
    })
    expect(cloud.executed).toHaveLength(1)
  })

  it('says of a state that it is in the way', async () => {
    const id = await make()
    cloud.objects.set(id, { id, name: 'web', state: 'held' })
    expect(await ask(kind, 'DELETE', `/${id}`)).toMatchObject({ kind: 'conflict', outcome: 'rejected' })
  })

  it('takes no token that has ended', async () => {
    const error = await ask(kind, 'GET', '', undefined, { 'x-auth-token': 'token-0' })
    expect(error).toMatchObject({ code: 'unauthorized', status: 401, kind: 'auth' })
  })
})

it.each([
  ['compute', 'SERVER_BUSY'],
  ['volume', 'STATE_CHANGING'],
  ['image', 'IMAGE_BUSY'],
] as const)('%s says of other work that it is under way, and it is waited for: %s', async (kind, detail) => {
  cloud = openstackServer({ kind, keystone, url })
  cloud.objects.set('o-1', { id: 'o-1', name: 'web', state: 'busy' })
  expect(await ask(kind, 'POST', '/o-1/action', { 'os-start': null })).toMatchObject({ detail, outcome: 'rejected' })
})

it.each(['*/*', 'application/json', 'text/plain'])('Glance says the same to who accepts %s', async (accept) => {
  cloud = openstackServer({ kind: 'image', keystone, url })
  cloud.faults.fail('forbidden', { message: 'Image <o-1> is protected and cannot be deleted.' })
  expect(await ask('image', 'DELETE', '/o-1', undefined, { accept })).toMatchObject({ detail: 'IMAGE_PROTECTED' })
})

it.each([
  [{ when: 'junk' }, "option `when` must be one of 'before', 'after'"],
  [{ times: -1 }, 'option `times` must be'],
  [{ limit: 1 }, 'option `limit` '],
  [{ method: 'post' }, 'option `method` must be in capitals'],
])('a fault that can never apply is refused: %j', (scope, why) => {
  const { faults } = openstackServer({ kind: 'volume', keystone })
  expect(() => faults.drop(scope as never)).toThrow(why)
})

it.each<[CloudKind, string]>([
  ['compute', '/v2.1'],
  ['volume', '/v3/p-1'],
  ['volume', '/v3/'],
  ['image', ''],
])('the address of %s may end as in a catalogue: %s', async (kind, end) => {
  cloud = openstackServer({ kind, keystone, url: `${url}${end}` })
  expect(await ask(kind, 'GET')).toMatchObject({ status: 200 })
})
