import { Readable } from 'node:stream'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isVendorError, OptionsError, type ResilientOptions, resilient, type VendorError } from '../src/index.ts'
import { resilientKy } from '../src/ky.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, fine, hangs, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://depot.example/parcels/7'
const post = { method: 'POST', body: '{}' }

beforeEach(() => {
  vi.useFakeTimers()
})

describe('an answer of onConflict that is none', () => {
  const junk = [
    7,
    0,
    true,
    false,
    'retry',
    '',
    Symbol('s'),
    {},
    [],
    new Map(),
    () => 'accept',
    new Date(),
    { href: url },
    new Response('done'),
  ]
  const parts = [
    { url: 7 },
    { url: '' },
    { url: null },
    { init: 'POST' },
    { init: null },
    { init: [] },
    { init: new Map([['method', 'PUT']]) },
    { init: new Headers() },
    { url, method: 'PUT', headers: {} },
  ]
  it.each([...junk, ...parts])('is told, and nothing sent again: %o', async (answer) => {
    for (const given of [answer, Promise.resolve(answer)]) {
      const { fetch, sent } = stubFetch(says('PARCEL_LOCKED'), fine)
      const onConflict = () => given as 'fail'
      const error = await failure(resilient(fetch, { vendor: depot(), onConflict })(url, post))
      expect(error).toBeInstanceOf(OptionsError)
      expect(error.message).toMatch(/^Option `onConflict` must answer 'fail', 'accept', .*, got .*\.$/s)
      expect(sent).toHaveLength(1)
    }
  })

  it.each([undefined, null])('and is no answer at all fails the call: %o', async (answer) => {
    const { fetch, sent } = stubFetch(says('PARCEL_LOCKED'), fine)
    const onConflict = async () => answer as unknown as 'fail'
    const error = await failure(resilient(fetch, { vendor: depot(), onConflict })(url, post))
    expect(error).toMatchObject({ code: 'PARCEL_LOCKED', reason: 'conflict' })
    expect(sent).toHaveLength(1)
  })
})

