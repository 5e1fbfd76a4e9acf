import { isAuth, resilient } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type BearerOptions, bearer, type TokenFunction } from '../src/index.ts'
import { api, failure, Server } from './server.ts'

let server: Server

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T08:00:00Z') })
  server = new Server()
  server.tokens = 1
})

const clientOf = (options: object) =>
  resilient(server.fetch, { vendor: bearer({ url: api, ...options } as BearerOptions) })
const current = () => `token-${server.tokens}`

describe('a token from a function', () => {
  it('is got once for all callers', async () => {
    const token = vi.fn<TokenFunction>(async () => current())
    const client = clientOf({ token })
    await Promise.all(Array.from({ length: 50 }, () => client(`${api}/orders`)))
    expect(token).toHaveBeenCalledTimes(1)
    expect(server.calls).toHaveLength(50)
  })

  it('is got anew when it is refused, once for all callers, for a POST as well', async () => {
    const token = vi.fn<TokenFunction>(current)
    const client = clientOf({ token })
    await client(api)
    server.tokens++
    const calls = Array.from({ length: 50 }, () => client(`${api}/orders`, { method: 'POST', body: '{}' }))
    expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true)
    expect(token).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['a date', (ms: number) => new Date(ms)],
    ['milliseconds', (ms: number) => ms],
  ])('is got anew shortly before it ends, told as %s', async (_, as) => {
    const token = vi.fn(() => ({ token: current(), expiresAt: as(Date.now() + 600_000) }))
    const client = clientOf({ token })
    await client(api)
    await vi.advanceTimersByTimeAsync(500_000)
    await client(api)
    expect(token).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(95_000)
    await client(api)
    expect(token).toHaveBeenCalledTimes(2)
  })

  it('that fails is a CREDENTIALS_FAILED, and a dead vault is not asked by every call', async () => {
    const token = vi.fn<TokenFunction>(() => {
      throw new Error('the vault is sealed')
    })
    const client = clientOf({ token })
    const calls = Array.from({ length: 50 }, () => failure(client(api, { resilience: { totalTimeout: 30_000 } })))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(new Set((await Promise.all(calls)).map(({ code }) => code))).toEqual(new Set(['CREDENTIALS_FAILED']))
    expect(token.mock.calls.length).toBeLessThan(10)
  })

  const mistakes: readonly (readonly [string, (data?: { token: string }) => string])[] = [
    ['a name that is not there', () => Reflect.get(globalThis, 'nowhere').token],
    ['no token', () => undefined as never],
  ]

  it.each(mistakes)('by a function with a mistake ends the first call at once, as fatal: %s', async (_, token) => {
    const call = failure(clientOf({ token })(api))
    await vi.advanceTimersByTimeAsync(0)
    const seen = await Promise.race([call, 'waits'])
    expect(seen).toMatchObject({ code: 'CREDENTIALS_FAILED', kind: 'fatal', mayBeDone: false })
  })

  it('is waited for where the function did not reach its vault, or has worked before', async () => {
    const vault = [new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) })]
    const token = vi.fn<TokenFunction>(async () => {
      const thrown = vault.pop()
      if (thrown !== undefined) throw thrown
      return current()
    })
    const client = clientOf({ token })
    const call = client(api)
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await call).status).toBe(200)
    vault.push(new TypeError("Cannot read properties of undefined (reading 'token')"))
    server.tokens++
    const next = client(api)
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await next).status).toBe(200)
    expect(token).toHaveBeenCalledTimes(4)
  })

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a line break', 'token\r\nx: y'],
    ['an object without a token', { expiresAt: 1 }],
    ['an end that is no time', { token: 'token-1', expiresAt: 'tomorrow' }],
  ])('must be one: %s', async (_, given) => {
    const client = clientOf({ token: () => given })
    const call = failure(client(api, { resilience: { totalTimeout: 2_000 } }))
    await vi.advanceTimersByTimeAsync(60_000)
    const error = await call
    expect(error).toMatchObject({ code: 'CREDENTIALS_FAILED' })
    expect(String(error.cause)).toMatch(/`token\(\)(\.expiresAt)?` must/)
    expect(server.calls).toHaveLength(0)
  })

  it.each([
    ['a number', (seconds: number) => seconds],
    ['a date', (seconds: number) => new Date(seconds)],
  ])('does not end in 1970, as `exp` of a JWT would have it, told as %s', async (_, as) => {
    const client = clientOf({ token: () => ({ token: 'token-1', expiresAt: as(Date.now() / 1_000 + 3_600) }) })
    const call = failure(client(api, { resilience: { totalTimeout: 2_000 } }))
    await vi.advanceTimersByTimeAsync(60_000)
    const error = await call
    expect(error).toMatchObject({ code: 'CREDENTIALS_FAILED' })
    expect(String(error.cause)).toContain('`token().expiresAt` is in seconds: milliseconds are `exp * 1_000`.')
    expect(server.calls).toHaveLength(0)
  })

  it.each(['2026-11-21', '1970-01-02'])('whose end has passed counts as one of a second, in %s', async (day) => {
    vi.setSystemTime(day)
    const token = vi.fn(() => ({ token: current(), expiresAt: Date.now() - 60_000 }))
    const client = clientOf({ token })
    await Promise.all([client(api), client(api)])
    await vi.advanceTimersByTimeAsync(700)
    await client(api)
    expect(token).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(100)
    await client(api)
    expect(token).toHaveBeenCalledTimes(2)
  })

  it('has no word before it that is sent by itself', async () => {
    const client = clientOf({ token: () => 'bearer token-1' })
    const call = failure(client(api, { resilience: { totalTimeout: 2_000 } }))
    await vi.advanceTimersByTimeAsync(60_000)
    const error = await call
    expect(String(error.cause)).toContain('`token()` begins with `Bearer`, which is sent by itself')
    expect(String(error.cause)).not.toContain('token-1')
  })
})

