import { resilient } from '@holdfast/core'
import { withWork } from '@holdfast/core/work'
import { fetchFrom } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { vsphere } from '../src/index.ts'
import { vcenter } from '../src/simulator/index.ts'
import { vsphereWork } from '../src/work/index.ts'
import { requestTo } from './reply.ts'

const url = 'https://vc.example'
const login = { username: 'administrator@vsphere.local', password: 'secret' }

const asked = (method: string, target: string, body?: object) =>
  vsphere().verifyWith?.(requestTo(target, method, body && JSON.stringify(body)))

describe('whether a request was done is shown by', () => {
  it.each([
    ['POST', '/api/vcenter/vm/vm-2/power?action=start', {}, 'GET /api/vcenter/vm/vm-2/power'],
    ['POST', '/rest/vcenter/vm/vm-2/power/start', {}, 'GET /rest/vcenter/vm/vm-2/power'],
    ['POST', '/rest/vcenter/vm/vm-2/guest/power/shutdown', {}, 'GET /rest/vcenter/vm/vm-2/guest/power'],
    ['POST', '/api/vcenter/vm', { name: 'web 2' }, 'GET /api/vcenter/vm?names=web%202'],
    ['POST', '/rest/vcenter/vm', { spec: { name: 'web&2' } }, 'GET /rest/vcenter/vm?filter.names=web%262'],
    ['POST', '/api/vcenter/vm?action=clone&vmw-task=true', { name: 'web-2' }, 'GET /api/vcenter/vm?names=web-2'],
    ['POST', '/api/vcenter/vm', {}, 'GET /api/vcenter/vm'],
    ['POST', '/api/vcenter/host', { hostname: 'esx-1', password: 'p' }, 'GET /api/vcenter/host?names=esx-1'],
    ['POST', '/api/vcenter/vm/vm-1?action=relocate', {}, 'GET /api/vcenter/vm/vm-1'],
    ['DELETE', '/api/vcenter/vm/vm-1', undefined, 'GET /api/vcenter/vm/vm-1'],
    ['PATCH', '/api/vcenter/vm/vm-1/hardware/cpu', { count: 2 }, 'GET /api/vcenter/vm/vm-1/hardware/cpu'],
    [
      'POST',
      '/api/vcenter/ovf/library-item/i-1?action=deploy',
      { deployment_spec: { name: 'app' } },
      'GET /api/vcenter/vm?names=app',
    ],
    [
      'POST',
      '/rest/com/vmware/vcenter/ovf/library-item/id:i-1?~action=deploy',
      { deployment_spec: { name: 'app' } },
      'GET /rest/vcenter/vm?filter.names=app',
    ],
    [
      'POST',
      '/api/vcenter/ovf/library-item',
      { target: { library_id: 'l-1' } },
      'GET /api/content/library/item?library_id=l-1',
    ],
    [
      'POST',
      '/rest/com/vmware/content/library/item',
      { create_spec: { library_id: 'l-1' } },
      'GET /rest/com/vmware/content/library/item?library_id=l-1',
    ],
    [
      'POST',
      '/api/cis/tagging/tag-association/t-1?action=attach',
      {},
      'POST /api/cis/tagging/tag-association/t-1?action=list-attached-objects',
    ],
    ['POST', '/rest/appliance/services/vpxd/restart', {}, 'GET /rest/appliance/services/vpxd'],
    [
      'POST',
      '/sdk/vim25/8.0.2.0/VirtualMachine/vm-7/PowerOnVM_Task',
      {},
      'GET /sdk/vim25/8.0.2.0/VirtualMachine/vm-7/runtime',
    ],
    [
      'POST',
      '/sdk/vim25/8.0.2.0/HostSystem/host-7/EnterMaintenanceMode_Task',
      {},
      'GET /sdk/vim25/8.0.2.0/HostSystem/host-7/recentTask',
    ],
  ])('%s %s %j: %s', (method, target, body, query) => {
    expect(asked(method, target, body)).toBe(query)
  })

  it.each([
    ['POST', '/api/session'],
    ['POST', '/api/vcenter/vm/vm-1/guest/processes?action=create'],
    ['POST', '/api/vcenter/brand-new/thing'],
    ['POST', '/api/vcenter/ovf/library-item'],
    ['POST', '/sdk'],
    ['POST', '/api'],
    ['PUT', '/cls/data/1/disk.vmdk'],
  ])('nobody knows what: %s %s', (method, target) => {
    expect(asked(method, target)).toBeUndefined()
  })
})

