import { createState, isAuth, isConflict, isFatal, type ResilientOptions, resilient } from '@holdfast/core'
import { keystone } from '@holdfast/keystone'
import { breaks, identityUrl, type ScriptedAnswer, says, scriptedService } from '@holdfast/openstack/testing'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type CsbsRow, csbs } from '../src/index.ts'
import { project, provider } from './reply.ts'
import { failureOfCall, fine, played } from './service.ts'

const url = 'https://csbs.example'
const server = '9506416d-db6c-406e-8bca-c0f43793d914'
const password = 'very-secret-password'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T08:00:00Z') })
})

/** A client of a service that answers by script. */
function clientOf(script: readonly [ScriptedAnswer, ...ScriptedAnswer[]], options: ResilientOptions<CsbsRow> = {}) {
  const service = scriptedService(...script)
  const auth = keystone({ authUrl: identityUrl, username: 'u', password, userDomainName: 'd', projectId: 'p' })
  const client = resilient(service.fetch, { vendor: csbs({ url, auth }), ...options })
  return { ...service, client }
}

const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) })
const protect = [`${url}${provider}/resources/${server}/action`, post({ protect: { backup_name: 'nightly' } })] as const
const record = `${url}${provider}/checkpoints/r-1?checkpoint_items=b-1`
const executing = says(400, { error_code: 'CSBS.2003', error_msg: 'item in executing' })

describe('work that is under way', () => {
  it('is waited for at the slow pace, though the status is 400', async () => {
    const { client, seen } = clientOf([executing, executing, says(200, {})], { retry: { jitter: 'none' } })
    expect((await played(client(record, { method: 'DELETE' }))).status).toBe(200)
    expect(seen.map(({ at }) => at)).toEqual([0, 15_000, 45_000])
  })

  it('is waited for by a POST too: it was refused before anything was done', async () => {
    const busy = says(500, { error_code: 'CSBS.6030', error_msg: 'auto plan executing' })
    const { client, seen } = clientOf([busy, fine])
    expect((await played(client(...protect))).status).toBe(200)
    expect(seen).toHaveLength(2)
  })

  it('and outlasts the call is a conflict that names it', async () => {
    const { client, seen } = clientOf([executing], { retry: 2 })
    const error = await failureOfCall(client(record, { method: 'DELETE' }))
    expect(isConflict(error)).toBe(true)
    expect(error).toMatchObject({ code: 'CSBS.2003', reason: 'attempts', params: { running: 'backup b-1' } })
    expect(seen).toHaveLength(3)
  })

  it('is named by the message where that is JSON', async () => {
    const error_msg = '{"msg":"item in plan executing","plan_id":"p-7","plan_name":"backup-daily"}'
    const { client } = clientOf([says(400, { error_code: 'CSBS.2004', error_msg })], { retry: 0 })
    const error = await failureOfCall(client(record, { method: 'DELETE' }))
    expect(isConflict(error) && error).toMatchObject({
      params: { running: 'policy backup-daily (p-7)' },
      message: expect.stringContaining('item in plan executing'),
    })
  })

  it('says nothing against the service, whatever its status', async () => {
    const busy = says(500, { error_code: 'CSBS.1001', error_msg: 'The policy is executing backup.' })
    const { client } = clientOf([busy], { retry: false })
    for (let call = 0; call < 15; call++) await failureOfCall(client(...protect))
    expect(client.state.snapshot().map(({ circuit }) => circuit)).not.toContain('open')
  })
})

describe('a backup of which nobody knows whether it was begun', () => {
  it.each<[string, ScriptedAnswer]>([
    ['a connection that breaks', breaks],
    ['the balancer’s page', () => new Response('<html><title>Error</title></html>', { status: 502 })],
    ['the service’s own word', says(500, { error_code: 'CSBS.9999', error_msg: 'protect failed' })],
  ])('is not begun twice: %s', async (_, answer) => {
    const { client, seen } = clientOf([answer, fine])
    const error = await failureOfCall(client(protect[0], { ...protect[1], headers: { 'idempotency-key': 'k-1' } }))
    expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(error).toMatchObject({
      verifyWith: `GET ${project}/checkpoint_items?resource_id=${server}&name=nightly&sort=created_at:desc`,
    })
    expect(seen).toHaveLength(1)
  })

  it('is no question for a check, which is repeated', async () => {
    const { client, seen } = clientOf([breaks, says(200, { protectable: [{ result: true }] })])
    const check = post({ check_protectable: [{ resource_id: server }] })
    expect((await played(client(`${url}${provider}/resources/action`, check))).status).toBe(200)
    expect(seen).toHaveLength(2)
  })

  it('nor for one whose body stands in a Request', async () => {
    const { client, seen } = clientOf([breaks, says(200, { protectable: [] })])
    const check = new Request(`${url}${provider}/resources/action`, post({ check_protectable: [] }))
    expect((await played(client(check))).status).toBe(200)
    expect(seen).toHaveLength(2)
  })

  it('nor for tags', async () => {
    const { client, seen } = clientOf([breaks, () => new Response(null, { status: 204 })])
    expect((await played(client(`${url}${project}/csbs_backup/b-1/tags`, post({ tag: {} })))).status).toBe(204)
    expect(seen).toHaveLength(2)
  })
})

