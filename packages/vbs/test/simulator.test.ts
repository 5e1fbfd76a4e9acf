import type { Exchange } from '@holdfast/openstack/testing'
import { describe, expect, it } from 'vitest'
import { pass, project, startVbs, url, v1, v2, v3 } from './simulator.ts'

const cloud = `${v2}/cloudbackups`
const nightly = (volume_id = 'volume-1') => ({ backup: { volume_id, name: 'nightly' } })
const refusal = (status: number, code: string) => [status, { error: { message: expect.any(String), code } }]
const fault = (status: number, name: string, message: unknown = expect.any(String)) => [
  status,
  { [name]: { code: status, message } },
]
const atOnce = { waiting: 0, backup: 0, restore: 0, delete: 0 }

/** Submits work and hands back the number of its job. */
async function submit(exchange: Exchange, path: string, body?: unknown): Promise<string> {
  const [status, answered] = await exchange('POST', path, body)
  expect(status).toBe(200)
  return (answered as { job_id: string }).job_id
}

describe('a job', () => {
  it('begins, runs and ends while time goes by', async () => {
    const { service, exchange } = await startVbs()
    const job = await submit(exchange, cloud, nightly())
    const look = async () => (await exchange('GET', `${v1}/jobs/${job}`))[1]
    const [backup] = service.backups
    const entities = { backup_id: backup?.id, volume_id: 'volume-1', snapshot_id: backup?.snapshot_id }
    expect(await look()).toEqual({
      ...{ status: 'INIT', job_id: job, job_type: 'bksCreateBackup', end_time: '', entities, sub_jobs: [] },
      ...{ begin_time: '2026-01-02T03:04:05.678Z', error_code: null, fail_reason: null },
    })
    await pass(5)
    expect(await look()).toMatchObject({ status: 'RUNNING', sub_jobs: [{ status: 'RUNNING', entities }] })
    expect(service.backups[0]?.status).toBe('creating')
    await pass(300)
    expect(await look()).toMatchObject({ status: 'SUCCESS', end_time: '2026-01-02T03:09:10.678Z', error_code: null })
    expect(service.backups[0]?.status).toBe('available')
    expect(service.executed).toMatchObject([{ action: 'backup.create', target: 'volume-1' }])
  })

  it('can fail inside a 200, by its own record or by a sub-job’s alone', async () => {
    const { service, exchange } = await startVbs({ durations: atOnce })
    service.failWork('backup', { code: 'VolumeBackup.0064', reason: 'no store' })
    service.failWork('backup', { code: 'VolumeBackup.0017', inSubJob: true })
    const own = await submit(exchange, cloud, nightly('volume-1'))
    const child = await submit(exchange, cloud, nightly('volume-2'))
    const failed = { status: 'FAIL', error_code: 'VolumeBackup.0064', fail_reason: 'no store' }
    expect(await exchange('GET', `${v1}/jobs/${own}`)).toMatchObject([200, { ...failed, sub_jobs: [failed] }])
    expect(await exchange('GET', `${v1}/jobs/${child}`)).toMatchObject([
      200,
      { status: 'FAIL', error_code: null, sub_jobs: [{ status: 'FAIL', error_code: 'VolumeBackup.0017' }] },
    ])
    expect(service.backups.map(({ status, fail_reason }) => [status, fail_reason])).toEqual([
      ['error', 'no store'],
      ['error', 'made to fail'],
    ])
  })

  it('finds out that there is no such disk', async () => {
    const { service, exchange } = await startVbs({ durations: atOnce })
    const job = await submit(exchange, cloud, nightly('none'))
    expect(await exchange('GET', `${v1}/jobs/${job}`)).toMatchObject([
      200,
      { status: 'FAIL', error_code: 'VolumeBackup.0021' },
    ])
    expect(service.backups).toEqual([])
  })

  it('can be lost while the work goes on', async () => {
    const { service, exchange } = await startVbs()
    const job = await submit(exchange, cloud, nightly())
    service.loseJobs()
    expect(await exchange('GET', `${v1}/jobs/${job}`)).toEqual(refusal(404, 'common.0011'))
    await pass(305)
    expect(service.backups[0]?.status).toBe('available')
  })
})

