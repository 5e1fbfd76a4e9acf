import { type ResilientOptions, resilient } from '@holdfast/core'
import { keystone } from '@holdfast/keystone'
import { type Keystone, type KeystoneSimulatorOptions, keystoneServer } from '@holdfast/keystone/simulator'
import { fetchFrom } from '@holdfast/testing'
import { vi } from 'vitest'
import { vbs } from '../src/index.ts'
import { type VbsSimulatorOptions, vbsServer } from '../src/simulator/index.ts'

/** The origin that the tests ask; any origin would do. */
export const url = 'https://cloud.example'

/** The one project, and the beginning of what is asked for in it. */
export const project = '3f1c0a52b4d24d0c8c1e2f5a6b7d8e90'
export const v1 = `/v1/${project}`
export const v2 = `/v2/${project}`
export const v3 = `/v3/${project}`

/** An identity service with one user and that project. */
export const identity = (options: KeystoneSimulatorOptions = {}) =>
  keystoneServer({ projects: [{ name: 'backups', id: project }], ...options })

/** A login by password, for the project. */
export const loginBody = (password = 'secret', user = 'operator') => ({
  auth: {
    identity: { methods: ['password'], password: { user: { name: user, password, domain: { name: 'Default' } } } },
    scope: { project: { id: project } },
  },
})

/** Logs in where no network is. */
export async function tokenOf(service: Keystone): Promise<string> {
  const reply = await fetchFrom(service.handlers)(`${url}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(loginBody()),
  })
  return reply.headers.get('x-subject-token') ?? ''
}

/** An answer: its status and its text, or what its text says. */
export type Said = readonly [status: number, body: unknown]

/** Sends a request with a token and hands back what was said, parsed where it is JSON. */
export type Say = (method: string, path: string, body?: unknown) => Promise<Said>

function sayTo(ask: typeof fetch, token: string): Say {
  return async (method, path, body) => {
    const headers = { 'x-auth-token': token, 'content-type': 'application/json' }
    const reply = await ask(`${url}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    return [reply.status, /json/.test(reply.headers.get('content-type') ?? '') ? JSON.parse(text) : text]
  }
}

/** A VBS under fake time, and somebody who has logged in. */
export async function startVbs(options: Omit<VbsSimulatorOptions, 'keystone'> = {}) {
  vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') })
  const users = identity()
  const service = vbsServer({ keystone: users, ...options })
  const token = await tokenOf(users)
  const ask = fetchFrom(service.handlers)
  return { users, service, token, ask, say: sayTo(ask, token) }
}

/** Differences from a quiet cloud. */
interface Wanted {
  readonly users?: KeystoneSimulatorOptions
  readonly service?: Omit<VbsSimulatorOptions, 'keystone'>
  readonly client?: Pick<ResilientOptions, 'retry' | 'totalTimeout' | 'timeout'>
}

/** A VBS, and a client for it. */
export function startClient({ users: userOptions, service: options, client = {} }: Wanted = {}) {
  const users = identity(userOptions)
  const service = vbsServer({ keystone: users, ...options })
  const auth = keystone({
    authUrl: url,
    username: 'operator',
    password: 'secret',
    userDomainName: 'Default',
    projectId: project,
  })
  const fetch = fetchFrom([...users.handlers, ...service.handlers])
  const send = sender(resilient(fetch, { vendor: vbs({ url, auth }), retry: { jitter: 'none' }, ...client }))
  return { users, service, send }
}

/** Lets so many seconds go by. */
export const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000)

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
