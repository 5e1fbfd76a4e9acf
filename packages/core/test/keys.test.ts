import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createState, type ResilientOptions, resilient } from '../src/index.ts'
import { depot } from './helpers/depot.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { failure, played } from './helpers/play.ts'
import { lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'
import { type Answer, deaf, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const MINUTE = 60_000

beforeEach(() => {
  vi.useFakeTimers()
})

function service(options: ResilientOptions = {}) {
  const now: { answer: Answer } = { answer: fine }
  const { fetch, sent } = stubFetch((one) => now.answer(one))
  const client = resilient(fetch, { retry: false, ...options })
  const keys = () => client.state.snapshot().map(({ key }) => key)
  return { client, now, sent, keys, fetch }
}

describe('what is kept of a service', () => {
  it('is kept by vendor, origin and scope', async () => {
    const { client, keys } = service({ vendor: depot({ origins: ['https://api.example'] }) })
    await client(url)
    await client('https://api.example/login/today')
    await client('https://other.example/things')
    await client('http://api.example/things')
    expect(keys()).toEqual([
      'depot https://api.example belts',
      'depot https://api.example login',
      'http https://other.example all',
      'http http://api.example all',
    ])
  })

  it('is one for all spellings of an origin, and for every way to name it', async () => {
    const { client, keys } = service()
    for (const input of ['https://API.example:443/a', 'https://api.example', 'https://me@api.example/b?at=https://c/'])
      await client(input)
    await client(new URL('https://api.example/c'))
    await client(new Request('https://api.example/d'))
    expect(keys()).toEqual(['http https://api.example all'])
  })

  it('keeps services of one host apart that fail apart', async () => {
    const { client, now } = service({ vendor: depot(), limits: false })
    now.answer = reply(503)
    for (let time = 0; time < 10; time++) await failure(client('https://api.example/login'))
    now.answer = fine
    await played(client(url))
    expect(client.state.snapshot().map(({ circuit }) => circuit)).toEqual(['open', 'closed'])
  })

  it('is shared by what a client is extended to, and by clients with one state, and by no others', async () => {
    const state = createState()
    const one = service({ state, patience: 0, limits: false })
    const other = resilient(one.fetch, { state, retry: false, patience: 0 })
    const stranger = resilient(one.fetch)
    one.now.answer = reply(503)
    for (let time = 0; time < 10; time++) await failure(one.client(url))
    one.now.answer = fine
    expect(await failure(one.client.extend({ timeout: 5_000 })(url))).toMatchObject({ reason: 'circuit-open' })
    expect(await failure(other(url))).toMatchObject({ reason: 'circuit-open' })
    expect((await stranger(url)).status).toBe(200)
  })
})

describe('a key that is not used', () => {
  const other = (at: number) => `https://other${at}.example/`

  it('is dropped after five minutes', async () => {
    const { client, keys } = service()
    await client(url)
    await vi.advanceTimersByTimeAsync(4 * MINUTE)
    await client(other(1))
    expect(keys()).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(MINUTE)
    await client(other(2))
    expect(keys()).toEqual(['http https://other1.example all', 'http https://other2.example all'])
  })

  it('is kept while a request of its is under way', async () => {
    const { client, keys, now } = service({ timeout: false, totalTimeout: false })
    now.answer = deaf
    void client(url)
    now.answer = fine
    await vi.advanceTimersByTimeAsync(60 * MINUTE)
    await client(other(1))
    expect(keys()).toContain('http https://api.example all')
  })

  it('is kept while a call waits to retry', async () => {
    const { client, keys, now } = service({
      retry: { limit: 1, jitter: 'none', backoff: { fast: { base: 20 * MINUTE, limit: 20 * MINUTE } } },
      totalTimeout: false,
    })
    now.answer = reply(503)
    const patient = client(url)
    await vi.advanceTimersByTimeAsync(0)
    now.answer = fine
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    await client(other(1))
    expect(keys()).toContain('http https://api.example all')
    await played(patient)
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    await client(other(2))
    expect(keys()).not.toContain('http https://api.example all')
  })

  it.each(['DESK_MOVED', 'ROOM_TAKEN'] as const)('is kept where a call came to it late, by %s', async (code) => {
    const house = new Lodge()
    const annex = 'https://annex.example'
    house.upstairs = ({ origin }) =>
      origin === annex
        ? new Response(null, { status: 503 })
        : new Promise((resolve) => setTimeout(resolve, 10 * MINUTE, refusal(code, { params: ['annex.example'] })))
    const client = resilient(house.fetch, {
      vendor: lodge({ origins: [lodgeOrigin, annex] }),
      trustedHosts: ['annex.example'],
      onConflict: () => new Request(`${annex}/rooms/7`),
      timeout: false,
      totalTimeout: false,
      retry: 1,
    })
    expect(await failure(client(`${lodgeOrigin}/rooms/7`))).toMatchObject({ status: 503 })
    expect(client.state.snapshot().map(({ key }) => key)).toContain('lodge https://annex.example rooms')
  })

  it('is dropped, too, where its circuit waits for a probe that nobody makes', async () => {
    const { client, keys, now } = service()
    now.answer = reply(503)
    for (let time = 0; time < 10; time++) await failure(client(url))
    now.answer = fine
    await vi.advanceTimersByTimeAsync(60 * MINUTE)
    await client(other(1))
    expect(keys()).not.toContain('http https://api.example all')
  })

  it('is kept while it is paused', async () => {
    const { client, keys, now } = service({ pause: { max: 600 * MINUTE } })
    now.answer = reply(503, null, { 'retry-after': '7200' })
    await failure(client(url))
    now.answer = fine
    await vi.advanceTimersByTimeAsync(60 * MINUTE)
    await client(other(1))
    expect(keys()).toContain('http https://api.example all')
    await vi.advanceTimersByTimeAsync(61 * MINUTE)
    await client(other(2))
    expect(keys()).not.toContain('http https://api.example all')
  })

  it('is kept while its budget is not full again', async () => {
    const { client, now } = service({
      retry: { limit: 1, jitter: 'none' },
      budget: { size: 10, perSecond: 0.001, perCall: 0 },
    })
    now.answer = reply(503)
    await failure(client(url))
    now.answer = fine
    const budget = () => client.state.snapshot().find(({ key }) => key === 'http https://api.example all')?.budget
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    await client(other(1))
    expect(budget()).toBeCloseTo(9.6, 1)
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    await client(other(2))
    expect(budget()).toBeUndefined()
  })

  it('costs no timer', async () => {
    const { client } = service()
    for (let at = 0; at < 50; at++) await client(other(at))
    expect(vi.getTimerCount()).toBe(0)
  })
})
