import { resilient } from '@holdfast/core'
import { serve } from '@holdfast/testing'
import { sessionPlaceholder, xenapi } from '@holdfast/xenapi'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClient, type Xapi } from 'xen-api'
import transports from 'xen-api/transports/index.mjs'
import { type XapiPool, type XapiSimulatorOptions, xapi } from '../src/simulator/index.ts'

const auth = { user: 'root', password: 'secret' }
const cleanUps: (() => unknown)[] = []

afterEach(async () => {
  vi.useRealTimers()
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** Lets time pass for whoever waits, until the promise is settled. Sockets have timers of their own, which are left alone. */
async function passing<Result>(promise: Promise<Result>): Promise<Result> {
  let isSettled = false
  const settle = () => {
    isSettled = true
  }
  promise.then(settle, settle)
  const step = () => {
    vi.advanceTimersByTime(100)
    return isSettled
  }
  await expect.poll(step, { interval: 5 }).toBe(true)
  return promise
}

const fakeTime = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })

/** A pool of two on real sockets, which differ in their address alone. */
async function servePool(options: XapiSimulatorOptions = {}) {
  const hosts = [
    { name: 'master', address: '127.0.0.1' },
    { name: 'member', address: '127.0.0.2' },
  ] as const
  const pool = xapi({ hosts, ...options })
  const first = await serve(pool.host('master').handlers, { host: '127.0.0.1' })
  const port = Number(new URL(first.url).port)
  const second = await serve(pool.host('member').handlers, { host: '127.0.0.2', port })
  cleanUps.push(first.close, second.close)
  return { pool, master: first.url, member: second.url }
}

/** The client of Xen Orchestra. */
function clientOf(url: string, options: { transport?: string; watchEvents?: readonly string[] } = {}): Xapi {
  const client = createClient({ url, auth, watchEvents: false, debounce: 0, ...options })
  cleanUps.push(() => client.disconnect())
  return client
}

const calls = ({ calls }: XapiPool, rpc: string) => calls.filter((call) => call.rpc === rpc)
const shutDowns = ({ executed }: XapiPool) => executed.filter(({ action }) => action === 'VM.hard_shutdown')

describe('the client of Xen Orchestra before the simulated pool', () => {
  it('connects by way of a member, in JSON', async () => {
    const { pool, member } = await servePool()
    const client = clientOf(member)
    fakeTime()
    await passing(client.connect())
    expect(client.pool).toMatchObject({ $ref: 'OpaqueRef:pool', master: 'OpaqueRef:master' })
    expect(await client.call('VM.get_all')).toEqual(['OpaqueRef:vm-1', 'OpaqueRef:vm-2', 'OpaqueRef:vm-3'])
    expect(new Set(pool.calls.map(({ format }) => format))).toEqual(new Set(['json-rpc-2.0']))
  })

  it('falls back to XML where the host is too old', async () => {
    const hosts = [{ name: 'old', address: '127.0.0.1', formats: 'xml-only' }] as const
    const pool = xapi({ hosts })
    const server = await serve(pool.handlers)
    cleanUps.push(server.close)
    const client = clientOf(server.url)
    await client.connect()
    expect(await client.getField('VM', 'OpaqueRef:vm-1', 'power_state')).toBe('Running')
    await expect(client.call('VM.start', 'OpaqueRef:vm-1', false, false)).rejects.toMatchObject({
      code: 'VM_BAD_POWER_STATE',
      params: ['OpaqueRef:vm-1', 'halted', 'running'],
    })
    expect(calls(pool, 'VM.start')[0]).toMatchObject({ format: 'xml-rpc', path: '/xmlrpc' })
  })

  it('logs in again when its session is gone, at a new master, too', async () => {
    const { pool, master } = await servePool()
    const client = clientOf(master)
    await client.connect()
    fakeTime()
    pool.expireSessions()
    expect(await passing(client.call('VM.get_all'))).toHaveLength(3)
    pool.promote('member')
    expect(await passing(client.call('VM.get_all'))).toHaveLength(3)
    expect([pool.logins, pool.refusedLogins]).toEqual([3, 1])
  })

  it('watches events, and tasks by them', async () => {
    const { pool, master } = await servePool()
    const client = clientOf(master, { watchEvents: ['VM', 'task'] })
    await client.connect()
    await client.objectsFetched
    expect(await client.callAsync('VM.start', 'OpaqueRef:vm-2', false, false)).toBe('')
    await expect(client.callAsync('VM.start', 'OpaqueRef:vm-2', false, false)).rejects.toMatchObject({
      code: 'VM_BAD_POWER_STATE',
    })
    expect(await client.callAsync('VM.clone', 'OpaqueRef:vm-3', 'copy')).toMatch(/^OpaqueRef:/)
    expect(pool.executed.map(({ action }) => action)).toContain('VM.clone')
  })

  it('fails where the connection is lost under a read, and where the host wants time', async () => {
    const { pool, master } = await servePool()
    const client = clientOf(master)
    await client.connect()
    pool.faults.drop({ method: 'VM.get_power_state' })
    const read = () => client.getField('VM', 'OpaqueRef:vm-1', 'power_state')
    await expect(read()).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' })
    pool.faults.status(503, { retryAfter: 1 })
    await expect(read()).rejects.toThrow('unexpect statusCode 503')
    pool.faults.drop({ method: 'VM.hard_shutdown', when: 'after' })
    await expect(client.call('VM.hard_shutdown', 'OpaqueRef:vm-1')).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' })
    expect(shutDowns(pool)).toHaveLength(1)
  })
})

