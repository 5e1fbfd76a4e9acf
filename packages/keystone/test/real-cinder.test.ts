import { createState, isVendorError, resilient } from '@holdfast/core'
import { withWork } from '@holdfast/core/work'
import { openstack } from '@holdfast/openstack'
import { expect, test } from 'vitest'
import { watchedFetch } from '../real/wire.ts'
import { withCinder } from '../real/with-keystone.ts'
import { endpointOf, keystone } from '../src/index.ts'

interface Body {
  readonly volume: { readonly id: string; readonly status: string }
}

withCinder('a real Cinder', (real) => {
  /** The volumes of somebody with a project of his own, whose tokens come from this address. */
  async function volumesOf(keystoneUrl = real().url) {
    const { username, password, projectName } = await real().addUser()
    const auth = keystone({ authUrl: `${keystoneUrl}/v3`, username, password, userDomainId: 'default', projectName })
    const { fetch, sent } = watchedFetch()
    const state = createState()
    const identity = resilient(fetch, { vendor: openstack({ url: auth.identityUrl, auth }), state })
    const url = `${await endpointOf(identity, auth, 'volumev3')}/volumes`
    const client = withWork(resilient(fetch, { vendor: openstack({ url, auth }), state }))
    return {
      client,
      url,
      /** `POST 202` */
      lines: () => sent.filter(({ line }) => line.includes('/volumes')).map(({ line }) => line.replace(/ \S* /, ' ')),
      logins: () => sent.filter(({ line }) => line === 'POST /v3/auth/tokens 201').length,
      async create(name: string) {
        const body = JSON.stringify({ volume: { name, size: 1 } })
        const reply = await client(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
        return `${url}/${((await reply.json()) as Body).volume.id}`
      },
      async [Symbol.asyncDispose]() {
        await client.close()
        await identity.close()
      },
    }
  }
  const is = (status: string) => (body: Body) => body.volume.status === status

  test('makes a volume, and deletes it: both are waited for', async () => {
    await using volumes = await volumesOf()
    const volume = await volumes.create('data')
    expect(await volumes.client.until(volume, is('available'))).toMatchObject({ volume: { status: 'available' } })
    await volumes.client(volume, { method: 'DELETE' })
    await volumes.client.until(volume, (_, { status }) => status === 404)
    expect(volumes.logins()).toBe(1)
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
