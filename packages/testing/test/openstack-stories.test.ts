import { isConflict, isVendorError } from '@holdfast/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { start } from './openstack-clients.ts'
import { provider, providers, v1, v2, v3 } from './openstack-cloud.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))
afterEach(() => void vi.useRealTimers())

const protect = (server = 'server-1') => `${providers}/resources/${server}/action`
const nightly = { protect: { backup_name: 'nightly' } }
const disk = { backup: { volume_id: 'volume-1', name: 'nightly' } }
const policy = {
  policy: {
    name: 'daily',
    provider_id: provider,
    resources: [{ id: 'server-1', type: 'OS::Nova::Server', name: 'one' }],
    scheduled_operations: [],
  },
}

describe('a backup that runs and ends', () => {
  it('is waited for by the deletion that it stands in the way of', async () => {
    const { servers, askServers } = start({ servers: { durations: { backup: 60_000 } } })
    await askServers('POST', protect(), nightly)
    const path = `${providers}/checkpoints/${servers.backups[0]?.checkpoint_id}`
    expect(await askServers('DELETE', path)).toMatchObject({ status: 200 })
    const codes = servers.calls.map(({ code }) => code).slice(1)
    expect(codes.slice(0, -1).length).toBeGreaterThan(0)
    expect(new Set(codes.slice(0, -1))).toEqual(new Set(['CSBS.2003']))
    expect(servers.executed.map(({ action }) => action)).toEqual(['backup.create', 'backup.delete'])
  })

  it('outlasts a call, which then ends as a conflict that names it', async () => {
    const { servers, askServers } = start({ client: { retry: { limit: 2 } } })
    await askServers('POST', protect(), nightly)
    const [backup] = servers.backups
    const path = `${providers}/checkpoints/${backup?.checkpoint_id}?checkpoint_items=${backup?.id}`
    const error = await askServers('DELETE', path)
    expect(isConflict(error) && [error.code, error.params]).toEqual(['CSBS.2003', { running: `backup ${backup?.id}` }])
    expect(servers.executed).toHaveLength(1)
  })

  it('keeps a second one of the same disk waiting', async () => {
    const { disks, askDisks } = start({ disks: { durations: { backup: 30_000 } } })
    await askDisks('POST', `${v2}/cloudbackups`, disk)
    expect(await askDisks('POST', `${v2}/cloudbackups`, disk)).toMatchObject({ status: 200 })
    expect(disks.calls.slice(1, -1).every(({ code }) => code === 'VolumeBackup.0013')).toBe(true)
    expect(disks.executed).toHaveLength(2)
  })

  it('and fails, says so in the record of its job, with 200', async () => {
    const { disks, askDisks } = start()
    disks.failWork('backup', { code: 'VolumeBackup.0064', reason: 'no store', inSubJob: true })
    const { job_id } = await ((await askDisks('POST', `${v2}/cloudbackups`, disk)) as Response).json()
    await vi.advanceTimersByTimeAsync(305_000)
    const error = await askDisks('GET', `${v1}/jobs/${job_id}`)
    expect(isVendorError(error) && [error.code, error.status]).toEqual(['VolumeBackup.0064', 200])
    expect(disks.executed).toHaveLength(1)
  })
})

describe('a backup of which nobody knows whether it was begun', () => {
  it('is not begun again, and the error says how to find out: what it names can be asked', async () => {
    const { servers, askServers } = start()
    servers.faults.drop({ method: 'POST', when: 'after' })
    const error = await askServers('POST', protect(), nightly)
    expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(servers.executed).toHaveLength(1)
    const [, question = ''] = (isVendorError(error) && error.verifyWith?.split(' ')) || []
    const answer = (await askServers('GET', question)) as Response
    expect(await answer.json()).toMatchObject({ checkpoint_items: [{ id: servers.backups[0]?.id, name: 'nightly' }] })
  })

  it('is so at VBS, too, whichever of its APIs is called', async () => {
    const { disks, askDisks } = start({ disks: { durations: { waiting: 0, backup: 0 } } })
    for (const path of [`${v2}/cloudbackups`, `${v3}/backups`]) {
      disks.clear()
      disks.faults.badGateway({ method: 'POST', when: 'after' })
      const error = await askDisks('POST', path, disk)
      expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
      expect(disks.executed).toHaveLength(1)
      const [, question = ''] = (isVendorError(error) && error.verifyWith?.split(' ')) || []
      const { backups } = await ((await askDisks('GET', question)) as Response).json()
      expect(backups[0]).toMatchObject({ volume_id: 'volume-1', name: 'nightly' })
    }
  })
})

describe('a policy that is executing', () => {
  it('is waited for, and then changed', async () => {
    const { servers, askServers } = start({ servers: { durations: { backup: 60_000 } } })
    await askServers('POST', `${v1}/policies`, policy)
    const [id = ''] = servers.policies
    servers.runSchedule(id)
    expect(await askServers('PUT', `${v1}/policies/${id}`, { policy: { name: 'hourly' } })).toMatchObject({
      status: 200,
    })
    expect(servers.calls.map(({ code }) => code)).toContain('CSBS.2004')
    expect(servers.executed.map(({ action }) => action)).toEqual(['policy.create', 'policy.update'])
  })

  it('is run again when its run is over, and no sooner', async () => {
    const { disks, askDisks } = start({ disks: { durations: { backup: 60_000 } } })
    await askDisks('POST', `${v2}/backuppolicy`, { backup_policy_name: 'daily', scheduled_policy: {} })
    const [id = ''] = disks.policies
    const resources = [{ resource_id: 'volume-1', resource_type: 'volume' }]
    await askDisks('POST', `${v2}/backuppolicyresources`, { backup_policy_id: id, resources })
    disks.runSchedule(id)
    expect(await askDisks('POST', `${v2}/backuppolicy/${id}/action`)).toMatchObject({ status: 204 })
    expect(disks.calls.map(({ code }) => code)).toContain('AutoBackup.0225')
    expect(disks.backups.map(({ status }) => status)).toEqual(['available', 'creating'])
  })
})
