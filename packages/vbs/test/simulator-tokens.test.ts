import { isFatal } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { startClient, v2, v3 } from './simulator.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

const disk = (volume_id: string) => ({ backup: { volume_id, name: 'nightly' } })

describe('a token', () => {
  it.each(['401', '403', 'AutoBackup.0003'] as const)(
    'that ends in mid-flow is renewed in all three families of calls: told by %s',
    async (staleToken) => {
      const { users, service, send } = startClient({ service: { staleToken } })
      const calls = [
        () => send('POST', `${v2}/cloudbackups`, disk('volume-1')),
        () => send('POST', `${v3}/backups`, disk('volume-2')),
        () => send('POST', `${v2}/backuppolicy`, { backup_policy_name: 'daily', scheduled_policy: {} }),
      ]
      for (const call of calls) {
        users.expireTokens()
        expect(await call()).toMatchObject({ ok: true })
      }
      expect(service.executed.map(({ action }) => action)).toEqual(['backup.create', 'backup.create', 'policy.create'])
      expect(users.logins).toBe(3)
    },
  )

  it('of another project, or a right that is missing, is no reason to log in again', async () => {
    const { users, send } = startClient()
    expect(await send('GET', '/v3/elsewhere/backups')).toMatchObject({ code: 'forbidden', kind: 'auth' })
    expect(users.logins).toBe(1)
  })
})

describe('a quota that is reached', () => {
  it('ends the call at once, however it is dressed', async () => {
    const { service, send } = startClient({ service: { quota: { backups: 0 } } })
    const errors = [
      await send('POST', `${v2}/cloudbackups`, disk('volume-1')),
      await send('POST', `${v3}/backups`, disk('volume-1')),
    ]
    expect(errors.map((error) => isFatal(error) && [error.code, error.status])).toEqual([
      ['VolumeBackup.0080', 400],
      ['overLimit', 413],
    ])
    expect(service.calls).toHaveLength(2)
  })
})
