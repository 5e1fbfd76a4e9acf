import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createState, type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { failure, played } from './helpers/play.ts'
import { complains, order, Ring } from './helpers/ring-service.ts'
import { one, type RingRow, ring, three, two } from './helpers/ring-vendor.ts'

const rpc = `${one}/rpc`
let service: Ring

beforeEach(() => {
  vi.useFakeTimers()
  service = new Ring()
})

const member = (options: ResilientOptions<RingRow> = {}) =>
  resilient(service.fetch, { vendor: ring(), retry: { jitter: 'none' }, ...options })
const asks = async (client: ReturnType<typeof member>, word = 'read', url = rpc) =>
  (await played(client(url, order(word)))).json()

describe('endpoints and clients that share a state', () => {
  it('one client finds the way for all of them', async () => {
    service.leader = two
    const client = member()
    await asks(client)
    await asks(client.extend({ retry: 0 }), 'read.2')
    expect(service.received).toEqual(['one login', 'two login', 'two read', 'two read.2'])
    const state = createState()
    const vendor = ring()
    await asks(member({ vendor, state }))
    await asks(member({ vendor, state }), 'read.3')
    expect(service.received.slice(4)).toEqual(['one login', 'two login', 'two read', 'two read.3'])
  })

  it('a host that only one of them trusts is not asked by the other', async () => {
    service.leader = three
    service.spelt = () => 'three.ring.example'
    const client = member()
    const trusting = client.extend({ trustedHosts: ['three.ring.example'] })
    expect(await asks(trusting, 'read.1')).toEqual({ done: 'read.1' })
    expect(await failure(client(rpc, order('read.2')))).toMatchObject({
      code: 'DOOR_FOLLOWS',
      reason: 'untrusted-host',
    })
    expect(service.received.filter((received) => received.endsWith('read.2'))).toEqual(['one read.2', 'two read.2'])
    expect(await asks(trusting, 'read.3')).toEqual({ done: 'read.3' })
    expect(service.received.at(-1)).toBe('three read.3')
  })

  it.each([false, true])(
    'a host that only an extended one trusts is asked by its login: after another’s, %s',
    async (isSecond) => {
      service.leader = three
      const client = member()
      if (isSecond) expect(await failure(client(rpc, order('read.1')))).toMatchObject({ reason: 'login-failed' })
      await vi.advanceTimersByTimeAsync(2_000)
      const trusting = client.extend({ trustedHosts: ['three.ring.example'] })
      expect(await asks(trusting, 'read.2')).toEqual({ done: 'read.2' })
      await trusting.close()
      expect(service.received.at(-1)).toBe('three logout')
    },
  )

  it('a call at a trusted host goes back to an endpoint when that host is gone, with the same session', async () => {
    service.leader = three
    service.spelt = () => new URL(service.leader).host
    const client = member({ trustedHosts: ['three.ring.example'] })
    await asks(client, 'read.1')
    service.dead.add(three)
    service.leader = one
    expect(await asks(client, 'read.2')).toEqual({ done: 'read.2' })
    expect(service.logins.map(({ origin }) => origin)).toEqual([one, three])
  })
})

describe('hosts that a session names', () => {
  it('are asked where the endpoint in use is gone, and trusted when a reply names them', async () => {
    service.endpoints = ['three.ring.example']
    const client = member({ vendor: ring({ origins: [one], endpoints: [one] }) })
    await asks(client)
    service.dead.add(one)
    service.leader = three
    expect(await asks(client, 'read.2')).toEqual({ done: 'read.2' })
    service.dead.clear()
    await asks(client, 'read.3', `${three}/rpc`)
    expect(service.received).toEqual(['one login', 'one read', 'one read.2', 'three read.2', 'three read.3'])
  })

  it('are asked no more once a session names them no more', async () => {
    service.endpoints = ['three.ring.example']
    const client = member({ vendor: ring({ origins: [one], endpoints: [one] }) })
    await asks(client)
    service.leader = three
    await asks(client, 'read.2')
    service.endpoints = ['one.ring.example']
    const before = service.requests.length
    service.serve = ({ order }) => (order.token === 'token-1' ? complains('TOKEN_GONE') : undefined)
    for (const word of ['read.3', 'read.4']) {
      expect(await failure(client(rpc, order(word)))).toMatchObject({ code: 'DOOR_FOLLOWS', reason: 'untrusted-host' })
    }
    expect(service.received.slice(before)).toEqual([
      'three read.3',
      'three logout',
      'three login',
      'one read.3',
      'one read.4',
    ])
  })

  it.each(['fd00::3', '[fd00::3]'])('may be addresses: %s', async (host) => {
    service.endpoints = [host]
    const client = member({ vendor: ring({ origins: [one], endpoints: [one] }) })
    await asks(client)
    service.leader = 'https://[fd00::3]:8443'
    expect(await asks(client, 'read.2')).toEqual({ done: 'read.2' })
  })

  it('and that are no hosts are not heard', async () => {
    service.endpoints = ['evil.example/x', 'a b', '', 'me@evil.example', 'evil.example#']
    const client = member()
    await asks(client)
    service.leader = 'https://evil.example:8443'
    expect(await failure(client(rpc, order('read')))).toMatchObject({ reason: 'untrusted-host' })
    expect(service.requests.filter(({ origin }) => origin.includes('evil'))).toEqual([])
  })
})

describe('a watching client', () => {
  it('leads nobody anywhere, and tells of the endpoint that was asked', async () => {
    const events: ResilienceEvent[] = []
    const client = member({ mode: 'observe', observers: [(event) => void events.push(event)] })
    await client(`${two}/rpc`, order('read'))
    await vi.advanceTimersByTimeAsync(0)
    expect(service.received).toEqual(['two read'])
    expect(events[0]).toMatchObject({ key: `ring ${two} all`, url: `${two}/rpc` })
    expect(events.find(({ type }) => type === 'decision-made')).toMatchObject({ decision: { do: 'reroute' } })
  })

  it('leads nobody anywhere where another has found the way', async () => {
    service.leader = two
    const client = member()
    await asks(client)
    await client.extend({ mode: 'observe' })(rpc, order('read.2'))
    await vi.advanceTimersByTimeAsync(0)
    expect(service.received.at(-1)).toBe('one read.2')
  })
})

describe('a watching client and an acting one', () => {
  it('that share a state share nothing of the watching: the login that they share finds its way', async () => {
    const watching = member({ mode: 'observe' })
    await watching(rpc, order('read.1'))
    await vi.advanceTimersByTimeAsync(0)
    service.dead.add(one)
    service.leader = two
    expect(await asks(watching.extend({ mode: 'act' }), 'read.2')).toEqual({ done: 'read.2' })
    expect(service.received).toEqual(['one read.1', 'one login', 'two login', 'two read.2'])
  })
})

describe('explain', () => {
  it('knows the hosts that a session has named', async () => {
    service.endpoints = ['three.ring.example']
    const client = member({ vendor: ring({ origins: [one], endpoints: [one] }) })
    const reply = () => complains('DOOR_FOLLOWS', { params: ['three.ring.example'] })
    expect((await client.explain(reply(), { url: rpc })).decision).toMatchObject({ reason: 'untrusted-host' })
    await asks(client)
    expect((await client.explain(reply(), { url: rpc })).decision).toMatchObject({ do: 'reroute' })
    expect(service.requests).toHaveLength(2)
  })
})
