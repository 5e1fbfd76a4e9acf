import {
  createState,
  isAuth,
  type ResilienceEvent,
  type ResilientOptions,
  resilient,
  type VendorError,
} from '@holdfast/core'
import type { SessionSource } from '@holdfast/core/plugin'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { keystone } from '../src/index.ts'
import { Cloud, failure, iam, login, refused, service, sibling } from './cloud.ts'
import { tiny } from './tiny.ts'

let cloud: Cloud

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T08:00:00Z') })
  cloud = new Cloud()
})

const clientOf = (auth: SessionSource = keystone(login), options: ResilientOptions = {}) =>
  resilient(cloud.fetch, { vendor: tiny(service, auth), ...options })

const url = `${service}/v2/p/backups`

async function failureOf(call: Promise<Response>): Promise<VendorError> {
  const settled = call.then(
    ({ status }) => expect.unreachable(`answered ${status}`),
    (error: unknown) => error as VendorError,
  )
  await vi.runAllTimersAsync()
  return settled
}

describe('a token', () => {
  it('is one for a hundred callers', async () => {
    const client = clientOf()
    const replies = await Promise.all(Array.from({ length: 100 }, () => client(url)))
    expect(replies.every(({ ok }) => ok)).toBe(true)
    expect(cloud.logins).toHaveLength(1)
    expect(new Set(cloud.served.map(({ token }) => token))).toEqual(new Set(['gAAAAAB-token-1']))
  })

  it('is one for two vendors with one state', async () => {
    const [auth, state] = [keystone(login), createState()]
    const other = resilient(cloud.fetch, { vendor: tiny(sibling, auth, 'other'), state })
    await Promise.all([clientOf(auth, { state })(url), other(`${sibling}/v1/p/policies`)])
    expect(cloud.logins).toHaveLength(1)
    expect(cloud.served.map(({ token }) => token)).toEqual(['gAAAAAB-token-1', 'gAAAAAB-token-1'])
  })

  it('is renewed shortly before it ends, so that nobody meets a refusal', async () => {
    const client = clientOf()
    await client(url)
    await vi.advanceTimersByTimeAsync(cloud.lifetime - 60_000)
    await client(url)
    expect(cloud.logins).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(40_000)
    await Promise.all(Array.from({ length: 20 }, () => client(url)))
    expect(cloud.logins).toHaveLength(2)
    expect(cloud.served.every(({ token }) => cloud.tokens.has(token ?? ''))).toBe(true)
  })

  it('that lives five seconds is good for three', async () => {
    cloud.lifetime = 5_000
    const client = clientOf()
    await client(url)
    await vi.advanceTimersByTimeAsync(2_900)
    await client(url)
    expect(cloud.logins).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    await client(url)
    expect(cloud.logins).toHaveLength(2)
  })

  it.each([
    ['401 of the service', refused],
    ['403 with other words', failure(403, '{"error":{"code":403,"message":"X-Auth-Token is invalid in the request"}}')],
    ['403 without an envelope', failure(403, '{"message":"X-Auth-Token is invalid"}')],
    ['401 of the gateway', failure(401, '{"error_code":"APIG.0307","error_msg":"The token must be updated."}')],
    ['401 without a body', () => new Response(null, { status: 401 })],
  ])('that was revoked, told by %s, is renewed once for all', async (_, stale) => {
    cloud.stale = stale
    const client = clientOf()
    await client(url)
    cloud.tokens.clear()
    const replies = await Promise.all(Array.from({ length: 50 }, () => client(url, { method: 'POST', body: '{}' })))
    expect(replies.every(({ ok }) => ok)).toBe(true)
    expect(cloud.logins).toHaveLength(2)
    expect(cloud.calls.filter(({ what }) => what.startsWith('DELETE'))).toEqual([])
  })

  it('is not asked for again because of a missing right', async () => {
    const client = clientOf()
    cloud.onCall = failure(403, '{"forbidden":{"code":403,"message":"Policy doesn\'t allow it."}}')
    expect(await failureOf(client(url))).toMatchObject({ code: 'forbidden', kind: 'auth', reason: 'auth' })
    cloud.onCall = failure(403, '{"error_code":"CSBS.9009","error_msg":"User is unverified."}')
    expect(await failureOf(client(url))).toMatchObject({ code: 'CSBS.9009', kind: 'auth', reason: 'auth' })
    expect(cloud.logins).toHaveLength(1)
    expect(cloud.served).toHaveLength(2)
  })

  it('is not asked for endlessly where a service refuses fresh ones', async () => {
    cloud.onCall = refused
    const client = clientOf()
    for (let call = 0; call < 30; call++) expect(await failureOf(client(url))).toMatchObject({ kind: 'auth' })
    expect(cloud.logins.length).toBeLessThanOrEqual(6)
  })

  it.each([
    ['AKSK_LOCKED', 'Incorrect IAM authentication information: AK access failed to reach the limit,forbidden'],
    ['AKSK_SIGNATURE', 'Incorrect IAM authentication information: verify aksk signature fail'],
    ['AKSK_UNKNOWN', 'Incorrect IAM authentication information: Get secretKey failed,ak:EXAMPLE,err:ak not exist'],
  ])('is no cure for %s', async (detail, message) => {
    const client = clientOf()
    cloud.onCall = failure(401, JSON.stringify({ error_code: 'APIG.0301', error_msg: message, request_id: 'r-1' }))
    const error = await failureOf(client(url))
    expect(error).toMatchObject({ code: 'APIG.0301', detail, reason: 'auth' })
    expect(error.message).toContain('(request id r-1)')
    expect([cloud.logins.length, cloud.served.length]).toEqual([1, 1])
  })

  it('is left out of requests that their caller has signed', async () => {
    const client = clientOf()
    const signed = { headers: { authorization: 'SDK-HMAC-SHA256 Access=EXAMPLE, Signature=abc' } }
    cloud.stale = failure(401, '{"error_code":"APIG.0301","error_msg":"verify aksk signature fail"}')
    expect(await failureOf(client(url, signed))).toMatchObject({ detail: 'AKSK_SIGNATURE' })
    expect(cloud.calls).toHaveLength(1)
  })

  it('is revoked when the client is closed', async () => {
    const client = clientOf()
    await client(url)
    await client.close()
    expect(cloud.tokens.size).toBe(0)
    expect(cloud.calls.at(-1)).toMatchObject({ what: `DELETE ${iam}/v3/auth/tokens`, token: 'gAAAAAB-token-1' })
  })
})

