import { resilient } from '@holdfast/core'
import { withWork } from '@holdfast/core/work'
import { keystone } from '@holdfast/keystone'
import { keystoneServer } from '@holdfast/keystone/simulator'
import { openstack } from '@holdfast/openstack'
import { openstackServer } from '@holdfast/openstack/simulator'
import { openstackWork, volumeDeleted } from '@holdfast/openstack/work'
import { fetchFrom } from '@holdfast/testing'
import { vbs } from '@holdfast/vbs'
import { vbsServer } from '@holdfast/vbs/simulator'
import { backupAvailable, vbsWork } from '@holdfast/vbs/work'
import { vsphere } from '@holdfast/vsphere'
import { type VcenterSimulatorOptions, vcenter } from '@holdfast/vsphere/simulator'
import { vsphereWork } from '@holdfast/vsphere/work'
import { createXenApi } from '@holdfast/xenapi/client'
import { xapi } from '@holdfast/xenapi/simulator'
import { beforeEach, expect, it, vi } from 'vitest'
import { backUp } from '../recipes/back-up.ts'
import { cloneWithProgress } from '../recipes/clone-with-progress.ts'
import { powerOff } from '../recipes/power-off.ts'
import { tagAll } from '../recipes/tag-many.ts'
import { createVolume, deleteVolume } from '../recipes/volumes.ts'

const url = 'https://host.example'

beforeEach(() => void vi.useFakeTimers())

/** What a promise settles with, once so much time has gone by. */
async function after<T>(ms: number, promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  await vi.advanceTimersByTimeAsync(ms)
  return promise
}

function vcenterOf(options: VcenterSimulatorOptions) {
  const server = vcenter({ taskTime: 30_000, ...options })
  const vendor = vsphere({ url, username: 'administrator@vsphere.local', password: 'secret' })
  return { server, client: withWork(resilient(fetchFrom(server.handlers), { vendor }), vsphereWork) }
}

it('a machine is powered off and waited for, through an outage and the end of the session', async () => {
  const { server, client } = vcenterOf({})
  setTimeout(() => server.outage(), 10_000)
  setTimeout(() => server.recover(), 20_000)
  setTimeout(() => server.expireSessions(), 25_000)
  await after(60_000, powerOff(client, url, 'vm-1'))
  expect(server.vms.find(({ vm }) => vm === 'vm-1')?.power_state).toBe('POWERED_OFF')
  await after(60_000, powerOff(client, url, 'vm-1'))
  expect(server.executed).toHaveLength(1)
})

it('a machine is cloned, and its progress shown', async () => {
  const pool = xapi({ taskTime: 30_000 })
  const xen = createXenApi({ url, username: 'root', password: 'secret', fetch: fetchFrom(pool.handlers) })
  const shown: number[] = []
  const vm = await after(
    40_000,
    cloneWithProgress(xen, 'OpaqueRef:vm-2', 'web-2', (share) => void shown.push(share)),
  )
  expect(pool.vms.get(vm)).toMatchObject({ name_label: 'web-2' })
  expect(shown.length).toBeGreaterThan(5)
  expect(shown).toEqual(shown.toSorted((one, other) => one - other))
  expect(shown.at(-1)).toBe(1)
})

const project = 'b942cc8342734d15bcb246babb1953cf'

/** An identity service, and the source of its tokens for somebody of a project. */
function cloudUser() {
  const password = 'secret'
  const identity = keystoneServer({
    url: 'https://iam.example',
    users: [{ name: 'u', password, domain: 'd' }],
    projects: [{ name: 'p', id: project, domain: 'd' }],
  })
  const source = { authUrl: 'https://iam.example/v3', username: 'u', password, userDomainName: 'd', projectId: project }
  return { identity, auth: keystone(source) }
}

it('a volume is made and deleted, through an outage and the end of the token', async () => {
  const { identity, auth } = cloudUser()
  const cinder = openstackServer({ kind: 'volume', keystone: identity, url, workTime: 30_000 })
  const fetch = fetchFrom([...identity.handlers, ...cinder.handlers])
  const volumes = withWork(resilient(fetch, { vendor: openstack({ url, auth }) }), openstackWork)
  setTimeout(() => cinder.faults.status(503, { times: 5 }), 5_000)
  setTimeout(() => identity.expireTokens(), 20_000)
  const id = await after(120_000, createVolume(volumes, `${url}/v3/${project}`, 'data', 1))
  expect(cinder.objects.get(id)).toMatchObject({ name: 'data' })
  await after(120_000, deleteVolume(volumes, `${url}/v3/${project}`, id))
  await after(60_000, volumes.until(volumeDeleted(id, `${url}/v3/${project}`)))
  expect(cinder.executed.map(({ action }) => action)).toEqual(['create', 'delete'])
})

it('a volume is backed up, and its backup is available', async () => {
  const { identity, auth } = cloudUser()
  const server = vbsServer({ keystone: identity, url, volumes: { 'volume-1': {} } })
  const handlers = [...identity.handlers, ...server.handlers]
  const client = resilient(fetchFrom(handlers), { vendor: vbs({ url, auth }) })
  const backups = withWork(client, vbsWork)
  const id = await after(3_600_000, backUp(backups, `${url}/v2/${project}`, 'volume-1', 'nightly'))
  await after(60_000, backups.until(backupAvailable(id, project)))
})

it('500 machines get a tag, 8 in flight, through an outage of three seconds', async () => {
  const { server, client } = vcenterOf({})
  server.faults.slow(50)
  setTimeout(() => server.outage(), 1_000)
  setTimeout(() => server.recover(), 4_000)
  const machines = Array.from({ length: 500 }, (_, at) => `vm-${at}`)
  const results = await after(120_000, tagAll(client, url, 'urn:tag:backup', machines))
  expect(results.filter(({ status }) => status !== 'succeeded')).toEqual([])
  expect(server.executed.map(({ target }) => target).toSorted()).toEqual(machines.toSorted())
})
