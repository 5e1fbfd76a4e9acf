import { fetchFrom } from '@holdfast/testing'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { KeystoneSimulatorOptions } from '../src/simulator/index.ts'
import { identity, loginBody, pass, project, url } from './simulator.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

const path = '/v3/auth/tokens'

function start(options?: KeystoneSimulatorOptions) {
  const service = identity(options)
  const fetch = fetchFrom(service.handlers)
  const ask = (method: string, where: string, headers: Record<string, string> = {}, body?: string) =>
    fetch(`${url}${where}`, { method, headers, ...(body !== undefined && { body }) })
  const post = (body: unknown, query = '') =>
    ask('POST', `${path}${query}`, { 'content-type': 'application/json' }, JSON.stringify(body))
  const login = async (password?: string, user?: string) => {
    const reply = await post(loginBody(password, user))
    return { status: reply.status, token: reply.headers.get('x-subject-token') ?? '' }
  }
  const withToken = (id: string) => post({ auth: { identity: { methods: ['token'], token: { id } } } })
  return { service, ask, post, login, withToken }
}

/** Status line, the headers that matter, and the text. */
async function wireOf(reply: Response) {
  const { 'x-openstack-request-id': id, ...headers } = Object.fromEntries(reply.headers)
  expect(id).toMatch(/^req-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
  return [reply.status, reply.statusText, headers, await reply.text()] as const
}

const unauthorized = [
  401,
  'UNAUTHORIZED',
  {
    'content-length': '109',
    'content-type': 'application/json',
    vary: 'X-Auth-Token',
    'www-authenticate': `Keystone uri="${url}/v3"`,
  },
  '{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}\n',
]

const errorOf = (status: number, statusText: string, message: string, title: string) => [
  status,
  statusText,
  expect.objectContaining({ 'content-type': 'application/json', vary: 'X-Auth-Token' }),
  `${JSON.stringify({ error: { code: status, message, title } })}\n`,
]

describe('a login', () => {
  it('gives a token for a project, in a header', async () => {
    const { service, post } = start({ endpoints: { vbs: 'https://vbs.example/v2/{project}' } })
    const reply = await post(loginBody())
    const token = reply.headers.get('x-subject-token') ?? ''
    expect(token).toMatch(/^gAAAAAB[\w-]{176}$/)
    const [status, statusText, headers, text] = await wireOf(reply)
    expect([status, statusText, headers]).toEqual([
      201,
      'CREATED',
      {
        'content-length': String(text.length),
        'content-type': 'application/json',
        vary: 'X-Auth-Token',
        'x-subject-token': token,
      },
    ])
    expect(text).toMatch(/^\{"token": \{"methods": \["password"\], "user": \{"domain": \{"id": "default", "name": /)
    expect(JSON.parse(text)).toMatchObject({
      token: {
        expires_at: '2026-01-02T04:04:05.000000Z',
        issued_at: '2026-01-02T03:04:05.000000Z',
        project: { id: project, name: 'backups' },
        catalog: [{ type: 'vbs', endpoints: [{ url: `https://vbs.example/v2/${project}` }] }],
      },
    })
    expect([service.logins, service.refusedLogins, service.tokens]).toEqual([1, 0, 1])
    const without = (await (await post(loginBody(), '?nocatalog=true')).json()) as { token: object }
    expect(Object.keys(without.token)).not.toContain('catalog')
  })

  it('is refused with the same bytes, whatever is wrong', async () => {
    const { service, post } = start()
    const refused = [
      loginBody('wrong'),
      loginBody('secret', 'nobody'),
      { auth: { ...loginBody().auth, scope: { project: { id: 'elsewhere' } } } },
      { auth: { identity: { methods: ['mapped'] } } },
    ]
    for (const body of refused) expect(await wireOf(await post(body))).toEqual(unauthorized)
    expect([service.logins, service.refusedLogins]).toEqual([0, 4])
  })

  it('locks an account, and says nothing of it: the right password gets the same 401', async () => {
    const { service, post, login } = start({ lockoutAttempts: 3, lockoutSeconds: 5 })
    for (let time = 0; time < 3; time += 1) await login('wrong')
    expect(service.isLocked('operator')).toBe(true)
    expect(await wireOf(await post(loginBody()))).toEqual(unauthorized)
    await pass(4.9)
    expect((await login()).status).toBe(401)
    await pass(0.1)
    expect((await login()).status).toBe(201)
    await login('wrong')
    await login('wrong')
    expect((await login()).status).toBe(201)
  })

  it('locks an account for good where nothing says for how long, and counts wrong passwords of long ago', async () => {
    const { service, login } = start({ lockoutAttempts: 3, lockoutSeconds: Number.POSITIVE_INFINITY })
    for (let day = 0; day < 3; day += 1) {
      expect(service.isLocked('operator')).toBe(false)
      await login('wrong')
      await pass(86_400)
    }
    await pass(366 * 86_400)
    expect((await login()).status).toBe(401)
    service.unlock('operator')
    expect((await login()).status).toBe(201)
  })

  it('wants JSON, and says so at length', async () => {
    const { ask, post } = start()
    const plain = await ask('POST', path, {}, JSON.stringify(loginBody()))
    const sentence =
      'Expecting to find application/json in Content-Type header. The server could not comply with the request since ' +
      'it is either malformed or otherwise incorrect. The client is assumed to be in error.'
    expect(await wireOf(plain)).toEqual(errorOf(400, 'BAD REQUEST', sentence, 'Bad Request'))
    expect((await ask('POST', path, { 'content-type': 'application/json' }, '{')).status).toBe(400)
    const [status, , , text] = await wireOf(await post({ auth: {} }))
    expect([status, JSON.parse(text).error.message]).toEqual([
      400,
      expect.stringMatching(/^'identity' is a required property\n\n.*\n\nOn instance\['auth'\]:\n {4}\{\}$/s),
    ])
  })

  it('by a token lasts no longer than that token, and answers 404 where it has expired', async () => {
    const { login, withToken } = start({ lifetime: 60_000 })
    const { token } = await login()
    await pass(30)
    const second = await withToken(token)
    expect(await second.json()).toMatchObject({
      token: { methods: ['token', 'password'], expires_at: '2026-01-02T03:05:05.000000Z' },
    })
    await pass(30)
    expect(await wireOf(await withToken(token))).toEqual(
      errorOf(404, 'NOT FOUND', 'Failed to validate token', 'Not Found'),
    )
    expect(await wireOf(await withToken('rubbish'))).toEqual(
      errorOf(404, 'NOT FOUND', 'Could not recognize Fernet token', 'Not Found'),
    )
  })
})

describe('a token', () => {
  const about = (token: string, subject = token) => ({ 'x-auth-token': token, 'x-subject-token': subject })

  it('is good until its second', async () => {
    const { ask, login } = start({ lifetime: 4_000 })
    const { token } = await login()
    const reply = await ask('GET', path, about(token))
    expect([reply.status, reply.headers.get('x-subject-token')]).toEqual([200, token])
    await pass(3.3)
    expect((await ask('GET', path, about(token))).status).toBe(200)
    await pass(0.1)
    expect(await wireOf(await ask('GET', path, about(token)))).toEqual(unauthorized)
    expect(await wireOf(await ask('GET', path))).toEqual(unauthorized)
    expect(await wireOf(await ask('GET', path, about('rubbish')))).toEqual(unauthorized)
  })

  it('can be given back, by itself', async () => {
    const { service, ask, login } = start()
    const { token } = await login()
    const reply = await ask('DELETE', path, about(token))
    const { 'x-openstack-request-id': _, ...headers } = Object.fromEntries(reply.headers)
    expect([reply.status, reply.statusText, headers, reply.body]).toEqual([
      204,
      'NO CONTENT',
      { vary: 'X-Auth-Token' },
      null,
    ])
    expect(await wireOf(await ask('DELETE', path, about(token)))).toEqual(unauthorized)
    const { token: other } = await login()
    expect(await wireOf(await ask('GET', path, about(other, token)))).toEqual(
      errorOf(404, 'NOT FOUND', 'Failed to validate token', 'Not Found'),
    )
    expect([service.stateOf(token), service.stateOf(other), service.stateOf('x')]).toEqual([
      'stale',
      'valid',
      'unknown',
    ])
  })

  it('can be taken away: one, all, or those of a user whose password changes', async () => {
    const { service, login } = start()
    const [first, second] = [await login(), await login()]
    service.revoke(first.token)
    expect([service.stateOf(first.token), service.tokens]).toEqual(['stale', 1])
    service.expireTokens()
    expect([service.stateOf(second.token), service.tokens]).toEqual(['stale', 0])
    await login()
    service.setPassword('operator', 'fresh')
    expect([service.tokens, (await login()).status, (await login('fresh')).status]).toEqual([0, 401, 201])
  })

  it('is refused with those of a user that were ended in the same second', async () => {
    const { service, login } = start({
      users: [
        { name: 'operator', password: 'secret' },
        { name: 'other', password: 'secret' },
      ],
    })
    const [before, others] = [await login(), await login('secret', 'other')]
    service.revokeTokensOf('operator')
    const sameSecond = await login()
    await pass(1)
    const after = await login()
    const states = [before, sameSecond, after, others].map(({ token }) => service.stateOf(token))
    expect(states).toEqual(['stale', 'stale', 'valid', 'valid'])
    expect(() => service.revokeTokensOf('nobody')).toThrow('No user is called "nobody".')
  })

  it('does not let everybody ask for everything', async () => {
    const { ask, login } = start({
      users: [
        { name: 'operator', password: 'secret' },
        { name: 'admin', password: 'root', roles: ['admin'] },
      ],
    })
    const { token } = await login()
    const mine = { 'x-auth-token': token }
    const message = 'You are not authorized to perform the requested action: identity:list_users.'
    expect(await wireOf(await ask('GET', '/v3/users', mine))).toEqual(errorOf(403, 'FORBIDDEN', message, 'Forbidden'))
    expect((await ask('GET', `/v3/projects/${project}`, mine)).status).toBe(200)
    const admin = { 'x-auth-token': (await login('root', 'admin')).token }
    expect((await ask('GET', '/v3/users', admin)).status).toBe(200)
    expect(await wireOf(await ask('GET', '/v3/projects/nope', admin))).toEqual(
      errorOf(404, 'NOT FOUND', 'Could not find project: nope.', 'Not Found'),
    )
  })
})

describe('other answers', () => {
  it('have other shapes', async () => {
    const { ask } = start()
    const root = await ask('GET', '/')
    expect([root.status, root.statusText, root.headers.get('location')]).toEqual([
      300,
      'MULTIPLE CHOICES',
      `${url}/v3/`,
    ])
    const wrong = await ask('PUT', path)
    expect([wrong.status, await wrong.text()]).toEqual([
      405,
      '{"message": "The method is not allowed for the requested URL."}',
    ])
    const unknown = await ask('GET', '/v3/auth/nothing')
    expect([unknown.status, unknown.headers.get('content-type'), await unknown.text()]).toMatchObject([
      404,
      'text/html; charset=utf-8',
      /^<!doctype html>/,
    ])
  })

  it('know a path before /v3, and all below it', async () => {
    const base = 'https://host.example/identity'
    const { service } = start({ url: base })
    const ask = fetchFrom(service.handlers)
    const reply = await ask(`${base}/v3/auth/tokens`)
    expect(reply.headers.get('www-authenticate')).toBe(`Keystone uri="${base}/v3"`)
    expect((await ask(`${base}/v3/nothing`)).status).toBe(404)
    await expect(ask('https://host.example/v3/auth/tokens')).rejects.toThrow('No handler takes GET')
  })

  it('are written down without a secret', async () => {
    const { service, login, withToken } = start()
    const { token } = await login()
    await withToken(token)
    const written = JSON.stringify(service.calls)
    expect(service.calls.map(({ status }) => status)).toEqual([201, 201])
    expect(written).toContain('[password]')
    expect(written).toContain('[token]')
    expect(written).not.toMatch(/secret|gAAAA/)
  })

  it('can be made to go wrong, or to fail to come', async () => {
    const { service, post } = start()
    service.faults.fail('503', { message: 'Later.' })
    expect(await wireOf(await post(loginBody()))).toEqual(
      errorOf(503, 'SERVICE UNAVAILABLE', 'Later.', 'Service Unavailable'),
    )
    service.faults.fail('IAM.0012', { message: 'Threshold: 5 times per 60 seconds' })
    const throttled = await post(loginBody())
    expect([throttled.status, await throttled.text()]).toEqual([
      429,
      '{"error_msg":"Threshold: 5 times per 60 seconds","error_code":"IAM.0012"}',
    ])
    service.outage()
    await expect(post(loginBody())).rejects.toThrow('fetch failed')
    service.recover()
    expect((await post(loginBody())).status).toBe(201)
    expect(service.calls.map(({ end }) => end)).toEqual(['replied', 'replied', 'dropped', 'replied'])
  })
})
