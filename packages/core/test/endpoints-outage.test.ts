import { beforeEach, describe, expect, it, vi } from 'vitest'
import { EndpointSet } from '../src/endpoints/endpoint-set.ts'
import { Route } from '../src/endpoints/route.ts'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { failure, played } from './helpers/play.ts'
import { order, Ring } from './helpers/ring-service.ts'
import { one, type RingRow, ring, three, two } from './helpers/ring-vendor.ts'
import { breaks } from './helpers/stub-fetch.ts'

const rpc = `${one}/rpc`
const endpoints = [one, two, three] as const
let service: Ring

beforeEach(() => {
  vi.useFakeTimers()
  service = new Ring()
})

const member = (options: ResilientOptions<RingRow> = {}) =>
  resilient(service.fetch, {
    vendor: ring({ origins: [...endpoints], endpoints }),
    retry: { jitter: 'none' },
    ...options,
  })
/** Takes connections and closes them: a balancer before a host that is gone. */
const breakOff = (...origins: readonly string[]) => {
  const usual = service.answer.bind(service)
  service.answer = (request) =>
    origins.includes(request.origin)
      ? breaks('ECONNRESET')({ input: '', init: {}, method: '', url: '', at: 0 })
      : usual(request)
}

describe('a service all of whose endpoints are dead', () => {
  it('is asked no oftener for having several: an endpoint that a call has been at costs a token', async () => {
    const client = member({ budget: { size: 4, perCall: 0, perSecond: 0 }, breaker: false, limits: false })
    await client(rpc, order('read.0'))
    for (const endpoint of endpoints) service.dead.add(endpoint)
    const before = service.requests.length
    const calls = Array.from({ length: 20 }, (_, at) => failure(client(rpc, order(`read.${at}`))))
    const reasons = (await Promise.all(calls)).map(({ reason }) => reason)
    expect(reasons).toContain('budget')
    // Each call reaches each endpoint once, and all of them once more for each token of an endpoint's own budget.
    expect(service.requests.length - before).toBeLessThanOrEqual(20 * endpoints.length + 4 * endpoints.length)
  })
})

describe('an endpoint that breaks off', () => {
  it('is left when its circuit opens: reads find the next one meanwhile', async () => {
    const client = member({ breaker: { minimum: 5, failureRate: 0.1 } })
    await client(rpc, order('read.0'))
    breakOff(one)
    service.leader = two
    for (let call = 0; call < 4; call++) expect((await played(client(rpc, order('read')))).status).toBe(200)
    // With the login and the first read these are five.
    expect(service.received.slice(2)).toEqual([...Array(3).fill('one read'), ...Array(4).fill('two read')])
  })

  it.each([
    ['a call that comes once in a while', 60_000, true],
    ['a login', 60_000, false],
  ])('is left when nothing else comes from it: at %s', async (_name, every, hasSession) => {
    const client = member()
    if (hasSession) await client(rpc, order('read.0'))
    breakOff(one)
    service.leader = two
    await played(client(rpc, order('read'))).catch(() => {})
    await vi.advanceTimersByTimeAsync(every)
    expect((await played(client(rpc, order('read')))).status).toBe(200)
  })

  it('is not left where answers come between', async () => {
    const client = member({ retry: 0, breaker: false, limits: false })
    for (let call = 0; call < 12; call++) {
      service.serve = ({ order: { order: word } }) =>
        word === 'write' ? breaks('ECONNRESET')({ input: '', init: {}, method: '', url: '', at: 0 }) : undefined
      await client(rpc, order('read'))
      for (let write = 0; write < 4; write++) await failure(client(rpc, order('write')))
    }
    expect(service.requests.filter(({ origin }) => origin !== one)).toEqual([])
  })

  it('is left when a probe fails, where the others were tried in vain', async () => {
    const client = member({ breaker: { minimum: 2, failureRate: 0.1, openTime: 1_000 }, retry: 0 })
    await client(rpc, order('read.0'))
    breakOff(...endpoints)
    const asked = () => service.requests.at(-1)?.origin
    for (const endpoint of [one, two, two, three, three]) {
      await failure(client(rpc, order('read')))
      expect(asked()).toBe(endpoint)
    }
    await vi.advanceTimersByTimeAsync(1_000)
    for (const endpoint of endpoints) {
      await failure(client(rpc, order('read')))
      expect(asked()).toBe(endpoint)
    }
  })

  it('is not left for what it says itself, however often', async () => {
    const client = member({ breaker: { minimum: 2, failureRate: 0.1 }, retry: 0, patience: 0 })
    await client(rpc, order('read.0'))
    service.serve = () => new Response(null, { status: 502 })
    await failure(client(rpc, order('read')))
    await expect(client(rpc, order('read'))).rejects.toMatchObject({ name: 'RefusedError', reason: 'circuit-open' })
    expect(service.requests.filter(({ origin }) => origin !== one)).toEqual([])
  })
})

describe('calls that a reply has sent to an endpoint which is dead', () => {
  it('go to the one that has taken its place, as soon as it serves', async () => {
    const client = member()
    await client(rpc, order('read.0'))
    // The others name the dead one until they notice.
    service.dead.add(one)
    const calls = Array.from({ length: 60 }, (_, call) => client(rpc, order(`read.${call}`)))
    await vi.advanceTimersByTimeAsync(30_000)
    service.leader = two
    await vi.advanceTimersByTimeAsync(10_000)
    const before = service.received.length
    await played(Promise.all(calls))
    expect(service.received.slice(before)).toEqual([])
  })

  it('wait for the next one as long as they have retries, though all that answer name the dead one', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const client = member({ retry: {} })
    await client(rpc, order('read.0'))
    service.dead.add(one)
    setTimeout(() => {
      service.leader = two
    }, 1_000)
    expect((await played(client(rpc, order('read.1')))).status).toBe(200)
  })

  it('stay there while the one that sent them away ends what it had begun before', () => {
    const left: string[] = []
    const endpoints = new EndpointSet([one, two], (origin) => left.push(origin))
    const route = new Route()
    route.rerouteTo(endpoints, two, 100)
    endpoints.markServed(one, 99)
    expect([route.isUnconfirmed(endpoints), left]).toEqual([true, []])
    endpoints.markServed(one, 101)
    expect([route.isUnconfirmed(endpoints), left]).toEqual([false, [two]])
  })
})
