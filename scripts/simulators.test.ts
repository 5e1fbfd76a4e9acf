import { isOptionsError } from '@holdfast/core'
import { csbsServer } from '@holdfast/csbs/simulator'
import { keystoneServer } from '@holdfast/keystone/simulator'
import { openstackServer } from '@holdfast/openstack/simulator'
import { fetchFrom, mockVendor, serve } from '@holdfast/testing'
import { vbsServer } from '@holdfast/vbs/simulator'
import { vsphere } from '@holdfast/vsphere'
import { vcenter } from '@holdfast/vsphere/simulator'
import { xapi } from '@holdfast/xenapi/simulator'
import { describe, expect, it } from 'vitest'

const keystone = keystoneServer()
/** What is not TypeScript may give anything. */
const loose: Readonly<Record<string, (options?: unknown) => unknown>> = Object.fromEntries(
  Object.entries({ vcenter, xapi, keystoneServer, vbsServer, csbsServer, openstackServer }),
) as never

describe('a simulator refuses a wrong option by name', () => {
  it.each<[string, unknown, string]>([
    ['vcenter', { machines: {} }, 'machines'],
    ['vcenter', { vms: { a: 'on' } }, 'vms.a'],
    ['vcenter', { taskTime: '5s' }, 'taskTime'],
    ['vcenter', null, ''],
    ['xapi', { vms: { a: { power: 'on' } } }, 'vms.a.power'],
    ['xapi', { hosts: [{ name: 'xen-1' }, { adress: '10.0.0.1' }] }, 'hosts[1].adress'],
    ['xapi', { pollsUntilDone: 0.5 }, 'pollsUntilDone'],
    ['keystoneServer', { user: 'operator' }, 'user'],
    ['keystoneServer', { users: [{ name: 'o', pasword: 'x' }] }, 'users[0].pasword'],
    ['keystoneServer', { projects: 'backups' }, 'projects'],
    ['vbsServer', {}, 'keystone'],
    ['vbsServer', { keystone, durations: { backup: '5s' } }, 'durations.backup'],
    ['vbsServer', { keystone, volumes: [7] }, 'volumes[0]'],
    ['csbsServer', { keystone: {} }, 'keystone'],
    ['csbsServer', { keystone, servers: { a: { refuse: 'CSBS.6007' } } }, 'servers.a.refuse'],
    ['openstackServer', { keystone, kind: 'cinder' }, 'kind'],
    ['openstackServer', { keystone }, 'kind'],
    ['openstackServer', { kind: 'volume' }, 'keystone'],
  ])('%s %j', (name, options, path) => {
    let thrown: unknown
    try {
      loose[name]?.(options)
    } catch (error) {
      thrown = error
    }
    if (!isOptionsError(thrown)) return expect.fail(`No OptionsError: ${String(thrown)}`)
    expect(thrown.option).toBe(path)
    expect(thrown.message).toContain(name)
  })

  it.each(Object.entries({ vcenter, xapi, keystoneServer }))('%s needs none', (_, make) => {
    expect(make().handlers).not.toEqual([])
  })

  it.each(Object.entries({ vbsServer, csbsServer }))('%s needs tokens alone', (_, make) => {
    expect(make({ keystone }).handlers).not.toEqual([])
  })
})

describe('what takes handlers or a vendor says so', () => {
  it.each<[string, () => unknown, string]>([
    ['serve of a simulator', () => serve(vcenter() as never), '`handlers`'],
    ['fetchFrom of nothing', () => fetchFrom(undefined as never), 'list of handlers'],
    ['mockVendor of a name', () => mockVendor('vsphere' as never, { wire: {} as never }), 'takes a vendor'],
    ['mockVendor without a wire', () => mockVendor(vsphere(), {} as never), 'needs `wire`'],
  ])('%s', async (_name, run, words) => {
    await expect((async () => run())()).rejects.toThrow(words)
  })
})
