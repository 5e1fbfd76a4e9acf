import { resilient } from '@holdfast/core'
import type { RequestFacts } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { openstack } from '../src/index.ts'
import { requestFacts } from '../src/testing.ts'

const vendor = openstack()
const id = '8e9c4a1e-3a86-4f1f-9b2a-0d6f4c7c3b11'
const server = `/v2.1/servers/${id}`

const asked = (line: string, body?: unknown): RequestFacts => {
  const [method = '', path = ''] = line.split(' ')
  return requestFacts(`https://cloud.example${path}`, method, body)
}

describe('an operation is named by method and template', () => {
  it.each([
    [`GET ${server}`, 'GET /v2.1/servers/{server}'],
    [`POST ${server}/action`, 'POST /v2.1/servers/{server}/action'],
    [`POST /v2.1/b942/servers/${id}/action`, 'POST /v2.1/{project}/servers/{server}/action'],
    [`POST /compute${server}/action`, 'POST /{prefix}/v2.1/servers/{server}/action'],
    [`POST /v3/b942/volumes/${id}/action`, 'POST /v3/{project}/volumes/{volume}/action'],
    ['GET /v3/b942/backups/detail', 'GET /v3/{project}/backups/detail'],
    [`PUT /v2.0/routers/${id}/add_router_interface`, 'PUT /v2.0/routers/{router}/add_router_interface'],
    [`PUT /v2.0/networks/${id}/tags/prod`, 'PUT /v2.0/networks/{network}/tags/{tag}'],
    [`PUT /v2/images/${id}/file`, 'PUT /v2/images/{image}/file'],
    [`PUT /v3/projects/p/users/u/roles/r`, 'PUT /v3/projects/{project}/users/{user}/roles/{role}'],
    [
      'GET /v3/users/u/application_credentials/a',
      'GET /v3/users/{user}/application_credentials/{application_credential}',
    ],
    ['GET /v3/auth/catalog', 'GET /v3/auth/catalog'],
    ['GET /healthcheck', 'GET /{path}'],
  ])('%s: %s', (line, name) => {
    expect(vendor.operation?.(asked(line))).toBe(name)
  })
})

describe('an action is part of the name', () => {
  const action = 'POST /v2.1/servers/{server}/action'
  it.each([
    [`POST ${server}/action`, { 'os-start': null }, `${action} (os-start)`],
    [
      `POST /v3/p/volumes/${id}/action`,
      { 'os-extend': { new_size: 3 } },
      'POST /v3/{project}/volumes/{volume}/action (os-extend)',
    ],
    [`POST ${server}/action`, { secret: null }, action],
    [`POST ${server}/action`, { reboot: {}, pause: null }, action],
    [`POST ${server}/action`, undefined, action],
    [`POST ${server}/metadata`, { reboot: {} }, 'POST /v2.1/servers/{server}/metadata'],
  ])('%s %j: %s', (line, body, name) => {
    expect(vendor.operation?.(asked(line, body))).toBe(name)
  })
})

describe('the services behind one address fail apart', () => {
  it.each([
    ['POST /v3/auth/tokens', 'login'],
    ['GET /identity/v3/auth/catalog', 'identity'],
    ['GET /v3/projects', 'identity'],
    [`GET ${server}`, 'compute'],
    ['GET /volume/v3/b942cc8342734d15bcb246babb1953cf/volumes', 'volume'],
    ['GET /v3/b942cc8342734d15bcb246babb1953cf/groups', 'volume'],
    ['GET /networking/v2.0/networks', 'network'],
    ['GET /image/v2/images', 'image'],
    ['GET /placement/resource_providers', 'data'],
  ])('%s: %s', (line, scope) => {
    expect(vendor.scope?.(asked(line))).toBe(scope)
  })
})

describe('a write', () => {
  it.each([
    ['POST /v3/auth/tokens', {}],
    [`POST ${server}/metadata`, { metadata: { a: 'b' } }],
    [`POST /v3/p/volumes/${id}/action`, { 'os-set_bootable': { bootable: true } }],
    ['PATCH /v3/projects/p', { project: { name: 'n' } }],
    [`PATCH /v2/images/${id}`, [{ op: 'replace', path: '/name', value: 'n' }]],
    [`POST ${server}/action`, { 'os-getConsoleOutput': { length: 5 } }],
  ])('may be sent twice: %s %j', (line, body) => {
    expect(vendor.isRepeatable?.(asked(line, body))).toBe(true)
  })

  it.each([
    ['POST /v2.1/servers', { server: { name: 'n' } }],
    [`POST ${server}/action`, { 'os-start': null }],
    [`POST ${server}/action`, { reboot: { type: 'SOFT' } }],
    [`POST ${server}/action`, undefined],
    [`POST /v3/p/volumes/${id}/action`, { 'os-extend': { new_size: 3 } }],
    [`POST /v3/p/volumes/${id}/action`, { 'os-set_bootable': {}, 'os-extend': {} }],
    [`PATCH /v2/images/${id}`, [{ op: 'add', path: '/locations/-', value: {} }]],
    [
      `PATCH /v2/images/${id}`,
      [
        { op: 'replace', path: '/name', value: 'n' },
        { op: 'add', path: '/tags/-', value: 't' },
      ],
    ],
    [`PATCH /v2/images/${id}`, []],
    ['POST /v2.0/networks', { network: {} }],
    ['POST /v3/users', { user: { name: 'n' } }],
  ])('may not: %s %j', (line, body) => {
    expect(vendor.isRepeatable?.(asked(line, body))).toBe(false)
  })

  it.each([`PUT /v2.0/networks/${id}`, `DELETE ${server}`, 'GET /v3/projects'])('is left to HTTP: %s', (line) => {
    expect(vendor.isRepeatable?.(asked(line))).toBeUndefined()
  })

  it('that only reads the console is safe', () => {
    expect(vendor.isSafe?.(asked(`POST ${server}/action`, { 'os-getConsoleOutput': {} }))).toBe(true)
    expect(vendor.isSafe?.(asked(`POST /v3/p/volumes/${id}/action`, { 'os-show_image_metadata': null }))).toBe(true)
    expect(vendor.isSafe?.(asked(`POST ${server}/action`, { 'os-getConsoleOutput': {}, reboot: {} }))).toBeUndefined()
    expect(vendor.needsRequestBody?.(asked(`POST ${server}/action`))).toBe(true)
  })
})

