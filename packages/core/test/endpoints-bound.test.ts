import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import type { Vendor } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { complains, order, Ring } from './helpers/ring-service.ts'
import { one, orderIn, type RingRow, ring, three, two } from './helpers/ring-vendor.ts'

const rpc = `${one}/rpc`
let service: Ring

beforeEach(() => {
  vi.useFakeTimers()
  service = new Ring()
})

const member = (vendor: Partial<Vendor<RingRow>> = {}, options: ResilientOptions<RingRow> = {}) =>
  resilient(service.fetch, { vendor: ring(vendor), retry: { jitter: 'none' }, ...options })
const to = (origin: string, word: string) => [`${origin}/rpc`, order(word)] as const
const wordOf = ({ bodyText }: { readonly bodyText: string | undefined }) => orderIn(bodyText).order ?? ''

describe('a request about the very host that it names', () => {
  const isHostBound: Vendor<RingRow>['isHostBound'] = (request) => wordOf(request) === 'shut-down'

  it('is sent on to no other, whatever a reply says, and the error tells why', async () => {
    const client = member({ isHostBound }, { trustedHosts: ['two.ring.example'] })
    const error = await failure(client(...to(two, 'shut-down')))
    expect(error).toMatchObject({ code: 'DOOR_FOLLOWS', reason: 'host-bound', mayBeDone: false })
    expect(error.message).toContain('only the host that was asked can do it')
    expect(service.received).toEqual(['one login', 'two shut-down'])
  })

  it.each(['shut-down', 'read.1'])('is perhaps one whose body nobody can see: %s', async (word) => {
    service.leader = two
    const client = member({ isHostBound, auth: undefined as never })
    await client(...to(one, 'read.0')).catch(() => {})
    const before = service.requests.length
    const stream = new Blob([JSON.stringify({ order: word })]).stream()
    const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit
    expect(await failure(client(rpc, init))).toMatchObject({ reason: 'host-bound' })
    expect(service.received.slice(before)).toEqual([`one ${word}`])
  })
})

describe('a host that a reply names', () => {
  const trusting = { trustedHosts: ['three.ring.example'] }

  it('leads nobody until it has served the call that was sent there', async () => {
    service.leader = three
    const usual = service.answer.bind(service)
    service.leader = one
    const client = member({}, { ...trusting, retry: 0 })
    await client(...to(one, 'read.0'))
    service.answer = (request) => {
      if (request.order.order === 'write') return complains('DOOR_FOLLOWS', { params: ['three.ring.example'] })
      return usual(request)
    }
    const lost = service.fetch
    const away = resilient((input, init) => (String(input).startsWith(three) ? down() : lost(input, init)), {
      vendor: ring(),
      ...trusting,
    })
    await away(...to(one, 'read.1'))
    expect(await failure(away(...to(one, 'write')))).toMatchObject({ code: 'HTTP_502' })
    await away(...to(one, 'read.2'))
    expect(service.received.at(-1)).toBe('one read.2')
  })

  it('and that knows no such session takes nobody along', async () => {
    const client = member({}, trusting)
    await client(...to(one, 'read.0'))
    const usual = service.answer.bind(service)
    service.answer = (request) => {
      if (request.origin === three) return complains(request.order.order === 'login' ? 'ORDER_BAD' : 'TOKEN_GONE')
      return request.order.order === 'write'
        ? complains('DOOR_FOLLOWS', { params: ['three.ring.example'] })
        : usual(request)
    }
    expect(await failure(client(...to(one, 'write')))).toMatchObject({ code: 'TOKEN_GONE', reason: 'auth' })
    await client(...to(one, 'read.1'))
    expect(service.received.filter((received) => received.startsWith('three'))).toEqual(['three write', 'three write'])
    expect(service.received.at(-1)).toBe('one read.1')
  })

  it('and that is gone is passed by: the next endpoint is asked', async () => {
    const client = member({ origins: [one, two, three], endpoints: [one, two, three] })
    await client(...to(one, 'read.0'))
    service.leader = two
    service.dead.add(two)
    const usual = service.answer.bind(service)
    service.answer = (request) => {
      if (request.origin === three) service.leader = three
      return usual(request)
    }
    await played(client(...to(one, 'write')))
    expect(service.received.slice(2)).toEqual(['one write', 'two write', 'three write'])
  })
})

describe('a request upon which the service talks to another one', () => {
  const mayRelay: Vendor<RingRow>['mayRelay'] = (request) => wordOf(request).startsWith('move')
  const passesOn = (host: string) => {
    service.serve = ({ origin, order: { order: word } }) =>
      word === 'move' && origin === one ? complains('DOOR_FOLLOWS', { params: [host] }) : undefined
  }

  it('is sent on to no host but an endpoint, for the words may be the other service’s', async () => {
    passesOn('three.ring.example')
    const client = member({ mayRelay }, { trustedHosts: ['three.ring.example'] })
    expect(await failure(client(...to(one, 'move')))).toMatchObject({ reason: 'untrusted-host' })
    await client(...to(one, 'read.1'))
    expect(service.received).toEqual(['one login', 'one move', 'one read.1'])
  })

  it('is sent on to an endpoint as any other', async () => {
    const client = member({ mayRelay })
    await client(...to(one, 'read.1'))
    service.leader = two
    await client(...to(one, 'move'))
    expect(service.received.slice(2)).toEqual(['one move', 'two move'])
  })
})

const down = async () => new Response('no endpoint', { status: 502 })
