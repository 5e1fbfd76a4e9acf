import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import type { Vendor } from '../src/plugin.ts'
import { failure } from './helpers/play.ts'
import { complains, order, Ring } from './helpers/ring-service.ts'
import { one, type RingRow, ring, two } from './helpers/ring-vendor.ts'

const rpc = `${one}/rpc`
let service: Ring

beforeEach(() => {
  vi.useFakeTimers()
  service = new Ring()
})

const member = (vendor: Partial<Vendor<RingRow>> = {}, options: ResilientOptions<RingRow> = {}) =>
  resilient(service.fetch, { vendor: ring(vendor), retry: { jitter: 'none' }, ...options })
const count = (word: string) => service.received.filter((received) => received.endsWith(` ${word}`)).length

describe('a refusal that names a session', () => {
  const refuses = (params: readonly unknown[]) => {
    service.serve = ({ order: { order: word } }) =>
      word === 'write' ? complains('TOKEN_GONE', { params: [...params] }) : undefined
  }

  it('of another service is about that: no login, and the session stays in use', async () => {
    const client = member()
    refuses(['token-of-another-ring'])
    for (let call = 0; call < 4; call++) {
      const error = await failure(client(rpc, order('write')))
      expect(error).toMatchObject({ code: 'TOKEN_GONE', reason: 'auth', outcome: 'unknown', mayBeDone: true })
    }
    expect((await client(rpc, order('read.1'))).status).toBe(200)
    expect(service.received).toEqual(['one login', ...Array(4).fill('one write'), 'one read.1'])
  })

  it.each([
    ['is ours', ['token-1'], 2],
    ['is none', [], 4],
    ['is empty', [''], 4],
    ['is no text', [7], 4],
  ])('that %s is renewed as ever', async (_name, params, logins) => {
    refuses(params)
    expect(await failure(member()(rpc, order('write')))).toMatchObject({ code: 'TOKEN_GONE' })
    expect(count('login')).toBe(logins)
  })

  it('and that the caller has made another class of is his', async () => {
    refuses(['token-of-another-ring'])
    const client = member({}, { errors: { TOKEN_GONE: { kind: 'fatal', outcome: 'rejected' } } })
    expect(await failure(client(rpc, order('write')))).toMatchObject({ kind: 'fatal', mayBeDone: false })
  })
})

describe('a host that is not active and refuses every session', () => {
  const isHostBound: Vendor<RingRow>['isHostBound'] = ({ query }) => query === 'health'
  const health = [`${two}/rpc?health`, order('read.health')] as const
  beforeEach(() => {
    const usual = service.answer.bind(service)
    service.answer = (request) =>
      request.origin === two
        ? new Response(JSON.stringify({ error: { code: 'TOKEN_GONE', params: [request.order.token] } }), {
            status: 401,
          })
        : usual(request)
  })

  it('costs one login, and keeps nobody from the active one', async () => {
    const client = member({ isHostBound })
    for (let call = 0; call < 6; call++) expect(await failure(client(...health))).toMatchObject({ reason: 'auth' })
    expect((await client(rpc, order('read.1'))).status).toBe(200)
    expect(count('login')).toBe(2)
  })

  it('costs no more where the active one goes on taking them', async () => {
    const client = member({ isHostBound })
    for (let call = 0; call < 6; call++) {
      await client(rpc, order('read.1'))
      await failure(client(...health))
    }
    expect(count('login')).toBe(2)
  })

  it('leaves no session behind: what was dropped there still stands where it was opened', async () => {
    const client = member({ isHostBound })
    await client(rpc, order('read.1'))
    await failure(client(...health))
    await client.close()
    const ended = service.requests
      .filter(({ order: asked }) => asked.order === 'logout')
      .map(({ order: asked }) => asked.token)
    expect(ended).toEqual(['token-1', 'token-2'])
  })

  it('costs one login also for bodies that leave only once', async () => {
    const client = member({ isHostBound, needsRequestBody: () => false })
    const once = () =>
      ({ method: 'POST', body: new Blob(['{"order":"read.health"}']).stream(), duplex: 'half' }) as RequestInit
    for (let call = 0; call < 6; call++) {
      await client(rpc, order('read.1'))
      await failure(client(`${two}/rpc?health`, once()))
    }
    expect(count('login')).toBe(2)
  })
})
