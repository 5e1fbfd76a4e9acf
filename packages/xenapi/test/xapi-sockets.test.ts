import { serve } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { xapi } from '../src/simulator/index.ts'
import { json, login, post, say } from './xapi-rpc.ts'

describe('a simulated pool on real sockets', () => {
  it('wants a length, and says so in its own status line', async () => {
    await using server = await serve(xapi().handlers)
    const body = new Blob(['{}']).stream()
    const reply = await fetch(`${server.url}/jsonrpc`, { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect([reply.status, reply.statusText, reply.headers.get('connection')]).toEqual([500, 'Internal Error', 'close'])
    expect(await reply.text()).toContain('Failure(&quot;We require a content-length: HTTP header&quot;)')
    const fine = await post(server.url, '/jsonrpc', json('system.listMethods', []))
    expect([fine.status, fine.statusText, fine.headers.get('connection')]).toEqual([200, 'OK', 'keep-alive'])
  })

  it('refuses an import in chunks without a word', async () => {
    await using server = await serve(xapi().handlers)
    const session = encodeURIComponent(await login(server.url))
    const put = async (path: string) => {
      const reply = await fetch(`${server.url}${path}`, {
        method: 'PUT',
        body: new Blob(['12345']).stream(),
        duplex: 'half',
      } as RequestInit)
      return [reply.status, await reply.text()]
    }
    expect(await put(`/import?session_id=${session}`)).toEqual([403, ''])
    expect(await put('/import?session_id=x')).toMatchObject([401, /unauthorised/])
  })

  it('is one server a host, at addresses of their own', async () => {
    const hosts = [
      { name: 'master', address: '127.0.0.1' },
      { name: 'member', address: '127.0.0.2' },
    ] as const
    const pool = xapi({ hosts })
    await using first = await serve(pool.host('master').handlers, { host: '127.0.0.1' })
    const port = Number(new URL(first.url).port)
    await using second = await serve(pool.host('member').handlers, { host: '127.0.0.2', port })
    expect(await say(second.url, 'session.login_with_password', 'root', 'secret')).toEqual({
      error: ['HOST_IS_SLAVE', '127.0.0.1'],
    })
    expect(await login(first.url)).toMatch(/^OpaqueRef:/)
    pool.kill('master')
    await expect(login(first.url)).rejects.toThrow('fetch failed')
  })

  it('lets a caller go that will not wait', async () => {
    const pool = xapi()
    await using server = await serve(pool.handlers)
    pool.faults.hang()
    const caller = new AbortController()
    const call = post(server.url, '/jsonrpc', json('system.listMethods', []), { signal: caller.signal })
    await expect.poll(() => pool.calls.length).toBe(1)
    caller.abort()
    await expect(call).rejects.toThrow('aborted')
    await expect.poll(() => pool.calls[0]?.end).toBe('dropped')
  })
})
