import { resilient } from '@holdfast/core'
import { getResponse } from 'msw'
import { beforeEach, expect, it, vi } from 'vitest'
import { keystone } from '../src/index.ts'
import { keystoneServer } from '../src/simulator/index.ts'
import { iam, service } from './cloud.ts'
import { tiny } from './tiny.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T08:00:00.100Z') })
})

function start(password: () => string) {
  const identity = keystoneServer({ url: iam, lockoutAttempts: 3 })
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init)
    if (request.url.startsWith(iam)) return (await getResponse([...identity.handlers], request)) ?? Response.error()
    const isGood = identity.validate(request.headers.get('x-auth-token')) !== undefined
    return new Response(null, { status: isGood ? 204 : 401 })
  }
  const account = { username: 'operator', userDomainName: 'Default', projectName: 'backups' }
  const credentials = () => ({ ...account, password: password() })
  const client = resilient(fetch, { vendor: tiny(service, keystone({ authUrl: `${iam}/v3`, credentials })) })
  return { identity, client }
}

it('costs no caller more than five seconds, and fails no call, where a password is rotated', async () => {
  let password = 'secret'
  const { identity, client } = start(() => password)
  await client(`${service}/v2/p/backups`)
  await vi.advanceTimersByTimeAsync(10_000)
  password = 'other'
  identity.setPassword('operator', password)
  const before = performance.now()
  const took = Array.from({ length: 20 }, async () => {
    const { status } = await client(`${service}/v2/p/backups`)
    return [status, performance.now() - before <= 5_000]
  })
  const all = Promise.all(took)
  all.catch(() => {})
  await vi.advanceTimersByTimeAsync(20_000)
  expect(new Set((await all).map(String))).toEqual(new Set(['204,true']))
  // The first tokens after the change are of the same second, and refused.
  expect(identity.logins).toBeGreaterThan(2)
})

it('leaves an account open though a wrong password is called with for an hour', async () => {
  const { identity, client } = start(() => 'wrong')
  for (let minute = 0; minute < 60; minute++) {
    const call = client(`${service}/v2/p/backups`).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await call).toBeInstanceOf(Error)
  }
  expect(identity.refusedLogins).toBe(2)
  expect(identity.isLocked('operator')).toBe(false)
})
