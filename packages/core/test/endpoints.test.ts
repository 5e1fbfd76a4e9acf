import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { defineVendor, type Vendor } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { complains, order, Ring } from './helpers/ring-service.ts'
import { catalogue, one, type RingRow, ring, three, two } from './helpers/ring-vendor.ts'

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

describe('origins that are endpoints of one service', () => {
  it('share one session, whichever of them is called', async () => {
    const client = member()
    await asks(client, 'read.1', rpc)
    await asks(client, 'read.2', `${two}/rpc`)
    expect(service.received).toEqual(['one login', 'one read.1', 'one read.2'])
    await client.close()
    expect(service.received.slice(3)).toEqual(['one logout'])
  })

  it('the active one is asked at once, after one reply has named it', async () => {
    service.leader = two
    const client = member()
    expect(await asks(client, 'read.1')).toEqual({ done: 'read.1' })
    await asks(client, 'read.2')
    expect(service.received).toEqual(['one login', 'two login', 'two read.1', 'two read.2'])
    expect(performance.now()).toBe(0)
  })

  it('are followed where another becomes active between two calls, with the same session and body', async () => {
    const client = member({ retry: 0 })
    await asks(client, 'write.1')
    service.leader = two
    expect(await asks(client, 'write.2')).toEqual({ done: 'write.2' })
    await asks(client, 'write.3')
    expect(service.received.slice(2)).toEqual(['one write.2', 'two write.2', 'two write.3'])
    expect(service.logins).toHaveLength(1)
  })

  it('may be spelt as they like: path and query go along, whatever stands before them', async () => {
    service.leader = two
    const vendor = ring({ endpoints: [one, two] })
    const client = member({ vendor })
    await asks(client)
    const sent = vi.spyOn(service, 'answer')
    const spellings = [`HTTPS://ONE.ring.example:8443/rpc?x=1#y`, `https:one.ring.example:8443/rpc?x=1`]
    for (const spelling of spellings) {
      expect(await asks(client, 'read', spelling)).toEqual({ done: 'read' })
      expect(sent.mock.lastCall?.[0]).toMatchObject({ origin: two, path: '/rpc' })
    }
  })

  it('may stand at a usual port, written or not', async () => {
    const [plain, odd] = ['https://plain.example', 'https://odd.example:8443']
    service.leader = odd
    const client = member({ vendor: ring({ origins: [plain, odd], endpoints: [plain, odd] }) })
    expect(await asks(client, 'read.1', `${plain}:443/rpc`)).toEqual({ done: 'read.1' })
    expect(await asks(client, 'read.2', `${plain}:443/rpc`)).toEqual({ done: 'read.2' })
    expect(service.requests.at(-1)).toMatchObject({ origin: odd, path: '/rpc' })
  })

  it('may be written as a page writes it, from where it stands', async () => {
    service.leader = two
    const client = member()
    await asks(client)
    vi.stubGlobal('location', new URL(`${one}/app/`))
    expect(await asks(client, 'read.2', '../rpc')).toEqual({ done: 'read.2' })
    expect(service.requests.at(-1)).toMatchObject({ origin: two, path: '/rpc' })
  })

  it('send nobody to another endpoint who asks another API of the same host', async () => {
    service.leader = two
    const client = member({ vendor: ring({ covers: ({ path }) => path === '/rpc' }) })
    await asks(client)
    expect(await (await played(client(`${one}/page`))).text()).toBe('page /page')
    expect(service.requests.at(-1)?.origin).toBe(one)
  })

  it('are some of the vendor’s origins, or the vendor is none', () => {
    const { endpoints: _, ...vendor } = ring()
    for (const endpoints of [[], [one, 'https://stranger.example']]) {
      expect(() => defineVendor({ ...vendor, endpoints })).toThrow(/`endpoints` must be some of its `origins`/)
    }
    expect(() => defineVendor({ name: 'ring', catalogue, parse: () => undefined, endpoints: [one] })).toThrow(TypeError)
  })
})

