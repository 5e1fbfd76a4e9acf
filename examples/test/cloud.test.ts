import { createState, resilient } from '@holdfast/core'
import { csbs } from '@holdfast/csbs'
import { csbsServer } from '@holdfast/csbs/simulator'
import { keystone } from '@holdfast/keystone'
import { type KeystoneSimulatorOptions, keystoneServer } from '@holdfast/keystone/simulator'
import { fetchFrom, serve } from '@holdfast/testing'
import { vbs } from '@holdfast/vbs'
import { vbsServer } from '@holdfast/vbs/simulator'
import { beforeEach, describe, expect, it, vi } from 'vitest'

/** The origin that the tests ask; any origin would do. */
const url = 'https://cloud.example'

/** The one project, and the beginning of what is asked for in it. */
const project = '3f1c0a52b4d24d0c8c1e2f5a6b7d8e90'
const v1 = `/v1/${project}`
const v3 = `/v3/${project}`

/** An identity service with one user and that project. */
const identity = (options: KeystoneSimulatorOptions = {}) =>
  keystoneServer({ projects: [{ name: 'backups', id: project }], ...options })

/** A login by password, for the project. */
const loginBody = (password = 'secret', user = 'operator') => ({
  auth: {
    identity: { methods: ['password'], password: { user: { name: user, password, domain: { name: 'Default' } } } },
    scope: { project: { id: project } },
  },
})

/** A cloud, and one client for each of its services, with one token for both. */
function start(options: KeystoneSimulatorOptions = {}, password = 'secret') {
  const users = identity(options)
  const cloud = {
    users,
    servers: csbsServer({ keystone: users }),
    disks: vbsServer({ keystone: users }),
  }
  const fetch = fetchFrom([...users.handlers, ...cloud.servers.handlers, ...cloud.disks.handlers])
  const auth = keystone({
    authUrl: url,
    username: 'operator',
    password,
    userDomainName: 'Default',
    projectId: project,
  })
  const shared = { state: createState(), retry: { jitter: 'none' as const } }
  return {
    ...cloud,
    askServers: sender(resilient(fetch, { vendor: csbs({ url, auth }), ...shared })),
    askDisks: sender(resilient(fetch, { vendor: vbs({ url, auth }), ...shared })),
  }
}

/** Sends a request and lets time go by until there is an answer, or an error, which is then the value. */
function sender(client: (input: string, init: RequestInit) => Promise<Response>) {
  return async (method: string, path: string, body?: unknown): Promise<unknown> => {
    let isSettled = false
    const answer = client(`${url}${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
      .catch((error: unknown) => error)
      .finally(() => {
        isSettled = true
      })
    while (!isSettled) await vi.advanceTimersByTimeAsync(1_000)
    return answer
  }
}

async function login(origin: string): Promise<string> {
  const reply = await fetch(`${origin}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(loginBody()),
  })
  return reply.headers.get('x-subject-token') ?? ''
}

describe('the services of a cloud', () => {
  it('are one server together, at paths of their own', async () => {
    const users = identity()
    const [servers, disks] = [csbsServer({ keystone: users }), vbsServer({ keystone: users })]
    await using server = await serve([...users.handlers, ...servers.handlers, ...disks.handlers])
    const headers = { 'x-auth-token': await login(server.url) }
    for (const path of [`${v1}/policies`, `${v3}/backups`, `/v2/${project}/backuppolicy`]) {
      expect((await fetch(`${server.url}${path}`, { headers })).status).toBe(200)
    }
    expect([users.calls.length, servers.calls.length, disks.calls.length]).toEqual([1, 1, 2])
  })
})

describe('a token', () => {
  beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

  it('is one for both services, and is renewed before it ends', async () => {
    const { users, servers, disks, askServers, askDisks } = start({ lifetime: 3_600_000 })
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

  it('is not to be had with a wrong password, and the account is not locked for it', async () => {
    const { users, askServers, askDisks } = start({ lockoutAttempts: 3 }, 'wrong')
    for (let call = 0; call < 10; call += 1) {
      expect(await askServers('GET', `${v1}/policies`)).toMatchObject({ kind: 'auth', reason: 'login-failed' })
      expect(await askDisks('GET', `${v3}/backups`)).toMatchObject({ kind: 'auth', reason: 'login-failed' })
    }
    expect([users.refusedLogins < 3, users.isLocked('operator')]).toEqual([true, false])
  })
})
