import { isVendorError } from '@holdfast/core'
import { type WorkState, withWork } from '@holdfast/core/work'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { backupAvailable, backupDeleted, vbsWork } from '../src/work/index.ts'
import { pass, project, startClient, url, v1, v2, v3 } from './simulator.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

function start(options?: Parameters<typeof startClient>[0]) {
  const { client, ...others } = startClient(options)
  return { ...others, client: withWork(client, vbsWork) }
}

/** What a promise settles with, once so many seconds have gone by. */
async function after<T>(seconds: number, promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  await pass(seconds)
  return promise
}
const failureOf = (seconds: number, promise: Promise<unknown>) =>
  after(seconds, promise).then(
    (value) => expect.fail(`It succeeded: ${String(value)}`),
    (error: unknown) => error,
  )

const json = (body: unknown) => ({ method: 'POST', body: JSON.stringify(body) })
const nightly = json({ backup: { volume_id: 'volume-1', name: 'nightly' } })
const jobs = `${url}${v2}/cloudbackups`
const native = `${url}${v3}/backups`

/** A cloud with one backup that has ended. */
async function withBackup(options?: Parameters<typeof startClient>[0]) {
  const cloud = start(options)
  const work = await after(1, cloud.client.start(native, nightly))
  const backup = await after(900, work.result)
  return { ...cloud, backup: backup as { id: string } }
}

describe('a job', () => {
  it('is waited for, and what it has made is the result', async () => {
    const { client, service } = start()
    const work = await after(1, client.start(jobs, nightly))
    const states: WorkState[] = []
    work.on((state) => void states.push(state))
    expect(await after(900, work.result)).toMatchObject({ backup_id: service.backups[0]?.id, volume_id: 'volume-1' })
    expect(states.map(({ status }) => status)).toContain('running')
    const polls = service.calls.filter(({ path }) => path.startsWith(`${v1}/jobs/`))
    expect(polls.length).toBeGreaterThan(2)
    expect(polls.length).toBeLessThan(25)
  })

  it.each([[false], [true]])('fails with the code of the job, or of a part of it: %j', async (inSubJob) => {
    const { client, service } = start()
    service.failWork('backup', { code: 'VolumeBackup.0064', reason: 'no snapshot', inSubJob })
    const work = await after(1, client.start(jobs, nightly))
    expect(await failureOf(900, work.result)).toMatchObject({
      code: 'VolumeBackup.0064',
      outcome: 'unknown',
      message: expect.stringContaining('no snapshot'),
    })
    expect(work.state.status).toBe('failed')
  })

  it('restores and deletes, too', async () => {
    const { client, backup, service } = await withBackup()
    const restored = await after(
      1,
      client.start(`${jobs}/${backup.id}/restore`, json({ restore: { volume_id: 'volume-1' } })),
    )
    expect(await after(900, restored.result)).toMatchObject({ backup_id: backup.id })
    const deleted = await after(1, client.start(`${jobs}/${backup.id}`, { method: 'POST' }))
    await after(900, deleted.result)
    expect(service.backups).toEqual([])
  })

  it('that vanished is lost, and its error says how to find out', async () => {
    const { client, service } = start()
    const work = await after(1, client.start(jobs, nightly))
    setTimeout(() => service.loseJobs(), 60_000)
    const error = await failureOf(900, work.result)
    expect(error).toMatchObject({ outcome: 'unknown', mayBeDone: true })
    expect(isVendorError(error) && error.verifyWith).toContain(`${v2}/backups/detail?volume_id=volume-1&name=nightly`)
    expect(work.state.status).toBe('lost')
  })

  it('outlives a token, a burst of 502 and a process', async () => {
    const { client, service, users } = start()
    const first = await after(1, client.start(jobs, nightly))
    setTimeout(() => users.expireTokens(), 20_000)
    setTimeout(() => service.faults.badGateway({ times: 12 }), 60_000)
    void first.result.catch(() => {})
    await pass(100)
    const stored = JSON.stringify(first)
    expect(stored).not.toContain('secret')
    expect(await after(900, client.work(stored).result)).toMatchObject({ volume_id: 'volume-1' })
    expect(await after(10, client.work(`${v1}/jobs/${first.id}`).result)).toMatchObject({ volume_id: 'volume-1' })
    expect(() => client.work(first.id)).toThrow('names no project')
    expect(service.executed).toHaveLength(1)
  })

  it('whose start was not answered is found by its backup', async () => {
    const { client, service } = start()
    service.faults.drop({ method: 'POST', when: 'after' })
    const work = await after(30, client.start(jobs, nightly))
    expect(await after(900, work.result)).toMatchObject({ name: 'nightly', status: 'available' })
    expect(service.executed).toHaveLength(1)
  })

  it.each([
    ['one made since', [{}], 'b0'],
    ['an older one beside it', [{}, { created_at: '2026-01-02T03:03:00.000000' }], 'b0'],
    ['an older one alone', [{ created_at: '2026-01-02T03:03:00.000000' }], undefined],
    ['one without a time', [{ created_at: null }], undefined],
    ['two made since', [{}, {}], undefined],
    ['one of another disk', [{ volume_id: 'volume-2' }], undefined],
    ['one of another name', [{ name: 'weekly' }], undefined],
    ['one of another start', [{ id: 'taken' }], undefined],
    ['one beside that of another start', [{}, { id: 'taken' }], 'b0'],
    ['none', [], undefined],
  ])('whose start was not answered is found where there is %s, and only then', (_, listed, id) => {
    const own = { volume_id: 'volume-1', name: 'nightly', created_at: '2026-01-02T03:04:06.000000' }
    const backups = listed.map((other, at) => ({ id: `b${at}`, ...own, ...other }))
    const request = { method: 'POST', url: '', origin: url, path: `${v3}/backups`, query: '', bodyText: nightly.body }
    const reply = { status: 200, text: JSON.stringify({ backups }), headers: new Headers(), complete: true, request }
    const found = vbsWork.found?.(reply, request, Date.parse('2026-01-02T03:04:05.000Z'), (one) => one === 'taken')
    expect(found?.id).toBe(id)
  })

  it('cannot be cancelled', async () => {
    const { client } = start()
    const work = await after(1, client.start(jobs, nightly))
    await expect(work.cancel()).rejects.toThrow('cannot cancel')
  })
})

