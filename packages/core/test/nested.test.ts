import { inspect } from 'node:util'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type CallOptions,
  insideAttempt,
  isRefused,
  type ResilienceEvent,
  type ResilientInit,
  type ResilientOptions,
  resilient,
  withResilience,
} from '../src/index.ts'
import { resilientKy } from '../src/ky.ts'
import { depot } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { breaks, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const steady = { retry: { limit: 2, jitter: 'none' } } satisfies CallOptions

beforeEach(() => {
  vi.useFakeTimers()
})

describe('a client whose `fetch` is another client', () => {
  const failures = [
    ['a 503', reply(503)],
    ['a broken connection', breaks('ECONNRESET')],
    ['a refused one', breaks('ECONNREFUSED')],
  ] as const

  it.each(failures)('does not multiply its retries: %s', async (_, answer) => {
    const { fetch, sent } = stubFetch(answer)
    const error = await failure(resilient(resilient(fetch, steady), steady)(url))
    expect([error.reason, error.attempts.length, sent.length]).toEqual(['attempts', 3, 3])
    expect(error.cause).toMatchObject({ name: 'VendorError', reason: 'nested' })
  })

  it.each(failures)('does not multiply them beyond an `await` either: %s', async (_, answer) => {
    const { fetch, sent } = stubFetch(answer)
    const inner = resilient(fetch, steady)
    const later = async (input: string | URL | Request, init?: RequestInit) => {
      await null
      return inner(input, init)
    }
    expect((await failure(resilient(later, steady)(url))).reason).toBe('attempts')
    expect(sent).toHaveLength(3)
  })

  it.each(failures)('does not multiply those behind ky: %s', async (_, answer) => {
    const { fetch, sent } = stubFetch(answer)
    const api = resilientKy({ fetch, ...steady })
    await failure(resilient((input, init) => api(input as string, init), steady)(url))
    expect(sent).toHaveLength(3)
  })

  it.each(failures)('does not multiply those of another installed copy: %s', async (_, answer) => {
    vi.resetModules()
    const other = await import('../src/index.ts')
    expect(other.resilient).not.toBe(resilient)
    for (const byReply of [false, true]) {
      const { fetch, sent } = stubFetch(answer)
      const inner = other.resilient(fetch, steady)
      const error = await failure(resilient(byReply ? inner.fetch : inner, steady)(url))
      expect([error.reason, sent.length]).toEqual(['attempts', 3])
    }
  })

  it('does not multiply them where replies are returned', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    expect(await failure(resilient(resilient(fetch, steady).fetch, steady)(url))).toMatchObject({ reason: 'attempts' })
    expect(sent).toHaveLength(3)
  })

  it('gets what comes after a failure, by its own retries', async () => {
    const { fetch, sent } = stubFetch(reply(503), fine)
    const events: ResilienceEvent[] = []
    const inner = resilient(fetch, { ...steady, observers: [(event) => events.push(event)] })
    expect(await (await played(resilient(inner, steady)(url))).text()).toBe('fine')
    expect(sent).toHaveLength(2)
    expect(events.filter(({ type }) => type === 'call-ended')).toMatchObject([
      { attempts: 1, reason: 'nested' },
      { attempts: 1 },
    ])
  })

  it('has the verdict of the one within, and its wait', async () => {
    const { fetch } = stubFetch(reply(429, null, { 'retry-after': '9' }), fine)
    await played(resilient(resilient(fetch, steady), steady)(url, { method: 'POST' }))
    expect(performance.now()).toBeGreaterThanOrEqual(9_000)
  })

  it.each([
    ['fails', reply(404)],
    ['is refused', breaks('ECONNREFUSED')],
  ])('says that a POST may be done which a redirect has answered, where the page that it names %s', async (_, page) => {
    const { fetch, sent } = stubFetch(reply(303, null, { location: '/page' }), page)
    const error = await failure(resilient(resilient(fetch, steady), steady)(url, { method: 'POST' }))
    expect(error).toMatchObject({ outcome: 'unknown', mayBeDone: true, request: { method: 'POST', url } })
    expect(sent.filter(({ init }) => init?.method === 'POST')).toHaveLength(1)
  })

  it.each([
    ['in the init', (body: () => string) => ({ input: url, init: { method: 'PUT', resilience: { body } } })],
    [
      'of a `Request`',
      (body: () => string) => ({ input: withResilience(new Request(url, { method: 'PUT' }), { body }) }),
    ],
  ])('makes a body for each attempt, by its option %s', async (_, given) => {
    const { fetch, sent } = stubFetch(reply(503), fine)
    let made = 0
    const { input, init = {} } = given(() => `body ${++made}`) as { input: string | Request; init?: ResilientInit }
    expect(await (await played(resilient(resilient(fetch, steady), steady)(input, init))).text()).toBe('fine')
    expect(sent.map(({ init: last }) => last?.body)).toEqual(['body 1', 'body 2'])
  })

  it('leaves to the one within what it would not repeat itself', async () => {
    const { fetch, sent } = stubFetch(reply(502), reply(502), fine)
    const inner = resilient(fetch, { ...steady, idempotent: true })
    expect(await (await played(resilient(inner, steady)(url, { method: 'POST' }))).text()).toBe('fine')
    expect(sent).toHaveLength(3)
    const { fetch: other, sent: left } = stubFetch(reply(503), reply(503), fine)
    await played(resilient(resilient(other, steady), { retry: false })(url))
    expect(left).toHaveLength(3)
  })

  it('repeats no POST that the one within may have done', async () => {
    const { fetch, sent } = stubFetch(reply(502), reply(429))
    const inner = resilient(fetch, { retry: { limit: 1 }, idempotent: true })
    const error = await failure(resilient(inner, steady)(url, { method: 'POST' }))
    expect([error.mayBeDone, sent.length]).toEqual([true, 2])
  })

  it('says so of a POST that the one within may have done in a retry of its own', async () => {
    const { fetch, sent } = stubFetch(reply(429), reply(502), reply(404))
    const inner = resilient(fetch, { ...steady, idempotent: true })
    const error = await failure(resilient(inner, steady)(url, { method: 'POST' }))
    expect([error.code, error.mayBeDone, sent.length]).toEqual(['HTTP_404', true, 3])
  })

  it('ends with the very error of the one within, where that is final', async () => {
    const { fetch } = stubFetch(reply(404))
    const inner = resilient(fetch)
    const thrown: unknown[] = []
    const noting = (input: string | URL | Request, init?: RequestInit) =>
      inner(input, init).catch((error) => {
        thrown.push(error)
        throw error
      })
    expect(await failure(resilient(noting)(url))).toBe(thrown[0])
  })

  it('says what an earlier attempt may have done, when the one within ends for good', async () => {
    const { fetch } = stubFetch(reply(502), reply(404, 'gone'))
    const options: CallOptions = { ...steady, idempotent: true }
    const error = await failure(resilient(resilient(fetch, options), options)(url, { method: 'POST' }))
    expect(error).toMatchObject({ code: 'HTTP_404', reason: 'fatal', mayBeDone: true })
    expect(error.attempts).toHaveLength(2)
    expect(await error.response?.text()).toBe('gone')
  })

  it.each(['as it is', 'in an error of a library'])(
    'is not taken for refused where an attempt went before, %s',
    async (way) => {
      const { fetch } = stubFetch(reply(502))
      const inner = resilient(fetch, { ...steady, idempotent: true })
      const closing = async (input: string | URL | Request, init?: RequestInit) => {
        const got = inner(input, init)
        await got.catch(() => {})
        void inner.close({ drain: 0 })
        if (way === 'as it is') return got
        return got.catch((cause: unknown) => {
          throw new Error('no answer', { cause })
        })
      }
      const error = await failure(resilient(closing, { ...steady, idempotent: true })(url, { method: 'POST' }))
      expect([isRefused(error), error.mayBeDone]).toEqual([false, true])
    },
  )

  it('tells no secret that only the one within knows', async () => {
    const session = 'session-of-the-one-within'
    const vendor = depot({
      origins: ['https://depot.example'],
      parse: ({ status, text }) => (status >= 400 ? { code: 'HTTP_503', status, message: text } : undefined),
      auth: {
        credentials: () => ({ username: 'u', password: 'password-of-the-one-within' }),
        open: async () => ({ secrets: [session] }),
        sign: ({ headers }) => headers.set('x-depot', session),
      },
    })
    const words = `no room for ${session}, password-of-the-one-within`
    for (const status of [400, 503]) {
      const inner = resilient(stubFetch(reply(status, words)).fetch, { vendor, ...steady })
      for (const within of [inner, inner.fetch]) {
        const events: ResilienceEvent[] = []
        const outer = resilient(within, { ...steady, observers: [(event) => events.push(event)] })
        const error = await failure(outer('https://depot.example/belts'))
        const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify([error, events])
        expect(shown).toContain('no room for')
        expect(shown).not.toMatch(/of-the-one-within/)
      }
    }
  })

  it('tells none where only the one around finds a failure in its good answer', async () => {
    const vendor = depot({
      origins: ['https://depot.example'],
      auth: {
        credentials: () => ({ username: 'u', password: 'password-of-the-one-within' }),
        open: async () => ({ secrets: ['session-of-the-one-within'] }),
        sign: ({ headers }) => headers.set('x-depot', 'session-of-the-one-within'),
      },
    })
    const { fetch } = stubFetch(
      reply(200, 'no room for session-of-the-one-within, password-of-the-one-within, nor 7f3a9c1e'),
    )
    const inner = resilient(fetch, { vendor, beforeAttempt: () => ({ 'x-api-key': '7f3a9c1e' }) })
    const finding = {
      bodyNeed: 'whole',
      classify: ({ text }) => ({ code: 'FULL', kind: 'fatal', message: text }),
    } satisfies ResilientOptions
    for (const within of [inner, inner.fetch]) {
      const error = await failure(resilient(within, finding)('https://depot.example/belts'))
      expect(error.message).toContain('no room for [redacted], [redacted], nor [redacted]')
    }
  })

  it('that is used by itself as well retries by itself there', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const inner = resilient(fetch, steady)
    resilient(inner, steady)
    await failure(inner(url))
    expect(sent).toHaveLength(3)
  })
})

