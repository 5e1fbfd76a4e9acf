import { tokenOf } from '@holdfast/openstack/testing'
import { serve } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { vbsServer } from '../src/simulator/index.ts'
import { identity, v3 } from './simulator.ts'

describe('simulated services on real sockets', () => {
  it('let a caller go that will not wait', async () => {
    const users = identity()
    const backups = vbsServer({ keystone: users })
    await using server = await serve([...users.handlers, ...backups.handlers])
    const headers = { 'x-auth-token': await tokenOf(fetch, server.url) }
    backups.faults.hang()
    const caller = new AbortController()
    const call = fetch(`${server.url}${v3}/backups`, { headers, signal: caller.signal })
    await expect.poll(() => backups.calls.length).toBe(1)
    caller.abort()
    await expect(call).rejects.toThrow('aborted')
    await expect.poll(() => backups.calls[0]?.end).toBe('dropped')
  })
})
