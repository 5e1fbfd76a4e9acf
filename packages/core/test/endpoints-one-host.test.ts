import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { defineCatalogue, type Vendor } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { order, Ring } from './helpers/ring-service.ts'
import { catalogue, one, orderIn, type RingRow, ring, tokens, two } from './helpers/ring-vendor.ts'

let service: Ring

beforeEach(() => {
  vi.useFakeTimers()
  service = new Ring()
})

const member = (vendor: Vendor<RingRow> = ring(), options: ResilientOptions<RingRow> = {}) =>
  resilient(service.fetch, { vendor, retry: { jitter: 'none' }, ...options })

describe('what is about one host', () => {
  const aboutHost = ring({ isHostBound: ({ bodyText }) => orderIn(bodyText).order === 'read.health' })

  it('is asked of that host, with the session that all share', async () => {
    const client = member(aboutHost)
    await client(`${two}/rpc`, order('read.1'))
    service.leader = two
    await client(`${two}/rpc`, order('read.health'))
    expect(service.received).toEqual(['one login', 'one read.1', 'two read.health'])
  })

  it('and it alone', async () => {
    const client = member(aboutHost, { retry: 1 })
    await client(`${one}/rpc`, order('read.1'))
    service.dead.add(two)
    const error = await failure(client(`${two}/rpc`, order('read.health')))
    expect(error.code).toBe('ECONNREFUSED')
    expect(service.received.slice(2)).toEqual(['two read.health', 'two read.health'])
  })
})

it('an endpoint that is left takes nothing from the budget of those who go on', async () => {
  const client = member(ring(), { budget: { size: 1, perCall: 0, perSecond: 0 } })
  await client(`${one}/rpc`, order('read.1'))
  service.dead.add(one)
  service.leader = two
  const calls = Array.from({ length: 5 }, (_, at) => client(`${one}/rpc`, order(`read.${at}`)))
  const replies = await played(Promise.all(calls))
  expect(await Promise.all(replies.map((reply) => reply.json()))).toHaveLength(5)
})

describe('hosts that a session has named', () => {
  const named = 'https://named.ring.example:8443'
  const loseTokens = (client: ReturnType<typeof member>) => client(`${one}/rpc`, order('read.again'))

  it('stay known where the next session says nothing of hosts', async () => {
    service.endpoints = ['named.ring.example:8443']
    const client = member()
    await client(`${one}/rpc`, order('read.1'))
    service.endpoints = undefined
    service.serve = ({ order: { token } }) =>
      token === 'token-1' ? Response.json({ error: { code: 'TOKEN_GONE' } }) : undefined
    await loseTokens(client)
    expect(service.logins).toHaveLength(2)
    service.leader = named
    await client(`${one}/rpc`, order('read.2'))
    expect(service.received.at(-1)).toBe('named read.2')
  })
})

describe('a session that the server refuses', () => {
  const refusing = (ended: boolean) => {
    const rows = catalogue.rows.map((row) => (row.kind === 'auth' ? { ...row, ended } : row))
    return ring({ catalogue: defineCatalogue('ring', rows) as typeof catalogue })
  }

  it.each([
    ['is not logged out where it is known to have ended', true, 0],
    ['is logged out where it may still stand', false, 1],
  ])('%s', async (_, ended, logouts) => {
    service.serve = ({ order: { token } }) =>
      token === 'token-1' ? Response.json({ error: { code: 'TOKEN_GONE' } }) : undefined
    await member(refusing(ended))(`${one}/rpc`, order('read.1'))
    expect(service.received.filter((received) => received.endsWith('logout'))).toHaveLength(logouts)
  })
})

it('a vendor’s own request may be given less time and no second attempt', async () => {
  const curious = ring({
    auth: {
      ...tokens,
      async open(login, transport) {
        const session = await tokens.open(login, transport)
        const asked = { ...order('read.hosts', { token: session.token }), resilience: { retry: false, timeout: 2_000 } }
        await transport.send('/rpc', asked as never).catch(() => {})
        return session
      },
    } as typeof tokens,
  })
  service.serve = ({ order: { order: word } }) => (word === 'read.hosts' ? new Promise<Response>(() => {}) : undefined)
  await played(member(curious)(`${one}/rpc`, order('read.1')))
  expect(service.received.filter((received) => received.endsWith('read.hosts'))).toEqual(['one read.hosts'])
  expect(performance.now()).toBeLessThan(3_000)
})

it('a body that is bytes is decoded for nobody who does not ask', async () => {
  const decode = vi.spyOn(TextDecoder.prototype, 'decode')
  const blind = ring({
    needsRequestBody: () => false,
    isSafe: () => undefined,
    isRepeatable: () => undefined,
    secretsIn: () => [],
    bodyNeed: () => 'none',
    auth: {
      ...tokens,
      open: async () => ({ token: 'token-1', secrets: ['token-1'] }),
      shouldSign: () => true,
      sign: ({ headers }) => headers.set('x-token', 'token-1'),
    },
  })
  const sent: unknown[] = []
  const client = resilient(
    async (_, init) => {
      sent.push(init?.body)
      return new Response(null, { status: 204 })
    },
    { vendor: blind },
  )
  const body = new Uint8Array(8)
  await client(`${one}/upload`, { method: 'PUT', body })
  expect(sent).toEqual([body])
  expect(decode).not.toHaveBeenCalled()
  decode.mockRestore()
})