describe('a backup of OpenStack’s own kind', () => {
  it('is created, restored from and deleted, where disks are another service’s', async () => {
    const { client, backup, service } = await withBackup({ service: { url } })
    expect(backup).toMatchObject({ status: 'available', name: 'nightly' })
    const restoration = json({ restore: { volume_id: 'volume-1' } })
    const restored = await after(1, client.start(`${native}/${backup.id}/restore`, restoration))
    expect(await after(900, restored.result)).toEqual({ backup_id: backup.id, volume_id: 'volume-1' })
    expect(service.calls.filter(({ path }) => path.includes('/volumes/'))).toHaveLength(2)
    const deleted = await after(1, client.start(`${native}/${backup.id}`, { method: 'DELETE' }))
    expect(await after(900, deleted.result)).toBeUndefined()
    expect(service.backups).toEqual([])
  })

  it.each([
    ['backup', 'BACKUP_FAILED'],
    ['restore', 'RESTORE_FAILED'],
  ] as const)('fails: %s', async (kind, code) => {
    const { client, service } = start()
    if (kind === 'backup') service.failWork(kind, { code: 'VolumeBackup.0064', reason: 'no store' })
    let work = await after(1, client.start(native, nightly))
    if (kind === 'restore') {
      const { id } = (await after(900, work.result)) as { id: string }
      service.failWork(kind, { code: 'VolumeBackup.0064', reason: 'no store' })
      work = await after(1, client.start(`${native}/${id}/restore`, json({ restore: { volume_id: 'volume-1' } })))
    }
    expect(await failureOf(900, work.result)).toMatchObject({ code, message: expect.stringContaining('no store') })
  })

  it('shares its questions with others', async () => {
    const volumes = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`v-${at}`, {}]))
    const { client, service } = start({ service: { volumes } })
    const starts = Object.keys(volumes).map((volume_id) =>
      client.start(native, json({ backup: { volume_id, name: volume_id } })),
    )
    const works = await after(5, Promise.all(starts))
    await after(1_200, Promise.all(works.map(({ result }) => result)))
    const polls = service.calls.filter(({ method }) => method === 'GET')
    expect(polls.length).toBeLessThan(120)
  })
})

