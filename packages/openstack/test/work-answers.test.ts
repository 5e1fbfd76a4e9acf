import type { Reply, WorkName } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { replyTo, requestFacts } from '../src/testing.ts'
import { openstackWork } from '../src/work/index.ts'

const since = Date.parse('2026-01-02T03:00:00Z')
const soon = 'Fri, 02 Jan 2026 03:00:10 GMT'
const late = 'Fri, 02 Jan 2026 03:02:00 GMT'

const answer = (line: string, status: number, body: unknown, given?: unknown, date = soon): Reply => {
  const [method = '', path = ''] = line.split(' ')
  const request = requestFacts(`https://cloud.example${path}`, method, given)
  return replyTo(request, status, body === undefined ? '' : JSON.stringify(body), { headers: { date } })
}
const workIn = (list: string, aim: string, more = {}): WorkName => ({
  id: 'a',
  facts: { list, aim, since: String(since), ...more },
})
const read = (work: WorkName, body: unknown, date = soon) =>
  openstackWork.read(answer('GET /', 200, body, undefined, date), [work])?.get('a')

describe('an answer has begun work', () => {
  it.each([
    ['POST /v3/p/volumes', 202, { volume: { id: 'a' } }, 'created', '/v3/p/volumes'],
    ['POST /volume/v3/p/snapshots', 202, { snapshot: { id: 'a' } }, 'created', '/volume/v3/p/snapshots'],
    ['POST /v3/p/backups', 202, { backup: { id: 'a' } }, 'created', '/v3/p/backups'],
    ['POST /v3/p/backups/b/restore', 202, { restore: { volume_id: 'a' } }, 'restored', '/v3/p/volumes'],
    ['POST /v3/p/backups/import_record', 201, { backup: { id: 'a' } }, 'created', '/v3/p/backups'],
    ['DELETE /v3/p/volumes/a', 202, undefined, 'deleted', '/v3/p/volumes'],
    ['POST /compute/v2.1/servers', 202, { server: { id: 'a' } }, 'created', '/compute/v2.1/servers'],
    ['DELETE /v2.1/p/servers/a', 204, undefined, 'deleted', '/v2.1/p/servers'],
    ['POST /v2/tasks', 201, { id: 'a', status: 'pending' }, 'created', '/v2/tasks'],
    ['POST /v2/images/a/import', 202, undefined, 'imported', '/v2/images'],
    [
      'POST /v2.0/lbaas/loadbalancers',
      201,
      { loadbalancer: { id: 'a', provisioning_status: 'PENDING_CREATE' } },
      'created',
      '/v2.0/lbaas/loadbalancers',
    ],
    ['PUT /v2/lbaas/listeners/a', 200, { listener: { id: 'a' } }, 'updated', '/v2/lbaas/listeners'],
    ['PUT /v2.0/lbaas/loadbalancers/a/failover', 202, undefined, 'updated', '/v2.0/lbaas/loadbalancers'],
    ['DELETE /v2.0/lbaas/pools/p/members/a', 204, undefined, 'deleted', '/v2.0/lbaas/pools/p/members'],
  ])('%s %i', (line, status, body, aim, list) => {
    expect(openstackWork.begun(answer(line, status, body))).toMatchObject({
      id: 'a',
      facts: { aim, list, since: String(Date.parse(soon)) },
    })
  })

  it.each([
    ['os-stop', {}, '/v2.1/servers/a/action', {}],
    ['resize', { flavorRef: 'https://compute.example/flavors/7' }, '/v2.1/servers/a/action', { flavor: '7' }],
    ['os-extend', { new_size: 3 }, '/v3/p/volumes/a/action', { size: '3' }],
    ['revert', { snapshot_id: 's' }, '/v3/p/volumes/a/action', {}],
    ['os-force_delete', null, '/v3/p/volumes/a/action', { aim: 'deleted' }],
    ['os-force_delete', null, '/v3/p/snapshots/a/action', { aim: 'deleted' }],
    ['os-force_delete', null, '/v3/p/backups/a/action', { aim: 'deleted' }],
    ['os-unmanage', null, '/v3/p/volumes/a/action', { aim: 'deleted' }],
    ['os-unmanage', null, '/v3/p/snapshots/a/action', { aim: 'deleted' }],
    ['forceDelete', null, '/v2.1/servers/a/action', { aim: 'deleted' }],
  ])('%s %j', (action, given, path, facts) => {
    const begun = openstackWork.begun(answer(`POST ${path}`, 202, undefined, { [action]: given }))
    expect(begun).toMatchObject({ id: 'a', facts: { aim: action, ...facts } })
  })

  it.each([
    ['POST /v2.1/servers', 202, { reservation_id: 'r-1' }, undefined],
    ['POST /v2.1/servers/a/action', 202, {}, { 'os-migrateLive': {} }],
    ['POST /v3/p/volumes/a/action', 202, {}, { 'os-retype': { new_type: 't' } }],
    ['DELETE /v2.1/servers/a/os-volume_attachments/v', 202, undefined, undefined],
    ['POST /v2.1/servers', 202, { server: 7 }, undefined],
    ['POST /v2.1/servers', 202, { server: { id: 'a' } }, { server: { name: 'n', min_count: 3 } }],
    ['POST /v3/p/volumes', 202, [], undefined],
    ['POST /v3/p/backups/b/restore', 202, {}, { restore: {} }],
    ['POST /v3/p/manageable_volumes', 202, { volume: { id: 'a' } }, { volume: {} }],
    ['POST /v3/p/groups/g/action', 202, undefined, { delete: {} }],
    ['DELETE /v3/p/group_snapshots/g', 202, undefined, undefined],
    ['DELETE /v2.1/servers/a/os-interface/p', 202, undefined, undefined],
    ['DELETE /v2.1/servers/a/migrations/7', 202, undefined, undefined],
    ['PUT /v2.1/servers/a/os-volume_attachments/v', 202, undefined, { volumeAttachment: { volumeId: 'w' } }],
    ['POST /v2.1/servers/a/action', 202, undefined, { trigger_crash_dump: null }],
    ['POST /v2.1/servers/a/action', 202, undefined, { addFixedIp: { networkId: 'n' } }],
    ['POST /v2.1/servers/a/action', 202, undefined, { injectNetworkInfo: null }],
    ['PUT /v2.0/lbaas/pools/p/members', 202, undefined, { members: [] }],
    ['PUT /v2.0/octavia/amphorae/a/failover', 202, undefined, undefined],
    ['POST /v3/p/backups/import_record', 201, { backup: {} }, { 'backup-record': {} }],
  ])('of which nobody knows the name: %s %i %j %j', (line, status, body, given) => {
    expect(openstackWork.begun(answer(line, status, body, given))).toMatchObject({ fault: { code: 'WORK_LOST' } })
  })

  it.each([
    ['GET /v3/p/volumes/a', 200, { volume: { id: 'a' } }, undefined],
    ['PUT /v3/p/volumes/a', 200, { volume: { id: 'a' } }, undefined],
    ['POST /v3/p/volumes/a/action', 200, {}, { 'os-set_bootable': { bootable: true } }],
    ['POST /v2.1/servers/a/action', 202, undefined, { lock: null }],
    ['POST /v2/images', 201, { id: 'a', status: 'queued' }, undefined],
    ['DELETE /v2/images/a', 204, undefined, undefined],
    ['POST /v2.0/ports', 201, { port: { id: 'a' } }, undefined],
    ['POST /v3/p/groups', 200, {}, undefined],
    ['DELETE /v2.1/servers/a/tags/t', 204, undefined, undefined],
    ['PUT /v2.1/servers/a/os-volume_attachments/v', 202, undefined, { volumeAttachment: { volumeId: 'v' } }],
    ['POST /v3/projects', 201, { project: { id: 'a' } }, undefined],
    ['POST /v3/p/snapshots/a/action', 202, undefined, { 'os-reset_status': { status: 'error' } }],
  ])('none: %s %i %j %j', (line, status, body, given) => {
    expect(openstackWork.begun(answer(line, status, body, given))).toBeUndefined()
  })
})

