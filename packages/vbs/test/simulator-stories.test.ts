import { isVendorError } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { startClient, v1, v2, v3 } from './simulator.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

const disk = { backup: { volume_id: 'volume-1', name: 'nightly' } }

describe('a backup that runs and ends', () => {
  it('keeps a second one of the same disk waiting', async () => {
    const { service, send } = startClient({ service: { durations: { backup: 30_000 } } })
    await send('POST', `${v2}/cloudbackups`, disk)
    expect(await send('POST', `${v2}/cloudbackups`, disk)).toMatchObject({ status: 200 })
    expect(service.calls.slice(1, -1).every(({ code }) => code === 'VolumeBackup.0013')).toBe(true)
    expect(service.executed).toHaveLength(2)
  })

  it('and fails, says so in the record of its job, with 200', async () => {
    const { service, send } = startClient()
    service.failWork('backup', { code: 'VolumeBackup.0064', reason: 'no store', inSubJob: true })
    const { job_id } = await ((await send('POST', `${v2}/cloudbackups`, disk)) as Response).json()
    await vi.advanceTimersByTimeAsync(305_000)
    const error = await send('GET', `${v1}/jobs/${job_id}`)
    expect(isVendorError(error) && [error.code, error.status]).toEqual(['VolumeBackup.0064', 200])
    expect(service.executed).toHaveLength(1)
  })
})

describe('a backup of which nobody knows whether it was begun', () => {
  it('is not begun again, whichever of the APIs is called', async () => {
    const { service, send } = startClient({ service: { durations: { waiting: 0, backup: 0 } } })
    for (const path of [`${v2}/cloudbackups`, `${v3}/backups`]) {
      service.clear()
      service.faults.badGateway({ method: 'POST', when: 'after' })
      const error = await send('POST', path, disk)
      expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
      expect(service.executed).toHaveLength(1)
      const [, question = ''] = (isVendorError(error) && error.verifyWith?.split(' ')) || []
      const { backups } = await ((await send('GET', question)) as Response).json()
      expect(backups[0]).toMatchObject({ volume_id: 'volume-1', name: 'nightly' })
    }
  })
})

describe('a policy that is executing', () => {
  it('is run again when its run is over, and no sooner', async () => {
    const { service, send } = startClient({ service: { durations: { backup: 60_000 } } })
    await send('POST', `${v2}/backuppolicy`, { backup_policy_name: 'daily', scheduled_policy: {} })
    const [id = ''] = service.policies
    const resources = [{ resource_id: 'volume-1', resource_type: 'volume' }]
    await send('POST', `${v2}/backuppolicyresources`, { backup_policy_id: id, resources })
    service.runSchedule(id)
    expect(await send('POST', `${v2}/backuppolicy/${id}/action`)).toMatchObject({ status: 204 })
    expect(service.calls.map(({ code }) => code)).toContain('AutoBackup.0225')
    expect(service.backups.map(({ status }) => status)).toEqual(['available', 'creating'])
  })
})