describe('the vendor’s own calls', () => {
  it('refuse what cannot be done while a backup is made', async () => {
    const { service, exchange } = await startVbs()
    await submit(exchange, cloud, nightly())
    const one = `${cloud}/${service.backups[0]?.id}`
    const restore = { restore: { volume_id: 'volume-1' } }
    expect(await exchange('POST', cloud, nightly())).toEqual(refusal(400, 'VolumeBackup.0013'))
    expect(await exchange('POST', `${one}/restore`, restore)).toEqual(refusal(400, 'VolumeBackup.0206'))
    expect(await exchange('POST', `${one}/restore`, { restore: { volume_id: 'volume-2' } })).toEqual(
      refusal(400, 'VolumeBackup.0089'),
    )
    expect(await exchange('POST', one)).toEqual(refusal(400, 'VolumeBackup.0125'))
    expect(service.executed).toHaveLength(1)
    await pass(305)
    await submit(exchange, `${one}/restore`, restore)
    expect(service.backups[0]?.status).toBe('restoring')
    expect(await exchange('POST', cloud, nightly())).toEqual(refusal(400, 'VolumeBackup.0012'))
    await pass(125)
    await submit(exchange, one)
    expect(service.backups[0]?.status).toBe('deleting')
    await pass(35)
    expect(service.backups).toEqual([])
    expect(service.executed.map(({ action }) => action)).toEqual(['backup.create', 'backup.restore', 'backup.delete'])
  })

  it('refuse what is not well said', async () => {
    const { exchange } = await startVbs({ volumes: { 'volume-1': {}, used: { status: 'in-use' } }, durations: atOnce })
    const wrong = [
      [{}, '0002'],
      [{ backup: { name: 'n' } }, '0010'],
      [{ backup: { volume_id: 'volume-1' } }, '0007'],
      [{ backup: { volume_id: 'volume-1', name: 'n'.repeat(65) } }, '0003'],
      [{ backup: { volume_id: 'volume-1', name: 'a b' } }, '0004'],
      [{ backup: { volume_id: 'volume-1', name: 'auto-1' } }, '0005'],
    ] as const
    for (const [body, code] of wrong)
      expect(await exchange('POST', cloud, body)).toEqual(refusal(400, `VolumeBackup.${code}`))
    const [, job] = await exchange('POST', cloud, nightly())
    const [, record] = await exchange('GET', `${v1}/jobs/${(job as { job_id: string }).job_id}`)
    const path = `${cloud}/${(record as { entities: { backup_id: string } }).entities.backup_id}/restore`
    expect(await exchange('POST', path, {})).toEqual(refusal(400, 'VolumeBackup.0210'))
    expect(await exchange('POST', path, { restore: {} })).toEqual(refusal(400, 'VolumeBackup.0208'))
    expect(await exchange('POST', path, { restore: { volume_id: 'none' } })).toEqual(refusal(400, 'VolumeBackup.0111'))
    expect(await exchange('POST', path, { restore: { volume_id: 'used' } })).toEqual(refusal(400, 'VolumeBackup.0205'))
  })

  it('make two backups where they are sent twice, until there is no room', async () => {
    const { service, exchange } = await startVbs({ durations: atOnce, quota: { backups: 3, perVolume: 2 } })
    await submit(exchange, cloud, nightly())
    await submit(exchange, cloud, nightly())
    expect(service.backups.map(({ name }) => name)).toEqual(['nightly', 'nightly'])
    expect(await exchange('POST', cloud, nightly())).toEqual(refusal(400, 'VolumeBackup.0040'))
    await submit(exchange, cloud, nightly('volume-2'))
    expect(await exchange('POST', cloud, nightly('volume-2'))).toEqual(refusal(400, 'VolumeBackup.0080'))
    expect(await exchange('GET', `${cloud}/quota`)).toMatchObject([
      200,
      { quotas: { resources: [{ type: 'backups', used: 3, quota: 3 }, { quota: -1 }] } },
    ])
  })
})

