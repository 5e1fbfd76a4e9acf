import { inspect } from 'node:util'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createState, githubLimits, type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { depot } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
})

const tokenOf = ({ init, input }: Parameters<Answer>[0]): string | null =>
  new Request(input, init).headers.get('authorization')

/** A server that throttles one tenant for a minute. */
function throttling(tenant: string, options: ResilientOptions) {
  const { fetch, sent } = stubFetch((one) =>
    tokenOf(one) === tenant ? reply(429, null, { 'retry-after': '60' })(one) : reply(200, 'fine')(one),
  )
  const events: ResilienceEvent[] = []
  const client = resilient(fetch, { retry: 0, observers: [(event) => events.push(event)], ...options })
  return { client, sent, events }
}

const as = (authorization: string): RequestInit => ({ headers: { authorization } })
const byCredential: ResilientOptions = { scope: ({ headers }) => headers.get('authorization') ?? '' }
const [busy, calm] = ['Bearer s3cret-of-the-busy', 'Bearer s3cret-of-the-calm']

describe('`scope`', () => {
  it('keeps the throttle of one tenant from the others', async () => {
    const { client } = throttling(busy, byCredential)
    await failure(client(url, as(busy)))
    await expect(played(client(url, as(calm)))).resolves.toMatchObject({ status: 200 })
    const refused = await failure(client(url, { ...as(busy), resilience: { patience: 0 } }))
    expect(refused).toMatchObject({ name: 'RefusedError', reason: 'paused' })
  })

  it('is one for all without it', async () => {
    const { client } = throttling(busy, {})
    await failure(client(url, as(busy)))
    const refused = await failure(client(url, { ...as(calm), resilience: { patience: 0 } }))
    expect(refused).toMatchObject({ name: 'RefusedError', reason: 'paused' })
  })

  it('shows no credential: not in the state, in events or in errors, nor to whoever prints them', async () => {
    const { client, events } = throttling(busy, byCredential)
    const error = await failure(client(url, as(busy)))
    const refused = await failure(client(url, { ...as(busy), resilience: { patience: 0 } }))
    await played(client(url, as(calm)))
    expect(client.state.snapshot().map(({ key }) => key)).toEqual([
      'http https://api.example all#1',
      'http https://api.example all#2',
    ])
    expect(refused).toMatchObject({ key: 'http https://api.example all#1' })
    const shown = inspect([client, client.state, client.state.snapshot(), events, error, refused], {
      depth: 20,
      showHidden: true,
    })
    expect(shown).not.toContain('s3cret')
    expect(JSON.stringify([client.state.snapshot(), events, error, refused])).not.toContain('s3cret')
  })

  it('divides by route, and resets the part that its key names', async () => {
    const { client } = throttling(busy, { scope: ({ path }) => path.split('/')[1] ?? '' })
    await failure(client('https://api.example/reports/7', as(busy)))
    await expect(played(client('https://api.example/orders/7', as(calm)))).resolves.toMatchObject({ status: 200 })
    const [reports] = client.state.snapshot()
    expect(reports?.pausedFor).toBeGreaterThan(0)
    client.state.reset(reports?.key)
    expect(client.state.snapshot()[0]?.pausedFor).toBe(0)
  })

  it('sees method, address and the headers of a `Request`, and an empty text is the origin’s own', async () => {
    const seen: unknown[] = []
    const { client } = throttling(busy, {
      scope: ({ method, path, query, headers }) => {
        seen.push([method, path, query, headers.get('x-tenant')])
        return ''
      },
    })
    const init = { method: 'POST', body: '{}', headers: { 'x-tenant': 'acme' } }
    await played(client(new Request(`${url}?a=b`, init)))
    expect(seen).toEqual([['POST', '/things', 'a=b', 'acme']])
    expect(client.state.snapshot().map(({ key }) => key)).toEqual(['http https://api.example all'])
  })

  it('goes beneath the scopes of a vendor and of the rules of rate limits', async () => {
    const { client } = throttling(busy, { ...byCredential, rateLimit: githubLimits })
    await played(client('https://api.example/search', as(calm)))
    await played(client('https://api.example/search-engines', as(calm)))
    await played(client('https://api.example/search/code?q=a'))
    const other = throttling(busy, { rateLimit: { scopes: { '/things': 'things' } }, vendor: depot() })
    await played(other.client('https://depot.example/things/7'))
    const keys = [...client.state.snapshot(), ...other.client.state.snapshot()].map(({ key }) => key)
    expect(keys.slice(0, 3)).toEqual([
      'http https://api.example search#1',
      'http https://api.example all#2',
      'http https://api.example code-search',
    ])
    expect(keys[3]).toMatch(/things$/)
  })

  it('tells a thousand parts apart, and lets the rest share one', async () => {
    const { client } = throttling(busy, { scope: ({ path }) => path })
    for (let part = 0; part < 1_200; part++) await client(`https://api.example/${part}`)
    const keys = client.state.snapshot().map(({ key }) => key)
    expect(keys).toHaveLength(1_001)
    expect(keys.at(-1)).toBe('http https://api.example all#more')
    // Those that nobody uses are forgotten, and there is room again.
    await vi.advanceTimersByTimeAsync(400_000)
    await client('https://api.example/new')
    expect(client.state.snapshot().map(({ key }) => key)).toEqual(['http https://api.example all#1001'])
  })

  it('can differ between clients of one state, and be changed by `extend`', async () => {
    const state = createState()
    const { client } = throttling(busy, { state })
    await played(client.extend(byCredential)(url, as(calm)))
    await played(client(url, as(calm)))
    expect(state.snapshot().map(({ key }) => key)).toEqual([
      'http https://api.example all#1',
      'http https://api.example all',
    ])
  })

  it('must be a function that returns a text', async () => {
    expect(() => resilient(fetch, { scope: 'tenant' } as unknown as ResilientOptions)).toThrow('`scope`')
    const { client, sent } = throttling(busy, { scope: (() => undefined) as never })
    await expect(async () => client(url)).rejects.toThrow('`scope()` must return a text')
    expect(sent).toHaveLength(0)
  })

  it('ends the call with what it throws', async () => {
    const broken = new Error('no tenant')
    const { client } = throttling(busy, {
      scope: () => {
        throw broken
      },
    })
    await expect(async () => client(url)).rejects.toThrow(broken)
  })
})