describe('an endpoint that is not to be reached', () => {
  it('is left for the next one, by the same call and by those that follow', async () => {
    const client = member()
    await asks(client)
    service.dead.add(one)
    service.leader = two
    expect(await asks(client, 'write')).toEqual({ done: 'write' })
    await asks(client, 'read.2')
    expect(service.received.slice(2)).toEqual(['one write', 'two write', 'two read.2'])
  })

  it('is left where it takes a request and says nothing: a write fails, and the next call finds its way', async () => {
    const client = member({ timeout: 5_000 })
    await asks(client)
    service.silent.add(one)
    service.leader = two
    expect(await failure(client(rpc, order('write')))).toMatchObject({ code: 'ATTEMPT_TIMEOUT', mayBeDone: true })
    expect(await asks(client, 'read.2')).toEqual({ done: 'read.2' })
    expect(service.received.slice(2)).toEqual(['one write', 'two read.2'])
  })

  it('at the login is left too, and the call goes where the login went', async () => {
    service.dead.add(one)
    service.leader = two
    const client = member()
    expect(await asks(client)).toEqual({ done: 'read' })
    expect(service.received).toEqual(['one login', 'two login', 'two read'])
  })

  it('makes every endpoint be asked in turn, and the call fails with what it met, where all are dead', async () => {
    const vendor = ring({ origins: [one, two, three], endpoints: [one, two, three] })
    const client = member({ vendor })
    await asks(client)
    for (const endpoint of [one, two, three]) service.dead.add(endpoint)
    const error = await failure(client(rpc, order('read')))
    expect(error).toMatchObject({ code: 'ECONNREFUSED', reason: 'attempts', mayBeDone: false })
    expect(service.received.slice(2)).toEqual(['one read', 'two read', 'three read', 'one read', 'two read'])
    service.dead.clear()
    expect(await asks(client)).toEqual({ done: 'read' })
  })

  it('is left once, however many calls met it', async () => {
    const vendor = ring({ origins: [one, two, three], endpoints: [one, two, three] })
    const client = member({ vendor })
    await asks(client)
    service.dead.add(one)
    service.leader = two
    await played(Promise.all([1, 2, 3].map((at) => client(rpc, order(`read.${at}`)))))
    expect(service.requests.filter(({ origin }) => origin === three)).toEqual([])
  })

  it('is not the one that another call has found meanwhile, whatever a straggler meets at the old one', async () => {
    const vendor = ring({ origins: [one, two, three], endpoints: [one, two, three] })
    const client = member({ vendor, timeout: 5_000 })
    await asks(client)
    service.silent.add(one)
    const straggler = failure(client(rpc, order('write.slow')))
    await vi.advanceTimersByTimeAsync(1_000)
    service.silent.clear()
    service.leader = two
    await client(rpc, order('read.2'))
    service.dead.add(one)
    expect(await straggler).toMatchObject({ code: 'ATTEMPT_TIMEOUT' })
    await asks(client, 'read.3')
    expect(service.received.slice(2)).toEqual(['one write.slow', 'one read.2', 'two read.2', 'two read.3'])
  })

  it('keeps nobody from the next one by its open circuit', async () => {
    const client = member({ budget: false, patience: 0, retry: { limit: 1, jitter: 'none' } })
    await asks(client)
    service.dead.add(one)
    service.leader = two
    const all = Promise.allSettled(Array.from({ length: 20 }, () => client(rpc, order('read'))))
    expect((await played(all)).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 'fulfilled'))
  })

  it.each(['is gone', 'names another'])(
    'keeps nobody waiting, in whatever part of the service, once it %s',
    async (how) => {
      const scope = ({ bodyText }: { readonly bodyText?: string | undefined }) =>
        bodyText?.includes('read.slow') ? 'slow' : 'all'
      const client = member({ vendor: ring({ scope }) })
      await asks(client)
      service.serve = ({ order: { order: word } }) =>
        word === 'read.slow' ? new Response(null, { status: 503, headers: { 'retry-after': '120' } }) : undefined
      await failure(client(rpc, { ...order('read.slow'), resilience: { retry: 0 } }))
      const waiting = client(rpc, order('read.slow'))
      await vi.advanceTimersByTimeAsync(1_000)
      service.serve = () => undefined
      service.leader = two
      if (how === 'is gone') service.dead.add(one)
      await asks(client, 'read.fast')
      expect((await played(waiting)).status).toBe(200)
      expect(performance.now()).toBeLessThan(10_000)
      expect(service.received.slice(-2).sort()).toEqual(['two read.fast', 'two read.slow'])
    },
  )

  it('is not one that had too little time to answer', async () => {
    const client = member({ timeout: 1_000, totalTimeout: 1_100 })
    await asks(client)
    let tries = 0
    service.serve = ({ order }) => {
      if (order.order !== 'read.slow') return undefined
      const busy = () => complains('RING_BUSY')
      return new Promise((resolve) => tries++ === 0 && setTimeout(() => resolve(busy()), 200))
    }
    expect(await failure(client(rpc, order('read.slow')))).toMatchObject({ code: 'ATTEMPT_TIMEOUT' })
    await asks(client, 'read.2')
    expect(service.received.slice(2)).toEqual(['one read.slow', 'one read.slow', 'one read.2'])
  })

  it('is not one that answered, and whose body came too late', async () => {
    const client = member({ timeout: 5_000 })
    await asks(client)
    service.serve = () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))
    expect(await failure(client(rpc, order('write')))).toMatchObject({ code: 'ATTEMPT_TIMEOUT' })
    service.serve = () => undefined
    await asks(client, 'read.2')
    expect(service.received.slice(2)).toEqual(['one write', 'one read.2'])
  })

  it('is not one that breaks off: it has answered', async () => {
    const client = member()
    await asks(client)
    service.serve = ({ order }) => {
      if (order.order !== 'write') return undefined
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' }) })
    }
    expect(await failure(client(rpc, order('write')))).toMatchObject({ code: 'UND_ERR_SOCKET', mayBeDone: true })
    await asks(client, 'read.2')
    expect(service.received.slice(2)).toEqual(['one write', 'one read.2'])
  })
})

describe('a body that goes to another endpoint', () => {
  it.each<[string, Partial<Vendor<RingRow>>, object]>([
    ['seen', {}, {}],
    ['seen, and never sent twice', {}, { retry: 0 }],
    ['unseen, and never sent twice', { needsRequestBody: () => false, isSafe: () => true }, { retry: 0 }],
  ])('goes with its length: %s', async (_name, changes, options) => {
    const { auth: _, ...vendor } = ring(changes)
    const inits: (RequestInit | undefined)[] = []
    const client = resilient(
      async (input, init) => {
        inits.push(init)
        const { origin } = new URL(input instanceof Request ? input.url : String(input))
        return origin === one ? service.fetch(input, init) : Response.json({ done: true })
      },
      { vendor, ...options },
    )
    service.leader = two
    for (const word of ['read.1', 'read.2']) await played(client(new Request(rpc, order(word))))
    const bodies = inits.slice(-1).map((init) => new TextDecoder().decode(init?.body as Uint8Array))
    expect(bodies).toEqual(['{"order":"read.2"}'])
  })
})
