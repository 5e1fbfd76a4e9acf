import { createState, isVendorError, resilient, type VendorError } from '@holdfast/core'
import { openstack } from '@holdfast/openstack'
import { describe, expect, test } from 'vitest'
import { logIn, type User } from '../real/admin.ts'
import { watchedFetch } from '../real/wire.ts'
import { withKeystone } from '../real/with-keystone.ts'
import { endpointOf, keystone } from '../src/index.ts'

type Source = ReturnType<typeof keystone>

function sourceOf(url: string, { username, password, projectName }: User): Source {
  return keystone({ authUrl: `${url}/v3`, username, password, userDomainId: 'default', projectName })
}

/** Tokens that do not say when they end. */
const withoutExpiry = (source: Source): Source => ({
  ...source,
  async open(...login) {
    const { expiresAt: _, ...session } = await source.open(...login)
    return session
  },
})

/** A client whose vendor is Keystone's own API, with a book of all that it sends. */
function clientOf(url: string, auth: Source, state = createState()) {
  const { fetch, sent } = watchedFetch()
  const client = resilient(fetch, { vendor: openstack({ url, auth }), state })
  return {
    client,
    state: client.state,
    lines: () => sent.map(({ line }) => line),
    given: () => sent.flatMap(({ given }) => given ?? []),
    send: (what: string, body?: object, headers: Readonly<Record<string, string>> = json) => {
      const [method = '', path = ''] = what.split(' ')
      return client(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    },
    [Symbol.asyncDispose]: client.close,
  }
}

async function errorOf(call: Promise<Response>): Promise<VendorError> {
  const error = await call.then(
    () => expect.fail('It went well.'),
    (reason: unknown) => reason,
  )
  return isVendorError(error) ? error : expect.fail(`Not the vendor's: ${error}`)
}

const login = (status: number) => `POST /v3/auth/tokens ${status}`
const projects = (status: number) => `GET /v3/auth/projects ${status}`
const ask = 'GET /v3/auth/projects'
const json = { 'content-type': 'application/json' } as const

withKeystone('a real Keystone', (real) => {
  describe('a session', () => {
    test('is one login, however many wait for it', async () => {
      const user = await real().addUser()
      await using api = clientOf(real().url, sourceOf(real().url, user))
      const replies = await Promise.all(Array.from({ length: 8 }, () => api.send(ask)))
      const bodies = await Promise.all(replies.map((reply) => reply.json()))
      expect(bodies.map(({ projects: [project] }) => project.name)).toEqual(Array(8).fill(user.projectName))
      expect(api.lines()).toEqual([login(201), ...Array(8).fill(projects(200))])
    })

    test('is over at the server when the client closes', async () => {
      const api = clientOf(real().url, sourceOf(real().url, await real().addUser()))
      await api.send(ask)
      const token = api.given()[0]?.token ?? ''
      expect(await real().statusOf(token)).toBe(200)
      await api[Symbol.asyncDispose]()
      expect(api.lines()).toEqual([login(201), projects(200), 'DELETE /v3/auth/tokens 204'])
      expect(await real().statusOf(token)).toBe(401)
    })

    test('that somebody else has ended is replaced, and the refused call is done once', async () => {
      await using api = clientOf(real().url, sourceOf(real().url, real().admin))
      await api.send(ask)
      await real().revoke(api.given()[0]?.token ?? '')
      const project = { name: 'made-once', domain_id: 'default' }
      const made = await api.send('POST /v3/projects', { project })
      expect(made.status).toBe(201)
      const post = (status: number) => `POST /v3/projects ${status}`
      expect(api.lines().slice(2)).toEqual([post(401), login(201), post(201)])
      expect((await (await api.send('GET /v3/projects?name=made-once')).json()).projects).toHaveLength(1)
    })

    test('that somebody else has ended lets its client close', async () => {
      const api = clientOf(real().url, sourceOf(real().url, await real().addUser()))
      await api.send(ask)
      await real().revoke(api.given()[0]?.token ?? '')
      await api[Symbol.asyncDispose]()
      expect(api.lines()).toEqual([login(201), projects(200), 'DELETE /v3/auth/tokens 401'])
    })

    test('is good for every service that stands on this Keystone', async () => {
      const auth = sourceOf(real().url, await real().addUser())
      const state = createState()
      await using one = clientOf(real().url, auth, state)
      await using other = clientOf(real().briefUrl, auth, state)
      await Promise.all([one.send(ask), other.send(ask), other.send(ask)])
      expect(one.lines().concat(other.lines()).toSorted()).toEqual([...Array(3).fill(projects(200)), login(201)])
    })
  })

  describe.concurrent('a token that lives for seconds', () => {
    test('whose end nobody knew is replaced once for all callers that it fails', async ({ expect }) => {
      await using api = clientOf(real().briefUrl, withoutExpiry(sourceOf(real().briefUrl, await real().addUser())))
      await api.send(ask)
      const [first] = api.given()
      await expect.poll(() => real().statusOf(first?.token ?? ''), { interval: 100 }).toBe(401)
      expect(Date.now()).toBeGreaterThanOrEqual(first?.expiresAt ?? Number.POSITIVE_INFINITY)
      const replies = await Promise.all([api.send(ask), api.send(ask), api.send(ask)])
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
      expect(api.lines().filter((line) => line === login(201))).toHaveLength(2)
      expect(api.lines().slice(2)).toContain(projects(401))
    })
  })

  describe.concurrent('a refused login', () => {
    test('with a wrong password is sent once, and the account is not locked by the calls that want it', async () => {
      const user = await real().addUser()
      await using api = clientOf(real().url, sourceOf(real().url, { ...user, password: 'a wrong password' }))
      const errors = await Promise.all(Array.from({ length: 5 }, () => errorOf(api.send(ask))))
      errors.push(await errorOf(api.send(ask)))
      for (const error of errors) {
        expect(error).toMatchObject({ kind: 'auth', code: 'unauthorized', status: 401, reason: 'login-failed' })
        expect(JSON.stringify(error)).not.toContain('a wrong password')
      }
      expect(api.lines()).toEqual([login(401)])
      await expect(logIn(real().url, user)).resolves.toEqual(expect.any(String))
    })

    test('of a locked account is sent once, though the password is right, and a later client gets in', async ({
      expect,
    }) => {
      const user = await real().addUser()
      for (const password of ['guess-1', 'guess-2', 'guess-3']) {
        await expect(logIn(real().url, { ...user, password })).rejects.toThrow('401')
      }
      await using early = clientOf(real().url, sourceOf(real().url, user))
      for (const call of [early.send(ask), early.send(ask)]) {
        expect(await errorOf(call)).toMatchObject({ kind: 'auth', code: 'unauthorized', reason: 'login-failed' })
      }
      expect(early.lines()).toEqual([login(401)])
      const ended = async () => await logIn(real().url, user)
      await expect.poll(ended, { interval: 250 }).toEqual(expect.any(String))
      early.state.reset()
      await using late = clientOf(real().url, sourceOf(real().url, user))
      expect((await late.send(ask)).status).toBe(200)
    })

    test.each([
      ['a project that is not there', { projectName: 'nowhere' }],
      ['a project that the user has no role in', { projectName: 'admin' }],
      ['a user who is not there', { username: 'nobody' }],
    ])('for %s looks like any other', async (_, changes) => {
      await using api = clientOf(real().url, sourceOf(real().url, { ...(await real().addUser()), ...changes }))
      for (const call of [api.send(ask), api.send(ask)]) {
        expect(await errorOf(call)).toMatchObject({ kind: 'auth', code: 'unauthorized', reason: 'login-failed' })
      }
      expect(api.lines()).toEqual([login(401)])
    })
  })

  describe('an error', () => {
    const cases: [what: string, expected: Partial<VendorError>, body?: object][] = [
      ['GET /v3/users', { kind: 'auth', code: 'forbidden', status: 403, reason: 'auth' }],
      ['GET /v3/projects/nope', { kind: 'auth', code: 'forbidden', status: 403 }],
      ['POST /v3/auth/tokens', { kind: 'fatal', code: 'badRequest', status: 400 }, { auth: {} }],
      ['PATCH /v3/auth/projects', { kind: 'fatal', code: 'badMethod', status: 405 }, {}],
      ['GET /v3/nowhere', { kind: 'fatal', code: 'HTTP_404', vendor: 'http', status: 404 }],
    ]
    test.each(cases)('%s', async (what, expected, body) => {
      await using api = clientOf(real().url, sourceOf(real().url, await real().addUser()))
      expect(await errorOf(api.send(what, body))).toMatchObject(expected)
      // A login of the caller's own is sent as it is.
      const before = what.endsWith('/auth/tokens') ? [] : [login(201)]
      expect(api.lines()).toEqual([...before, expect.stringContaining(`${what} ${expected.status}`)])
    })

    test('says what is not there, or there already', async () => {
      await using api = clientOf(real().url, sourceOf(real().url, real().admin))
      const missing = await errorOf(api.send('GET /v3/users/nope'))
      expect(missing).toMatchObject({ kind: 'fatal', code: 'itemNotFound', status: 404 })
      expect(missing.message).toContain('Could not find user: nope.')
      const project = { name: 'made-twice', domain_id: 'default' }
      await api.send('POST /v3/projects', { project })
      const taken = await errorOf(api.send('POST /v3/projects', { project }))
      expect(taken).toMatchObject({ kind: 'conflict', code: 'conflictingRequest', status: 409 })
    })

    test('about a token that was asked about does not cost the own one', async () => {
      await using api = clientOf(real().url, sourceOf(real().url, real().admin))
      const unknown = await errorOf(api.send('GET /v3/auth/tokens', undefined, { 'x-subject-token': 'garbage' }))
      expect(unknown).toMatchObject({ kind: 'fatal', code: 'itemNotFound', status: 404 })
      await api.send(ask)
      expect(api.lines()).toEqual([login(201), 'GET /v3/auth/tokens 404', projects(200)])
    })
  })

  test('a create that the server hangs up on is not repeated, and its caller is told that it may be done', async () => {
    await using api = clientOf(real().url, sourceOf(real().url, real().admin))
    await api.send(ask)
    const project = { name: 'never-made', domain_id: 'default' }
    {
      using _ = real().holdDatabase()
      const error = await errorOf(api.send('POST /v3/projects', { project }))
      expect(error).toMatchObject({ code: 'UND_ERR_SOCKET', reason: 'not-repeatable', mayBeDone: true })
    }
    expect(await (await api.send('GET /v3/projects?name=never-made')).json()).toMatchObject({ projects: [] })
    expect(api.lines().slice(2)).toEqual(['POST /v3/projects', 'GET /v3/projects 200'])
  })

  describe('an application credential', () => {
    const made = async () => {
      const user = await real().addUser()
      const auth = sourceOf(real().url, user)
      await using api = clientOf(real().url, auth)
      const path = `/v3/users/${user.id}/application_credentials`
      const reply = await api.send(`POST ${path}`, { application_credential: { name: 'ops', unrestricted: true } })
      const { id, secret } = (await reply.json()).application_credential
      return { user, path: `${path}/${id}`, id, secret }
    }
    const authUrl = () => `${real().url}/v3`

    test.each(['id', 'name'] as const)('known by its %s logs in for the project that it was made in', async (by) => {
      const { user, id, secret } = await made()
      const known =
        by === 'id'
          ? { applicationCredentialId: id }
          : { applicationCredentialName: 'ops', username: user.username, userDomainId: 'default' }
      await using api = clientOf(
        real().url,
        keystone({ authUrl: authUrl(), ...known, applicationCredentialSecret: secret }),
      )
      const { projects: found } = await (await api.send(ask)).json()
      expect(found).toMatchObject([{ name: user.projectName }])
      expect(api.lines()).toEqual([login(201), projects(200)])
    })

    test('with a wrong secret is sent once', async () => {
      const { id } = await made()
      const auth = keystone({
        authUrl: authUrl(),
        applicationCredentialId: id,
        applicationCredentialSecret: 'wrong one',
      })
      await using api = clientOf(real().url, auth)
      for (const call of [api.send(ask), api.send(ask)]) {
        const error = await errorOf(call)
        expect(error).toMatchObject({ kind: 'auth', status: 401, reason: 'login-failed' })
        expect(JSON.stringify(error)).not.toContain('wrong one')
      }
      expect(api.lines()).toEqual([login(401)])
    })

    test('that is deleted is refused, and so is every token of it', async () => {
      const { user, path, id, secret } = await made()
      const auth = keystone({ authUrl: authUrl(), applicationCredentialId: id, applicationCredentialSecret: secret })
      await using api = clientOf(real().url, auth)
      await api.send(ask)
      await using owner = clientOf(real().url, sourceOf(real().url, user))
      await owner.send(`DELETE ${path}`)
      // The service does not call the token stale, but says what it was made of.
      const gone = await errorOf(api.send(ask))
      expect(gone).toMatchObject({ code: 'itemNotFound', status: 404 })
      expect(gone.message).toContain('Could not find Application Credential')
      await using late = clientOf(real().url, auth)
      expect(await errorOf(late.send(ask))).toMatchObject({ kind: 'auth', status: 404, reason: 'login-failed' })
      expect(late.lines()).toEqual([login(404)])
    })
  })

  test('an endpoint is found in its catalogue, by region', async () => {
    await using api = clientOf(real().url, sourceOf(real().url, real().admin))
    const { service } = await (
      await api.send('POST /v3/services', { service: { type: 'volumev3', name: 'cinder' } })
    ).json()
    for (const region of ['one', 'two']) {
      await api.send('POST /v3/regions', { region: { id: region } })
      const url = `https://volume.${region}.example/v3/$(project_id)s`
      const endpoint = { interface: 'public', region_id: region, url, service_id: service.id }
      await api.send('POST /v3/endpoints', { endpoint })
    }
    const user = await real().addUser()
    const auth = sourceOf(real().url, user)
    await using users = clientOf(real().url, auth)
    const url = await endpointOf(users.client, auth, 'volumev3', { region: 'two' })
    expect(url).toMatch(/^https:\/\/volume\.two\.example\/v3\/[0-9a-f]{32}$/)
    await expect(endpointOf(users.client, auth, 'volumev3')).rejects.toThrow('volumev3 is in one, two')
    await expect(endpointOf(users.client, auth, 'volumev2', { region: 'two' })).rejects.toThrow('has no "volumev2"')
  })

  test('a login of the caller’s own with a wrong password is sent once, and no token is fetched for it', async () => {
    const user = await real().addUser()
    await using api = clientOf(real().url, sourceOf(real().url, user))
    const named = { name: user.username, domain: { id: 'default' }, password: 'a wrong password' }
    const body = { auth: { identity: { methods: ['password'], password: { user: named } } } }
    expect(await errorOf(api.send('POST /v3/auth/tokens', body))).toMatchObject({ kind: 'auth', status: 401 })
    expect(api.lines()).toEqual([login(401)])
  })
})