describe('OpenStack’s calls', () => {
  it('answer 202, and the backup is asked after', async () => {
    const { service, exchange } = await startVbs()
    const [status, answered] = await exchange('POST', `${v3}/backups`, nightly())
    const { id } = (answered as { backup: { id: string } }).backup
    const self = { href: `${url}${v3}/backups/${id}`, rel: 'self' }
    const bookmark = { href: `${url}/${project}/backups/${id}`, rel: 'bookmark' }
    expect([status, answered]).toEqual([202, { backup: { id, links: [self, bookmark], name: 'nightly' } }])
    expect(await exchange('GET', `${v3}/backups/${id}`)).toMatchObject([
      200,
      { backup: { status: 'creating', fail_reason: null } },
    ])
    const busy =
      'Invalid volume: Volume to be backed up must be available or in-use, but the current status is "backing-up".'
    expect(await exchange('POST', `${v3}/backups`, nightly())).toEqual(fault(400, 'badRequest', busy))
    expect(await exchange('DELETE', `${v2}/backups/${id}`)).toEqual(
      fault(400, 'badRequest', 'Invalid backup: Backup status must be available or error'),
    )
    await pass(305)
    expect(
      await exchange('GET', `${v2}/backups/detail?status=available&volume_id=volume-1&name=nightly`),
    ).toMatchObject([200, { backups: [{ id, 'os-backup-project-attr:project_id': project, size: 10 }] }])
    expect(await exchange('POST', `${v3}/backups/${id}/restore`, { restore: { volume_id: 'volume-2' } })).toEqual([
      202,
      { restore: { backup_id: id, volume_id: 'volume-2', volume_name: 'disk_volume-2' } },
    ])
    await pass(125)
    expect(await exchange('DELETE', `${v3}/backups/${id}`)).toEqual([202, ''])
    await pass(35)
    expect(await exchange('GET', `${v3}/backups/${id}`)).toEqual(
      fault(404, 'itemNotFound', `Backup ${id} could not be found.`),
    )
    expect(service.executed.map(({ action }) => action)).toEqual(['backup.create', 'backup.restore', 'backup.delete'])
  })

  it('dress a quota that is reached as a rate limit', async () => {
    const { ask, token, exchange } = await startVbs({ quota: { backups: 1 } })
    await exchange('POST', `${v3}/backups`, nightly())
    const body = JSON.stringify(nightly('volume-2'))
    const reply = await ask(`${url}${v3}/backups`, { method: 'POST', headers: { 'x-auth-token': token }, body })
    const text =
      '{"overLimit": {"code": 413, "message": "BackupLimitExceeded: Maximum number of backups allowed (1) exceeded", "retryAfter": "0"}}'
    expect([reply.status, reply.statusText, await reply.text()]).toEqual([413, 'Request Entity Too Large', text])
    const { 'x-openstack-request-id': id, ...headers } = Object.fromEntries(reply.headers)
    expect([id, headers]).toEqual([
      expect.stringMatching(/^req-/),
      {
        'content-length': String(text.length),
        'content-type': 'application/json',
        date: 'Fri, 02 Jan 2026 03:04:05 GMT',
        'openstack-api-version': 'volume 3.0',
        'retry-after': '0',
      },
    ])
  })

  it('know no disk and no body', async () => {
    const { exchange } = await startVbs()
    expect(await exchange('POST', `${v3}/backups`, nightly('none'))).toEqual(
      fault(404, 'itemNotFound', 'Volume none could not be found.'),
    )
    expect(await exchange('POST', `${v3}/backups`, {})).toEqual(fault(400, 'badRequest', 'Malformed request body'))
  })
})