describe('a login that is refused', () => {
  it('is not tried again, for the account locks', async () => {
    cloud.password = 'another'
    const client = clientOf()
    for (let call = 0; call < 10; call++) {
      expect(await failureOf(client(url))).toMatchObject({ code: 'unauthorized', reason: 'login-failed', status: 401 })
    }
    expect(cloud.logins).toHaveLength(1)
    expect(cloud.served).toEqual([])
  })

  it('is tried once more, and then not before a person says so: its counter never goes down', async () => {
    // A locked account says nothing else than a wrong password does.
    cloud.onLogin = refused
    const client = clientOf()
    for (let minute = 0; minute < 120; minute++) {
      await failureOf(client(url))
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(cloud.logins).toHaveLength(2)
    cloud.onLogin = undefined
    client.state.reset()
    expect((await client(url)).ok).toBe(true)
  })

  it('with 404 is remembered as well', async () => {
    cloud.onLogin = failure(404, '{"error":{"code":404,"message":"Could not find project: nope.","title":"Not Found"}}')
    const client = clientOf()
    const error = await failureOf(client(url))
    expect(error).toMatchObject({ code: 'unauthorized', status: 404, kind: 'auth', reason: 'login-failed' })
    expect(error.hint).toContain('project')
    await vi.advanceTimersByTimeAsync(30_000)
    await failureOf(client(url))
    expect(cloud.logins).toHaveLength(1)
  })

  it('is tried at once with other credentials', async () => {
    const passwords = ['wrong', login.password]
    const { authUrl, password: _, ...rest } = login
    const auth = keystone({ authUrl, credentials: () => ({ ...rest, password: passwords[0] ?? '' }) })
    const client = clientOf(auth)
    await failureOf(client(url))
    passwords.shift()
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await client(url)).ok).toBe(true)
  })

  it('for now waits as long as the message says', async () => {
    cloud.onLogin = failure(429, '{"error_code":"IAM.0012","error_msg":"Threshold: 5 times per 60 seconds"}')
    const client = clientOf(keystone(login), { retry: false })
    const error = await failureOf(client(url))
    expect(error).toMatchObject({ code: 'IAM.0012', reason: 'login-failed', params: { window: 60 } })
    expect(error.retryAfter).toBeGreaterThanOrEqual(60_000)
    await vi.advanceTimersByTimeAsync(50_000)
    await failureOf(client(url))
    expect(cloud.logins).toHaveLength(1)
  })

  it('with 300 MULTIPLE CHOICES says that the address is wrong', async () => {
    cloud.onLogin = () =>
      Response.json({ versions: { values: [] } }, { status: 300, headers: { location: `${iam}/v3/` } })
    const error = await failureOf(clientOf()(url))
    expect(error).not.toSatisfy(isAuth)
    expect(error.message).toMatch(/status 300.*`authUrl` leads to a choice of versions/)
  })
})

