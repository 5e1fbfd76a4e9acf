import { createState, type Fetch, isVendorError, resilient } from '@holdfast/core'
import { withWork } from '@holdfast/core/work'
import { openstack } from '@holdfast/openstack'
import { openstackWork, volumeAvailable, volumeDeleted } from '@holdfast/openstack/work'
import { expect, test } from 'vitest'
import { watchedFetch } from '../real/wire.ts'
import { withCinder } from '../real/with-keystone.ts'
import { endpointOf, keystone } from '../src/index.ts'

interface Body {
  readonly volume: { readonly id: string; readonly status: string }
}

const post = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

withCinder('a real Cinder', (real) => {
  /** The volumes of somebody with a project of his own, whose tokens come from this address. */
  async function volumesOf(
    keystoneUrl = real().url,
    through: (send: typeof globalThis.fetch) => Fetch = (send) => send,
  ) {
    const { username, password, projectName } = await real().addUser()
    const auth = keystone({ authUrl: `${keystoneUrl}/v3`, username, password, userDomainId: 'default', projectName })
    const { fetch, sent } = watchedFetch()
    const state = createState()
    const identity = resilient(fetch, { vendor: openstack({ url: auth.identityUrl, auth }), state })
    const endpoint = await endpointOf(identity, auth, 'volumev3')
    const url = `${endpoint}/volumes`
    const client = withWork(resilient(through(fetch), { vendor: openstack({ url, auth }), state }), openstackWork)
    return {
      client,
      endpoint,
      url,
      /** `POST 202` */
      lines: () => sent.filter(({ line }) => line.includes('/volumes')).map(({ line }) => line.replace(/ \S* /, ' ')),
      logins: () => sent.filter(({ line }) => line === 'POST /v3/auth/tokens 201').length,
      /** Makes a volume and waits for it. */
      start: (name: string) => client.start<Body['volume']>(url, post({ volume: { name, size: 1 } })),
      async create(name: string) {
        const reply = await client(url, post({ volume: { name, size: 1 } }))
        return `${url}/${((await reply.json()) as Body).volume.id}`
      },
      async [Symbol.asyncDispose]() {
        await client.close()
        await identity.close()
      },
    }
  }
  const is = (status: string) => (body: Body) => body.volume.status === status

  test('makes a volume, and deletes it: both are waited for by its state', async () => {
    await using volumes = await volumesOf()
    const volume = await volumes.create('data')
    const id = volume.slice(volume.lastIndexOf('/') + 1)
    expect(await volumes.client.until(volumeAvailable(id, volumes.endpoint))).toMatchObject({ volume: { id } })
    await volumes.client(volume, { method: 'DELETE' })
    await volumes.client.until(volumeDeleted(id, volumes.endpoint))
  })

  test('is waited for as long work: volumes made, one that failed, a snapshot, and the end of all', async () => {
    await using volumes = await volumesOf()
    const { client, endpoint, url } = volumes
    const [data, more, broken] = await Promise.all(['data', 'slow-3', 'broken'].map(volumes.start))
    const [made] = await Promise.all([data?.result, more?.result])
    expect(made).toMatchObject({ name: 'data', status: 'available' })
    await expect(broken?.result).rejects.toMatchObject({ code: 'computeFault', detail: 'WORK_FAILED', mayBeDone: true })
    const snapshot = post({ snapshot: { name: 's', volume_id: data?.id } })
    const taken = await client.start<Body['volume']>(`${endpoint}/snapshots`, snapshot)
    expect(await taken.result).toMatchObject({ status: 'available', volume_id: data?.id })
    const unmade = await client.start(`${endpoint}/snapshots/${taken.id}`, { method: 'DELETE' })
    await unmade.result
    const ends = await client.each([data, more, broken], { concurrency: 3 }, async (volume) => {
      const deletion = await client.start(`${url}/${volume?.id}`, { method: 'DELETE' })
      await client.work(JSON.stringify(deletion)).result
    })
    expect(ends.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded'])
    expect(await (await client(url)).json()).toEqual({ volumes: [] })
  })

  test('is found on its way out, or not at all, where a deletion was not answered', async () => {
    let left = 1
    const losing =
      (send: typeof fetch): Fetch =>
      async (input, init) => {
        const reply = await send(input, init)
        if (init?.method !== 'DELETE' || left-- <= 0) return reply
        throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
      }
    await using volumes = await volumesOf(undefined, losing)
    const volume = await volumes.start('data')
    await volume.result
    const deletion = await volumes.client.start(`${volumes.url}/${volume.id}`, { method: 'DELETE' })
    expect(await deletion.result).toBeUndefined()
    expect(await (await volumes.client(volumes.url)).json()).toEqual({ volumes: [] })
    const deletions = volumes.lines().filter((line) => line.startsWith('DELETE'))
    expect(deletions[0]).toBe('DELETE 202')
    expect(deletions.length).toBeGreaterThan(1)
  })

  test('backs a volume up and restores it; the volume alone tells where that has failed', async () => {
    await using volumes = await volumesOf()
    const { client, endpoint, url } = volumes
    const data = await volumes.start('data')
    const { id } = await data.result
    const backUp = async (name: string) => {
      const backup = post({ backup: { volume_id: id, name } })
      const work = await client.start<{ id: string; status: string }>(`${endpoint}/backups`, backup)
      return work.result
    }
    const restore = async (backup: string) =>
      (await client.start(`${endpoint}/backups/${backup}/restore`, post({ restore: { volume_id: id } }))).result
    const good = await backUp('good')
    expect(good).toMatchObject({ name: 'good', status: 'available' })
    expect(await restore(good.id)).toMatchObject({ id, status: 'available' })
    const torn = await backUp('torn')
    await expect(restore(torn.id)).rejects.toMatchObject({ detail: 'WORK_FAILED', mayBeDone: true })
    expect(await (await client(`${url}/${id}`)).json()).toMatchObject({ volume: { status: 'error_restoring' } })
    expect(await (await client(`${endpoint}/backups/${torn.id}`)).json()).toMatchObject({
      backup: { status: 'available' },
    })
    await client.each([good, torn], {}, async (backup) => {
      const deletion = await client.start(`${endpoint}/backups/${backup.id}`, { method: 'DELETE' })
      await deletion.result
    })
    expect(await (await client(`${endpoint}/backups`)).json()).toEqual({ backups: [] })
  })

  test('cannot make a volume, and says so in its state', async () => {
    await using volumes = await volumesOf()
    await volumes.client.until(await volumes.create('broken'), is('error'))
  })

  test('does not delete a volume that is being made: that is a conflict until it is made', async () => {
    await using volumes = await volumesOf()
    const volume = await volumes.create('slow-8')
    const error = await volumes.client(volume, { method: 'DELETE' }).catch((thrown: unknown) => thrown)
    expect(isVendorError(error, 'openstack') && error).toMatchObject({ kind: 'conflict', detail: 'WRONG_STATE' })
    await volumes.client.until(volume, is('available'))
    expect((await volumes.client(volume, { method: 'DELETE' })).status).toBe(202)
  })

  test('has no room for one volume too many: that is asked for once', async () => {
    await using volumes = await volumesOf()
    const results = await volumes.client.each(['a', 'b', 'c', 'd'], { concurrency: 1 }, volumes.create)
    expect(results.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded', 'failed'])
    const [last] = results.slice(-1)
    const error = last?.status === 'failed' ? last.error : undefined
    expect(isVendorError(error, 'openstack') && error).toMatchObject({ kind: 'fatal', outcome: 'rejected' })
    expect(volumes.lines().filter((line) => line === 'POST 413')).toHaveLength(1)
  })

  test('is waited for longer than a token lives', async () => {
    await using volumes = await volumesOf(real().briefUrl)
    await volumes.client.until(await volumes.create('slow-12'), is('available'))
    expect(volumes.logins()).toBeGreaterThan(1)
  })
})
