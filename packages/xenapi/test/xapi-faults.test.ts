import { fetchFrom } from '@holdfast/testing'
import { describe, expect, it, vi } from 'vitest'
import { xapi } from '../src/simulator/index.ts'
import { get, hosts, json, login, master, member, post, say, simulate, url, xml } from './xapi-rpc.ts'

const start = simulate()

describe('faults', () => {
  it.each([
    [{ when: 'junk' }, "option `when` must be one of 'before', 'after'"],
    [{ times: -1 }, 'option `times` must be'],
    [{ retryAfter: 1 }, 'option `retryAfter` '],
    [{ method: 7 }, 'option `method` must be'],
  ])('that can never apply are refused: %j', (scope, why) => {
    expect(() => start().faults.drop(scope as never)).toThrow(why)
  })

  it.each<[string, (pool: ReturnType<typeof start>) => void, string]>([
    ['no code', ({ faults }) => faults.fail(undefined as never), 'option `code` '],
    ['parameters that are no list', ({ faults }) => faults.fail('X', 'y' as never), 'option `params` must be'],
    ['a delay with its unit', ({ faults }) => faults.late('5s' as never), 'option `ms` must be a number'],
    ['no status', ({ faults }) => faults.status(9_999), 'option `status` must be'],
    ['a host that is not there', ({ faults }) => faults.drop({ host: 'xen-77' }), 'No host xen-77; there are '],
  ])('are refused for %s', (_, script, why) => {
    const pool = start()
    expect(() => script(pool)).toThrow(why)
  })

  it('fail calls with any error, in the format of the call', async () => {
    const pool = start()
    const session = await login()
    pool.faults.fail('SR_BACKEND_FAILURE_46', ['', 'The VDI is not available'], { times: 3, method: /^VM\.get_/ })
    const text = async (path: string, body: string) => (await post(url, path, body)).text()
    expect(await text('/jsonrpc', json('VM.get_all', [session]))).toBe(
      '{"result":null,"error":["SR_BACKEND_FAILURE_46","","The VDI is not available"],"id":1}',
    )
    expect(await text('/jsonrpc', json('VM.get_all', [session], '2.0'))).toBe(
      '{"jsonrpc":"2.0","error":{"code":1,"message":"SR_BACKEND_FAILURE_46","data":["","The VDI is not available"]},"id":1}',
    )
    expect(await text('/', xml('VM.get_all', session))).toContain(
      '<array><data><value>SR_BACKEND_FAILURE_46</value><value></value><value>The VDI is not available</value></data></array>',
    )
    expect(await say(url, 'VM.get_all', session)).toMatchObject({ result: expect.any(Array) })
  })

  it('apply before the work or after it, and the account tells which', async () => {
    const pool = start()
    const session = await login()
    const start2 = () => say(url, 'VM.start', session, 'OpaqueRef:vm-2', false, false)
    const done = () => pool.executed.filter(({ action }) => action === 'VM.start').length
    pool.faults.fail('TOO_MANY_PENDING_TASKS', [], { method: 'VM.start' })
    expect(await start2()).toEqual({ error: ['TOO_MANY_PENDING_TASKS'] })
    expect(done()).toBe(0)
    pool.faults.drop({ method: 'VM.start' })
    await expect(start2()).rejects.toThrow('fetch failed')
    expect(done()).toBe(0)
    pool.faults.drop({ method: 'VM.start', when: 'after' })
    await expect(start2()).rejects.toThrow('fetch failed')
    expect(done()).toBe(1)
    pool.faults.fail('INTERNAL_ERROR', ['late'], { when: 'after' })
    expect(await start2()).toMatchObject({ error: { 0: 'VM_BAD_POWER_STATE' } })
    expect(await say(url, 'VM.hard_reboot', session, 'OpaqueRef:vm-2')).toEqual({ error: ['INTERNAL_ERROR', 'late'] })
    expect(pool.executed.at(-1)).toMatchObject({ action: 'VM.hard_reboot' })
    expect(pool.calls.slice(1).map(({ end, executed, code }) => [end, executed, code])).toEqual([
      ['replied', undefined, 'TOO_MANY_PENDING_TASKS'],
      ['dropped', undefined, undefined],
      ['dropped', 'VM.start', undefined],
      ['replied', undefined, 'VM_BAD_POWER_STATE'],
      ['replied', 'VM.hard_reboot', 'INTERNAL_ERROR'],
    ])
  })

  it('apply to one host alone, until cleared', async () => {
    const pool = start({ hosts })
    const session = await login(master)
    pool.faults.status(503, { host: 'member', retryAfter: 7, times: 9 })
    const reply = await post(member, '/jsonrpc', json('VM.get_all', [session]))
    expect([reply.status, reply.headers.get('retry-after'), await reply.text()]).toEqual([503, '7', ''])
    expect(await say(master, 'VM.get_all', session)).toMatchObject({ result: expect.any(Array) })
    pool.faults.clear()
    expect(await say(member, 'VM.get_all', session)).toEqual({ error: ['HOST_IS_SLAVE', '10.0.0.1'] })
  })

  it('come late or never', async () => {
    vi.useFakeTimers()
    const pool = xapi()
    const ask = fetchFrom(pool.handlers)
    const list = (signal?: AbortSignal) =>
      ask(`${url}/jsonrpc`, { method: 'POST', body: json('system.listMethods', []), ...(signal && { signal }) })
    pool.faults.late(5_000)
    const late = list()
    await vi.advanceTimersByTimeAsync(4_999)
    expect(pool.calls[0]?.end).toBe('pending')
    await vi.advanceTimersByTimeAsync(1)
    expect((await late).status).toBe(200)
    pool.faults.hang()
    const caller = new AbortController()
    const hanging = list(caller.signal)
    await vi.advanceTimersByTimeAsync(3_600_000)
    caller.abort(new Error('gone'))
    await expect(hanging).rejects.toThrow('gone')
  })
})

