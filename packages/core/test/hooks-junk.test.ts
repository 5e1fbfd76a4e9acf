import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isVendorError, OptionsError, resilient } from '../src/index.ts'
import { defineVendor, type SessionSource, type Vendor } from '../src/plugin.ts'
import { byDepot, depot, says } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { keySource, type LodgeRow, lodge, lodgeOrigin } from './helpers/session-vendor.ts'
import { type Answer, breaks, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://depot.example/parcels'
const post = { method: 'POST', body: '{"to":"shelf"}' }

beforeEach(() => {
  vi.useFakeTimers()
})

/** What no function of a vendor may answer. */
const junk = [null, 7, Number.NaN, 'junk', {}, [], [null], new Map(), () => 7, Symbol('s'), Promise.resolve(true)]
const fails = reply(400, '{"error":{"code":"LABEL_BAD"}}')

describe('what a vendor’s function answers that it must not is told by vendor and function:', () => {
  const functions: readonly (readonly [keyof Vendor, readonly unknown[], Answer])[] = [
    ['covers', [...junk, undefined], fine],
    ['scope', [...junk.filter((value) => value !== 'junk'), undefined, ''], fine],
    ['limits', [...junk.filter((value) => !isEmpty(value)), { timeout: '5s' }, { totalTimeout: -1 }], fine],
    ['limits', [{ timeout: Number.NaN }, { timeout: 0 }, { timeout: 2 ** 31 }, { timeout: null }], fine],
    ['bodyNeed', [...junk.filter((value) => typeof value !== 'function'), undefined], fine],
    ['isSafe', junk, breaks('ECONNRESET')],
    ['isRepeatable', junk, breaks('ECONNRESET')],
    ['needsRequestBody', [...junk, undefined], fine],
    ['parse', [...junk, { code: 7 }, { code: null }, { status: 400 }], fails],
    [
      'parse',
      [
        { code: 'X', details: 'one' },
        { code: 'X', details: [7] },
        { code: 'X', params: 'one' },
      ],
      fails,
    ],
    [
      'parse',
      [
        { code: 'X', message: {} },
        { code: 'X', status: '400' },
        { code: 'X', settled: 'no' },
      ],
      fails,
    ],
  ]
  for (const [name, values, answer] of functions) {
    it.each(values)(`${name}: %o`, async (value) => {
      const { fetch, sent } = stubFetch(answer)
      const error = await failure(resilient(fetch, { vendor: depot({ [name]: () => value }) })(url, post))
      // Once it has left, the request may be done.
      expect(isVendorError(error)).toBe(sent.length > 0)
      if (sent.length > 0) expect(error).toMatchObject({ code: 'HOOK_FAILED', mayBeDone: true })
      const mistake = (sent.length > 0 ? error.cause : error) as Error
      expect(mistake).toBeInstanceOf(TypeError)
      expect(mistake.message).toMatch(new RegExp(`^Vendor depot: \`${name}\` must return .*, got .*\\.$`, 's'))
      expect(sent.length).toBeLessThanOrEqual(1)
    })
  }

  it.each(junk)('the function that bodyNeed returns: %o', async (value) => {
    const { fetch } = stubFetch(fine)
    const error = await failure(resilient(fetch, { vendor: depot({ bodyNeed: () => () => value as never }) })(url))
    expect(error.message).toContain('Vendor depot: `bodyNeed()` must return ')
  })

  it('never in the place of an error: verifyWith', async () => {
    for (const value of junk) {
      const { fetch } = stubFetch(breaks('ECONNRESET'))
      const error = await failure(resilient(fetch, { vendor: depot({ verifyWith: () => value as never }) })(url, post))
      expect(error).toMatchObject({ code: 'ECONNRESET', mayBeDone: true })
      expect(error.verifyWith).toBe(value === 'junk' ? 'junk' : undefined)
    }
  })
})

describe('what a source of sessions answers that it must not is told likewise:', () => {
  const source = keySource(() => ({ username: 'u', password: 'p' })) as SessionSource
  const granted: Answer = ({ url: at }) => (at.endsWith('/login') ? Response.json({ key: 'k' }) : new Response('room'))
  const meet = async (changes: Partial<SessionSource>) => {
    const { fetch, sent } = stubFetch(granted)
    const vendor = lodge({ auth: { ...source, ...changes } })
    const error = await failure(resilient(fetch, { vendor })(`${lodgeOrigin}/rooms`, post))
    expect(error).toBeInstanceOf(TypeError)
    expect(sent.filter(({ url: at }) => at.endsWith('/rooms'))).toEqual([])
    return error.message
  }

  it.each([...junk.filter((value) => !isEmpty(value)), undefined, { username: 7 }, { password: null }])(
    'credentials: %o',
    async (value) => {
      expect(await meet({ credentials: () => value as never })).toMatch(
        /^Vendor lodge: `auth\.credentials` must return /,
      )
      expect(await meet({ credentials: async () => value as never })).toMatch(/^Vendor lodge: `auth\.credentials` must/)
    },
  )

  it.each([...junk, undefined, { secrets: 'k' }, { secrets: [7] }, { secrets: ['k'], expiresAt: '1 h' }])(
    'open: %o',
    async (value) => {
      expect(await meet({ open: async () => value as never })).toMatch(/^Vendor lodge: `auth\.open` must return /)
      expect(await meet({ open: () => value as never })).toMatch(/^Vendor lodge: `auth\.open` must return /)
    },
  )
  it.each([
    { expiresAt: Number.NaN },
    { idleTimeout: -1 },
    { endpoints: 'a' },
    { endpoints: [7] },
    { endpoints: null },
  ])('open: %o', async (more) => {
    const session = { secrets: ['k'], ...more } as never
    expect(await meet({ open: async () => session })).toMatch(/^Vendor lodge: `auth\.open` must return /)
  })

  it.each([...junk, undefined])('shouldSign: %o', async (value) => {
    expect(await meet({ shouldSign: () => value as never })).toMatch(/^Vendor lodge: `auth\.shouldSign` must return /)
  })

  it('sign, which must not be late, nor leave an address that is none', async () => {
    expect(await meet({ sign: (async () => {}) as never })).toMatch(
      /^Vendor lodge: `auth\.sign` must return headers or nothing, got /,
    )
    for (const address of [7, null, undefined, '', 'nowhere']) {
      const sign: SessionSource['sign'] = (request) => void Object.assign(request, { url: address })
      expect(await meet({ sign })).toMatch(/^Vendor lodge: `auth\.sign` must leave /)
    }
  })

  it.each([...junk.filter((value) => !isEmpty(value)), ['a'], new Headers(), new Map(), { key: 7 }, { key: null }])(
    'sign: %o',
    async (value) => {
      expect(await meet({ sign: () => value as never })).toMatch(
        /^Vendor lodge: `auth\.sign` must return headers or nothing, /,
      )
    },
  )

  it('shouldSign, which must not write into what all requests without headers share', async () => {
    const shouldSign: SessionSource['shouldSign'] = (_, headers) => {
      headers.set('x-key', 'k')
      return true
    }
    expect(await meet({ shouldSign })).toMatch(/immutable/)
  })

  it('shows no secret in doing so', async () => {
    expect(await meet({ credentials: () => 'open-sesame' as never })).not.toContain('open-sesame')
    expect(await meet({ open: async () => 'open-sesame' as never })).not.toContain('open-sesame')
  })
})

it.each<[string, object]>([
  ['vendor', { parse: 7 }],
  ['vendor.covers', { covers: true }],
  ['vendor.bodyNeed', { bodyNeed: 'whole' }],
  ['vendor.catalogue', { catalogue: 7 }],
  ['vendor.catalogue', { catalogue: { rows: [] } }],
  ['vendor.name', { name: undefined }],
  ['vendor.auth', { auth: 7 }],
  ['vendor.auth.open', { auth: { credentials: () => ({}), sign: () => {} } }],
  ['vendor.auth.sign', { auth: { credentials: () => ({}), open: () => {}, sign: 7 } }],
])('a vendor without a good `%s` is refused at once', (option, changes) => {
  const options = { vendor: { ...depot(), ...changes } as Vendor, errors: { HTTP_500: { retry: 0 } } }
  expect(() => resilient(fetch, options)).toThrow(OptionsError)
  expect(() => resilient(fetch, options)).toThrow(expect.objectContaining({ option }))
})

it('a vendor and its source may be of a class', async () => {
  class Source implements SessionSource {
    readonly #of = keySource(() => ({ username: 'u', password: 'p' })) as SessionSource
    credentials = () => this.#of.credentials()
    open(...given: Parameters<SessionSource['open']>) {
      return this.#of.open(...given)
    }
    sign(...given: Parameters<SessionSource['sign']>) {
      return this.#of.sign(...given)
    }
  }
  class Lodge implements Vendor<LodgeRow> {
    readonly #of = lodge()
    readonly name = 'lodge'
    readonly catalogue = this.#of.catalogue
    readonly origins = [lodgeOrigin]
    readonly auth = new Source()
    parse(answer: Parameters<Vendor['parse']>[0]) {
      return this.#of.parse(answer)
    }
  }
  const { fetch, sent } = stubFetch(
    () => Response.json({ key: 'k' }),
    () => new Response('room'),
  )
  expect((await played(resilient(fetch, { vendor: defineVendor(new Lodge()) })(`${lodgeOrigin}/rooms`))).status).toBe(
    200,
  )
  expect(new Headers(sent[1]?.init?.headers).get('x-lodge-key')).toBe('k')
})

it.each(['isSafe', 'isRepeatable'] as const)(
  'a promise in place of a yes is no yes, of a vendor that was not defined: %s',
  async (name) => {
    const { name: own, catalogue, parse } = depot()
    const { fetch, sent } = stubFetch(breaks('ECONNRESET'))
    const vendor = { name: own, catalogue, parse, [name]: async () => true } as never
    expect(await failure(resilient(fetch, { vendor })(url, post))).toMatchObject({ mayBeDone: true })
    expect(sent).toHaveLength(1)
  },
)

it('a vendor with a login is refused where nobody has checked where its credentials go', async () => {
  const { name, catalogue, parse, auth } = lodge()
  const vendor = { name, catalogue, parse, ...(auth && { auth }) }
  expect(() => resilient(fetch, { vendor })).toThrow(expect.objectContaining({ option: 'vendor' }))
  expect(() => defineVendor(vendor)).toThrow('has credentials but no `origins`')
  expect(() =>
    resilient(fetch, { vendor: defineVendor(Object.freeze({ ...vendor, origins: [lodgeOrigin] })) }),
  ).not.toThrow()
})

it('whatever any of them answers: no hang, no mistake of our own, and no POST a second time', async () => {
  const names = ['covers', 'scope', 'limits', 'bodyNeed', 'isSafe', 'isRepeatable', 'isHostBound', 'mayRelay'] as const
  const all = [...names, 'needsRequestBody', 'secretsIn', 'parse', 'verifyWith'] as const
  const answers = [breaks('ECONNRESET'), reply(500, 'x'), reply(502), says('BELT_JAMMED', { status: 500 }), fine]
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...all), anything, fc.nat(4), fc.constantFrom(...answers), async (...drawn) => {
      const [name, value, from, answer] = drawn
      // These are words, and may be meant.
      fc.pre(!(typeof value === 'boolean' && name.startsWith('is')))
      let asked = 0
      const usual = byDepot[name]
      const hook = (...given: never[]) => (asked++ < from ? (usual as (...given: never[]) => unknown)(...given) : value)
      const { fetch, sent } = stubFetch(answer)
      const vendor = depot({ ...byDepot, [name]: hook } as never)
      const error = await played(resilient(fetch, { vendor })(url, post).catch((thrown: unknown) => thrown))
      expect(sent.length).toBeLessThanOrEqual(1)
      if (error instanceof Response || isVendorError(error)) return
      expect((error as Error).message).toMatch(/^Vendor depot: `/)
    }),
    { numRuns: 400 },
  )
})

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0 && !Array.isArray(value)
}

describe('a promise in place of an answer ends the call by name, and its rejection nobody else:', () => {
  const rejects = (() => Promise.reject(new Error('nobody hears this'))) as never

  it.each([
    ['classify()', { classify: rejects }],
    ['scope()', { scope: rejects }],
    ['isRepeatable', { vendor: depot({ isRepeatable: rejects }) }],
  ])('%s', async (name, options) => {
    const { fetch } = stubFetch(reply(500))
    const error: unknown = await played(resilient(fetch, { ...options, retry: 0 })(url, post)).catch((one) => one)
    expect(String(isVendorError(error) ? error.message : error)).toContain(name)
    // A rejection that nobody hears would be told by now, and fail this run.
    await new Promise((resolve) => process.nextTick(resolve))
  })
})
