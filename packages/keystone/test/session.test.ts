import type { LoginRequestInit, LoginTransport } from '@holdfast/core/plugin'
import { requestFacts } from '@holdfast/openstack/testing'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type KeystoneOptions, keystone } from '../src/index.ts'

const login = { username: 'operator', password: 'hunter2', userDomainName: 'Default', projectId: 'b942cc83' }
const token = 'gAAAAABrASZbExample'
const now = Date.parse('2026-11-21T05:04:27Z')
const tokenBody = {
  token: {
    methods: ['password'],
    expires_at: '2026-11-21T06:04:27.000000Z',
    issued_at: '2026-11-21T05:04:27.000000Z',
    project: { id: 'b942cc83' },
  },
}

interface Sent {
  readonly path: string
  readonly init: LoginRequestInit
}

function transportOf(answer: () => Response): LoginTransport & { readonly sent: Sent[] } {
  const sent: Sent[] = []
  return {
    origin: 'https://iam.example',
    sent,
    async send(path, init) {
      sent.push({ path, init })
      return answer()
    },
  }
}

const granted = (body: unknown = tokenBody, headers: HeadersInit = { 'X-Subject-Token': token }) =>
  Response.json(body, { status: 201, headers })

async function opened(options: Partial<KeystoneOptions> = {}, answer = granted) {
  const source = keystone({ authUrl: 'https://iam.example/v3', ...login, ...options } as KeystoneOptions)
  const transport = transportOf(() => answer())
  const session = await source.open(await source.credentials(), transport)
  const [{ path, init } = { path: '', init: {} }] = transport.sent
  return { source, session, path, init, body: JSON.parse(String(init.body)) }
}

beforeEach(() => {
  vi.useFakeTimers({ now })
})

describe('a login', () => {
  it('asks for a token with a password, for one project', async () => {
    const { path, init, body } = await opened()
    expect(path).toBe('/v3/auth/tokens?nocatalog=true')
    expect(init).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } })
    expect(body).toEqual({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'operator', password: 'hunter2', domain: { name: 'Default' } } },
        },
        scope: { project: { id: 'b942cc83' } },
      },
    })
  })

  it('knows user and project by identifiers or by names in a domain', async () => {
    const byId = await opened({ authUrl: 'https://iam.example', userId: 'u-1' } as Partial<KeystoneOptions>)
    expect(byId.body.auth.identity.password.user).toEqual({ id: 'u-1', password: 'hunter2' })
    const source = keystone({
      authUrl: 'https://iam.example',
      username: 'operator',
      password: 'hunter2',
      userDomainId: 'default',
      projectName: 'eu-de',
      projectDomainName: 'Other',
    })
    const transport = transportOf(() => granted())
    await source.open(await source.credentials(), transport)
    const { auth } = JSON.parse(String(transport.sent[0]?.init.body))
    expect(auth.identity.password.user.domain).toEqual({ id: 'default' })
    expect(auth.scope).toEqual({ project: { name: 'eu-de', domain: { name: 'Other' } } })
  })

  it.each([
    ['https://iam.example', '/v3/auth/tokens'],
    ['https://iam.example/', '/v3/auth/tokens'],
    ['https://iam.example/v3/', '/v3/auth/tokens'],
    ['https://iam.example/v3/auth/tokens', '/v3/auth/tokens'],
    ['http://iam.example/identity', '/identity/v3/auth/tokens'],
    ['http://iam.example/identity/v3', '/identity/v3/auth/tokens'],
  ])('at %s goes to %s', async (authUrl, path) => {
    const login = await opened({ authUrl })
    expect(login.path).toBe(`${path}?nocatalog=true`)
    expect(login.source.issuer).toBe(new URL(authUrl).origin)
  })

  it('brings a token, and when it ends by our own clock, less the second that its times are cut by', async () => {
    const { session } = await opened()
    expect(session).toEqual({ token, secrets: [token, 'hunter2'], expiresAt: now + 3_599_000 })
  })

  it.each([
    ['ahead', 10 * 3_600_000],
    ['behind', -10 * 3_600_000],
  ])('is not misled by a server whose clock is %s', async (_, by) => {
    vi.setSystemTime(now - by)
    expect((await opened()).session.expiresAt).toBe(now - by + 3_599_000)
  })

  it.each([
    ['no issued_at', { expires_at: '2026-11-21T06:00:00Z' }, Date.parse('2026-11-21T06:00:00Z')],
    ['six digits', { expires_at: '2015-11-09T01:42:57.527363Z' }, Date.parse('2015-11-09T01:42:57.527Z')],
    ['no date', { expires_at: 'soon' }, undefined],
    ['nothing', {}, undefined],
  ])('copes with a token that has %s', async (_, body, expiresAt) => {
    expect((await opened({}, () => granted({ token: body }))).session.expiresAt).toBe(expiresAt)
  })

  it('copes with a body that is none', async () => {
    const answer = () => new Response('<html>', { status: 201, headers: { 'X-Subject-Token': token } })
    expect((await opened({}, answer)).session).toEqual({ token, secrets: [token, 'hunter2'] })
  })

  it.each([
    ['no token', () => granted(tokenBody, {}), /status 201, but without a token\.$/],
    ['an empty one', () => granted(tokenBody, { 'X-Subject-Token': '' }), /without a token/],
    ['300 MULTIPLE CHOICES', () => Response.json({ versions: {} }, { status: 300 }), /status 300.*choice of versions/],
  ])('that brings %s says so, and no secret', async (_, answer, text) => {
    await expect(opened({}, answer)).rejects.toThrow(text)
    await expect(opened({}, answer)).rejects.not.toThrow('hunter2')
  })
})

