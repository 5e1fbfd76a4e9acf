import { type ResilientOptions, resilient } from '@holdfast/core'
import { withWork } from '@holdfast/core/work'
import { fetchFrom } from '@holdfast/testing'
import { expect, vi } from 'vitest'
import { openstack } from '../src/index.ts'
import { type CloudKind, type IdentityService, openstackServer } from '../src/simulator/index.ts'
import { scriptedIdentity, userProject } from '../src/testing.ts'
import { openstackWork } from '../src/work/index.ts'
import { tokens as auth } from './tokens.ts'

export const url = 'https://cloud.example'
export const v3 = `/v3/${userProject}`

/** The addresses of the objects of each service. */
export const places = {
  servers: `${url}/v2.1/servers`,
  volumes: `${url}${v3}/volumes`,
  snapshots: `${url}${v3}/snapshots`,
  backups: `${url}${v3}/backups`,
  images: `${url}/v2/images`,
} as const

/** A service under fake time whose work takes half a minute, and a client that can wait for it. */
export function startCloud(kind: CloudKind, options: Pick<ResilientOptions, 'breaker'> = {}) {
  const identity = scriptedIdentity()
  let firstGood = 0
  const isGood = (token: string | null) => token !== null && identity.logins.indexOf(token) >= firstGood
  const keystone: IdentityService = {
    isDown: false,
    projects: [{ id: userProject }],
    validate: (token) => (isGood(token) ? { project: { id: userProject } } : undefined),
    stateOf: (token) => (isGood(token) ? 'valid' : 'stale'),
    uri: () => 'https://iam.example/v3',
  }
  const service = openstackServer({ kind, keystone, quota: 1_000, workTime: 30_000 })
  const send = fetchFrom(service.handlers)
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init)
    return identity.answer(request) ?? send(request)
  }
  const client = withWork(
    resilient(fetch, { vendor: openstack({ url, auth }), retry: { jitter: 'none' }, ...options }),
    openstackWork,
  )
  return {
    service,
    client,
    logins: identity.logins,
    /** Every token so far is no longer good. */
    expireTokens: () => {
      firstGood = identity.logins.length
    },
    /** Questions that arrived, by path. */
    polls: () => service.calls.filter(({ method }) => method === 'GET').map(({ path }) => path),
  }
}

/** A request with a body of JSON. */
export const json = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** What a promise settles with, once so many seconds have gone by. */
export async function after<T>(seconds: number, promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  await vi.advanceTimersByTimeAsync(seconds * 1_000)
  return promise
}

/** The error that a promise rejects with, once so many seconds have gone by. */
export const failureOf = (seconds: number, promise: Promise<unknown>): Promise<unknown> =>
  after(seconds, promise).then(
    (value) => expect.fail(`It succeeded: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  )