describe('a deletion whose answer was lost', () => {
  const lostAnswer = async (address: string, method: string, options = {}) => {
    const cloud = await withBackup(options)
    cloud.service.faults.drop({ method, when: 'after' })
    return { ...cloud, started: cloud.client.start(`${address}/${cloud.backup.id}`, { method }) }
  }

  it.each([
    ['of OpenStack’s kind', native, 'DELETE'],
    ['by a job', jobs, 'POST'],
  ])('%s is found on its way out', async (_, address, method) => {
    const { started, backup, service } = await lostAnswer(address, method)
    const work = await after(10, started)
    expect(work.id).toBe(backup.id)
    expect(await after(900, work.result)).toBeUndefined()
    expect(service.backups).toEqual([])
  })

  it.each([
    ['of OpenStack’s kind', native, 'DELETE'],
    ['by a job', jobs, 'POST'],
  ])('%s has ended where nothing is there any more', async (_, address, method) => {
    const { started, service } = await lostAnswer(address, method, {
      service: { durations: { waiting: 0, delete: 10 } },
    })
    service.faults.badGateway({ method: 'GET' })
    const work = await after(600, started)
    expect(work.state).toMatchObject({ status: 'succeeded', result: undefined })
    expect(service.backups).toEqual([])
  })
})

describe('an answer', () => {
  const request = { method: 'GET', url: '', origin: url, path: `${v3}/backups/b`, query: '', bodyText: undefined }
  const read = (aim: string, body: unknown) =>
    vbsWork.read({ status: 200, text: JSON.stringify(body), headers: new Headers(), complete: true, request }, [
      { id: 'b', facts: { aim, list: `${v3}/backups`, path: `${v3}/backups/b` } },
    ])

  it.each([
    ['created', { backup: { id: 'b', status: 'creating' } }, 'running'],
    ['deleted', { backup: { id: 'b', status: 'available' } }, 'pending'],
    ['deleted', { backup: { id: 'b', status: 'deleted' } }, 'succeeded'],
    ['created', { backup: { id: 'b', status: 'deleted' } }, 'lost'],
    ['created', { backup: { id: 'b', status: 'error', fail_reason: 'x' } }, 'failed'],
    ['deleted', { backup: { id: 'b', status: 'error_deleting', fail_reason: 'x' } }, 'failed'],
    ['restored', { backup: { id: 'b', status: 'available' } }, 'lost'],
  ])('to what is to be %s: %j', (aim, body, status) => {
    expect(read(aim, body)?.get('b')).toMatchObject({ status })
  })

  it.each([
    ['POST', `${v2}/cloudbackups`, 200, '<html>'],
    ['POST', `${v2}/cloudbackups/b/restore`, 200, '{}'],
    ['POST', `${v2}/cloudbackups/b`, 200, ''],
    ['POST', `${v3}/backups`, 202, '{"backup":7}'],
    ['POST', `${v3}/backups`, 200, '{}'],
    ['POST', `${v2}/backuppolicy/p/action`, 204, ''],
  ])('that names nothing may have begun something: %s %s %i %j', (method, path, status, text) => {
    const asked = { ...request, method, path }
    const reply = { status, text, headers: new Headers(), complete: true, request: asked }
    expect(vbsWork.begun(reply)).toMatchObject({ fault: { code: 'WORK_LOST' } })
  })

  it.each([
    ['POST', `${v2}/backuppolicy`],
    ['GET', `${v3}/backups/b`],
    ['GET', `${v2}/cloudbackups/quota`],
  ])('to anything else has begun nothing: %s %s', (method, path) => {
    const reply = {
      status: 200,
      text: '{}',
      headers: new Headers(),
      complete: true,
      request: { ...request, method, path },
    }
    expect(vbsWork.begun(reply)).toBeUndefined()
  })

  it('that tells of no backup cannot be read', () => {
    expect(read('created', { backups: 7 })).toBeUndefined()
    expect(read('created', [])).toBeUndefined()
  })
})

describe('states', () => {
  it('of a backup are waited for', async () => {
    const { client, service } = start()
    await after(1, client.start(native, nightly))
    const { id = '' } = service.backups[0] ?? {}
    const seen = await after(900, client.until(backupAvailable(id, project), { timeout: 1_000_000 }))
    expect(seen).toMatchObject({ backup: { status: 'available' } })
    await after(1, client.start(`${native}/${id}`, { method: 'DELETE' }))
    await after(200, client.until(backupDeleted(id, project)))
  })

  it('that will not be reached are an error', async () => {
    const { client, service } = start()
    service.failWork('backup', { code: 'VolumeBackup.0064', reason: 'no store' })
    await after(1, client.start(native, nightly))
    const id = service.backups[0]?.id ?? ''
    expect(await failureOf(900, client.until(backupAvailable(id, project), { timeout: 900_000 }))).toMatchObject({
      code: 'BACKUP_FAILED',
    })
    // It may still be deleted by somebody.
    const gone = client.until(backupDeleted(id, project), { timeout: 60_000 })
    expect(await failureOf(70, gone)).toMatchObject({ name: 'TimeoutError' })
  })
})
