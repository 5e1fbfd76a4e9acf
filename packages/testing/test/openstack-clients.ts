import { createState, type ResilientOptions, resilient } from '@holdfast/core'
import { csbs } from '@holdfast/csbs'
import { keystone } from '@holdfast/keystone'
import { vbs } from '@holdfast/vbs'
import { vi } from 'vitest'
import {
  type CsbsOptions,
  csbsServer,
  fetchFrom,
  type KeystoneOptions,
  type VbsOptions,
  vbsServer,
} from '../src/index.ts'
import { identity, project, url } from './openstack-cloud.ts'

/** What is to be different from a quiet cloud. */
interface Wanted {
  readonly users?: KeystoneOptions
  readonly servers?: Omit<CsbsOptions, 'keystone'>
  readonly disks?: Omit<VbsOptions, 'keystone'>
  readonly password?: string
  readonly client?: Pick<ResilientOptions, 'retry' | 'totalTimeout' | 'timeout'>
}

/** A cloud, and one client for each of its services, with one token for both. */
export function start({ users: userOptions, servers, disks, password = 'secret', client = {} }: Wanted = {}) {
  const users = identity(userOptions)
  const cloud = {
    users,
    servers: csbsServer({ keystone: users, ...servers }),
    disks: vbsServer({ keystone: users, ...disks }),
  }
  const fetch = fetchFrom([...users.handlers, ...cloud.servers.handlers, ...cloud.disks.handlers])
  const auth = keystone({
    authUrl: url,
    username: 'operator',
    password,
    userDomainName: 'Default',
    projectId: project,
  })
  const shared = { state: createState(), retry: { jitter: 'none' as const }, ...client }
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