describe('what was done is found out', () => {
  const newestServers = 'sort_key=created_at&sort_dir=desc'
  it.each([
    ['POST /v2.1/servers', { server: { name: 'web 1' } }, `GET /v2.1/servers?name=web%201&${newestServers}`],
    ['POST /v2.1/servers', { server: { name: 'web.*' } }, `GET /v2.1/servers?${newestServers}`],
    ['POST /v3/p/volumes', { volume: { name: 'a&b' } }, 'GET /v3/p/volumes?name=a%26b&sort=created_at:desc'],
    ['POST /v2/images', { name: 'cirros' }, 'GET /v2/images?name=cirros&sort=created_at:desc'],
    ['POST /v2.0/networks', { network: { name: 'n' } }, 'GET /v2.0/networks?name=n'],
    ['POST /v2.0/ports', { port: {} }, 'GET /v2.0/ports'],
    ['POST /v3/projects', { project: { name: 'n' } }, 'GET /v3/projects?name=n'],
    [`POST ${server}/action`, { 'os-start': null }, `GET ${server}`],
    [`DELETE ${server}`, undefined, `GET ${server}`],
    ['PUT /v2.0/routers/r-1/add_router_interface', { subnet_id: 's' }, 'GET /v2.0/ports?device_id=r-1'],
    [`PUT /v2/images/${id}/file`, undefined, `GET /v2/images/${id}`],
    [`POST /v2/images/${id}/actions/deactivate`, undefined, `GET /v2/images/${id}`],
    ['POST /v3/users/u/password', { user: { password: 'x' } }, 'GET /v3/users/u'],
    ['POST /v3/auth/tokens', {}, undefined],
    ['GET /v2.0/ports', undefined, undefined],
  ])('%s %j: %s', (line, body, query) => {
    expect(vendor.verifyWith?.(asked(line, body))).toBe(query)
  })
})

it('gives the data of an image an hour', () => {
  expect(vendor.limits?.(asked(`PUT /v2/images/${id}/file`))).toEqual({ timeout: 3_600_000, totalTimeout: 3_600_000 })
  expect(vendor.limits?.(asked('GET /v2/images'))).toBeUndefined()
})

describe('a request that does something anew each time', () => {
  // OpenStack API references: Bare Metal, Load Balancer, Block Storage, Compute (before 2.43).
  it.each<[string, unknown?]>([
    ['PUT /v1/nodes/n-1/states/power', { target: 'rebooting' }],
    ['PUT /v1/nodes/n-1/states/power', { target: 'soft rebooting' }],
    ['PUT /v1/nodes/n-1/states/power'],
    ['PUT /baremetal/v1/nodes/n-1/states/provision', { target: 'clean' }],
    ['PUT /v1/nodes/n-1/management/inject_nmi', {}],
    ['DELETE /v1/nodes/n-1/vendor_passthru?method=reset_bmc'],
    ['PUT /v1/drivers/ipmi/vendor_passthru?method=renew', {}],
    ['PUT /v2/lbaas/loadbalancers/l-1/failover', {}],
    ['PUT /v2.0/octavia/amphorae/a-1/failover', {}],
    ['PUT /v3/p/os-services/failover_host', { host: 'h' }],
    [`GET /v2.1/os-hosts/h/reboot`],
  ])('is not sent twice, though HTTP calls its method idempotent: %s %j', async (line, body) => {
    let sent = 0
    const fetch = async () => {
      sent++
      throw Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
      })
    }
    const [method = '', path = ''] = line.split(' ')
    const call = resilient(fetch, { vendor: openstack({ url: 'https://cloud.example' }) })(
      `https://cloud.example${path}`,
      { method, ...(body !== undefined && { body: JSON.stringify(body) }) },
    )
    await expect(call).rejects.toMatchObject({ mayBeDone: true, reason: 'not-repeatable' })
    expect(sent).toBe(1)
  })

  it.each<[string, unknown?]>([
    ['PUT /v1/nodes/n-1/states/power', { target: 'power on' }],
    ['PUT /v1/nodes/n-1/states/power', { target: 'soft power off' }],
    ['PUT /v1/nodes/n-1/states/console', { enabled: true }],
    ['PUT /v1/nodes/n-1/maintenance', {}],
    ['GET /v1/nodes/n-1/vendor_passthru/methods'],
    ['PUT /v2/lbaas/loadbalancers/l-1', {}],
    ['PUT /v3/p/os-services/disable', { host: 'h' }],
    ['GET /v2.1/os-hosts/h'],
  ])('is none that sets a state: %s %j', (line, body) => {
    const request = asked(line, body)
    expect(vendor.isRepeatable?.(request)).not.toBe(false)
    expect(vendor.isSafe?.(request)).not.toBe(false)
  })
})