describe('a failure inside a 200', () => {
  const no = (code: string) => ({ resource_id: server, result: false, error_code: code, error_msg: '' })
  const check = [`${url}${provider}/resources/action`, post({ check_protectable: [{ resource_id: server }] })] as const

  it('is a failure, and its answer can be read', async () => {
    const { client, seen } = clientOf([says(200, { protectable: [no('CSBS.6007')] })])
    const error = await failureOfCall(client(...check))
    expect(isConflict(error) && error).toMatchObject({ code: 'CSBS.6007', status: 200, mayBeDone: false })
    const { response } = error as { response: Response }
    expect(await response.json()).toEqual({ protectable: [no('CSBS.6007')] })
    expect(seen).toHaveLength(1)
  })

  it('that ends by itself is waited for', async () => {
    const { client, seen } = clientOf([says(200, { protectable: [no('CSBS.1002')] }), says(200, { protectable: [] })])
    expect((await played(client(...check))).status).toBe(200)
    expect(seen).toHaveLength(2)
  })

  it('of a backup is one only for those who want it', async () => {
    const failed = says(200, {
      checkpoint_item: { status: 'error', extend_info: { fail_op: 'backup', fail_reason: 'no space', fail_code: {} } },
    })
    const item = `${url}${project}/checkpoint_items/b-1`
    const { client, fetch, seen } = clientOf([failed])
    expect((await played(client(item))).status).toBe(200)
    const watching = resilient(fetch, { vendor: csbs({ url, failedBackups: 'throw' }) })
    const error = await failureOfCall(watching(item))
    expect(isFatal(error) && error).toMatchObject({
      code: 'BACKUP_FAILED',
      message: expect.stringContaining('no space'),
    })
    expect(seen).toHaveLength(2)
  })
})

describe('CSBS.9009', () => {
  it.each([
    [403, 'User is unverified.', 'auth'],
    [400, 'The backup or replication space after reduction cannot be less than the used space.', 'fatal'],
  ])('with %i is asked once and never with another token: %s', async (status, error_msg, kind) => {
    const { client, seen, logins } = clientOf([says(status, { error_code: 'CSBS.9009', error_msg })])
    expect(await failureOfCall(client(...protect))).toMatchObject({ code: 'CSBS.9009', status, kind, attempts: [{}] })
    expect([seen.length, logins.length]).toEqual([1, 1])
  })
})

describe('tokens', () => {
  const stale = says(403, {
    error: { code: 403, message: 'X-Auth-Token is invalid in the request', title: 'Forbidden' },
  })

  it('are renewed once for all callers where one is stale, though the status is 403', async () => {
    const known: ScriptedAnswer = (request) =>
      request.headers.get('x-auth-token') === 'token-no-1' ? (stale(request) as Response) : Response.json({})
    const { client, logins } = clientOf([known])
    const calls = Array.from({ length: 20 }, () => client(...protect))
    const replies = await played(Promise.all(calls))
    expect(replies.every(({ ok }) => ok)).toBe(true)
    expect(logins).toHaveLength(2)
  })

  it('are not fetched for ever for a service that refuses every one', async () => {
    const { client, seen, logins } = clientOf([stale])
    const error = await failureOfCall(client(...protect))
    expect(isAuth(error)).toBe(true)
    expect([seen.length, logins.length]).toEqual([4, 4])
    expect(JSON.stringify([error, String(error)])).not.toMatch(/very-secret-password|token-no-/)
  })

  it('are shared by clients with one source and state', async () => {
    const { fetch, seen, logins } = scriptedService(says(200, {}))
    const auth = keystone({ authUrl: identityUrl, username: 'u', password, userDomainName: 'd', projectId: 'p' })
    const state = createState()
    for (const failedBackups of ['return', 'throw'] as const) {
      await played(resilient(fetch, { vendor: csbs({ url, auth, failedBackups }), state })(`${url}${project}/policies`))
    }
    expect(logins).toEqual(['token-no-1'])
    expect(seen.map(({ token }) => token)).toEqual(['token-no-1', 'token-no-1'])
  })
})