describe('a record tells how work stands', () => {
  const volumes = '/v3/p/volumes'
  it.each([
    ['creating', 'created', 'running'],
    ['available', 'created', 'succeeded'],
    ['error', 'created', 'failed'],
    ['deleting', 'deleted', 'running'],
    ['error_managing_deleting', 'deleted', 'running'],
    ['deleted', 'deleted', 'succeeded'],
    ['deleted', 'created', 'lost'],
    ['a-state-of-tomorrow', 'created', 'running'],
  ])('a volume that is %s, to be %s: %s', (status, aim, state) => {
    expect(read(workIn(volumes, aim), { volume: { id: 'a', status } })).toMatchObject({ status: state })
  })

  const old = '2026-01-02T02:59:00.000000'
  const atOnce = '2026-01-02T03:00:01.000000'
  const since10s = '2026-01-02T03:00:10.000000'
  it.each([
    ['which has not begun to be deleted', 'deleted', { status: 'available', updated_at: old }, soon, 'pending'],
    ['which nobody deletes any more', 'deleted', { status: 'available', updated_at: old }, late, 'failed'],
    ['whose driver has refused to delete it', 'deleted', { status: 'available', updated_at: since10s }, soon, 'failed'],
    ['which was in error before', 'deleted', { status: 'error', updated_at: old }, soon, 'pending'],
    ['which has not begun to be restored', 'restored', { status: 'available', updated_at: old }, soon, 'pending'],
    ['which was restored', 'restored', { status: 'available', updated_at: since10s }, soon, 'succeeded'],
    ['whose change nobody dates', 'deleted', { status: 'available' }, soon, 'pending'],
    [
      'which became so in the second of the start',
      'deleted',
      { status: 'available', updated_at: atOnce },
      soon,
      'pending',
    ],
  ])('a volume %s', (_, aim, record, date, state) => {
    expect(read(workIn(volumes, aim), { volume: { id: 'a', ...record } }, date)).toMatchObject({ status: state })
  })

  it('a volume that kept its size was not extended', () => {
    const work = workIn(volumes, 'os-extend', { size: '3' })
    const volume = { id: 'a', status: 'in-use', updated_at: since10s }
    expect(read(work, { volume: { ...volume, size: 1 } })).toMatchObject({ status: 'failed' })
    expect(read(work, { volume: { ...volume, size: 3 } })).toMatchObject({ status: 'succeeded' })
  })

  it('a snapshot tells how far it is, a backup why it failed', () => {
    const snapshot = { id: 'a', status: 'creating', 'os-extended-snapshot-attributes:progress': '40%' }
    expect(read(workIn('/v3/p/snapshots', 'created'), { snapshot })).toMatchObject({ progress: 0.4 })
    const backup = { id: 'a', status: 'error', fail_reason: 'no store' }
    expect(read(workIn('/v3/p/backups', 'created'), { backup })).toMatchObject({
      status: 'failed',
      fault: { message: 'the backup came to rest as error: no store' },
    })
  })

  const servers = '/v2.1/servers'
  it.each([
    [{ status: 'BUILD', 'OS-EXT-STS:task_state': null }, 'created', 'running'],
    [{ status: 'ACTIVE', 'OS-EXT-STS:task_state': 'powering-off' }, 'os-stop', 'running'],
    [{ status: 'SHUTOFF', 'OS-EXT-STS:task_state': null }, 'os-stop', 'succeeded'],
    [{ status: 'ERROR', 'OS-EXT-STS:task_state': 'deleting' }, 'deleted', 'running'],
    [{ status: 'SOFT_DELETED', 'OS-EXT-STS:task_state': null }, 'deleted', 'succeeded'],
    [{ status: 'UNKNOWN' }, 'created', 'running'],
    [{ status: 'VERIFY_RESIZE', 'OS-EXT-STS:task_state': null }, 'confirmResize', 'pending'],
    [{ status: 'ACTIVE', 'OS-EXT-STS:task_state': null, flavor: { id: '7' } }, 'resize', 'succeeded'],
    [{ status: 'ACTIVE', 'OS-EXT-STS:task_state': null, flavor: { id: '2' } }, 'resize', 'failed'],
  ])('a server: %j, %s: %s', (record, aim, state) => {
    const work = workIn(servers, aim, { flavor: '7' })
    const updated = '2026-01-02T03:00:30Z'
    expect(read(work, { server: { id: 'a', updated, ...record } }, late)).toMatchObject({ status: state })
  })

  it('the fault of a server that was refused something says nothing of the token', () => {
    const fault = { code: 403, message: 'Policy does not allow it.', created: '2026-01-02T03:00:30Z' }
    const server = { id: 'a', status: 'ERROR', 'OS-EXT-STS:task_state': null, fault }
    expect(read(workIn(servers, 'created'), { server })).toMatchObject({
      fault: { code: 'computeFault', message: 'the server came to rest as ERROR: Policy does not allow it.' },
    })
  })

  it.each([
    [{ status: 'queued', os_glance_import_task: 't' }, soon, 'running'],
    [{ status: 'queued' }, soon, 'pending'],
    [{ status: 'queued' }, late, 'failed'],
    [{ status: 'importing' }, late, 'running'],
    [{ status: 'active', os_glance_importing_to_stores: 'b' }, late, 'running'],
    [{ status: 'active', os_glance_importing_to_stores: '', os_glance_failed_import: 'b' }, late, 'failed'],
    [{ status: 'active' }, late, 'succeeded'],
    [{ status: 'killed' }, late, 'failed'],
    [{ status: 'deleted' }, late, 'lost'],
  ])('an image: %j', (record, date, state) => {
    expect(read(workIn('/v2/images', 'imported'), { id: 'a', ...record }, date)).toMatchObject({ status: state })
  })

  it.each([
    [{ status: 'processing' }, 'running'],
    [{ status: 'success', result: { image_id: 'i' } }, 'succeeded'],
    [{ status: 'failure', message: 'no such file' }, 'failed'],
  ])('a task of the image service: %j', (record, state) => {
    expect(read(workIn('/v2/tasks', 'created'), { id: 'a', ...record })).toMatchObject({ status: state })
  })

  it.each([
    ['PENDING_UPDATE', 'updated', 'running'],
    ['ACTIVE', 'updated', 'succeeded'],
    ['ERROR', 'created', 'failed'],
    ['DELETED', 'deleted', 'succeeded'],
  ])('a load balancer that is %s', (provisioning_status, aim, state) => {
    const loadbalancer = { id: 'a', operating_status: 'OFFLINE', provisioning_status, updated_at: since10s }
    expect(read(workIn('/v2.0/lbaas/loadbalancers', aim), { loadbalancer })).toMatchObject({ status: state })
  })

  it.each([
    [[{ event: 'compute_reserve_block_device_name', result: 'Success' }], null, 'running'],
    [[{ event: 'compute_attach_volume', result: null }], null, 'running'],
    [[{ event: 'compute_attach_volume', result: 'Success' }], null, 'succeeded'],
    [[{ event: 'compute_attach_volume', result: 'Error', details: 'no path' }], 'Error', 'failed'],
  ])('an attachment: %j', (events, message, state) => {
    const instanceAction = { action: 'attach_volume', request_id: 'a', message, events }
    const work = workIn('/v2.1/servers/s/os-instance-actions', 'attach_volume')
    expect(read(work, { instanceAction })).toMatchObject({ status: state })
  })

  it('what is no record of it is none', () => {
    const work = workIn(volumes, 'created')
    for (const body of [[], { volumes: 7 }, { volume: 'a' }]) expect(read(work, body)).toBeUndefined()
    expect(read(work, { volume: { id: 'b', status: 'available' } })).toBeUndefined()
    expect(read(work, { volume: { id: 'a' } })).toBeUndefined()
  })
})

