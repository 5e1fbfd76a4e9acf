import { createState, resilient } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { bearer, type ClientCredentialsOptions, clientCredentials } from '../src/index.ts'
import { api, failure, Server, tokenUrl } from './server.ts'

let server: Server

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T08:00:00Z') })
  server = new Server()
})

const robot = { tokenUrl, clientId: 'robot', clientSecret: 'a/b+c=d e' }
const clientOf = (options: Partial<ClientCredentialsOptions> = {}) =>
  resilient(server.fetch, {
    vendor: bearer({ url: api, auth: clientCredentials({ ...robot, ...options } as ClientCredentialsOptions) }),
  })

describe('a token of client credentials', () => {
  it('is one for a hundred callers', async () => {
    const client = clientOf()
    await Promise.all(Array.from({ length: 100 }, () => client(`${api}/orders`)))
    expect([server.logins.length, server.calls.length]).toEqual([1, 100])
  })

  it('is asked for with the client in a header, each part encoded as in a form', async () => {
    await clientOf({ scope: ['orders', 'stock'], parameters: { audience: 'https://api.example' } })(api)
    const [{ headers, body } = expect.unreachable()] = server.logins
    expect(atob(headers.get('authorization')?.slice('Basic '.length) ?? '')).toBe('robot:a%2Fb%2Bc%3Dd+e')
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'orders stock',
      audience: 'https://api.example',
    })
  })

  it('is asked for with the client in the form, where the server wants it so', async () => {
    await clientOf({ clientAuth: 'body', scope: 'orders' })(api)
    const [{ headers, body } = expect.unreachable()] = server.logins
    expect(headers.has('authorization')).toBe(false)
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'orders',
      client_id: 'robot',
      client_secret: 'a/b+c=d e',
    })
  })

  it('is shared by two services with one state', async () => {
    const [auth, state] = [clientCredentials(robot), createState()]
    const [one, two] = ['https://one.example', 'https://two.example'].map((url) =>
      resilient(server.fetch, { vendor: bearer({ url, auth }), state }),
    )
    await Promise.all([one?.('https://one.example/a'), two?.('https://two.example/b')])
    expect([server.logins.length, server.calls.length]).toEqual([1, 2])
  })

  it('is renewed shortly before it ends', async () => {
    const client = clientOf()
    await client(api)
    await vi.advanceTimersByTimeAsync(3_590_000)
    await Promise.all(Array.from({ length: 20 }, () => client(api)))
    expect(server.logins).toHaveLength(2)
    expect(server.calls).toHaveLength(21)
  })

  it('without an end is used until it is refused, and then renewed once for all', async () => {
    server.lifetime = undefined
    const client = clientOf()
    await client(api)
    await vi.advanceTimersByTimeAsync(86_400_000)
    server.tokens++
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => client(`${api}/orders`, { method: 'POST', body: '{}' })),
    )
    expect(replies.every(({ ok }) => ok)).toBe(true)
    expect(server.logins).toHaveLength(2)
  })

  it('goes to no other host', async () => {
    await failure(clientOf()('https://elsewhere.example/a'))
    expect(server.calls.map(({ headers }) => headers.get('authorization'))).toEqual([null])
    expect(server.logins).toHaveLength(0)
  })

  it.each([
    ['400', () => Response.json({ error: 'invalid_client', error_description: 'no a/b+c=d e' }, { status: 400 })],
    ['200', () => Response.json({ error: 'invalid_client', error_description: 'no a/b+c=d e' })],
  ])('that is refused with status %s says why, without the secret', async (_, onLogin) => {
    server.onLogin = onLogin
    const error = await failure(clientOf()(api))
    expect(error).toMatchObject({ vendor: 'bearer', code: 'invalid_client', kind: 'auth', reason: 'login-failed' })
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('a/b')
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(server.logins.length).toBeLessThanOrEqual(2)
    expect(server.calls).toHaveLength(0)
  })

  it.each([
    ['no token', () => Response.json({ token_type: 'bearer' }), 'without an `access_token`'],
    ['a page', () => new Response('<html>'), 'without an `access_token`'],
    ['a token of another kind', () => Response.json({ access_token: 't', token_type: 'mac' }), 'no bearer token'],
    ['a token that no header takes', () => Response.json({ access_token: 'a\nb' }), 'without an `access_token`'],
  ])('is not %s', async (_, onLogin, problem) => {
    server.onLogin = onLogin
    const call = failure(clientOf()(api))
    await vi.advanceTimersByTimeAsync(600_000)
    const error = await call
    expect(error).toMatchObject({ code: 'LOGIN_FAILED', reason: 'login-failed' })
    expect(String(error.cause)).toContain(problem)
  })
})
