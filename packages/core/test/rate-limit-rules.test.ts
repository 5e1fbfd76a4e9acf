import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  anthropicLimits,
  githubLimits,
  openaiLimits,
  type ResilientOptions,
  resilient,
  stripeLimits,
} from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, gaps, played } from './helpers/play.ts'
import { type Answer, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})

/** A client that gets this answer, and then a good one. */
function after(first: Answer, options: ResilientOptions = {}) {
  const { fetch, sent } = stubFetch(first, fine)
  return { client: resilient(fetch, options), sent }
}

const inSeconds = (seconds: number): string => String(Math.floor(Date.now() / 1_000) + seconds)

describe('GitHub', () => {
  const primary = () =>
    reply(403, '{"message":"API rate limit exceeded for user ID 1."}', {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': inSeconds(40),
    })
  const secondary = (headers: HeadersInit = {}) =>
    reply(403, '{"message":"You have exceeded a secondary rate limit."}', {
      'x-ratelimit-remaining': '4900',
      ...headers,
    })

  it('is asked again when its primary limit begins anew', async () => {
    const { client, sent } = after(primary(), { rateLimit: githubLimits })
    await expect(played(client(url, { method: 'POST', body: '{}' }))).resolves.toMatchObject({ status: 200 })
    expect(gaps(sent)[0]).toBeGreaterThan(38_000)
    expect(gaps(sent)[0]).toBeLessThanOrEqual(41_000)
  })

  it.each<[string, HeadersInit, number]>([
    ['a minute', {}, 60_000],
    ['what it says, where it does', { 'retry-after': '7' }, 7_000],
  ])('is asked again after a secondary limit in %s', async (_, headers, ms) => {
    const { client, sent } = after(secondary(headers), { rateLimit: githubLimits })
    await played(client(url))
    expect(gaps(sent)).toEqual([ms])
  })

  it('says what was the matter where the call has no time for it', async () => {
    const { client } = after(primary(), { rateLimit: githubLimits, maxWait: 5_000 })
    const error = await failure(client(url))
    expect(error).toMatchObject({ code: 'RATE_LIMITED', status: 403, kind: 'retryable', reason: 'max-wait' })
    expect(error.retryAfter).toBeGreaterThan(38_000)
  })

  it('is not asked again about a right that is missing', async () => {
    const missing = reply(403, '{"message":"Resource not accessible"}', { 'x-ratelimit-remaining': '7' })
    const { client, sent } = after(missing, { rateLimit: githubLimits })
    expect(await failure(client(url))).toMatchObject({ code: 'HTTP_403', kind: 'auth' })
    expect(sent).toHaveLength(1)
  })

  it('may be asked for anything else while the limit of search is used up', async () => {
    const { client, sent } = after(primary(), { rateLimit: githubLimits, retry: 0 })
    await failure(client('https://api.example/search/issues?q=x'))
    await played(client('https://api.example/repos/o/n'))
    expect(gaps(sent)).toEqual([0])
    expect(client.state.snapshot().map(({ key, pausedFor }) => [key, pausedFor > 0])).toEqual([
      ['http https://api.example search', true],
      ['http https://api.example all', false],
    ])
  })
})

describe('a 403 without rules of an API', () => {
  it.each<[string, HeadersInit]>([
    ['when to come again', { 'retry-after': '7' }],
    ['that nothing is left', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '7' }],
  ])('is a throttle where it says %s', async (_, headers) => {
    const { client, sent } = after(reply(403, '{}', headers))
    await expect(played(client(url, { method: 'POST', body: '{}' }))).resolves.toMatchObject({ status: 200 })
    expect(gaps(sent)).toEqual([7_000])
  })

  it.each<[string, HeadersInit]>([
    ['nothing', {}],
    ['that it may be asked at once', { 'retry-after': '0' }],
    ['that something is left', { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '7' }],
  ])('is about rights where it says %s', async (_, headers) => {
    const { client, sent } = after(reply(403, '{}', headers))
    expect(await failure(client(url))).toMatchObject({ code: 'HTTP_403', kind: 'auth' })
    expect(sent).toHaveLength(1)
  })

  it('counts nothing with `rateLimit: false`, but obeys `Retry-After`', async () => {
    const used = after(reply(403, '{}', { 'x-ratelimit-remaining': '0' }), { rateLimit: false })
    expect(await failure(used.client(url))).toMatchObject({ kind: 'auth' })
    const asked = after(reply(403, '{}', { 'retry-after': '7' }), { rateLimit: false })
    await expect(played(asked.client(url))).resolves.toMatchObject({ status: 200 })
  })
})

describe('OpenAI', () => {
  it('is not asked again while its requests or its tokens are used up', async () => {
    const headers = { 'x-ratelimit-remaining-requests': '59', 'x-ratelimit-remaining-tokens': '0' }
    const { client, sent } = after(reply(200, '{}', { ...headers, 'x-ratelimit-reset-tokens': '6m0s' }), {
      rateLimit: openaiLimits,
      pause: { max: 600_000 },
      totalTimeout: false,
    })
    await played(client(url))
    await played(client(url))
    expect(gaps(sent)).toEqual([360_000])
  })

  it('is not asked again with a balance that is spent', async () => {
    const { client, sent } = after(reply(429, '{"error":{"code":"insufficient_quota"}}'), { rateLimit: openaiLimits })
    expect(await failure(client(url))).toMatchObject({ code: 'QUOTA_SPENT', kind: 'fatal', status: 429 })
    expect(sent).toHaveLength(1)
  })
})

