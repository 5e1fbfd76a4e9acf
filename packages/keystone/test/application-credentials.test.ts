import { createState, isVendorError, resilient, type VendorError } from '@holdfast/core'
import { openstack } from '@holdfast/openstack'
import { fetchFrom } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { type KeystoneLogin, keystone } from '../src/index.ts'
import { type KeystoneSimulatorOptions, keystoneServer } from '../src/simulator/index.ts'
import { project, url } from './simulator.ts'

const users = [
  { name: 'operator', password: 'secret' },
  { name: 'other', password: 'secret', id: 'u-2', projects: ['archive'] },
]
const projects = [{ name: 'backups', id: project }, { name: 'archive' }]
const applicationCredentials = [
  { name: 'ops', secret: 'long-1', id: 'ac-1' },
  { name: 'ops', secret: 'long-2', user: 'other', project: 'archive' },
]
const lost = (id: string) => `Could not find Application Credential: ${id}.`
const challenge = 'The request you have made requires authentication.'

/** A service, and what a login with an application credential is answered. */
function start() {
  const service = keystoneServer({ users, projects, applicationCredentials })
  const fetch = fetchFrom(service.handlers)
  const ask = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const reply = await fetch(`${url}/v3${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const text = await reply.text()
    const { error, token } = text === '' ? {} : JSON.parse(text)
    return {
      status: reply.status,
      message: error?.message,
      body: token,
      id: reply.headers.get('x-subject-token') ?? '',
    }
  }
  const post = (identity: object, scope?: object) =>
    ask('POST', '/auth/tokens', { 'content-type': 'application/json' }, { auth: { identity, ...(scope && { scope }) } })
  const login = (application_credential: object, scope?: object) =>
    post({ methods: ['application_credential'], application_credential }, scope)
  return { service, fetch, ask, post, login }
}

describe('an application credential of the simulator', () => {
  it('gives a token of its user for the project that it was made in, by its identifier', async () => {
    const { service, login } = start()
    const { status, body } = await login({ id: 'ac-1', secret: 'long-1', user: { id: 'nobody' } })
    expect([status, body]).toMatchObject([
      201,
      {
        methods: ['application_credential'],
        user: { name: 'operator' },
        project: { id: project },
        application_credential: { id: 'ac-1', name: 'ops', restricted: true },
      },
    ])
    expect([service.logins, service.tokens]).toEqual([1, 1])
  })

  it.each([{ id: 'u-2' }, { name: 'other', domain: { id: 'default' } }])(
    'is known by its name to the user %o alone',
    async (user) => {
      const { login } = start()
      const { status, body } = await login({ name: 'ops', secret: 'long-2', user })
      expect([status, body.project.name]).toEqual([201, 'archive'])
      expect(await login({ name: 'ops', secret: 'long-1', user })).toMatchObject({ status: 401, message: challenge })
    },
  )

  it.each([
    [{ id: 'ac-1', secret: 'wrong' }, 401, challenge],
    [{ id: 'ac-1' }, 401, challenge],
    [{ id: 'nope', secret: 'long-1' }, 404, lost('nope')],
    [{ name: 'nope', secret: 'long-2', user: { id: 'u-2' } }, 401, challenge],
    [{ name: 'ops', secret: 'long-2', user: { id: 'nobody' } }, 401, challenge],
    [
      { name: 'ops', secret: 'x', user: { name: 'nobody', domain: { id: 'default' } } },
      404,
      'Could not find user: nobody.',
    ],
    [{ name: 'ops', secret: 'long-2' }, 400, expect.stringContaining('to find user in application credential.')],
    [{ secret: 'long-2' }, 400, expect.stringContaining('to find name or ID in application credential.')],
  ])('is refused as %o', async (credential, status, message) => {
    const { service, login } = start()
    expect(await login(credential)).toMatchObject({ status, message })
    expect(service.refusedLogins).toBe(1)
  })

  it('takes no scope beside it, and its token opens no other', async () => {
    const { login, post } = start()
    const { status, message } = await login({ id: 'ac-1', secret: 'long-1' }, { project: { id: project } })
    expect([status, message]).toEqual([401, expect.stringContaining('Application credentials cannot request a scope.')])
    const { id } = await login({ id: 'ac-1', secret: 'long-1' })
    expect(await post({ methods: ['token'], token: { id } })).toMatchObject({
      status: 403,
      message: expect.stringContaining('Using a delegated token to create another token is not allowed.'),
    })
  })

  it('that is deleted is refused with every token of it, and no other', async () => {
    const { service, login, ask, post } = start()
    const { id } = await login({ id: 'ac-1', secret: 'long-1' })
    const other = await login({ name: 'ops', secret: 'long-2', user: { id: 'u-2' } })
    service.deleteApplicationCredential('ac-1')
    const gone = { status: 404, message: lost('ac-1') }
    expect(await login({ id: 'ac-1', secret: 'long-1' })).toMatchObject(gone)
    expect(await ask('GET', '/auth/tokens', { 'x-auth-token': id, 'x-subject-token': id })).toMatchObject(gone)
    const about = { 'x-auth-token': other.id, 'x-subject-token': id }
    expect(await ask('GET', '/auth/tokens', about)).toMatchObject(gone)
    expect(await post({ methods: ['token'], token: { id } })).toMatchObject(gone)
    expect([service.stateOf(id), service.stateOf(other.id)]).toEqual(['stale', 'valid'])
    expect(service.applicationCredentials.map(({ user }) => user.name)).toEqual(['other'])
    expect(() => service.deleteApplicationCredential('ac-1')).toThrow('No application credential is "ac-1".')
  })

  it('is written down without its secret', async () => {
    const { service, login } = start()
    await login({ id: 'ac-1', secret: 'long-1' })
    expect(service.calls[0]?.body).toContain('"secret":"[secret]"')
    expect(JSON.stringify(service.calls)).not.toContain('long-1')
  })

  it.each<[KeystoneSimulatorOptions, string]>([
    [{ applicationCredentials: [{ name: 'a' } as never] }, '`applicationCredentials[0].secret`'],
    [{ applicationCredentials: [{ name: 'a', secret: 's', usr: 'x' } as never] }, 'Did you mean `user`?'],
    [
      { applicationCredentials: [{ name: 'a', secret: 's', user: 'x' }] },
      'keystoneServer: option `applicationCredentials[0].user` must be one of `users`.',
    ],
    [
      { users, projects, applicationCredentials: [{ name: 'a', secret: 's', user: 'other', project: 'backups' }] },
      '`applicationCredentials[0].project` must be one of the projects of other.',
    ],
  ])('is checked: %j', (options, message) => {
    expect(() => keystoneServer(options)).toThrow(message)
  })
})

describe('a client with an application credential', () => {
  const clientOf = (login: KeystoneLogin) => {
    const started = start()
    const auth = keystone({ authUrl: `${url}/v3`, ...login })
    const make = () => resilient(started.fetch, { vendor: openstack({ url, auth }), state: createState() })
    const client = make()
    const errorOf = async (): Promise<VendorError> => {
      const error = await make()(`${url}/v3/auth/catalog`).catch((reason: unknown) => reason)
      return isVendorError(error) ? error : expect.fail(`Not the vendor's: ${error}`)
    }
    return { ...started, client, errorOf }
  }

  it('is told to check it where its secret is refused', async () => {
    const { errorOf } = clientOf({ applicationCredentialId: 'ac-1', applicationCredentialSecret: 'wrong one' })
    const error = await errorOf()
    expect(error).toMatchObject({ status: 401, reason: 'login-failed' })
    expect(error.hint).toMatch(/^Check the application credential: /)
    expect(error.hint).not.toContain('password')
  })

  it('is told to check it, and not the address, where it is deleted', async () => {
    const { service, client, errorOf } = clientOf({
      applicationCredentialId: 'ac-1',
      applicationCredentialSecret: 'long-1',
    })
    expect((await client(`${url}/v3/auth/catalog`)).status).toBe(200)
    service.deleteApplicationCredential('ac-1')
    await client.close()
    const error = await errorOf()
    expect(error).toMatchObject({ status: 404, code: 'unauthorized', reason: 'login-failed' })
    expect(error.hint).toMatch(/^Check the application credential: /)
  })

  it('that logs in by password is told of its user, where the service names what it does not find', async () => {
    const { service, errorOf } = clientOf({
      username: 'operator',
      password: 'x',
      userDomainId: 'd',
      projectId: project,
    })
    service.faults.fail('404', { message: 'Could not find domain: d.' })
    expect((await errorOf()).hint).toBe(
      'Check user, domain and project of the login; the message says what was not found.',
    )
  })
})
