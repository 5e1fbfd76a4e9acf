import { type Fetch, resilient } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { xenapi } from '../src/index.ts'
import { callOf, one, password, played, times, username } from './calls.ts'
import { jsonReply, value } from './pool.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] })
})

/** A pool whose master answers this when it is asked for its hosts, and the methods that it has heard. */
function poolTelling(hosts: (init: RequestInit | undefined) => Response | Promise<Response>) {
  const heard: string[] = []
  const fetch: Fetch = async (input, init) => {
    const { method } = JSON.parse(String(init?.body)) as { method: string }
    heard.push(`${new URL(String(input)).hostname} ${method}`)
    if (method === 'host.get_all_records') return hosts(init)
    return jsonReply(value(method === 'session.login_with_password' ? 'OpaqueRef:session' : 'done'))
  }
  const client = resilient(fetch, { vendor: xenapi({ url: one, username, password, discoverMembers: true }) })
  const call = () => played(client(`${one}/jsonrpc`, callOf('json', 'VM.get_all')))
  return { call, heard }
}

/** A body that brings a bit every tenth of a second and never ends. */
function dripping(stream: { cancelled: boolean }): ReadableStream<Uint8Array> {
  let timer: ReturnType<typeof setInterval>
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"jsonrpc":"2.0","result":{'))
      timer = setInterval(() => controller.enqueue(new Uint8Array([0x20])), 100)
    },
    cancel() {
      clearInterval(timer)
      stream.cancelled = true
    },
  })
}

describe('a login that asks for the members of its pool', () => {
  const never = () => new Promise<Response>(() => {})
  const stream = { cancelled: false }
  it.each<[string, (init: RequestInit | undefined) => Response | Promise<Response>]>([
    ['never comes, to a fetch that is deaf', never],
    ['drips', () => new Response(dripping(stream), { headers: { 'content-type': 'application/json' } })],
    ['drips as a failure', () => new Response(dripping(stream), { status: 500 })],
  ])('waits a few seconds at most for an answer that %s', async (_name, hosts) => {
    const { call, heard } = poolTelling(hosts)
    expect((await call()).status).toBe(200)
    expect(performance.now()).toBeLessThan(6_000)
    expect(heard.at(-1)).toBe('xen-1.example VM.get_all')
  })

  it('has an answer that drips given up', async () => {
    const drip = { cancelled: false }
    const { call } = poolTelling(() => new Response(dripping(drip)))
    await call()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(drip.cancelled).toBe(true)
  })

  it.each<[string, () => Response]>([
    ['is no JSON', () => new Response('<html>')],
    ['is longer than is read', () => new Response(`{"jsonrpc":"2.0","result":{"a":"${'x'.repeat(9_000_000)}"}}`)],
    ['holds junk', () => jsonReply(value({ a: null, b: 7, c: { address: {} }, d: { address: 'a b/c' }, e: [] }))],
    ['is a list', () => jsonReply(value([{ address: '10.0.0.2' }]))],
    ['is a text', () => jsonReply(value('10.0.0.2'))],
    ['has no addresses', () => jsonReply(value({}))],
  ])('takes no harm of one that %s', async (_name, hosts) => {
    expect((await poolTelling(hosts).call()).status).toBe(200)
    expect(performance.now()).toBeLessThan(6_000)
  })

  it('trusts no more members than a pool can have', async () => {
    const records = Object.fromEntries(
      times(5_000, (at) => [`OpaqueRef:${at}`, { address: `10.0.${at >> 8}.${at & 255}` }]),
    )
    const vendor = xenapi({ url: one, username, password, discoverMembers: true })
    const session = await vendor.auth?.open(
      { username, password },
      {
        origin: one,
        send: async (_path, { body }) =>
          jsonReply(value(String(body).includes('get_all_records') ? records : 'OpaqueRef:session')),
      },
    )
    expect(session?.endpoints).toHaveLength(256)
  })
})