describe('exports and imports', () => {
  const withSession = (path: string, session: string) => `${url}${path}session_id=${encodeURIComponent(session)}`
  const basic = (password: string) => ({ authorization: `Basic ${btoa(`root:${password}`)}` })

  it('stream a machine to whoever may have it', async () => {
    const pool = start({ exportSize: 200_000 })
    const session = await login()
    const reply = await fetch(withSession('/export?ref=OpaqueRef:vm-2&', session))
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/octet-stream'])
    expect((await reply.arrayBuffer()).byteLength).toBe(200_000)
    const headers = { cookie: `a=b; session_id=${session}` }
    for (const shown of [headers, basic('secret')]) {
      const bytes = await (await fetch(`${url}/export?ref=OpaqueRef:vm-2`, { headers: shown })).bytes()
      expect(bytes).toHaveLength(200_000)
    }
    expect(pool.executed.filter(({ action }) => action === '/export')).toHaveLength(3)
  })

  it('say 401 to everything that is wrong with a session', async () => {
    const pool = start({ hosts })
    const session = await login(master)
    const ask = async (origin: string, headers: Record<string, string> = {}, query = '') => {
      const reply = await fetch(`${origin}/export?ref=OpaqueRef:vm-2${query}`, { headers })
      return [reply.status, reply.headers.get('www-authenticate'), await reply.text()]
    }
    const unauthorised = [
      ...[401, 'Basic realm="VM.export"'],
      '<html><body><h1>HTTP 401 unauthorised</h1>Please check your credentials and retry.</body></html>',
    ]
    expect(await ask(master)).toEqual(unauthorised)
    expect(await ask(master, {}, '&session_id=old')).toEqual(unauthorised)
    expect(await ask(master, basic('wrong'))).toEqual(unauthorised)
    expect(await ask(member, basic('secret'))).toEqual(unauthorised)
    pool.restart()
    expect(await ask(master, {}, `&session_id=${session}`)).toEqual(unauthorised)
  })

  it('send the caller to the host that has the disks', async () => {
    start({ hosts, vms: { 'vm-1': { power: 'Halted', host: 'member' } } })
    const session = await login(master)
    const path = `/export?ref=OpaqueRef:vm-1&session_id=${session}`
    const reply = await fetch(`${master}${path}`, { redirect: 'manual' })
    expect([reply.status, reply.headers.get('location')]).toEqual([302, `https://10.0.0.2${path}`])
    expect(await (await fetch(`${master}${path}`)).bytes()).toHaveLength(65_536)
  })

  it('fail inside a success that has begun', async () => {
    const pool = start()
    const session = await login()
    pool.faults.fail('VDI_IO_ERROR', [], { method: '/export' })
    const reply = await fetch(withSession('/export?ref=OpaqueRef:vm-2&', session))
    expect(reply.status).toBe(200)
    expect(await reply.text()).toMatch(
      /^HTTP\/1\.1 500 Internal Error\r\ncache-control.*\r\n\r\n<html><body><h1>HTTP 500 internal server error/s,
    )
    expect(pool.executed.filter(({ action }) => action === '/export')).toEqual([])
    const gone = await fetch(withSession('/export?ref=OpaqueRef:none&', session))
    expect([gone.status, await gone.text()]).toMatchObject([
      500,
      /Server_error\(HANDLE_INVALID, \[ VM; OpaqueRef:none \]\)/,
    ])
  })

  it('end the task that they are given, and tell it alone what went wrong', async () => {
    const pool = start()
    const session = await login()
    const withTask = async (path: string, init: RequestInit) => {
      const task = await get(url, 'task.create', session, 'transfer', '')
      await (await fetch(withSession(`${path}task_id=${encodeURIComponent(task)}&`, session), init)).bytes()
      return get(url, 'task.get_record', session, task)
    }
    const ended = { status: 'success', result: expect.stringMatching(/^<value><array><data><value>OpaqueRef:/) }
    expect(await withTask('/import?', { method: 'PUT', body: 'x' })).toMatchObject(ended)
    expect(await withTask('/export?ref=OpaqueRef:vm-2&', {})).toMatchObject({ status: 'success', result: '' })
    expect(await withTask('/export?ref=none&', {})).toMatchObject({ error_info: ['HANDLE_INVALID', 'VM', 'none'] })
    pool.faults.fail('VDI_IO_ERROR', ['cut'], { method: '/import', when: 'after' })
    expect(await withTask('/import?', { method: 'PUT', body: 'x' })).toMatchObject({
      status: 'failure',
      error_info: ['VDI_IO_ERROR', 'cut'],
    })
    expect(pool.executed.filter(({ action }) => action === '/import')).toHaveLength(2)
  })

  it('count what was imported', async () => {
    const pool = start()
    const session = await login()
    const put = () => fetch(withSession('/import?', session), { method: 'PUT', body: 'x'.repeat(1234) })
    expect([(await put()).status, (await put()).status]).toEqual([200, 200])
    expect(pool.executed.filter(({ action }) => action === '/import')).toHaveLength(2)
    expect(await get(url, 'VM.get_by_name_label', session, 'imported (1234 bytes)')).toHaveLength(2)
  })
})
