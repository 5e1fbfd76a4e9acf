import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isConflict, type ResilientOptions, resilient } from '../src/index.ts'
import { defineCatalogue, type Fault, type Vendor } from '../src/plugin.ts'
import { depot } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { breaks, fine, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://depot.example/belts/7'

beforeEach(() => {
  vi.useFakeTimers()
})

const rows = [
  {
    code: 'SWEEPING',
    status: 400,
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'slow',
    busy: true,
    params: ['sweeper'],
    hint: 'Let the sweeper finish.',
  },
  {
    code: 'LOADING',
    status: 400,
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    busy: true,
    hint: 'Let the loading end.',
  },
] as const
const vendor = (changes: Partial<Vendor> = {}) =>
  depot({ catalogue: defineCatalogue('depot', rows) as never, ...(changes as object) })
const sweeping = () =>
  Response.json({ error: { code: 'SWEEPING', params: ['broom-2'] } satisfies Partial<Fault> }, { status: 400 })
const loading = () => Response.json({ error: { code: 'LOADING' } }, { status: 400 })
const client = (fetch: typeof globalThis.fetch, options: ResilientOptions = {}) =>
  resilient(fetch, { vendor: vendor() as Vendor, ...options })

describe('something that is at work on the object', () => {
  it('is waited for at its slow pace, by a POST too', async () => {
    const { fetch, sent } = stubFetch(sweeping, sweeping, fine)
    const call = client(fetch as never, { retry: { jitter: 'none' } })(url, { method: 'POST' })
    await vi.advanceTimersByTimeAsync(45_000)
    expect((await call).ok).toBe(true)
    expect(sent.map(({ at }) => at)).toEqual([0, 15_000, 45_000])
  })

  it('is waited for as long as the call may take, in few attempts', async () => {
    const { fetch, sent } = stubFetch(loading)
    const error = await failure(
      client(fetch as never, { totalTimeout: 90_000, timeout: 1_000 })(url, { method: 'POST' }),
    )
    expect(error).toMatchObject({ kind: 'conflict', code: 'LOADING', reason: 'deadline', mayBeDone: false })
    expect(sent.at(-1)?.at).toBeGreaterThan(85_000)
    expect(sent.length).toBeGreaterThan(5)
    expect(sent.length).toBeLessThan(10)
  })

  it('leaves the retries of the call to what else it meets', async () => {
    const down = () => new Response('', { status: 503 })
    const { fetch, sent } = stubFetch(loading, loading, loading, loading, loading, loading, down, down, fine)
    expect((await played(client(fetch as never)(url))).ok).toBe(true)
    expect(sent).toHaveLength(9)
  })

  it('and outlasts the call is a conflict that names it', async () => {
    const { fetch, sent } = stubFetch(sweeping)
    const error = await failure(client(fetch as never, { retry: 2 })(url, { method: 'POST' }))
    expect(isConflict(error)).toBe(true)
    expect(error).toMatchObject({ code: 'SWEEPING', reason: 'attempts', params: { sweeper: 'broom-2' } })
    expect(error.attempts.map(({ kind }) => kind)).toEqual(['retryable', 'retryable', 'retryable'])
    expect(sent).toHaveLength(3)
  })

  it('and outlasts the time for the call, too', async () => {
    const { fetch } = stubFetch(sweeping)
    const error = await failure(
      client(fetch as never, { retry: { jitter: 'none' }, totalTimeout: 40_000, timeout: 1_000 })(url),
    )
    expect(error).toMatchObject({ kind: 'conflict', reason: 'deadline' })
  })
})

describe('a request of which nobody knows whether it was done', () => {
  const telling = vendor({ verifyWith: ({ path }) => `GET ${path}?by=me&ticket=very-secret-ticket` }) as Vendor

  it('comes with the question to ask', async () => {
    const { fetch } = stubFetch(breaks('ECONNRESET'))
    const error = await failure(resilient(fetch, { vendor: telling })(url, { method: 'POST' }))
    expect(error).toMatchObject({ mayBeDone: true, verifyWith: 'GET /belts/7?by=me&ticket=very-secret-ticket' })
    expect(error.message).toMatch(/ To find out: GET \/belts\/7\?by=me&ticket=very-secret-ticket\.$/)
  })

  it('without a secret in it', async () => {
    const { fetch } = stubFetch(breaks('ECONNRESET'))
    const init = { method: 'POST', headers: { 'x-token': 'very-secret-ticket' } }
    const error = await failure(resilient(fetch, { vendor: telling })(url, init))
    expect(error.verifyWith).toBe('GET /belts/7?by=me&ticket=[redacted]')
  })

  it('and only it', async () => {
    const { fetch } = stubFetch(sweeping)
    const error = await failure(resilient(fetch, { vendor: telling, retry: 0 })(url, { method: 'POST' }))
    expect(error).toMatchObject({ mayBeDone: false, verifyWith: undefined })
    expect(error.message).not.toContain('find out')
  })
})