describe('a policy', () => {
  const path = `${v2}/backuppolicy`
  const schedule = { status: 'ON', start_time: '12:00', frequency: 1, rentention_num: 10 }
  const daily = { backup_policy_name: 'daily', scheduled_policy: schedule }
  const disks = (...ids: readonly string[]) => ids.map((resource_id) => ({ resource_id, resource_type: 'volume' }))

  async function withPolicy(options: Parameters<typeof startVbs>[0] = {}) {
    const world = await startVbs(options)
    await world.exchange('POST', path, daily)
    const [id = ''] = world.service.policies
    const resources = disks('volume-1', 'none')
    const bound = await world.exchange('POST', `${v2}/backuppolicyresources`, { backup_policy_id: id, resources })
    return { ...world, id, one: `${path}/${id}`, bound }
  }

  it('takes disks, and says of each whether, not why not', async () => {
    const { exchange, id, bound } = await withPolicy()
    expect(bound).toMatchObject([
      200,
      { success_resources: [{ resource_id: 'volume-1' }], fail_resources: [{ resource_id: 'none' }] },
    ])
    expect(await exchange('GET', path)).toEqual([
      200,
      {
        backup_policies: [
          { backup_policy_id: id, backup_policy_name: 'daily', scheduled_policy: schedule, policy_resource_count: 1 },
        ],
      },
    ])
    const gone = await exchange('POST', `${v2}/backuppolicyresources/${id}/deleted_resources`, {
      resources: disks('volume-1'),
    })
    expect(gone).toMatchObject([200, { success_resources: [{ resource_id: 'volume-1' }], fail_resources: [] }])
  })

  it('that is executing is not changed, and not run again', async () => {
    const { service, exchange, one } = await withPolicy()
    expect(await exchange('POST', `${one}/action`)).toEqual([204, ''])
    for (const [method, where] of [
      ['POST', `${one}/action`],
      ['PUT', one],
      ['DELETE', one],
    ] as const) {
      expect(await exchange(method, where, daily)).toEqual(refusal(400, 'AutoBackup.0225'))
    }
    const tasks = async () => (await exchange('GET', `${one}/backuptasks`))[1]
    expect(await tasks()).toMatchObject({ tasks: [{ status: 'RUNNING', resource_id: 'volume-1' }], count: 1 })
    await pass(305)
    expect(await tasks()).toMatchObject({ tasks: [{ status: 'EXECUTE_SUCCESS' }] })
    await submit(exchange, cloud, nightly())
    service.runSchedule(service.policies[0] ?? '')
    expect(await tasks()).toMatchObject({ tasks: [{ status: 'SKIP' }, { status: 'EXECUTE_SUCCESS' }], count: 2 })
    expect(await exchange('PUT', one, { backup_policy_name: 'hourly' })).toMatchObject([200, {}])
    expect(await exchange('DELETE', one)).toEqual([204, ''])
    expect(await exchange('POST', `${one}/action`)).toEqual(refusal(404, 'AutoBackup.0205'))
  })

  it('has limits', async () => {
    const { service, exchange, one } = await withPolicy({ quota: { policies: 1, backups: 0 } })
    expect(await exchange('POST', path, { ...daily, backup_policy_name: 'weekly' })).toEqual(
      refusal(400, 'AutoBackup.0203'),
    )
    expect(await exchange('POST', `${one}/action`)).toEqual(refusal(400, 'AutoBackup.0218'))
    expect(await exchange('POST', path, { scheduled_policy: schedule })).toEqual(refusal(400, 'AutoBackup.0101'))
    expect(await exchange('POST', path, { ...daily, backup_policy_name: 'default' })).toEqual(
      refusal(400, 'AutoBackup.0102'),
    )
    expect(service.executed.map(({ action }) => action)).toEqual(['policy.create', 'policy.bind'])
  })
})
