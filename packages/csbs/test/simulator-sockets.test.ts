import { tokenOf } from '@holdfast/openstack/testing'
import { serve } from '@holdfast/testing'
import { setupServer } from 'msw/node'
import { describe, expect, it } from 'vitest'
import { csbsServer } from '../src/simulator/index.ts'
import { identity, providers, url, v1 } from './simulator.ts'

describe('simulated services on real sockets', () => {
  it('are servers apart, which know each other’s tokens', async () => {
    const users = identity()
    await using server = await serve(users.handlers)
    await using service = await serve(csbsServer({ keystone: users }).handlers)
    const headers = { 'x-auth-token': await tokenOf(fetch, server.url) }
    const get = () => fetch(`${service.url}${v1}/policies`, { headers })
    expect((await get()).status).toBe(200)
    const back = await fetch(`${server.url}/v3/auth/tokens`, {
      method: 'DELETE',
      headers: { ...headers, 'x-subject-token': headers['x-auth-token'] },
    })
    expect([back.status, back.statusText, back.headers.get('content-length')]).toEqual([204, 'NO CONTENT', null])
    expect((await get()).status).toBe(401)
  })

  it('cut the connection before the work or after it', async () => {
    const users = identity()
    const backups = csbsServer({ keystone: users })
    await using server = await serve([...users.handlers, ...backups.handlers])
    const headers = { 'x-auth-token': await tokenOf(fetch, server.url), 'content-type': 'application/json' }
    const protect = (id: string) =>
      fetch(`${server.url}${providers}/resources/${id}/action`, { method: 'POST', headers, body: '{"protect":{}}' })
    backups.faults.drop()
    await expect(protect('server-1')).rejects.toThrow('fetch failed')
    expect(backups.executed).toEqual([])
    backups.faults.drop({ when: 'after' })
    await expect(protect('server-1')).rejects.toThrow('fetch failed')
    expect(backups.executed).toMatchObject([{ action: 'backup.create', target: 'server-1' }])
    const busy = await protect('server-1')
    expect([busy.status, await busy.json()]).toMatchObject([500, { error_code: 'CSBS.1001' }])
    backups.advance(305_000)
    expect(backups.backups.map(({ status }) => status)).toEqual(['available'])
  })
})

describe('simulated services without a socket', () => {
  it('answer where MSW intercepts, each at its own origin', async () => {
    const users = identity({ url: 'https://iam.example' })
    const backups = csbsServer({ keystone: users, url })
    const server = setupServer(...users.handlers, ...backups.handlers)
    server.listen({ onUnhandledFrame: 'error' })
    try {
      const headers = { 'x-auth-token': await tokenOf(fetch, 'https://iam.example') }
      const reply = await fetch(`${url}${v1}/policies`, { headers })
      expect([reply.status, await reply.json()]).toEqual([200, { policies: [], count: 0 }])
      backups.faults.drop()
      await expect(fetch(`${url}${v1}/policies`, { headers })).rejects.toThrow('fetch failed')
      users.expireTokens()
      expect((await fetch(`${url}${v1}/policies`, { headers })).status).toBe(401)
    } finally {
      server.close()
    }
  })
})