describe('whether a call in SOAP was done is shown by', () => {
  const soap = (method: string, self: string) =>
    vsphere().verifyWith?.(
      requestTo('/sdk', 'POST', `<Envelope><Body><${method}>${self}<a>1</a></${method}></Body></Envelope>`),
    )

  it.each([
    ['PowerOnVM_Task', '<_this type="VirtualMachine">vm-7</_this>', 'RetrievePropertiesEx VirtualMachine vm-7 runtime'],
    [
      'ReconfigVM_Task',
      `<_this versionId="8.0.2.0" xsi:type='vim25:ManagedObjectReference' type='VirtualMachine'>vm-7</_this>`,
      'RetrievePropertiesEx VirtualMachine vm-7 recentTask',
    ],
    [
      'ShutdownGuest',
      '<vim25:_this type="VirtualMachine">12</vim25:_this>',
      'RetrievePropertiesEx VirtualMachine 12 runtime',
    ],
    ['CreateFolder', '<_this type="Folder">group-v3</_this>', 'RetrievePropertiesEx Folder group-v3 childEntity'],
  ])('%s %s: %s', (method, self, query) => {
    expect(soap(method, self)).toBe(query)
  })

  it.each([
    ['Login', '<_this type="SessionManager">SessionManager</_this>'],
    ['CopyVirtualDisk_Task', '<_this type="VirtualDiskManager">virtualDiskManager</_this>'],
    ['Ann_Task', '<_this type="VirtualMachine">vm-7</_this>'],
    ['PowerOnVM_Task', '<_this type="VirtualMachine">vm-7 and more</_this>'],
    ['PowerOnVM_Task', '<_this xsi:type="VirtualMachine">vm-7</_this>'],
    ['PowerOnVM_Task', ''],
  ])('nobody knows what: %s %s', (method, self) => {
    expect(soap(method, self)).toBeUndefined()
  })
})

describe('an error tells it', () => {
  const body = JSON.stringify({ source: 'vm-1', name: 'web-2' })

  it('where a power operation has no answer in its time', async () => {
    const vc = vcenter()
    const client = resilient(fetchFrom(vc.handlers), { vendor: vsphere({ url, ...login }) })
    vc.faults.drop({ when: 'after' })
    await expect(client(`${url}/api/vcenter/vm/vm-2/power?action=start`, { method: 'POST' })).rejects.toMatchObject({
      mayBeDone: true,
      verifyWith: 'GET /api/vcenter/vm/vm-2/power',
    })
  })

  it('where a task is lost, in another process too', async () => {
    const vc = vcenter()
    const client = withWork(resilient(fetchFrom(vc.handlers), { vendor: vsphere({ url, ...login }) }), vsphereWork)
    const start = `${url}/api/vcenter/vm?action=clone&vmw-task=true`
    const saved = JSON.parse(JSON.stringify(await client.start(start, { method: 'POST', body })))
    expect(saved.work.facts).toEqual({ verify: 'GET /api/vcenter/vm?names=web-2' })
  })

  it('but not where a POST only reads', async () => {
    const vc = vcenter()
    const client = resilient(fetchFrom(vc.handlers), { vendor: vsphere({ url, ...login }), retry: false })
    await client(`${url}/api/vcenter/vm`)
    vc.faults.drop()
    await expect(client(`${url}/api/cis/tasks?action=list`, { method: 'POST', body: '{}' })).rejects.toMatchObject({
      mayBeDone: false,
      verifyWith: undefined,
    })
  })
})