describe('what is told', () => {
  const echo = () =>
    JSON.stringify({
      error: { code: 401, message: `no gAAAAAB-token-1 for operator in eu-de_backups with ${login.password}` },
    })

  it('holds neither token nor password, but names stay readable', async () => {
    const events: ResilienceEvent[] = []
    const client = clientOf(keystone(login), { observers: [(event) => events.push(event)], retry: false })
    cloud.onCall = failure(401, echo(), { 'x-openstack-request-id': 'req-7' })
    const ofCall = await failureOf(client(url))
    expect(ofCall.message).toContain('for operator in eu-de_backups with [redacted] (request id req-7)')
    cloud.tokens.clear()
    cloud.onLogin = failure(401, echo())
    await vi.advanceTimersByTimeAsync(3_600_000)
    const ofLogin = await failureOf(client(url))
    expect(ofLogin).toMatchObject({ reason: 'login-failed' })
    expect(ofLogin.message).toContain('for operator in eu-de_backups')
    await client.close()
    const shown = JSON.stringify([events, ofCall, ofLogin, ofCall.message, ofLogin.message, ofLogin.stack])
    expect(events.map(({ type }) => type)).toContain('login-failed')
    expect(shown).not.toContain(login.password)
    expect(shown).not.toContain('gAAAAAB-token')
  })
})

describe('throttling', () => {
  it('is waited for as long as the message says, though nothing else does', async () => {
    const throttled = failure(
      429,
      '{"error_msg":"The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:1 minute","error_code":"APIG.0308","request_id":"914a39d6"}',
    )
    const replies = [throttled]
    cloud.onCall = () => replies.shift()?.()
    const reply = clientOf()(url, { method: 'POST', body: '{}' })
    await vi.runAllTimersAsync()
    expect((await reply).ok).toBe(true)
    const [first, second] = cloud.served
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(60_000)
  })

  it('that is a quota is not waited for, whatever Retry-After says', async () => {
    cloud.onCall = failure(
      413,
      '{"overLimit": {"code": 413, "message": "VolumeLimitExceeded: Maximum number of volumes allowed (2) exceeded for quota \'volumes\'.", "retryAfter": "0"}}',
      { 'retry-after': '0' },
    )
    expect(await failureOf(clientOf()(url))).toMatchObject({ code: 'overLimit', kind: 'fatal', status: 413 })
    expect(cloud.served).toHaveLength(1)
  })
})
