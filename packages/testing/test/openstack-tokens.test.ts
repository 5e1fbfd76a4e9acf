import { inspect } from 'node:util'
import { isAuth, isFatal, isVendorError } from '@holdfast/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { start } from './openstack-clients.ts'
import { providers, v1, v2, v3 } from './openstack-cloud.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))
afterEach(() => void vi.useRealTimers())

const protect = (server = 'server-1') => `${providers}/resources/${server}/action`
const nightly = { protect: { backup_name: 'nightly' } }
const disk = (volume_id: string) => ({ backup: { volume_id, name: 'nightly' } })

describe('a token', () => {
  it('is one for both services, and is renewed before it ends', async () => {
    const { users, servers, disks, askServers, askDisks } = start({ users: { lifetime: 3_600_000 } })
    const crowd = () =>
      Promise.all([
        ...Array.from({ length: 10 }, () => askServers('GET', `${v1}/policies`)),
        ...Array.from({ length: 10 }, () => askDisks('GET', `${v3}/backups`)),
      ])
    await crowd()
    expect(users.logins).toBe(1)
    await vi.advanceTimersByTimeAsync(3_590_000)
    await crowd()
    expect(users.logins).toBe(2)
    expect([...servers.calls, ...disks.calls].every(({ status }) => status === 200)).toBe(true)
  })

  it.each(['401', '403'] as const)(
    'that ends in mid-flow is renewed once for all callers: told by %s',
    async (staleToken) => {
      const { users, servers, askServers } = start({ servers: { staleToken } })
      await askServers('POST', protect(), nightly)
      users.expireTokens()
      const answers = await Promise.all(Array.from({ length: 20 }, () => askServers('GET', `${v1}/checkpoint_items`)))
      expect(answers.every((answer) => answer instanceof Response && answer.ok)).toBe(true)
      users.expireTokens()
      expect(await askServers('POST', protect('server-2'), nightly)).toMatchObject({ status: 200 })
      expect(users.logins).toBe(3)
      expect(servers.executed).toHaveLength(2)
    },
  )

  it.each(['401', '403', 'AutoBackup.0003'] as const)(
    'is so in all three families of VBS: told by %s',
    async (staleToken) => {
      const { users, disks, askDisks } = start({ disks: { staleToken } })
      const calls = [
        () => askDisks('POST', `${v2}/cloudbackups`, disk('volume-1')),
        () => askDisks('POST', `${v3}/backups`, disk('volume-2')),
        () => askDisks('POST', `${v2}/backuppolicy`, { backup_policy_name: 'daily', scheduled_policy: {} }),
      ]
      for (const call of calls) {
        users.expireTokens()
        expect(await call()).toMatchObject({ ok: true })
      }
      expect(disks.executed.map(({ action }) => action)).toEqual(['backup.create', 'backup.create', 'policy.create'])
      expect(users.logins).toBe(3)
    },
  )

  it('that is refused though it is fresh is not asked for again and again', async () => {
    const { users, servers, askServers } = start()
    servers.faults.fail('APIG.0307', { times: 100 })
    for (let call = 0; call < 10; call += 1) expect(isAuth(await askServers('GET', `${v1}/policies`))).toBe(true)
    expect(users.logins).toBeLessThan(10)
    expect(servers.calls.length).toBeLessThan(30)
  })

  it('is not to be had with a wrong password, and the account is not locked for it', async () => {
    const { users, askServers, askDisks } = start({ users: { lockoutAttempts: 3 }, password: 'wrong' })
    for (let call = 0; call < 10; call += 1) {
      expect(await askServers('GET', `${v1}/policies`)).toMatchObject({ kind: 'auth', reason: 'login-failed' })
      expect(await askDisks('GET', `${v3}/backups`)).toMatchObject({ kind: 'auth', reason: 'login-failed' })
    }
    expect([users.refusedLogins < 3, users.isLocked('operator')]).toEqual([true, false])
  })

  it('of another project, or a right that is missing, is no reason to log in again', async () => {
    const { users, askDisks } = start()
    expect(await askDisks('GET', '/v3/elsewhere/backups')).toMatchObject({ code: 'forbidden', kind: 'auth' })
    expect(users.logins).toBe(1)
  })

  it('is waited for while the identity service is away', async () => {
    const { users, askServers } = start()
    users.faults.drop({ times: 2 })
    expect(await askServers('GET', `${v1}/policies`)).toMatchObject({ status: 200 })
    expect(users.calls.map(({ end }) => end)).toEqual(['dropped', 'dropped', 'replied'])
  })
})

describe('a quota that is reached', () => {
  it('ends the call at once, however it is dressed', async () => {
    const { servers, disks, askServers, askDisks } = start({
      servers: { quota: { backups: 0, policies: 0 } },
      disks: { quota: { backups: 0 } },
    })
    const policy = { name: 'daily', provider_id: 'fc4d5750-22e7-4798-8a46-f48f62c4c1da', resources: [] }
    const errors = [
      await askServers('POST', protect(), nightly),
      await askServers('POST', `${v1}/policies`, { policy }),
      await askDisks('POST', `${v2}/cloudbackups`, disk('volume-1')),
      await askDisks('POST', `${v3}/backups`, disk('volume-1')),
    ]
    expect(errors.map((error) => isFatal(error) && [error.code, error.status])).toEqual([
      ['CSBS.9006', 400],
      ['CSBS.0001', 400],
      ['VolumeBackup.0080', 400],
      ['overLimit', 413],
    ])
    expect([servers.calls.length, disks.calls.length]).toEqual([2, 2])
  })
})

describe('who stands in front', () => {
  it('throttles for a time that stands in a sentence, and is obeyed', async () => {
    const { servers, askServers } = start({ servers: { throttle: { limit: 1, window: 60_000 } } })
    await askServers('GET', `${v1}/policies`)
    expect(await askServers('POST', protect(), nightly)).toMatchObject({ status: 200 })
    const [, refused, carriedOut, ...more] = servers.calls
    expect([refused?.code, carriedOut?.executed, more]).toEqual(['APIG.0308', 'backup.create', []])
    expect((carriedOut?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(60_000)
  })

  it('shows a page instead of an answer, and is asked again for what can be asked again', async () => {
    const { servers, askServers } = start()
    servers.faults.badGateway()
    expect(await askServers('GET', `${v1}/checkpoint_items`)).toMatchObject({ status: 200 })
    servers.faults.badGateway({ method: 'POST' })
    const check = { check_protectable: [{ resource_id: 'server-1' }] }
    expect(await askServers('POST', `${providers}/resources/action`, check)).toMatchObject({ status: 200 })
    servers.faults.badGateway({ method: 'POST' })
    const error = await askServers('POST', protect(), nightly)
    expect(isVendorError(error) && [error.code, error.reason]).toEqual(['BALANCER_502', 'not-repeatable'])
    expect(servers.executed).toEqual([])
  })

  it('and whoever stands behind it never show a secret in an error', async () => {
    const { users, servers, askServers } = start()
    await askServers('GET', `${v1}/policies`)
    servers.faults.fail('CSBS.9999', { message: 'failed with secret', method: 'POST' })
    const error = await askServers('POST', protect(), nightly)
    const shown = isVendorError(error) ? `${error.message} ${JSON.stringify(error)} ${inspect(error)}` : ''
    expect(shown).toContain('CSBS.9999')
    expect(shown).not.toMatch(/secret|gAAAAAB/)
    expect(users.logins).toBe(1)
  })
})