describe('Anthropic', () => {
  it('is not asked again while its tokens are used up', async () => {
    const headers = {
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': new Date(Date.now() + 30_000).toISOString(),
    }
    const { client, sent } = after(reply(200, '{}', headers), { rateLimit: anthropicLimits })
    await played(client(url))
    await played(client(url))
    expect(gaps(sent)).toEqual([30_000])
  })
})

describe('the word on whether to try again', () => {
  const stripe = { rateLimit: stripeLimits }
  it.each<[string, ResilientOptions, Answer, number]>([
    ['no, of what would be tried again', {}, reply(503, null, { 'x-should-retry': 'false' }), 1],
    ['yes, of what would not', {}, reply(409, null, { 'x-should-retry': 'true' }), 2],
    ['nothing that is known', {}, reply(409, null, { 'x-should-retry': 'maybe' }), 1],
    ['both', {}, reply(409, null, { 'x-should-retry': 'true, false' }), 1],
    ['yes, of a session that has ended', {}, reply(401, null, { 'x-should-retry': 'true' }), 1],
    ['Stripe’s no', stripe, reply(503, null, { 'stripe-should-retry': 'false' }), 1],
    ['Stripe’s yes', stripe, reply(409, null, { 'stripe-should-retry': 'true' }), 2],
    ['Stripe’s, and nobody has said that it is Stripe', {}, reply(503, null, { 'stripe-should-retry': 'false' }), 2],
  ])('is taken: %s', async (_, options, answer, requests) => {
    const { client, sent } = after(answer, options)
    await played(client.fetch(url))
    expect(sent).toHaveLength(requests)
  })

  it('repeats nothing that may have been done', async () => {
    const { client, sent } = after(reply(409, null, { 'x-should-retry': 'true' }))
    const error = await failure(client(url, { method: 'POST', body: '{}' }))
    expect(error).toMatchObject({ kind: 'retryable', reason: 'not-repeatable', mayBeDone: true })
    expect(sent).toHaveLength(1)
  })

  it('is the vendor’s own before a header’s', async () => {
    const { client, sent } = after(says('DEPOT_DOWN', { status: 503, transient: false }), { vendor: depot() })
    await failure(client(url))
    expect(sent).toHaveLength(1)
  })
})

describe('rules of one’s own', () => {
  it.each<[string, 's' | 'ms', string, string, number | undefined]>([
    ['in seconds', 's', 'retry_after', '{"retry_after":1.5}', 1_500],
    ['in milliseconds', 'ms', 'retry_after', '{"retry_after":900}', 900],
    ['deep within', 's', 'parameters.retry_after', '{"parameters":{"retry_after":3}}', 3_000],
    ['below 0', 's', 'retry_after', '{"retry_after":-3}', undefined],
    ['beyond all', 's', 'retry_after', '{"retry_after":1e309}', undefined],
    ['as a text', 's', 'retry_after', '{"retry_after":"3"}', undefined],
    ['in no JSON', 's', 'retry_after', '{"retry_after":', undefined],
    ['inherited', 's', 'constructor.length', '{}', undefined],
  ])('find the wait in a body: %s', async (_, unit, member, body, ms) => {
    const { client, sent } = after(reply(429, body), { rateLimit: { wait: { member, unit } }, limits: false })
    await played(client(url))
    // Without one it backs off, and chance has it that this takes no time.
    expect(gaps(sent)).toEqual([ms ?? 0])
  })

  it('know a throttle by its status, a header and words', async () => {
    const sign = { status: 420, header: { name: 'x-why', value: 'busy' }, includes: ['CALM'], wait: 2_000 }
    const options = { rateLimit: { throttles: [sign] } }
    const { client, sent } = after(reply(420, 'Enhance your calm', { 'x-why': 'busy' }), options)
    await played(client(url))
    expect(gaps(sent)).toEqual([2_000])
    for (const [body, why] of [
      ['Enhance your calm', 'other'],
      ['nothing of it', 'busy'],
    ] as const) {
      const other = after(reply(420, body, { 'x-why': why }), options)
      expect(await failure(other.client(url))).toMatchObject({ code: 'HTTP_420', kind: 'fatal' })
    }
  })

  it('can be overruled by `errors`', async () => {
    const options = { rateLimit: { throttles: [{ status: 403 }] }, errors: { RATE_LIMITED: { retry: false } } } as const
    const { client, sent } = after(reply(403), options)
    expect(await failure(client(url))).toMatchObject({ code: 'RATE_LIMITED', reason: 'attempts' })
    expect(sent).toHaveLength(1)
  })

  it.each<[unknown, string]>([
    [{ counters: [{ remaining: 'a b', reset: ['c'] }] }, 'rateLimit.counters[0].remaining'],
    [{ counters: [{ remaining: 'a' }] }, 'rateLimit.counters[0].reset'],
    [{ throttles: [{ header: { name: 'a', value: 'b' } }] }, 'rateLimit.throttles[0].status'],
    [{ throttles: [{ status: 200 }] }, 'rateLimit.throttles[0].status'],
    [{ wait: { member: 'a', unit: 'min' } }, 'rateLimit.wait.unit'],
    [{ wait: { member: 'a' } }, 'rateLimit.wait.unit'],
    [{ shouldRetry: '' }, 'rateLimit.shouldRetry'],
    [{ scopes: { search: 'search' } }, 'rateLimit.scopes["search"]'],
    [{ scopes: { '/search': 'my search' } }, 'rateLimit.scopes["/search"]'],
    [{ header: 'x' }, 'rateLimit.header'],
    [true, 'rateLimit'],
    ['github', 'rateLimit'],
  ])('must be meant: %j', (rateLimit, option) => {
    expect(() => resilient(fetch, { rateLimit } as ResilientOptions)).toThrow(`\`${option}\``)
  })
})
