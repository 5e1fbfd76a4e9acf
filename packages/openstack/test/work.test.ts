import { isVendorError } from '@holdfast/core'
import type { WorkState } from '@holdfast/core/work'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { after, failureOf, json, places, startCloud, v3 } from './working-cloud.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

const volume = (name = 'data', more = {}) => json({ volume: { name, size: 1, ...more } })
const server = (name = 'web') => json({ server: { name, flavorRef: '2', imageRef: 'i-1' } })
const action = (name: string, given: unknown = null) => json({ [name]: given })

/** A cloud with one object that is at rest. */
async function withOne(kind: 'volume' | 'compute') {
  const cloud = startCloud(kind)
  const place = kind === 'volume' ? places.volumes : places.servers
  const work = await after(1, cloud.client.start(place, kind === 'volume' ? volume() : server()))
  const made = (await after(60, work.result)) as { id: string }
  return { ...cloud, made, at: `${place}/${made.id}` }
}

describe('a volume', () => {
  it('is made, and is the result', async () => {
    const { client } = startCloud('volume')
    const work = await after(1, client.start(places.volumes, volume()))
    const states: WorkState[] = []
    work.on((state) => void states.push(state))
    expect(await after(60, work.result)).toMatchObject({ name: 'data', status: 'available' })
    expect(states.map(({ status }) => status)).toEqual(['running', 'succeeded'])
  })

  it('that cannot be made has failed, and nobody knows how far it came', async () => {
    const { client, service } = startCloud('volume')
    service.failWork('create')
    const work = await after(1, client.start(places.volumes, volume()))
    expect(await failureOf(60, work.result)).toMatchObject({
      code: 'computeFault',
      detail: 'WORK_FAILED',
      outcome: 'unknown',
      operation: 'POST /v3/{project}/volumes',
      message: expect.stringContaining('the volume came to rest as error'),
    })
  })

  it('is extended, snapshotted, backed up, restored and deleted', async () => {
    const { client, made, at, service } = await withOne('volume')
    const extended = await after(1, client.start(`${at}/action`, action('os-extend', { new_size: 3 })))
    expect(await after(60, extended.result)).toMatchObject({ size: 3, status: 'available' })
    const snapshot = await after(
      1,
      client.start(places.snapshots, json({ snapshot: { name: 's', volume_id: made.id } })),
    )
    expect(await after(60, snapshot.result)).toMatchObject({ volume_id: made.id })
    const backup = await after(1, client.start(places.backups, json({ backup: { name: 'b', volume_id: made.id } })))
    const { id } = (await after(120, backup.result)) as { id: string }
    const restore = json({ restore: { volume_id: made.id } })
    const restored = await after(1, client.start(`${places.backups}/${id}/restore`, restore))
    expect(await after(60, restored.result)).toMatchObject({ id: made.id, status: 'available' })
    const deleted = await after(1, client.start(at, { method: 'DELETE' }))
    expect(await after(60, deleted.result)).toBeUndefined()
    expect(service.objects.has(made.id)).toBe(false)
  })

  it.each([
    ['os-extend', action('os-extend', { new_size: 3 }), '/action', 'error_extending'],
    ['delete', { method: 'DELETE' }, '', 'error_deleting'],
  ])('fails to %s', async (work, init, path, state) => {
    const { client, at, service } = await withOne('volume')
    service.failWork(work)
    const begun = await after(1, client.start(at + path, init))
    expect(await failureOf(60, begun.result)).toMatchObject({
      detail: 'WORK_FAILED',
      message: expect.stringContaining(state),
    })
  })

  it('that could not be restored is in error, though its backup is available', async () => {
    const { client, made, service } = await withOne('volume')
    const backup = await after(1, client.start(places.backups, json({ backup: { name: 'b', volume_id: made.id } })))
    const { id } = (await after(120, backup.result)) as { id: string }
    service.failWork('restore')
    const restore = json({ restore: { volume_id: made.id } })
    const restored = await after(1, client.start(`${places.backups}/${id}/restore`, restore))
    expect(await failureOf(60, restored.result)).toMatchObject({ message: expect.stringContaining('error_restoring') })
  })

  it('outlives a token, a burst of 503 and a process', async () => {
    const { client, service, expireTokens, logins } = startCloud('volume')
    const first = await after(1, client.start(places.volumes, volume()))
    void first.result.catch(() => {})
    setTimeout(expireTokens, 4_000)
    setTimeout(() => service.faults.status(503, { times: 8 }), 8_000)
    await vi.advanceTimersByTimeAsync(12_000)
    const stored = JSON.stringify(first)
    for (const secret of [...logins, 'secret']) expect(stored).not.toContain(secret)
    expect(await after(120, client.work(stored).result)).toMatchObject({ status: 'available' })
    expect(logins).toHaveLength(2)
    expect(service.executed).toHaveLength(1)
  })

  it('that vanished is lost, and its error says how to find out', async () => {
    const { client, service } = startCloud('volume')
    const work = await after(1, client.start(places.volumes, volume()))
    setTimeout(() => service.objects.clear(), 10_000)
    const error = await failureOf(60, work.result)
    expect(work.state.status).toBe('lost')
    expect(error).toMatchObject({ outcome: 'unknown', mayBeDone: true })
    expect(isVendorError(error) && error.verifyWith).toBe(`GET ${v3}/volumes/${work.id}`)
  })

  it('whose creation was not answered is found by its name', async () => {
    const { client, service } = startCloud('volume')
    service.faults.drop({ method: 'POST', when: 'after' })
    const work = await after(30, client.start(places.volumes, volume()))
    expect(await after(60, work.result)).toMatchObject({ name: 'data' })
    expect(service.executed).toHaveLength(1)
  })

  it('of the same name that was there before is not taken for it', async () => {
    const { client, service } = await withOne('volume')
    service.faults.drop({ method: 'POST', when: 'before' })
    const error = await failureOf(400, client.start(places.volumes, volume()))
    expect(isVendorError(error) && error.mayBeDone).toBe(true)
    expect(service.executed).toHaveLength(1)
  })

  it('whose deletion was not answered is found on its way out', async () => {
    const { client, at, service, made } = await withOne('volume')
    service.faults.drop({ method: 'DELETE', when: 'after', times: 10 })
    const work = await after(60, client.start(at, { method: 'DELETE', resilience: { retry: 0 } }))
    await after(60, work.result)
    expect(service.objects.has(made.id)).toBe(false)
  })

  it.each([
    ['and that was repeated', {}],
    ['and that was not', { retry: 0 }],
  ])('whose deletion was not answered %s is gone before it is looked for', async (_, resilience) => {
    const { client, at, service, made } = await withOne('volume')
    service.faults.drop({ method: 'DELETE', when: 'after' })
    service.faults.badGateway({ method: 'GET' })
    setTimeout(() => service.objects.delete(made.id), 100)
    const work = await after(60, client.start(at, { method: 'DELETE', resilience }))
    expect(work.state).toMatchObject({ status: 'succeeded', result: undefined })
  })

  it('whose deletion finds nothing at once was not deleted by anybody known', async () => {
    const { client } = startCloud('volume')
    const error = await failureOf(60, client.start(`${places.volumes}/nope`, { method: 'DELETE' }))
    expect(error).toMatchObject({ code: 'itemNotFound', mayBeDone: false })
  })
})

