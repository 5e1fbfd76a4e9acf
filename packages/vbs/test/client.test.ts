import { isAuth, isConflict, isFatal, isRetryable, type ResilientOptions, resilient } from '@holdfast/core'
import { keystone } from '@holdfast/keystone'
import { breaks, identityUrl, type ScriptedAnswer, says, scriptedService } from '@holdfast/openstack/testing'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type VbsRow, vbs } from '../src/index.ts'
import { project } from './reply.ts'
import { failureOfCall, fine, played } from './service.ts'

const url = 'https://vbs.example'
const v2 = `/v2/${project}`
const password = 'very-secret-password'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T08:00:00Z') })
})

/** A client of a service that answers by script. */
function clientOf(script: readonly [ScriptedAnswer, ...ScriptedAnswer[]], options: ResilientOptions<VbsRow> = {}) {
  const service = scriptedService(...script)
  const auth = keystone({ authUrl: identityUrl, username: 'u', password, userDomainName: 'd', projectId: 'p' })
  const client = resilient(service.fetch, { vendor: vbs({ url, auth }), ...options })
  return { ...service, client }
}

const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) })
const error = (status: number, code: string, message = 'why') => says(status, { error: { message, code } })
const create = [`${url}${v2}/cloudbackups`, post({ backup: { volume_id: 'v-1', name: 'nightly' } })] as const
const runPolicy = [`${url}${v2}/backuppolicy/p-1/action`, { method: 'POST' }] as const
const job = `${url}/v1/${project}/jobs/j-1`

describe('work that is under way', () => {
  it('is waited for at the slow pace, by a POST too', async () => {
    const executing = error(400, 'AutoBackup.0225')
    const { client, seen } = clientOf([executing, executing, () => new Response(null, { status: 204 })], {
      retry: { jitter: 'none' },
    })
    expect((await played(client(...runPolicy))).status).toBe(204)
    expect(seen.map(({ at }) => at)).toEqual([0, 15_000, 45_000])
  })

  it.each([
    ['AutoBackup.0225', runPolicy, 'policy p-1'],
    ['VolumeBackup.0013', create, 'backup of volume v-1'],
  ] as const)('and outlasts the call is a conflict that names it: %s', async (code, call, running) => {
    const { client, seen } = clientOf([error(500, code)], { retry: 2 })
    const failure = await failureOfCall(client(call[0], call[1]))
    expect(isConflict(failure)).toBe(true)
    expect(failure).toMatchObject({ code, reason: 'attempts', params: { running } })
    expect(seen).toHaveLength(3)
  })
})

describe('a backup of which nobody knows whether it was begun', () => {
  it.each<[string, ScriptedAnswer]>([
    ['a connection that breaks', breaks],
    ['the gateway', says(504, { error_code: 'APIG.0201', error_msg: 'Backend timeout.', request_id: 'r-1' })],
    ['the service’s own word', error(500, 'VolumeBackup.0014', 'Failed to submit the task.')],
  ])('is not begun twice: %s', async (_, answer) => {
    const { client, seen } = clientOf([answer, fine])
    const failure = await failureOfCall(client(create[0], { ...create[1], headers: { 'idempotency-key': 'k-1' } }))
    expect(failure).toMatchObject({
      reason: 'not-repeatable',
      mayBeDone: true,
      verifyWith: `GET ${v2}/backups/detail?volume_id=v-1&name=nightly&sort_key=created_at&sort_dir=desc`,
    })
    expect(seen).toHaveLength(1)
  })

  it('is begun once the gateway lets it through: it says when', async () => {
    const throttled = says(429, {
      error_msg: 'The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:1 minute',
      error_code: 'APIG.0308',
      request_id: '914a39d6',
    })
    const { client, seen } = clientOf([throttled, fine])
    expect((await played(client(...create))).status).toBe(200)
    expect(seen).toHaveLength(2)
    expect(seen[1]?.at).toBeGreaterThanOrEqual(60_000)
  })

  it('is refused for good where the quota is used up, whatever wait is named', async () => {
    const overQuota: ScriptedAnswer = () =>
      Response.json(
        {
          overLimit: {
            code: 413,
            message: 'BackupLimitExceeded: Maximum number of backups allowed (2) exceeded',
            retryAfter: '0',
          },
        },
        { status: 413, headers: { 'retry-after': '0' } },
      )
    const { client, seen } = clientOf([overQuota])
    const failure = await failureOfCall(client(`${url}/v3/${project}/backups`, create[1]))
    expect(isFatal(failure) && failure).toMatchObject({ code: 'overLimit', mayBeDone: false })
    expect(seen).toHaveLength(1)
  })
})

