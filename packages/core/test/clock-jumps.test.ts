import { describe, expect, it, vi } from 'vitest'
import { type Fetch, resilient } from '../src/index.ts'
import { defineCatalogue, defineVendor } from '../src/plugin.ts'
import { gaps } from './helpers/play.ts'
import { keySource, lodge, lodgeOrigin } from './helpers/session-vendor.ts'
import { breaks, fine, reply, type Sent, stubFetch } from './helpers/stub-fetch.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'

// The system's clock may be set while a call waits, by hours where a machine has been away. Waits go by the monotonic one.

const { shop, clientOf, later } = useWorkshop()

const url = 'https://api.example/things'
const HOUR = 3_600_000
const after = (ms: number) => new Date(Date.now() + ms).toUTCString()
const settled = (call: Promise<unknown>) =>
  call.then(
    () => {},
    () => {},
  )

/** Times at which requests went out, of one story whose clock jumps after a tenth of a second. */
async function timesOf(jump: number, story: () => { done: Promise<unknown>; sent: () => readonly { at: number }[] }) {
  vi.setSystemTime(new Date('2026-11-30T12:00:00Z'))
  const startedAt = performance.now()
  const { done, sent } = story()
  const end = settled(done)
  await vi.advanceTimersByTimeAsync(100)
  if (jump !== 0) vi.setSystemTime(Date.now() + jump)
  await vi.advanceTimersByTimeAsync(10 * 60_000)
  await end
  return sent().map(({ at }) => Math.round(at - startedAt))
}

const plain =
  (first: (sent: Sent) => Response | Promise<Response>, calls = 1, options = {}) =>
  () => {
    const { fetch, sent } = stubFetch(first, fine)
    const client = resilient(fetch, options)
    return { done: Promise.all(Array.from({ length: calls }, () => settled(client(url)))), sent: () => sent }
  }

