import { describe, expect, it, vi } from 'vitest'
import { get, login, say, simulate, url } from './xapi-rpc.ts'

const start = simulate()

describe('sessions', () => {
  it('are given for the right password, and end with a logout', async () => {
    const pool = start()
    const session = await login()
    expect(session).toMatch(/^OpaqueRef:[-0-9a-f]{36}$/)
    expect(await get(url, 'session.get_this_host', session, session)).toBe('OpaqueRef:xen-1')
    expect(await get(url, 'host.get_address', session, 'OpaqueRef:xen-1')).toBe('10.0.0.1')
    expect(await get(url, 'session.get_this_user', session, session)).toMatch(/^OpaqueRef:/)
    expect(await get(url, 'session.logout', session)).toBe('')
    expect(await say(url, 'VM.get_all', session)).toEqual({ error: ['SESSION_INVALID', session] })
    expect(pool.executed.map(({ action, target }) => [action, target])).toEqual([
      ['session.login_with_password', 'root'],
      ['session.logout', 'root'],
    ])
    expect([pool.logins, pool.sessions]).toEqual([1, 0])
  })

  it('are refused with two parameters that no document has', async () => {
    const pool = start()
    expect(await say(url, 'session.login_with_password', 'root', 'wrong')).toEqual({
      error: ['SESSION_AUTHENTICATION_FAILED', 'root', 'Authentication failure'],
    })
    expect([pool.refusedLogins, pool.executed]).toEqual([1, []])
  })

  it('end with the oldest of their group when there are too many, and no login fails for it', async () => {
    const pool = start({ maxSessions: 2, maxSessionsPerGroup: 3 })
    const named = await login(url, 'holdfast')
    const [oldest, used] = [await login(), await login()]
    await get(url, 'VM.get_all', oldest)
    await login()
    expect(await say(url, 'VM.get_all', used)).toEqual({ error: ['SESSION_INVALID', used] })
    expect(await say(url, 'VM.get_all', oldest)).toMatchObject({ result: expect.any(Array) })
    expect(await say(url, 'VM.get_all', named)).toMatchObject({ result: expect.any(Array) })
    for (let count = 0; count < 3; count += 1) await login(url, 'holdfast')
    expect(await say(url, 'VM.get_all', named)).toEqual({ error: ['SESSION_INVALID', named] })
    expect([pool.sessions, pool.refusedLogins]).toEqual([5, 0])
  })

  it('end when they have not been used for long', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    start({ idleTimeout: 1_000 })
    const session = await login()
    vi.advanceTimersByTime(999)
    expect(await say(url, 'VM.get_all', session)).toMatchObject({ result: expect.any(Array) })
    vi.advanceTimersByTime(999)
    expect(await say(url, 'VM.get_all', session)).toMatchObject({ result: expect.any(Array) })
    vi.advanceTimersByTime(1_000)
    expect(await say(url, 'VM.get_all', session)).toEqual({ error: ['SESSION_INVALID', session] })
  })

  it('end all at once when told', async () => {
    const pool = start()
    const session = await login()
    pool.expireSessions()
    expect(await say(url, 'VM.get_all', session)).toEqual({ error: ['SESSION_INVALID', session] })
    expect(await login()).not.toBe(session)
  })

  it('of one host serve local calls alone', async () => {
    start()
    const local = await get(url, 'session.slave_local_login_with_password', 'root', 'secret')
    expect(await get(url, 'host.is_in_emergency_mode', local)).toBe(false)
    expect(await say(url, 'VM.get_all', local)).toEqual({ error: ['SESSION_INVALID', local] })
    expect(await get(url, 'session.local_logout', local)).toBe('')
    expect(await say(url, 'host.is_in_emergency_mode', local)).toEqual({ error: ['SESSION_INVALID', local] })
  })
})
