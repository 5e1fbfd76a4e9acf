import { createState, resilient } from '@holdfast/core'
import { openstack } from '@holdfast/openstack'
import { fetchFrom } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { type EndpointOptions, endpointOf, keystone } from '../src/index.ts'
import { keystoneServer } from '../src/simulator/index.ts'

const login = { username: 'operator', password: 'secret', userDomainName: 'Default', projectName: 'backups' }

const endpoint = (region: string, url: string, face = 'public') => ({ interface: face, region, region_id: region, url })
const catalog = [
  {
    type: 'volumev3',
    name: 'cinderv3',
    endpoints: [
      endpoint('eu-de', 'https://volume.de.example/v3/p-1/'),
      endpoint('eu-nl', 'https://volume.nl.example/v3/p-1'),
      endpoint('eu-nl', 'https://volume.nl.internal:8776/v3/p-1', 'internal'),
    ],
  },
  { type: 'image', name: 'glance', endpoints: [endpoint('eu-de', 'http://image.example:9292')] },
  { type: 'network', name: 'neutron', endpoints: [endpoint('eu-de', 'neutron')] },
  {
    type: 'compute',
    name: 'nova',
    endpoints: [{ interface: 'public', region: 'eu-de', url: 'https://compute.example/v2.1' }],
  },
  'nonsense',
]

const authUrl = 'https://iam.example/identity/v3'
const answering =
  (body: unknown, status = 200) =>
  async () =>
    Response.json(body, { status })
const look = (type: string, options?: EndpointOptions, region?: string, body: unknown = { catalog }) =>
  endpointOf(answering(body), keystone({ authUrl, ...login, ...(region !== undefined && { region }) }), type, options)

it('asks the identity service that gives the tokens', async () => {
  const asked: string[] = []
  const client = async (input: string) => {
    asked.push(input)
    return Response.json({ catalog })
  }
  await endpointOf(client, keystone({ authUrl, ...login }), 'compute')
  expect(asked).toEqual(['https://iam.example/identity/v3/auth/catalog'])
})

describe('an endpoint', () => {
  it.each<[string, EndpointOptions | undefined, string | undefined, string]>([
    ['compute', undefined, undefined, 'https://compute.example/v2.1'],
    ['volumev3', { region: 'eu-de' }, undefined, 'https://volume.de.example/v3/p-1'],
    ['volumev3', undefined, 'eu-nl', 'https://volume.nl.example/v3/p-1'],
    ['volumev3', { region: 'eu-de' }, 'eu-nl', 'https://volume.de.example/v3/p-1'],
    ['volumev3', { interface: 'internal' }, undefined, 'https://volume.nl.internal:8776/v3/p-1'],
  ])('of %s with %j in %s is %s', async (type, options, region, url) => {
    expect(await look(type, options, region)).toBe(url)
  })

  it.each<[string, EndpointOptions | undefined, string, string]>([
    [
      'volumev2',
      undefined,
      'type',
      'has no "volumev2"; it has volumev3, image, network, compute. Did you mean `volumev3`?',
    ],
    ['volumev3', undefined, 'region', 'is missing: volumev3 is in eu-de, eu-nl.'],
    ['volumev3', { region: 'eu-ch' }, 'region', 'has no "eu-ch"; it has eu-de, eu-nl.'],
    ['volumev3', { region: 'eu-de', interface: 'internal' }, 'region', 'has no "eu-de"; it has eu-nl.'],
    ['compute', { interface: 'admin' }, 'interface', 'has no "admin"; it has public.'],
    ['compute', { interface: 'publik' as 'public' }, 'interface', "must be one of 'public', 'internal', 'admin'"],
    ['compute', { region: '' }, 'region', 'must be a text that is not empty'],
    ['', undefined, 'type', 'must be a text that is not empty'],
    [
      'image',
      undefined,
      'type',
      'must be asked by https, as the identity service is; the catalogue has http://image.example:9292.',
    ],
  ])('of %s with %j is an error about %s', async (type, options, option, problem) => {
    await expect(look(type, options)).rejects.toMatchObject({
      name: 'OptionsError',
      option,
      problem: expect.stringContaining(problem),
      message: expect.stringContaining('endpointOf: option'),
    })
  })

  it('that is no address, or comes from no catalogue, is an error', async () => {
    await expect(look('network')).rejects.toThrow('has an endpoint without an address')
    await expect(look('compute', undefined, undefined, { services: [] })).rejects.toThrow('but without services')
    const auth = keystone({ authUrl, ...login })
    await expect(endpointOf(answering({ catalog }, 401), auth, 'compute')).rejects.toThrow('status 401')
  })
})

it('is found with the token that the services share', async () => {
  const identity = keystoneServer({ endpoints: { volumev3: 'https://volume.example/v3/{project}' } })
  const fetch = fetchFrom(identity.handlers)
  const auth = keystone({ authUrl: 'https://iam.example/v3', ...login })
  const state = createState()
  await using client = resilient(fetch, { vendor: openstack({ url: auth.identityUrl, auth }), state })
  expect(await endpointOf(client, auth, 'volumev3')).toBe(`https://volume.example/v3/${identity.projects[0]?.id}`)
  expect(await endpointOf(client, auth, 'volumev3')).toContain('https://volume.example')
  expect(identity.logins).toBe(1)
})