const stories: Readonly<Record<string, () => { done: Promise<unknown>; sent: () => readonly { at: number }[] }>> = {
  'a back-off': plain(reply(503)),
  'a `Retry-After` in seconds': plain(reply(503, null, { 'retry-after': '20' })),
  'a `Retry-After` with a date': plain(
    () => reply(503, null, { 'retry-after': after(20_000) })({} as Sent) as Response,
  ),
  'a rate limit that begins anew': plain(
    () =>
      reply(429, null, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${Date.now() / 1_000 + 20}` })(
        {} as Sent,
      ) as Response,
    3,
  ),
  'a pause of the whole service': plain(reply(429, null, { 'retry-after': '30' }), 4),
  'an open circuit': () => {
    const { fetch, sent } = stubFetch(...(Array(8).fill(reply(500)) as [ReturnType<typeof reply>]), fine)
    const client = resilient(fetch, { retry: { limit: 6, jitter: 'none' }, breaker: { minimum: 2, openTime: 5_000 } })
    return { done: Promise.all([1, 2, 3].map(() => settled(client(url)))), sent: () => sent }
  },
  'a limit that was learned': () => {
    const { fetch, sent } = stubFetch(...(Array(5).fill(reply(429)) as [ReturnType<typeof reply>]), fine)
    const client = resilient(fetch)
    return { done: Promise.all(Array.from({ length: 10 }, () => settled(client(url)))), sent: () => sent }
  },
  'a login that failed': () => {
    const { fetch, sent } = stubFetch(
      breaks('ECONNRESET'),
      breaks('ECONNRESET'),
      () => Response.json({ key: 'k' }),
      fine,
    )
    const vendor = lodge({ auth: keySource(() => ({ username: 'u', password: 'p' })) })
    const client = resilient(fetch, { vendor })
    return { done: settled(client(`${lodgeOrigin}/rooms`)), sent: () => sent }
  },
  'long work': () => {
    shop.reset()
    const client = clientOf()
    const done = client.start(walls, post).then((work) => {
      later(12_000, { status: 'succeeded', result: 1 })
      return work.result
    })
    return { done, sent: () => shop.asked }
  },
}

describe.each(Object.entries(stories))('%s', (_, story) => {
  it.each([
    ['an hour ahead', HOUR],
    ['an hour back', -HOUR],
    ['to the epoch', -Date.parse('2026-11-30T12:00:00Z')],
    ['ten years ahead', 87_600 * HOUR],
  ])('lasts as long where the clock is set %s', async (_name, jump) => {
    const usual = await timesOf(0, story)
    expect(usual.length).toBeGreaterThan(1)
    expect(await timesOf(jump, story)).toEqual(usual)
  })
})

describe('a clock that is wrong from the beginning', () => {
  it.each([HOUR, -HOUR])('by %i ms lengthens no wait whose answer shows the server’s', async (wrong) => {
    const served = Date.parse('2026-11-30T12:00:00Z')
    const at = (ms: number) => new Date(served + ms).toUTCString()
    for (const headers of [
      { 'retry-after': at(20_000) },
      { 'retry-after': `${(served + 20_000) / 1_000}` },
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${(served + 20_000) / 1_000}` },
    ]) {
      vi.setSystemTime(served + wrong)
      const { fetch, sent } = stubFetch(reply(429, null, { date: at(0), ...headers } as Record<string, string>), fine)
      const startedAt = performance.now()
      const done = settled(resilient(fetch as Fetch)(url))
      await vi.advanceTimersByTimeAsync(60_000)
      await done
      expect(sent.map((one) => Math.floor((one.at - startedAt) / 1_000))).toEqual([
        0,
        expect.toSatisfy((s: number) => s >= 20 && s <= 24),
      ])
    }
  })

  it.each([HOUR, -HOUR])('by %i ms lengthens no wait that a row finds in a header', async (wrong) => {
    const served = Date.parse('2026-11-30T12:00:00Z')
    const headers = { date: new Date(served).toUTCString(), 'x-next': String((served + 20_000) / 1_000) }
    const catalogue = defineCatalogue('quay', [
      {
        code: 'BERTH_TAKEN',
        kind: 'retryable',
        outcome: 'rejected',
        pace: 'fast',
        wait: { header: 'x-next', unit: 's' },
        hint: 'Wait for the berth.',
      },
    ])
    const vendor = defineVendor({
      name: 'quay',
      catalogue,
      parse: ({ status }) => (status === 503 ? { code: 'BERTH_TAKEN', status } : undefined),
    })
    vi.setSystemTime(served + wrong)
    const { fetch, sent } = stubFetch(reply(503, null, headers), fine)
    const done = settled(resilient(fetch, { vendor })(url))
    await vi.advanceTimersByTimeAsync(60_000)
    await done
    expect(gaps(sent)).toEqual([expect.toSatisfy((ms: number) => ms >= 20_000 && ms <= 24_000)])
  })
})

describe('a session', () => {
  const lives = (lifetime: number) => ({
    ...keySource(() => ({ username: 'u', password: 'p' })),
    open: async () => ({ secrets: ['k'], key: 'k', expiresAt: Date.now() + lifetime }) as never,
  })
  const uses = async (jump: number) => {
    let opened = 0
    const source = lives(600_000)
    const open = async () => {
      opened++
      return source.open()
    }
    const { fetch } = stubFetch(fine)
    const client = resilient(fetch, { vendor: lodge({ auth: { ...source, open } }) })
    vi.setSystemTime(new Date('2026-11-30T12:00:00Z'))
    for (let call = 0; call < 5; call++) {
      await client(`${lodgeOrigin}/rooms`)
      if (call === 1) vi.setSystemTime(Date.now() + jump)
    }
    return opened
  }

  it('costs one login where the clock is set ahead, and none where it is set back', async () => {
    expect([await uses(0), await uses(HOUR), await uses(-HOUR)]).toEqual([1, 2, 1])
  })
})