it('is shown with each request', async () => {
  const { source, session } = await opened()
  const request = { url: 'https://s.example/', method: 'GET', headers: new Headers(), body: null, bodyText: undefined }
  expect(source.sign(request, session)).toEqual({ 'x-auth-token': token })
})

it('is revoked by itself', async () => {
  const { source, session } = await opened({ authUrl: 'https://iam.example/identity/v3' })
  const transport = transportOf(() => new Response(null, { status: 204 }))
  await source.close?.(session, transport)
  expect(transport.sent).toEqual([
    {
      path: '/identity/v3/auth/tokens',
      init: {
        method: 'DELETE',
        headers: { 'x-auth-token': token, 'x-subject-token': token },
        resilience: { retry: false },
      },
    },
  ])
})

describe('a login with an application credential', () => {
  const open = async (credential: Record<string, string>) => {
    const options = { authUrl: 'https://iam.example/v3', applicationCredentialSecret: 'hunter2', ...credential }
    const source = keystone(options as KeystoneOptions)
    const transport = transportOf(() => granted())
    const credentials = await source.credentials()
    const session = await source.open(credentials, transport)
    return { source, session, credentials, body: JSON.parse(String(transport.sent[0]?.init.body)) }
  }

  it.each([
    [{ applicationCredentialId: 'a-1' }, { id: 'a-1', secret: 'hunter2' }],
    [
      { applicationCredentialName: 'ops', username: 'u', userDomainName: 'd' },
      { name: 'ops', secret: 'hunter2', user: { name: 'u', domain: { name: 'd' } } },
    ],
    [
      { applicationCredentialName: 'ops', userId: 'u-1' },
      { name: 'ops', secret: 'hunter2', user: { id: 'u-1' } },
    ],
  ])('%o asks for no scope', async (credential, sent) => {
    const { body, session } = await open(credential)
    expect(body).toEqual({
      auth: { identity: { methods: ['application_credential'], application_credential: sent } },
    })
    expect(session.secrets).toEqual([token, 'hunter2'])
  })

  it('has an account of its own', async () => {
    const accounts = await Promise.all(
      [{ applicationCredentialId: 'a-1' }, { applicationCredentialName: 'a-1', userId: 'u-1' }].map(async (one) => {
        const { source, credentials } = await open(one)
        return source.accountOf?.(credentials)
      }),
    )
    expect(accounts).toEqual(['application credential a-1', 'u-1 application credential a-1'])
  })
})

describe('what shows by itself who asks', () => {
  const source = keystone({ authUrl: 'https://iam.example/v3', ...login })
  const isSigned = (line: string, headers: HeadersInit = {}) => {
    const [method = '', path = ''] = line.split(' ')
    return source.shouldSign?.(requestFacts(`https://iam.example${path}`, method), new Headers(headers))
  }

  it.each(['POST /v3/auth/tokens', 'POST /identity/v3/auth/tokens/', 'POST /v3/users/u-1/password'])('%s', (line) => {
    expect(isSigned(line)).toBe(false)
  })

  it.each(['GET /v3/auth/tokens', 'GET /v3/auth/catalog', 'POST /v3/users', 'POST /v2.1/servers'])(
    'is not %s',
    (line) => {
      expect(isSigned(line)).toBe(true)
      expect(isSigned(line, { 'X-Auth-Token': 'own' })).toBe(false)
      expect(isSigned(line, { Authorization: 'Basic eA==' })).toBe(false)
    },
  )
})