it.each([
  ['/v3/p/volumes', undefined],
  ['/v3/p/backups', 'slow'],
  ['/v2/images', 'slow'],
])('the object of %s is asked after at its pace: %s', (list, pace) => {
  expect(openstackWork.nameOf?.(`${list}/a`)).toMatchObject({ id: 'a', ...(pace && { pace }) })
  expect(openstackWork.nameOf?.(`${list}/a`).pace).toBe(pace)
})

describe('a question', () => {
  it.each([
    ['/v3/p/volumes', '/v3/p/volumes/detail?sort=updated_at:desc&limit=500'],
    ['/v2/images', '/v2/images?sort=updated_at:desc&limit=500'],
    ['/v2.1/servers', '/v2.1/servers/detail?limit=500&changes-since=2026-01-02T02:55:00Z'],
  ])('about several of %s', (list, path) => {
    const [one, other] = [workIn(list, 'created'), { ...workIn(list, 'created'), id: 'b' }]
    expect(openstackWork.ask([one, other])).toMatchObject({ path, about: [one, other] })
    expect(openstackWork.ask([one]).path).toBe(`${list}/a`)
  })

  it('about servers of which nobody knows since when is about all', () => {
    const bare = { id: 'a', facts: { list: '/v2.1/servers', aim: 'settled' } }
    expect(openstackWork.ask([bare, workIn('/v2.1/servers', 'created')]).path).toBe('/v2.1/servers/detail?limit=500')
  })

  it.each([
    ['deleted', 404, 'succeeded'],
    ['created', 404, 'lost'],
    ['deleted', 403, undefined],
  ])('about what is to be %s that is refused with %i', (aim, status, state) => {
    const fault = { code: 'itemNotFound', status }
    expect(openstackWork.readRefusal?.(fault, workIn('/v3/p/volumes', aim))?.status).toBe(state)
  })
})

it.each(['https://cloud.example/v3/p/volumes/a', 'v3/p/volumes/a', '/v3/p/volumes/a?b'])(
  'what is no path names no work: %s',
  (given) => {
    expect(() => openstackWork.nameOf?.(given)).toThrow('must be the path')
  },
)
