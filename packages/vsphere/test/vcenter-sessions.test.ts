import { describe, expect, it, vi } from 'vitest'
import { basic, login, simulate, url } from './simulator.ts'

const start = simulate()

describe('sessions', () => {
  it('opens one with Basic on /api, says whose it is, and ends it', async () => {
    const vc = start()
    const opened = await fetch(`${url}/api/session`, { method: 'POST', headers: basic() })
    expect(opened.status).toBe(201)
    const headers = { 'vmware-api-session-id': (await opened.json()) as string }
    const about = await fetch(`${url}/api/session`, { headers })
    expect(await about.json()).toMatchObject({ user: 'administrator@vsphere.local', created_time: expect.any(String) })
    expect([vc.logins, vc.sessions]).toEqual([1, 1])
    expect((await fetch(`${url}/api/session`, { method: 'DELETE', headers })).status).toBe(204)
    expect((await fetch(`${url}/api/session`, { method: 'DELETE', headers })).status).toBe(401)
    expect(vc.sessions).toBe(0)
  })

  it('opens one on /rest, wrapped, with a cookie unless told not to', async () => {
    start()
    const path = `${url}/rest/com/vmware/cis/session`
    const opened = await fetch(path, { method: 'POST', headers: basic() })
    const { value } = (await opened.json()) as { value: string }
    expect([opened.status, opened.headers.get('set-cookie')]).toEqual([
      200,
      `vmware-api-session-id=${value}; Path=/rest`,
    ])
    const cookie = `other=1; vmware-api-session-id=${value}`
    const about = await fetch(`${path}?~action=get`, { method: 'POST', headers: { cookie } })
    expect(await about.json()).toMatchObject({ value: { user: 'administrator@vsphere.local' } })
    const headers = { ...basic(), 'vmware-use-header-authn': 'true' }
    expect((await fetch(path, { method: 'POST', headers })).headers.get('set-cookie')).toBeNull()
    const closed = await fetch(path, { method: 'DELETE', headers: { 'vmware-api-session-id': value } })
    expect([closed.status, await closed.text()]).toEqual([200, ''])
  })

  it('says the same to a wrong password, no session and an expired one', async () => {
    const vc = start()
    const get = await login()
    vc.expireSessions()
    const answers = await Promise.all([
      fetch(`${url}/api/session`, { method: 'POST', headers: basic('wrong') }),
      fetch(`${url}/api/vcenter/vm`),
      get('GET', '/api/vcenter/vm'),
    ])
    const bodies = await Promise.all(answers.map((answer) => answer.text()))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    expect(new Set(bodies).size).toBe(1)
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
      error_type: 'UNAUTHENTICATED',
      challenge: expect.stringMatching(/^Basic/),
    })
    expect(vc.refusedLogins).toBe(1)
  })

  it('locks the account after wrong passwords in a row, until it is unlocked', async () => {
    const vc = start({ lockoutAfter: 3 })
    const tryLogin = async (password?: string) =>
      (await fetch(`${url}/api/session`, { method: 'POST', headers: basic(password) })).status
    expect([await tryLogin('a'), await tryLogin('b'), await tryLogin(), await tryLogin('c')]).toEqual([
      401, 401, 201, 401,
    ])
    expect(vc.locked).toBe(false)
    await tryLogin('d')
    await tryLogin('e')
    expect([vc.locked, await tryLogin()]).toEqual([true, 401])
    vc.unlock()
    expect(await tryLogin()).toBe(201)
  })

  it('refuses logins beyond the session limit while open sessions go on working', async () => {
    const vc = start({ maxSessions: 2 })
    const get = await login()
    await login()
    const refused = await fetch(`${url}/api/session`, { method: 'POST', headers: basic() })
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({
      error_type: 'SERVICE_UNAVAILABLE',
      messages: [{ id: 'com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached' }],
    })
    expect((await get('GET', '/api/vcenter/vm')).status).toBe(200)
    expect([vc.logins, vc.refusedLogins, vc.sessions]).toEqual([2, 1, 2])
  })

  it('ends a session that is not used for long', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const vc = start({ idleTimeout: 60_000 })
    const get = await login()
    vi.setSystemTime(Date.now() + 59_999)
    expect((await get('GET', '/api/vcenter/vm')).status).toBe(200)
    vi.setSystemTime(Date.now() + 59_999)
    expect((await get('GET', '/api/vcenter/vm')).status).toBe(200)
    vi.setSystemTime(Date.now() + 60_000)
    expect((await get('GET', '/api/vcenter/vm')).status).toBe(401)
    expect(vc.sessions).toBe(0)
  })
})