describe('a key', () => {
  it('stands in a header of its own, goes to its host alone and is shown nowhere', async () => {
    server.isAccepted = (headers) => headers.get('x-api-key') === 'key/+=1'
    const client = clientOf({ token: 'key/+=1', header: 'X-Api-Key' })
    expect((await client(api)).ok).toBe(true)
    server.isAccepted = () => false
    server.onStale = () => Response.json({ message: 'no rights for key/+=1' }, { status: 403 })
    const error = await failure(client(api))
    expect(error).toMatchObject({ code: 'HTTP_403', kind: 'auth', reason: 'auth' })
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('key/')
    await failure(client('https://elsewhere.example/'))
    expect(server.calls.at(-1)?.headers.has('x-api-key')).toBe(false)
  })

  it('takes the word that the API wants', async () => {
    server.isAccepted = (headers) => headers.get('authorization') === 'Token abc'
    expect((await clientOf({ token: 'abc', scheme: 'Token' })(api)).ok).toBe(true)
  })

  it('of a caller’s own goes out as it is', async () => {
    const client = clientOf({ token: () => expect.unreachable('not asked') })
    expect((await client(api, { headers: { authorization: 'Bearer token-1' } })).ok).toBe(true)
  })
})

describe('a refusal of the token', () => {
  it.each<[string, () => Response, Partial<BearerOptions>]>([
    ['a bare 401', () => new Response(null, { status: 401 }), {}],
    [
      'a challenge after another one',
      () =>
        new Response(null, {
          status: 401,
          headers: { 'www-authenticate': 'Basic realm="a, b", Bearer error=invalid_token' },
        }),
      {},
    ],
    ['a status of its own', () => new Response(null, { status: 419 }), { refreshOn: [419, 498] }],
    [
      'words of its own',
      () => Response.json({ code: 'SESSION_OVER' }, { status: 400 }),
      { refreshOn: ({ text }) => text.includes('SESSION_OVER') },
    ],
  ])('is %s', async (_, onStale, options) => {
    server.onStale = onStale
    const token = vi.fn<TokenFunction>(current)
    const client = clientOf({ token, ...options })
    await client(api)
    server.tokens++
    expect((await client(api, { method: 'POST', body: '{}' })).ok).toBe(true)
    expect(token).toHaveBeenCalledTimes(2)
  })

  it.each([
    [403, 'Bearer realm="api", error="insufficient_scope", scope="orders:write"', 'insufficient_scope', 'auth'],
    [400, 'Bearer error="invalid_request", error_description="a \\"b\\" is missing"', 'invalid_request', 'fatal'],
    [403, 'Bearer realm="a, error=invalid_token"', 'HTTP_403', 'auth'],
    [403, 'Basic realm="Bearer error=invalid_token"', 'HTTP_403', 'auth'],
    [403, 'Negotiate YWJj==, Bearer ERROR="insufficient_scope"', 'insufficient_scope', 'auth'],
    [
      401,
      'Bearer error="insufficient_user_authentication", acr_values="mfa"',
      'insufficient_user_authentication',
      'auth',
    ],
    [404, 'Digest error="invalid_token"', 'HTTP_404', 'fatal'],
  ])('is not %i %s', async (status, challenge, code, kind) => {
    server.isAccepted = () => false
    server.onStale = () => new Response(null, { status, headers: { 'www-authenticate': challenge } })
    const token = vi.fn<TokenFunction>(current)
    const error = await failure(clientOf({ token })(api))
    expect(error).toMatchObject({ code, kind, mayBeDone: false })
    expect(isAuth(error)).toBe(kind === 'auth')
    expect(token).toHaveBeenCalledTimes(1)
  })
})

it.each([500, 503])('a challenge beside a %i does not say that nothing was done', async (status) => {
  server.isAccepted = () => false
  server.onStale = () => new Response(null, { status, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
  const token = vi.fn<TokenFunction>(current)
  const error = await failure(clientOf({ token })(`${api}/orders`, { method: 'POST', body: '{}' }))
  expect(error).toMatchObject({ code: `HTTP_${status}`, outcome: 'unknown', mayBeDone: true })
  expect(server.calls).toHaveLength(1)
  expect(token).toHaveBeenCalledTimes(1)
})

it('`refreshOn` that answers with a promise costs no token, and is named', async () => {
  const token = vi.fn(() => 'abcdefgh')
  const refreshOn = (async () => Promise.reject(new Error('nobody hears this'))) as never
  const fetch = async () => new Response('no', { status: 418 })
  const client = resilient(fetch, { vendor: bearer({ url: 'https://api.example', token, refreshOn }), retry: 0 })
  await expect(client('https://api.example/things')).rejects.toThrow('refreshOn()')
  expect(token).toHaveBeenCalledTimes(1)
})
