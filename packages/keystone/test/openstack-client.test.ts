import { isOptionsError, isVendorError, type ResilienceEvent } from '@holdfast/core'
import { withWork } from '@holdfast/core/work'
import { openstackServer } from '@holdfast/openstack/simulator'
import { openstackWork, volumeAvailable } from '@holdfast/openstack/work'
import { fetchFrom } from '@holdfast/testing'
import { describe, expect, it, vi } from 'vitest'
import { createOpenstack, type OpenstackClientOptions } from '../src/client.ts'
import { keystone } from '../src/index.ts'
import { keystoneServer } from '../src/simulator/index.ts'

const volumeUrl = 'https://volume.example'

/** A cloud with a Cinder in its catalogue, and a source of tokens for somebody in it. */
function startCloud() {
  const identity = keystoneServer({ endpoints: { volumev3: `${volumeUrl}/v3/{project}` } })
  const cinder = openstackServer({ kind: 'volume', keystone: identity, url: volumeUrl, workTime: 10_000 })
  const auth = keystone({
    authUrl: 'https://iam.example/v3',
    username: 'operator',
    password: 'secret',
    userDomainName: 'Default',
    projectId: identity.projects[0]?.id ?? '',
  })
  const fetch = fetchFrom([...identity.handlers, ...cinder.handlers])
  const open = (more: Partial<OpenstackClientOptions> = {}) =>
    createOpenstack({ auth, catalog: 'volumev3', fetch, ...more })
  return { identity, cinder, fetch, open }
}

it.each([
  ['volume', 'createOpenstack: option `catalog` must be in the catalogue, which has no "volume"; it has volumev3'],
  ['', 'createOpenstack: option `catalog` must be a text that is not empty'],
])('a type that the catalogue does not have is refused as the option that it is: %j', async (catalog, message) => {
  const error = await startCloud()
    .open({ catalog })
    .catch((thrown: unknown) => thrown)
  expect(isOptionsError(error) && error.message).toContain(message)
})

it('what else the catalogue does not have is told by `createOpenstack` as well', async () => {
  const error = await startCloud()
    .open({ region: 'nowhere' })
    .catch((thrown: unknown) => thrown)
  expect(isOptionsError(error) && error.message).toContain('createOpenstack: option `region` must be in the catalogue')
})

it('a service is known by its type, and its client by the address', async () => {
  const { identity, cinder, open } = startCloud()
  const volumes = await open()
  expect(volumes.url).toBe(`${volumeUrl}/v3/${identity.projects[0]?.id}`)
  expect(await (await volumes(`${volumes.url}/volumes`)).json()).toEqual({ volumes: [] })
  expect(identity.logins).toBe(1)
  const [token] = cinder.calls.map(({ headers }) => headers['x-auth-token'])
  expect(token).toBeDefined()
  await volumes.close()
  expect(identity.calls.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
})

it('it waits for long work, as any client does', async () => {
  vi.useFakeTimers()
  const { open } = startCloud()
  const volumes = await open()
  const working = withWork(volumes, openstackWork)
  const body = JSON.stringify({ volume: { name: 'data', size: 1 } })
  const made = await working.start<{ id: string }>(`${working.url}/volumes`, { method: 'POST', body })
  made.result.catch(() => {})
  await vi.advanceTimersByTimeAsync(30_000)
  const { id } = await made.result
  const available = working.until(volumeAvailable(id, volumes.url))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await available).toMatchObject({ volume: { id } })
})

it('clients of one source and one state share a token, and each is told of once', async () => {
  const { identity, open } = startCloud()
  const events: ResilienceEvent[] = []
  const first = await open({ observers: [(event) => void events.push(event)] })
  const second = await open({ state: first.state, interface: 'public' })
  await Promise.all([first(`${first.url}/volumes`), second(`${second.url}/volumes`)])
  expect(identity.logins).toBe(1)
  expect(events.filter(({ type }) => type === 'session-opened')).toHaveLength(1)
  await first.close()
  expect(identity.calls.filter(({ method }) => method === 'DELETE')).toHaveLength(0)
  await second.close()
  expect(identity.calls.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
})

it('its token goes to the address of the catalogue alone', async () => {
  const { fetch, open } = startCloud()
  const shown: (string | null)[] = []
  const watching: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    if (new URL(request.url).origin !== 'https://elsewhere.example') return fetch(request)
    shown.push(request.headers.get('x-auth-token'))
    return Response.json({})
  }
  const volumes = await open({ fetch: watching })
  await volumes(`${volumes.url}/volumes`)
  await volumes('https://elsewhere.example/v3/volumes')
  expect(shown).toEqual([null])
})

describe('what cannot be meant is an error', () => {
  it.each<[Partial<OpenstackClientOptions>, string]>([
    [{ catalog: 'volumev9' }, 'has no "volumev9"'],
    [{ region: 'nowhere' }, 'has no "nowhere"'],
    [{ interface: 'publik' as 'public' }, 'must be one of'],
    [{ auth: undefined as never }, 'createOpenstack: option `auth` is missing'],
    [{ catalog: undefined as never }, 'createOpenstack: option `catalog` is missing'],
    [{ catalogue: 'volumev3' } as never, 'catalogue'],
    [{ retry: -1 }, 'retry'],
  ])('%j: %s', async (options, message) => {
    const { identity, open } = startCloud()
    await expect(open(options)).rejects.toThrow(message)
    expect(identity.calls.filter(({ method }) => method === 'DELETE').length).toBe(identity.logins)
  })
})

it('an identity service that refuses is told as by any other call', async () => {
  const { identity, open } = startCloud()
  identity.faults.fail('forbidden', { path: '/auth/catalog' })
  const error = await open({ retry: 0 }).catch((thrown: unknown) => thrown)
  expect(isVendorError(error, 'openstack') && error.code).toBe('forbidden')
})