describe('`nested`', () => {
  it.each([
    [true, 1],
    [false, 3],
  ])('%s settles it for a call by itself', async (nested, attempts) => {
    const { fetch, sent } = stubFetch(reply(503))
    await failure(resilient(fetch, { ...steady, nested })(url))
    expect(sent).toHaveLength(attempts)
  })

  it('`false` lets the one within retry, and the one around leave it at that', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    await failure(resilient(resilient(fetch, { ...steady, nested: false }), steady)(url))
    expect(sent).toHaveLength(3)
  })

  it('`auto` has the attempt around known beyond an `await`, and after it no more', async () => {
    const { fetch, sent } = stubFetch(reply(503), reply(503), fine)
    const inner = resilient(fetch, { ...steady, nested: 'auto' })
    const asides: Promise<unknown>[] = []
    const later = async (input: string | URL | Request, init?: RequestInit) => {
      await null
      // Goes on when the attempt is over: it belongs to nobody then.
      asides.push(new Promise((resolve) => setTimeout(resolve, 60_000)).then(() => insideAttempt()))
      return inner(input, init)
    }
    const inside: boolean[] = []
    const spy = async (input: string | URL | Request, init?: RequestInit) => {
      await null
      inside.push(insideAttempt())
      return later(input, init)
    }
    expect(await (await played(resilient(spy, steady)(url))).text()).toBe('fine')
    await vi.advanceTimersByTimeAsync(60_000)
    expect([sent.length, inside, await Promise.all(asides)]).toEqual([3, [true, true, true], [false, false, false]])
    expect(insideAttempt()).toBe(false)
  })

  it('takes no other word', () => {
    expect(() => resilient(fetch, { nested: 'always' } as never)).toThrow(/`nested`/)
  })
})