describe('the same client with a resilient fetch as its transport', () => {
  /** The session is the engine's: the client is given the placeholder for one. */
  async function connect(options: XapiSimulatorOptions = {}) {
    const served = await servePool(options)
    const { master, member } = served
    // Before the client, whose retry budget grows by the clock.
    fakeTime()
    const vendor = xenapi({ url: member, members: [master], username: auth.user, password: auth.password })
    const fetching = resilient(fetch, { vendor, retry: { jitter: 'none' } })
    cleanUps.push(() => fetching.close())
    transports.ours = () => async (method, params) => {
      if (method === 'session.login_with_password') return sessionPlaceholder
      if (method === 'session.logout') return ''
      const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 0 })
      const headers = { 'content-type': 'application/json' }
      const reply = await fetching(`${member}/jsonrpc`, { method: 'POST', headers, body })
      return ((await reply.json()) as { result: unknown }).result
    }
    const client = clientOf(member, { transport: 'ours' })
    await passing(client.connect())
    served.pool.clear()
    return { ...served, client, read: () => client.getField('VM', 'OpaqueRef:vm-1', 'power_state') }
  }

  it('reads although the connection is lost', async () => {
    const { pool, read } = await connect()
    pool.faults.drop({ method: 'VM.get_power_state' })
    expect(await passing(read())).toBe('Running')
    expect(pool.calls.map(({ end }) => end)).toEqual(['dropped', 'replied'])
  })

  it('waits for as long as it was told', async () => {
    const { pool, read } = await connect()
    pool.faults.status(503, { retryAfter: 7 })
    expect(await passing(read())).toBe('Running')
    const [refused, done] = pool.calls
    expect([refused?.status, done?.status, pool.calls.length]).toEqual([503, 200, 2])
    expect((done?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(7_000)
  })

  it('logs in once for all whose session is gone', async () => {
    const { pool, read } = await connect()
    pool.expireSessions()
    expect(await passing(Promise.all(Array.from({ length: 10 }, read)))).toEqual(Array(10).fill('Running'))
    expect(pool.executed.map(({ action }) => action)).toEqual(['session.login_with_password'])
  })

  it('follows the master', async () => {
    const { pool, read } = await connect()
    pool.promote('member')
    expect(await passing(read())).toBe('Running')
    expect(pool.calls.at(-1)).toMatchObject({ host: 'member', rpc: 'VM.get_power_state' })
  })

  it('does not repeat what has been done', async () => {
    const { pool, client } = await connect()
    pool.faults.drop({ method: 'VM.hard_shutdown', when: 'after' })
    await expect(passing(client.call('VM.hard_shutdown', 'OpaqueRef:vm-1'))).rejects.toMatchObject({
      reason: 'not-repeatable',
      mayBeDone: true,
    })
    await vi.advanceTimersByTimeAsync(600_000)
    expect([calls(pool, 'VM.hard_shutdown').length, shutDowns(pool).length]).toEqual([1, 1])
  })

  it('has the failures of the API by their code', async () => {
    const { client } = await connect()
    await expect(passing(client.call('VM.start', 'OpaqueRef:vm-1', false, false))).rejects.toMatchObject({
      code: 'VM_BAD_POWER_STATE',
      kind: 'conflict',
    })
  })
})
