import { isConflict, isVendorError } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { provider, providers, startClient, v1 } from './simulator.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

const protect = (server = 'server-1') => `${providers}/resources/${server}/action`
const nightly = { protect: { backup_name: 'nightly' } }
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
    const { service, send } = startClient({ service: { durations: { backup: 60_000 } } })
    await send('POST', protect(), nightly)
    const path = `${providers}/checkpoints/${service.backups[0]?.checkpoint_id}`
    expect(await send('DELETE', path)).toMatchObject({ status: 200 })
    const codes = service.calls.map(({ code }) => code).slice(1)
    expect(codes.slice(0, -1).length).toBeGreaterThan(0)
    expect(new Set(codes.slice(0, -1))).toEqual(new Set(['CSBS.2003']))
    expect(service.executed.map(({ action }) => action)).toEqual(['backup.create', 'backup.delete'])
  })

  it('outlasts a call, which then ends as a conflict that names it', async () => {
    const { service, send } = startClient({ client: { retry: { limit: 2 } } })
    await send('POST', protect(), nightly)
    const [backup] = service.backups
    const path = `${providers}/checkpoints/${backup?.checkpoint_id}?checkpoint_items=${backup?.id}`
    const error = await send('DELETE', path)
    expect(isConflict(error) && [error.code, error.params]).toEqual(['CSBS.2003', { running: `backup ${backup?.id}` }])
    expect(service.executed).toHaveLength(1)
  })
})

describe('a backup of which nobody knows whether it was begun', () => {
  it('is not begun again, and the error says how to find out: what it names can be asked', async () => {
    const { service, send } = startClient()
    service.faults.drop({ method: 'POST', when: 'after' })
    const error = await send('POST', protect(), nightly)
    expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(service.executed).toHaveLength(1)
    const [, question = ''] = (isVendorError(error) && error.verifyWith?.split(' ')) || []
    const answer = (await send('GET', question)) as Response
    expect(await answer.json()).toMatchObject({ checkpoint_items: [{ id: service.backups[0]?.id, name: 'nightly' }] })
  })
})

describe('a policy that is executing', () => {
  it('is waited for, and then changed', async () => {
    const { service, send } = startClient({ service: { durations: { backup: 60_000 } } })
    await send('POST', `${v1}/policies`, policy)
    const [id = ''] = service.policies
    service.runSchedule(id)
    expect(await send('PUT', `${v1}/policies/${id}`, { policy: { name: 'hourly' } })).toMatchObject({
      status: 200,
    })
    expect(service.calls.map(({ code }) => code)).toContain('CSBS.2004')
    expect(service.executed.map(({ action }) => action)).toEqual(['policy.create', 'policy.update'])
  })
})