describe('a fetch that is none', () => {
  const given = (fetch: () => unknown, options: ResilientOptions = {}) =>
    failure(resilient(fetch as never, options)(url, post))

  it.each<[string, () => unknown, string]>([
    ['returns nothing', () => undefined, 'must return the promise of a `Response`, got undefined.'],
    ['returns null', () => null, 'must return the promise of a `Response`, got null.'],
    ['returns no promise', () => new Response('x'), 'must return the promise of a `Response`, got a Response.'],
    ['resolves to nothing', async () => undefined, 'must resolve to a `Response`, got undefined.'],
    ['resolves to a number', async () => 7, 'must resolve to a `Response`, got a value of type number.'],
    ['resolves to the body alone', async () => ({ vms: [] }), 'must resolve to a `Response`, got an object.'],
    ['resolves to a list', async () => [], 'must resolve to a `Response`, got an Array.'],
    [
      'resolves to a reply with a stream of Node.js',
      async () => ({ status: 200, headers: new Headers(), body: Readable.from(['x']) }),
      'resolved to a reply whose body is no `ReadableStream`, as node-fetch does: give the global `fetch`.',
    ],
  ])('and %s is told', async (_name, fetch, problem) => {
    for (const options of [{}, { timeout: false }, { bodyTimeout: 5 }] as const) {
      const error = await given(fetch, options)
      expect(error).toBeInstanceOf(TypeError)
      expect(error.message).toBe(`\`fetch\` ${problem}`)
    }
    await expect(resilient(fetch as never)(url)).rejects.toThrow(problem)
  })

  it('and gives out the same reply twice is told, a success or a failure', async () => {
    for (const status of [200, 503]) {
      const same = new Response('x', { status })
      const { fetch, sent } = stubFetch(() => same)
      const client = resilient(fetch, { vendor: depot({ bodyNeed: () => 'whole' }) })
      await played(
        client(url)
          .then((one) => one.text())
          .catch(() => {}),
      )
      const error = await failure(client(url))
      expect(error.message).toContain('`fetch` gave out a `Response` whose body was taken before')
      expect(sent.length).toBeLessThanOrEqual(3)
    }
  })

  it('and resolves to something like a reply is told, or taken for what it shows', async () => {
    const status = fc.oneof(fc.constantFrom(200, 204, 303, 400, 401, 404, 500, 503), fc.anything())
    const headers = fc.oneof(
      fc.constant(new Headers({ location: '/next' })),
      fc.constant({ get: () => null }),
      fc.anything(),
    )
    const body = fc.oneof(fc.constantFrom(null, undefined), fc.anything())
    const more = { redirected: fc.anything(), type: fc.anything(), bodyUsed: fc.anything(), statusText: fc.anything() }
    const like = fc.record({ status, headers, body, ...more }, { requiredKeys: ['status', 'headers'] })
    const options = fc.constantFrom<ResilientOptions>({}, { timeout: false }, { bodyTimeout: 9 }, { vendor: depot() })
    await fc.assert(
      fc.asyncProperty(fc.oneof(like, fc.anything()), options, fc.boolean(), async (value, chosen, patient) => {
        const { fetch, sent } = stubFetch(() => value as Response)
        const init = { ...post, ...(patient && { signal: new AbortController().signal }) }
        const error = await played(resilient(fetch, chosen)(url, init).catch((thrown: unknown) => thrown))
        if (error === value) return
        if (!isVendorError(error)) expect((error as Error).message).toMatch(/^`fetch` /)
        // A plain refusal may be sent again; anything else must not.
        const isRefused = isVendorError(error) && !error.mayBeDone
        expect(sent.filter((one) => one.method === 'POST').length).toBeLessThanOrEqual(isRefused ? 5 : 1)
      }),
      { numRuns: 500 },
    )
  })

  it('breaks nothing when it resolves to nothing too late', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const late = () => new Promise((resolve) => setTimeout(resolve, 2_000, null))
    const error = await given(late, { timeout: 1_000 })
    expect(error).toMatchObject({ code: 'ATTEMPT_TIMEOUT', mayBeDone: true })
    await vi.advanceTimersByTimeAsync(5_000)
    vi.useRealTimers()
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).not.toHaveBeenCalled()
    process.off('unhandledRejection', unhandled)
  })
})

describe('a request that is none', () => {
  const client = (answer: Answer = fine) => resilient(stubFetch(answer).fetch)

  it.each([7, true, 'stop', {}, new EventTarget().dispatchEvent])('names a signal that is none: %o', async (signal) => {
    const error = await failure(client(hangs)(url, { signal } as never))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toMatch(/^`signal` must be an `AbortSignal`, got /)
  })

  it.each([7, {}, undefined, null, { url, method: 'GET', headers: {} }])(
    'fails as it does with fetch itself: %o',
    async (input) => {
      const own = await fetch(input as never).catch((error: unknown) => error as VendorError)
      const error = await failure(resilient(fetch)(input as never))
      expect(error).toBeInstanceOf(TypeError)
      expect(error.message).toBe((own as VendorError).message)
    },
  )

  it('may have a method that is no text, as with fetch itself', async () => {
    const { fetch, sent } = stubFetch(fine)
    await played(resilient(fetch)(url, { method: Object('delete') as string }))
    expect(sent).toHaveLength(1)
  })
})

it.each([undefined, null, 7, 'HTTP_500', {}, { code: 7 }, { code: null }])(
  'explain names a subject that is none: %o',
  async (subject) => {
    await expect(resilient(stubFetch(reply(200)).fetch).explain(subject as never)).rejects.toThrow(
      '`explain` takes a `Response`, an error, or an object with a `code`',
    )
  },
)

it.each([null, 7, 'x', new Map(), []])('resilientKy names options that are none: %o', (options) => {
  expect(() => resilientKy(options as never)).toThrow(OptionsError)
})
