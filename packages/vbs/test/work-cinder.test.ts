import { resilient } from '@holdfast/core'
import { withWork } from '@holdfast/core/work'
import { keystone } from '@holdfast/keystone'
import { openstackServer } from '@holdfast/openstack/simulator'
import { fetchFrom } from '@holdfast/testing'
import { beforeEach, expect, it, vi } from 'vitest'
import { vbs } from '../src/index.ts'
import { backupDeleted, vbsWork } from '../src/work/index.ts'
import { identity, pass, project, url, v3 } from './simulator.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

const post = (body: unknown) => ({ method: 'POST', body: JSON.stringify(body) })

async function after<T>(seconds: number, promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  await pass(seconds)
  return promise
}

/** A Cinder with one volume and its backup, and a client that takes it for a VBS. */
async function startCinder() {
  const users = identity()
  const service = openstackServer({ kind: 'volume', keystone: users, quota: 100, workTime: 30_000 })
  const user = { username: 'operator', password: 'secret', userDomainName: 'Default', projectId: project }
  const auth = keystone({ authUrl: url, ...user })
  const fetch = fetchFrom([...users.handlers, ...service.handlers])
  const client = withWork(resilient(fetch, { vendor: vbs({ url, auth }), retry: { jitter: 'none' } }), vbsWork)
  const made = await after(1, client(`${url}${v3}/volumes`, post({ volume: { name: 'data', size: 1 } })))
  const { volume } = (await made.json()) as { volume: { id: string } }
  await pass(60)
  const work = await after(
    1,
    client.start(`${url}${v3}/backups`, post({ backup: { volume_id: volume.id, name: 'b' } })),
  )
  const backup = (await after(120, work.result)) as { id: string }
  const restore = () =>
    after(1, client.start(`${url}${v3}/backups/${backup.id}/restore`, post({ restore: { volume_id: volume.id } })))
  return { client, service, volume, backup, restore }
}

it('a restoration ends with its disk, though its backup is available before', async () => {
  const { restore, volume, backup, service } = await startCinder()
  const work = await restore()
  work.on(() => {})
  await pass(20)
  expect(work.state.status).toBe('running')
  expect(await after(60, work.result)).toEqual({ backup_id: backup.id, volume_id: volume.id })
  expect(service.calls.at(-1)?.path).toBe(`${v3}/volumes/${volume.id}`)
})

it('a restoration that failed leaves its backup available, and is no success', async () => {
  const { restore, service } = await startCinder()
  service.failWork('restore')
  const work = await restore()
  const error = await after(
    90,
    work.result.catch((thrown: unknown) => thrown),
  )
  expect(error).toMatchObject({
    code: 'RESTORE_FAILED',
    outcome: 'unknown',
    message: expect.stringContaining('the disk came to rest as error_restoring'),
  })
})

it('a restoration whose disk has vanished is lost, and its error names the disk', async () => {
  const { restore, volume, service } = await startCinder()
  const work = await restore()
  service.objects.delete(volume.id)
  const error = await after(
    90,
    work.result.catch((thrown: unknown) => thrown),
  )
  expect(error).toMatchObject({ mayBeDone: true, verifyWith: `GET ${v3}/volumes/${volume.id}` })
  expect(work.state.status).toBe('lost')
})

it('a restoration that another process takes up before its end has the same end', async () => {
  const { restore, client, service } = await startCinder()
  service.failWork('restore')
  const stored = JSON.stringify(await restore())
  const error = await after(
    90,
    client.work(stored).result.catch((thrown: unknown) => thrown),
  )
  expect(error).toMatchObject({ code: 'RESTORE_FAILED' })
})

it.each([
  ['itemNotFound', true],
  ['APIG.0101', false],
  ['HTTP_404', false],
])('a 404 with %s is the end of a deletion: %s', (code, isEnd) => {
  const fault = { code, status: 404 }
  const start = { method: 'DELETE', url: '', origin: url, path: `${v3}/backups/b`, query: '', bodyText: undefined }
  const work = { id: 'b', facts: { aim: 'deleted', path: start.path } }
  expect(vbsWork.isAchieved?.(fault, start)).toBe(isEnd)
  expect(vbsWork.readRefusal?.(fault, work)?.status).toBe(isEnd ? 'succeeded' : undefined)
  const seen = { ...fault, body: undefined, reply: undefined, fault }
  expect(backupDeleted('b', project).holds(seen)).toBe(isEnd)
})

it('restorations of two backups onto one disk, one after the other, end with their own results', async () => {
  const { client, restore, volume, backup } = await startCinder()
  const first = await restore()
  await pass(60)
  const given = post({ backup: { volume_id: volume.id, name: 'c' } })
  const work = await after(1, client.start(`${url}${v3}/backups`, given))
  const { id } = (await after(120, work.result)) as { id: string }
  const begun = client.start(`${url}${v3}/backups/${id}/restore`, post({ restore: { volume_id: volume.id } }))
  const second = await after(1, begun)
  expect(await after(120, Promise.all([second.result, first.result]))).toEqual([
    { backup_id: id, volume_id: volume.id },
    { backup_id: backup.id, volume_id: volume.id },
  ])
})

it.each(['https://cloud.example/v1/p/jobs/j', 'v1/p/jobs/j'])('what is no path names no job: %s', (given) => {
  expect(() => vbsWork.nameOf?.(given)).toThrow('must be the path')
})