describe('a job', () => {
  const failed = {
    status: 'FAIL',
    error_code: 'VolumeBackup.0064',
    fail_reason: null,
    sub_jobs: [{ status: 'FAIL', error_code: 'VolumeBackup.0062', fail_reason: 'no snapshot', sub_jobs: '' }],
  }

  it('that has failed is told at once, by what made it fail, and can be read', async () => {
    const { client, seen } = clientOf([says(200, failed)])
    const failure = await failureOfCall(client(job))
    expect(isRetryable(failure) && failure).toMatchObject({
      code: 'VolumeBackup.0062',
      status: 200,
      message: expect.stringContaining('no snapshot'),
    })
    expect(await (failure as { response: Response }).response.json()).toEqual(failed)
    expect(seen).toHaveLength(1)
  })

  it('that was refused takes no token from who asks about it', async () => {
    const { client, seen, logins } = clientOf([says(200, { status: 'FAIL', error_code: 'VolumeBackup.0044' })])
    expect(await failureOfCall(client(job))).toMatchObject({ code: 'JOB_FAILED', kind: 'fatal' })
    expect([seen.length, logins.length]).toEqual([1, 1])
  })

  it('is handed over as it is to who wants the reply', async () => {
    const { client } = clientOf([says(200, failed)])
    expect(await (await played(client.fetch(job))).json()).toEqual(failed)
  })

  it.each<[string, ScriptedAnswer]>([
    ['a connection that breaks', breaks],
    ['a look that failed', error(500, 'common.0011', 'Failed to query the task.')],
  ])('is asked about again after %s', async (_, answer) => {
    const { client, seen } = clientOf([answer, says(200, { status: 'RUNNING' })])
    expect(await (await played(client(job))).json()).toEqual({ status: 'RUNNING' })
    expect(seen).toHaveLength(2)
  })
})

describe('disks that are bound in part', () => {
  it('are an error that names those that are not', async () => {
    const { client, seen } = clientOf([
      says(200, { success_resources: [{}], fail_resources: [{ resource_id: 'v-2' }] }),
    ])
    const failure = await failureOfCall(client(`${url}${v2}/backuppolicyresources`, post({ resources: [] })))
    expect(failure).toMatchObject({ code: 'RESOURCES_FAILED', kind: 'fatal', params: { 0: 'v-2' }, mayBeDone: true })
    expect(seen).toHaveLength(1)
  })
})

describe('tokens', () => {
  it.each([400, 401, 403, 500])(
    'that are stale come as AutoBackup.0003 with %i, and are renewed once for all',
    async (status) => {
      const stale = error(status, 'AutoBackup.0003', 'token expired')
      const known: ScriptedAnswer = (request) =>
        request.headers.get('x-auth-token') === 'token-no-1' ? stale(request) : Response.json({})
      const { client, logins, seen } = clientOf([known])
      const replies = await played(Promise.all(Array.from({ length: 10 }, () => client(...runPolicy))))
      expect(replies.every(({ ok }) => ok)).toBe(true)
      expect([logins.length, seen.length]).toEqual([2, 20])
    },
  )

  it('are not fetched for ever for a service that refuses every one', async () => {
    const { client, seen, logins } = clientOf([error(401, 'AutoBackup.0003')])
    const failure = await failureOfCall(client(...create))
    expect(isAuth(failure)).toBe(true)
    expect([seen.length, logins.length]).toEqual([4, 4])
    expect(JSON.stringify([failure, String(failure)])).not.toMatch(/very-secret-password|token-no-/)
  })

  it('are not fetched for a right that is missing', async () => {
    const { client, logins } = clientOf([error(403, 'AutoBackup.0213')])
    expect(isAuth(await failureOfCall(client(...runPolicy)))).toBe(true)
    expect(logins).toHaveLength(1)
  })
})
