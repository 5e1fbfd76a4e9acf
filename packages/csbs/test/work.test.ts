import { isVendorError } from '@holdfast/core'
import { type WorkState, withWork } from '@holdfast/core/work'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { backupAvailable, backupDeleted, csbsWork } from '../src/work/index.ts'
import { pass, project, provider, providers, startClient, url, v1 } from './simulator.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

type Cloud = Parameters<typeof startClient>[0]

function start(options?: Cloud) {
  const { client, ...others } = startClient(options)
  return { ...others, client: withWork(client, csbsWork) }
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
const protect = `${url}${providers}/resources/server-1/action`
const nightly = json({ protect: { backup_name: 'nightly' } })
const deletion = (record: string, item?: string) =>
  `${url}${providers}/checkpoints/${record}${item === undefined ? '' : `?checkpoint_items=${item}`}`
const restoration = ({ id, checkpoint_id }: { id: string; checkpoint_id: string }) =>
  json({
    restore: {
      provider_id: provider,
      checkpoint_id,
      parameters: { checkpoint_item_id: id, power_on: true, targets: { server_id: 'server-1', volumes: [] } },
    },
  })

/** A cloud with one backup that has ended. */
async function withBackup(options?: Cloud) {
  const cloud = start(options)
  const work = await after(1, cloud.client.start(protect, nightly))
  const backup = await after(400, work.result)
  return { ...cloud, backup: backup as { id: string; checkpoint_id: string } }
}

describe('a backup', () => {
  it('is waited for, and is the result', async () => {
    const { client, service } = start()
    const work = await after(1, client.start(protect, nightly))
    const states: WorkState[] = []
    work.on((state) => void states.push(state))
    expect(await after(400, work.result)).toMatchObject({ name: 'nightly', status: 'available' })
    expect(work.id).toBe(service.backups[0]?.checkpoint_id)
    expect(new Set(states.map(({ status }) => status))).toEqual(new Set(['pending', 'running', 'succeeded']))
    expect(states.at(-2)?.progress).toBeGreaterThan(0.2)
  })

  it('fails with its own error', async () => {
    const { client, service } = start()
    service.failWork('backup', { code: 'CSBS.4000', reason: 'no room' })
    const work = await after(1, client.start(protect, nightly))
    expect(await failureOf(400, work.result)).toMatchObject({
      code: 'CSBS.4000',
      outcome: 'unknown',
      message: expect.stringContaining('no room'),
    })
    expect(work.state.status).toBe('failed')
  })

  it('outlives a token, a burst of 502 and a process', async () => {
    const { client, service, users } = start()
    const first = await after(1, client.start(protect, nightly))
    setTimeout(() => users.expireTokens?.(), 20_000)
    setTimeout(() => service.faults.badGateway({ times: 12 }), 60_000)
    void first.result.catch(() => {})
    await pass(100)
    const stored = JSON.stringify(first)
    expect(stored).not.toContain('secret')
    expect(await after(500, client.work(stored).result)).toMatchObject({ status: 'available' })
    expect(service.executed).toHaveLength(1)
  })

  it('that vanished is lost, and its error says how to find out', async () => {
    const { client, service } = start()
    const stored = JSON.stringify(await after(1, client.start(protect, nightly)))
    await pass(400)
    // Somebody deletes it before another process asks after it.
    const [made] = service.backups
    await after(300, client.start(deletion(made?.checkpoint_id ?? ''), { method: 'DELETE' }))
    const work = client.work(stored)
    const error = await failureOf(900, work.result)
    expect(work.state.status).toBe('lost')
    expect(error).toMatchObject({ outcome: 'unknown', mayBeDone: true })
    expect(isVendorError(error) && error.verifyWith).toBe(`GET ${v1}/checkpoint_items?checkpoint_id=${work.id}`)
  })

  it('cannot be cancelled', async () => {
    const { client } = start()
    const work = await after(1, client.start(protect, nightly))
    await expect(work.cancel()).rejects.toThrow('cannot cancel')
  })

  it('whose start was not answered is found by its server and name', async () => {
    const { client, service } = start()
    service.faults.drop({ method: 'POST', when: 'after' })
    const work = await after(30, client.start(protect, nightly))
    expect(await after(400, work.result)).toMatchObject({ name: 'nightly' })
    expect(service.executed).toHaveLength(1)
  })

  it('of the same name that was there before is not taken for it', async () => {
    const { client, service } = await withBackup()
    service.faults.drop({ method: 'POST', when: 'before' })
    const error = await failureOf(400, client.start(protect, nightly))
    expect(isVendorError(error) && error.mayBeDone).toBe(true)
  })

  it('of the same name that was begun just before is not taken for it', async () => {
    const { client, service } = start()
    await after(1, client.start(protect, nightly))
    service.faults.drop({ method: 'POST', when: 'before' })
    const error = await failureOf(400, client.start(protect, nightly))
    expect(isVendorError(error) && error.mayBeDone).toBe(true)
    expect(service.backups).toHaveLength(1)
  })
})

describe('the run of a policy', () => {
  it('ends when the backups of all its servers have', async () => {
    const { client, send } = start()
    const servers = ['server-1', 'server-2'].map((id) => ({ id, type: 'OS::Nova::Server', name: id }))
    const policy = { name: 'daily', provider_id: provider, resources: servers, scheduled_operations: [] }
    const reply = (await send('POST', `${v1}/policies`, { policy })) as Response
    const { id } = ((await reply.json()) as { policy: { id: string } }).policy
    const work = await after(1, client.start(`${url}${providers}/checkpoints`, json({ checkpoint: { plan_id: id } })))
    expect(await after(500, work.result)).toMatchObject([{ status: 'available' }, { status: 'available' }])
  })

  it('has failed where one of them has', async () => {
    const { client, send, service } = start()
    const servers = ['server-1', 'server-2'].map((id) => ({ id, type: 'OS::Nova::Server', name: id }))
    const policy = { name: 'daily', provider_id: provider, resources: servers, scheduled_operations: [] }
    const reply = (await send('POST', `${v1}/policies`, { policy })) as Response
    const { id } = ((await reply.json()) as { policy: { id: string } }).policy
    service.failWork('backup', { code: 'CSBS.4000', reason: 'no room' })
    const work = await after(1, client.start(`${url}${providers}/checkpoints`, json({ checkpoint: { plan_id: id } })))
    expect(await failureOf(500, work.result)).toMatchObject({ code: 'CSBS.4000' })
  })
})

describe('a restoration', () => {
  it('ends when its backup is available again, and not before it has begun', async () => {
    const { client, backup } = await withBackup()
    const work = await after(1, client.start(`${url}${v1}/restores`, restoration(backup)))
    await pass(60)
    expect(work.state.status).not.toBe('succeeded')
    expect(await after(200, work.result)).toMatchObject({ id: backup.id })
  })

  it('that fails leaves the backup available, and is no success', async () => {
    const { client, backup, service } = await withBackup()
    service.failWork('restore', { code: '4', reason: 'the disk is gone' })
    const work = await after(1, client.start(`${url}${v1}/restores`, restoration(backup)))
    expect(await failureOf(300, work.result)).toMatchObject({ code: 'RESTORE_FAILED' })
  })
})

describe('a deletion', () => {
  it.each([['of a record'], ['of one backup']])('%s ends when there is none any more', async (what) => {
    const { client, backup, service } = await withBackup()
    const address = deletion(backup.checkpoint_id, what === 'of one backup' ? backup.id : undefined)
    const work = await after(1, client.start(address, { method: 'DELETE' }))
    expect(work.state.status).not.toBe('succeeded')
    expect(await after(200, work.result)).toBeUndefined()
    expect(service.backups).toEqual([])
  })

  it('of what is left of a failed backup is no failure', async () => {
    const { client, service, send } = start()
    service.failWork('backup', { code: 'CSBS.4000', reason: 'no room' })
    await send('POST', `${providers}/resources/server-1/action`, { protect: {} })
    await pass(400)
    const [left] = service.backups
    const work = await after(1, client.start(deletion(left?.checkpoint_id ?? ''), { method: 'DELETE' }))
    expect(await after(200, work.result)).toBeUndefined()
  })

  it('that fails says why', async () => {
    const { client, backup, service } = await withBackup()
    service.failWork('delete', { code: '7', reason: 'storage is away' })
    const work = await after(1, client.start(deletion(backup.checkpoint_id), { method: 'DELETE' }))
    expect(await failureOf(300, work.result)).toMatchObject({ code: 'DELETE_FAILED', outcome: 'unknown' })
  })

  it.each([['of a record'], ['of one backup']])('%s whose answer was lost is found on its way out', async (what) => {
    const { client, backup, service } = await withBackup()
    service.faults.drop({ method: 'DELETE', when: 'after' })
    const address = deletion(backup.checkpoint_id, what === 'of one backup' ? backup.id : undefined)
    const work = await after(20, client.start(address, { method: 'DELETE', resilience: { retry: 0 } }))
    expect(await after(200, work.result)).toBeUndefined()
    expect(service.backups).toEqual([])
  })

  it('whose answer was lost, and whose repetition finds nothing, has ended', async () => {
    const { client, backup, service } = await withBackup()
    service.faults.drop({ method: 'DELETE', when: 'after' })
    const work = await after(400, client.start(deletion(backup.checkpoint_id), { method: 'DELETE' }))
    expect(service.backups).toEqual([])
    expect(await after(20, work.result)).toBeUndefined()
  })

  it('of many waits in the service’s own line, and shares its questions', async () => {
    const { client, service } = start({
      service: { servers: Array.from({ length: 40 }, (_, at) => `s-${at}`), durations: { backup: 10_000 } },
    })
    const begun = Array.from({ length: 40 }, (_, at) =>
      client.start(`${url}${providers}/resources/s-${at}/action`, json({ protect: {} })),
    )
    const works = await after(5, Promise.all(begun))
    await after(120, Promise.all(works.map(({ result }) => result)))
    const asked = service.calls.length
    const deletions = await after(
      5,
      Promise.all(
        service.backups.map(({ checkpoint_id }) => client.start(deletion(checkpoint_id), { method: 'DELETE' })),
      ),
    )
    await after(600, Promise.all(deletions.map(({ result }) => result)))
    expect(service.backups).toEqual([])
    // One loop for each would ask some 40 times as often.
    expect(service.calls.length - asked).toBeLessThan(40 + 600 / 0.6)
  })
})

describe('states', () => {
  it('of a backup are waited for', async () => {
    const { client, service } = start()
    await after(1, client.start(protect, nightly))
    const { id = '', checkpoint_id = '' } = service.backups[0] ?? {}
    expect(await after(500, client.until(backupAvailable(id, project), { timeout: 600_000 }))).toMatchObject({
      checkpoint_item: { status: 'available' },
    })
    await after(1, client.start(deletion(checkpoint_id), { method: 'DELETE' }))
    await after(200, client.until(backupDeleted(id, project)))
  })

  it('that will not be reached are an error', async () => {
    const { client, service } = start()
    service.failWork('backup', { code: 'CSBS.4000', reason: 'no room' })
    await after(1, client.start(protect, nightly))
    const [backup] = service.backups
    expect(
      await failureOf(500, client.until(backupAvailable(backup?.id ?? '', project), { timeout: 900_000 })),
    ).toMatchObject({
      code: 'CSBS.4000',
    })
  })
})

it('goes on by the path of a backup, and says what is missing from its identifier', async () => {
  const { client, backup } = await withBackup()
  expect(await after(10, client.work(`${v1}/checkpoint_items/${backup.id}`).result)).toMatchObject({ id: backup.id })
  expect(() => client.work(backup.id)).toThrow('names no project')
})