describe('a server', () => {
  it('is made, stopped, started, resized and deleted', async () => {
    const { client, at, service } = await withOne('compute')
    const act = async (name: string, given?: unknown) => {
      const work = await after(1, client.start(`${at}/action`, action(name, given)))
      return after(120, work.result)
    }
    expect(await act('os-stop')).toMatchObject({ status: 'SHUTOFF' })
    expect(await act('os-start')).toMatchObject({ status: 'ACTIVE' })
    expect(await act('reboot', { type: 'SOFT' })).toMatchObject({ status: 'ACTIVE' })
    expect(await act('rebuild', { imageRef: 'i-2' })).toMatchObject({ status: 'ACTIVE' })
    expect(await act('resize', { flavorRef: '3' })).toMatchObject({ status: 'VERIFY_RESIZE' })
    expect(await act('confirmResize')).toMatchObject({ status: 'ACTIVE', flavor: { id: '3' } })
    const deleted = await after(1, client.start(at, { method: 'DELETE' }))
    await after(120, deleted.result)
    expect(service.objects.size).toBe(0)
  })

  it('that no host takes has failed with its own fault', async () => {
    const { client, service } = startCloud('compute')
    service.failWork('create', { reason: 'No valid host was found. There are not enough hosts available.' })
    const work = await after(1, client.start(places.servers, server()))
    expect(await failureOf(60, work.result)).toMatchObject({
      code: 'computeFault',
      detail: 'NO_VALID_HOST',
      kind: 'fatal',
      outcome: 'unknown',
      message: expect.stringContaining('not enough hosts'),
    })
  })

  it('whose task ends without what was wanted has failed', async () => {
    const { client, at, service } = await withOne('compute')
    service.failWork('os-stop')
    const work = await after(1, client.start(`${at}/action`, action('os-stop')))
    expect(await failureOf(90, work.result)).toMatchObject({ message: expect.stringContaining('rest as ACTIVE') })
  })

  it('gets a volume, and loses it', async () => {
    const { client, at, service, polls } = await withOne('compute')
    const attachments = `${at}/os-volume_attachments`
    const attached = await after(1, client.start(attachments, json({ volumeAttachment: { volumeId: 'v-1' } })))
    await after(60, attached.result)
    expect(polls().at(-1)).toContain('/os-instance-actions/req-')
    service.failWork('detach')
    const detached = await after(1, client.start(`${attachments}/v-1`, { method: 'DELETE' }))
    expect(await failureOf(60, detached.result)).toMatchObject({ detail: 'WORK_FAILED', outcome: 'unknown' })
  })

  it('whose stop was not answered is found by its task', async () => {
    const { client, at, service } = await withOne('compute')
    service.faults.drop({ method: 'POST', when: 'after' })
    const work = await after(30, client.start(`${at}/action`, action('os-stop')))
    expect(await after(60, work.result)).toMatchObject({ status: 'SHUTOFF' })
    expect(service.executed.map(({ action: done }) => done)).toEqual(['create', 'os-stop'])
  })

  it.each(['createImage', 'os-migrateLive'])(
    'of which no state tells the end is not taken for done: %s',
    async (name) => {
      const { client, at } = await withOne('compute')
      expect(await failureOf(5, client.start(`${at}/action`, action(name, {})))).toMatchObject({
        code: 'WORK_LOST',
        outcome: 'unknown',
        mayBeDone: true,
      })
    },
  )
})

