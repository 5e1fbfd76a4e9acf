import { csbsServer } from '@holdfast/csbs/simulator'
import { keystoneServer } from '@holdfast/keystone/simulator'
import { openstackServer } from '@holdfast/openstack/simulator'
import { fetchFrom } from '@holdfast/testing'
import { vbsServer } from '@holdfast/vbs/simulator'
import { vcenter } from '@holdfast/vsphere/simulator'
import { xapi } from '@holdfast/xenapi/simulator'
import { describe, expect, it } from 'vitest'

/** Options as they may be where `exactOptionalPropertyTypes` is off. */
const loose = (options: object) => options as never

const login = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'operator', password: 'secret', domain: { name: 'Default' } } },
      },
    },
  }),
}

it('an option that is undefined is none, and its default stands', () => {
  expect(vcenter(loose({ username: undefined, vms: undefined })).vms).toEqual(vcenter().vms)
  expect(xapi(loose({ hosts: undefined, vms: undefined })).vms.size).toBe(xapi().vms.size)
  const keystone = keystoneServer(loose({ users: undefined, projects: undefined }))
  expect(keystone.projects).toEqual(keystoneServer().projects)
})

describe('an address with a slash at its end is the same one', () => {
  const url = 'https://cloud.example'
  const statusAt = async (handlers: Parameters<typeof fetchFrom>[0], path: string, init?: RequestInit) =>
    (await fetchFrom(handlers)(url + path, init)).status

  it('of a vCenter', async () => {
    const authorization = `Basic ${btoa('administrator@vsphere.local:secret')}`
    const init = { method: 'POST', headers: { authorization } }
    expect(await statusAt(vcenter({ origin: `${url}/` }).handlers, '/api/session', init)).toBe(201)
  })

  it('of the services of a cloud', async () => {
    const keystone = keystoneServer({ url: `${url}/` })
    expect(await statusAt(keystone.handlers, '/v3/auth/tokens', login)).toBe(201)
    const at = { keystone, url: `${url}/` }
    for (const { handlers } of [csbsServer(at), vbsServer(at), openstackServer({ kind: 'volume', ...at })])
      expect(await statusAt(handlers, `/v3/${keystone.projects[0]?.id}/volumes`)).toBeGreaterThanOrEqual(400)
  })
})

describe('an option that cannot be meant is refused by its name', () => {
  const keystone = keystoneServer()
  it.each([
    ['vms.vm-1', () => vcenter({ vms: { 'vm-1': 'on' as never } })],
    ['idleTimeout', () => vcenter({ idleTimeout: -1 })],
    ['hosts', () => xapi({ hosts: [] as never })],
    ['users[0].password', () => keystoneServer({ users: [{ name: 'a', password: '' }] })],
    ['lifetime', () => keystoneServer({ lifetime: Number.POSITIVE_INFINITY })],
    ['keystone', () => csbsServer({} as never)],
    ['keystone', () => vbsServer({ keystone: {} as never })],
    ['durations.backup', () => vbsServer({ keystone, durations: { backup: Number.NaN } })],
    ['quota.backup', () => csbsServer({ keystone, quota: { backup: 1 } as never })],
    ['servers', () => csbsServer({ keystone, servers: new Map([['a', {}]]) as never })],
    ['kind', () => openstackServer({ keystone } as never)],
    ['options', () => openstackServer(undefined as never)],
  ])('%s', (name, make) => {
    expect(make).toThrow(name === 'options' ? 'options must be' : `option \`${name}\``)
  })
})
