import type { StateAnswer } from '@holdfast/core/plugin'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import * as states from '../src/work/index.ts'
import { after, failureOf, json, places, startCloud, url, v3 } from './working-cloud.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

const volume = json({ volume: { name: 'data', size: 1 } })

it('a volume is waited for, and its deletion as well', async () => {
  const { client } = startCloud('volume')
  const made = await after(1, client(places.volumes, volume))
  const { id } = ((await made.json()) as { volume: { id: string } }).volume
  expect(await after(60, client.until(states.volumeAvailable(id, `${url}${v3}`)))).toMatchObject({ volume: { id } })
  await after(1, client(`${places.volumes}/${id}`, { method: 'DELETE' }))
  await after(60, client.until(states.volumeDeleted(id, `${url}${v3}`)))
})

it('a volume that cannot be made, or deleted, is an error', async () => {
  const { client, service } = startCloud('volume')
  service.failWork('create')
  const made = await after(1, client(places.volumes, volume))
  const { id } = ((await made.json()) as { volume: { id: string } }).volume
  expect(await failureOf(60, client.until(states.volumeAvailable(id, v3)))).toMatchObject({ detail: 'WORK_FAILED' })
  service.failWork('delete')
  await after(1, client(`${places.volumes}/${id}`, { method: 'DELETE' }))
  expect(await failureOf(60, client.until(states.volumeDeleted(id, v3)))).toMatchObject({
    message: expect.stringContaining('error_deleting'),
  })
})

it('a volume that is not there is not waited for', async () => {
  const { client } = startCloud('volume')
  expect(await failureOf(60, client.until(states.volumeAvailable('v-1', v3)))).toMatchObject({ code: 'itemNotFound' })
})

describe('an answer shows a state', () => {
  const answer = (body: unknown, status = 200): StateAnswer => ({
    body,
    status,
    code: undefined,
    reply: undefined,
    fault: undefined,
  })
  const rest = { 'OS-EXT-STS:task_state': null }

  it.each([
    [states.volumeInUse, { volume: { status: 'in-use' } }, true, false],
    [states.volumeInUse, { volume: { status: 'attaching' } }, false, false],
    [states.volumeInUse, { volume: { status: 'error_attaching' } }, false, true],
    [states.snapshotAvailable, { snapshot: { status: 'available' } }, true, false],
    [states.snapshotAvailable, { snapshot: { status: 'error' } }, false, true],
    [states.snapshotDeleted, { snapshot: { status: 'deleting' } }, false, false],
    [states.backupAvailable, { backup: { status: 'available' } }, true, false],
    [states.backupDeleted, { backup: { status: 'error' } }, false, false],
    [states.serverActive, { server: { status: 'ACTIVE', ...rest } }, true, false],
    [states.serverActive, { server: { status: 'ACTIVE', 'OS-EXT-STS:task_state': 'powering-off' } }, false, false],
    [states.serverActive, { server: { status: 'ERROR', ...rest } }, false, true],
    [states.serverActive, { server: { status: 'SHUTOFF', ...rest } }, false, false],
    [states.serverStopped, { server: { status: 'SHUTOFF', ...rest } }, true, false],
    [states.serverDeleted, { server: { status: 'SOFT_DELETED', ...rest } }, true, false],
    [states.serverDeleted, { server: { status: 'ERROR', ...rest } }, false, false],
    [states.imageActive, { status: 'active' }, true, false],
    [states.imageActive, { status: 'queued' }, false, false],
    [states.imageActive, { status: 'killed' }, false, true],
    [states.loadBalancerActive, { loadbalancer: { provisioning_status: 'ACTIVE' } }, true, false],
    [states.loadBalancerActive, { loadbalancer: { provisioning_status: 'PENDING_UPDATE' } }, false, false],
    [states.loadBalancerActive, { loadbalancer: { provisioning_status: 'ERROR' } }, false, true],
    [states.loadBalancerDeleted, { loadbalancer: { provisioning_status: 'PENDING_DELETE' } }, false, false],
  ])('%o %j: %j, hopeless %j', (state, body, holds, isHopeless) => {
    const wanted = state('a', '/v3/p')
    expect(wanted.holds(answer(body))).toBe(holds)
    expect(wanted.faultIn?.(answer(body)) !== undefined).toBe(isHopeless)
    expect(wanted.holds(answer('<html>'))).toBe(false)
    expect(wanted.holds({ ...answer(undefined, 404), code: 'itemNotFound' })).toBe(wanted.name.endsWith('deleted'))
    expect(wanted.holds({ ...answer(undefined, 404), code: 'HTTP_404' })).toBe(false)
  })
})

describe('an address', () => {
  it.each([
    [states.volumeAvailable('a b', 'https://volume.example/v3/p/'), '/v3/p/volumes/a%20b'],
    [states.backupDeleted('a', 'https://cloud.example/volume/v3/p'), '/volume/v3/p/backups/a'],
    [states.serverActive('a'), '/v2.1/servers/a'],
    [states.serverDeleted('a', 'https://compute.example/v2.1'), '/v2.1/servers/a'],
    [states.serverStopped('a', 'https://cloud.example/compute/v2.1/p'), '/compute/v2.1/p/servers/a'],
    [states.imageActive('a', 'https://image.example:9292'), '/v2/images/a'],
    [states.imageActive('a', new URL('https://cloud.example/image')), '/image/v2/images/a'],
    [
      states.loadBalancerActive('a', 'https://cloud.example/load-balancer'),
      '/load-balancer/v2.0/lbaas/loadbalancers/a',
    ],
  ])('%#: %s', ({ request }, path) => {
    expect(request.path).toBe(path)
  })
})