describe('an image', () => {
  it.each([false, true])('is imported, or fails to be: %j', async (isToFail) => {
    const { client, service } = startCloud('image')
    const made = await after(1, client(places.images, json({ name: 'cirros' })))
    const { id } = (await made.json()) as { id: string }
    if (isToFail) service.failWork('import')
    const method = { name: 'web-download', uri: 'https://images.example/cirros' }
    const work = await after(1, client.start(`${places.images}/${id}/import`, json({ method })))
    if (!isToFail) return expect(await after(120, work.result)).toMatchObject({ status: 'active' })
    expect(await failureOf(120, work.result)).toMatchObject({
      message: expect.stringContaining('the image came to rest as queued: not stored in file'),
    })
  })
})

it.each(['volume', 'compute'] as const)('many works of one list share their questions: %s', async (kind) => {
  const { client, polls, service } = startCloud(kind)
  const [place, init] = kind === 'volume' ? [places.volumes, volume] : [places.servers, server]
  const works = await after(5, Promise.all(Array.from({ length: 60 }, (_, at) => client.start(place, init(`n-${at}`)))))
  const made = (await after(60, Promise.all(works.map(({ result }) => result)))) as { id: string }[]
  expect(polls().length).toBeLessThan(40)
  const deletions = await after(
    5,
    Promise.all(made.map(({ id }) => client.start(`${place}/${id}`, { method: 'DELETE' }))),
  )
  await after(600, Promise.all(deletions.map(({ result }) => result)))
  expect(service.objects.size).toBe(0)
})

it('goes on by the path of an object, and says what is missing from an identifier', async () => {
  const { client, made } = await withOne('volume')
  expect(await after(10, client.work(`${v3}/volumes/${made.id}`).result)).toMatchObject({ id: made.id })
  expect(() => client.work(made.id)).toThrow('names no service')
})

it('cannot be cancelled', async () => {
  const { client } = startCloud('volume')
  const work = await after(1, client.start(places.volumes, volume()))
  await expect(work.cancel()).rejects.toThrow('cannot cancel')
})
