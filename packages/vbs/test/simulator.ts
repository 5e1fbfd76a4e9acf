import { type ResilientOptions, resilient } from '@holdfast/core'
import { keystone } from '@holdfast/keystone'
import { type KeystoneSimulatorOptions, keystoneServer } from '@holdfast/keystone/simulator'
import { exchangeWith, userProject as project, tokenOf } from '@holdfast/openstack/testing'
import { fetchFrom } from '@holdfast/testing'
import { vi } from 'vitest'
import { vbs } from '../src/index.ts'
import { type VbsSimulatorOptions, vbsServer } from '../src/simulator/index.ts'
import { played } from './service.ts'

/** The origin of every server here; any origin would do. */
export const url = 'https://cloud.example'

export { project }
export const v1 = `/v1/${project}`
export const v2 = `/v2/${project}`
export const v3 = `/v3/${project}`

/** An identity service with one user and the project. */
export const identity = (options: KeystoneSimulatorOptions = {}) =>
  keystoneServer({ projects: [{ name: 'backups', id: project }], ...options })

/** A simulated VBS under fake time, and a user who has logged in. */
export async function startVbs(options: Omit<VbsSimulatorOptions, 'keystone'> = {}) {
  vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') })
  const users = identity()
  const service = vbsServer({ keystone: users, ...options })
  const token = await tokenOf(fetchFrom(users.handlers), url)
  const ask = fetchFrom(service.handlers)
  return { users, service, token, ask, exchange: exchangeWith(ask, url, token) }
}

/** Differences from a cloud without faults. */
interface CloudOptions {
  readonly users?: KeystoneSimulatorOptions
  readonly service?: Omit<VbsSimulatorOptions, 'keystone'>
  readonly client?: Pick<ResilientOptions, 'retry' | 'totalTimeout' | 'timeout'>
}

/** A simulated VBS, and a client for it. */
export function startClient({ users: userOptions, service: options, client: more }: CloudOptions = {}) {
  const users = identity(userOptions)
  const service = vbsServer({ keystone: users, ...options })
  const user = { username: 'operator', password: 'secret', userDomainName: 'Default', projectId: project }
  const auth = keystone({ authUrl: url, ...user })
  const fetch = fetchFrom([...users.handlers, ...service.handlers])
  const client = resilient(fetch, { vendor: vbs({ url, auth }), retry: { jitter: 'none' }, ...more })
  /** Sends a request and waits for the reply, or for the error, which is then the value. */
  const send = (method: string, path: string, body?: unknown): Promise<unknown> =>
    played(
      client(`${url}${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) }).catch(
        (error: unknown) => error,
      ),
    )
  return { users, service, send, client }
}

/** Lets so many seconds pass. */
export const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000)
