import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type CallOptions, isConflict, resilient } from '../src/index.ts'
import { depot } from './helpers/depot.ts'
import { failure, gaps, played } from './helpers/play.ts'
import { type Answer, breaks, fine, hangs, reply, type Sent, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/orders'
const post = { method: 'POST', body: '{}' } as const
const auto: CallOptions = { idempotencyKey: 'auto' }
const keyIn = ({ init }: Sent, name = 'idempotency-key') => new Headers(init?.headers).get(name)
const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

beforeEach(() => {
  vi.useFakeTimers()
})

describe('`idempotencyKey: "auto"`', () => {
  it('makes a key for each call, and keeps it over its attempts', async () => {
    const { fetch, sent } = stubFetch(reply(502), fine)
    const client = resilient(fetch, auto)
    await played(client(url, post))
    await played(client(url, post))
    const [first, second, third] = sent.map((one) => keyIn(one))
    expect(first).toMatch(uuid)
    expect([second === first, third === first]).toEqual([true, false])
  })

  it('is what makes a POST repeatable', async () => {
    const { fetch, sent } = stubFetch(hangs, fine)
    await played(resilient(fetch, auto)(url, post))
    expect(sent).toHaveLength(2)
    const { fetch: other } = stubFetch(reply(502), fine)
    const plain = resilient(other, auto)(url, { ...post, resilience: { idempotencyKey: false } })
    expect(await failure(plain)).toMatchObject({ reason: 'not-repeatable' })
  })

  it('is outranked by `idempotent: false`, and outranks the vendor', async () => {
    const vendor = depot({ isRepeatable: () => false })
    const at = 'https://depot.example/belts'
    const { fetch, sent } = stubFetch(reply(502), fine)
    await played(resilient(fetch, { vendor, ...auto })(at, post))
    expect(sent).toHaveLength(2)
    const { fetch: other } = stubFetch(reply(502), fine)
    const call = resilient(other, { ...auto, idempotent: false })(url, post)
    expect(await failure(call)).toMatchObject({ reason: 'not-repeatable' })
  })

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('makes none for %s', async (method) => {
    const { fetch, sent } = stubFetch(fine)
    await resilient(fetch, auto)(url, { method })
    expect(sent.map((one) => keyIn(one))).toEqual([null])
  })

  it('leaves a key in the headers as it is', async () => {
    const { fetch, sent } = stubFetch(reply(502), fine)
    await played(resilient(fetch, auto)(url, { ...post, headers: { 'Idempotency-Key': 'mine' } }))
    expect(sent.map((one) => keyIn(one))).toEqual(['mine', 'mine'])
  })

  it.each(['', ' '])('takes %j in the headers for none', async (empty) => {
    const init = { ...post, headers: { 'Idempotency-Key': empty } }
    const { fetch, sent } = stubFetch(reply(502), fine)
    await played(resilient(fetch, auto)(url, init))
    expect(sent.map((one) => keyIn(one))).toEqual([expect.stringMatching(uuid), keyIn(sent[0] as Sent)])
    // A variable that nobody has set names no request, and nothing is sent twice for it.
    const { fetch: other } = stubFetch(reply(502), fine)
    expect(await failure(resilient(other)(url, init))).toMatchObject({ reason: 'not-repeatable' })
  })

  it('has the header and the form that the service wants', async () => {
    const { fetch, sent } = stubFetch(fine)
    const client = resilient(fetch, { idempotencyKey: { header: 'PayPal-Request-Id', quoted: true } })
    await client(url, post)
    await client(url, { ...post, resilience: { idempotencyKey: 'order-7' } })
    expect(sent.map((one) => keyIn(one, 'paypal-request-id'))).toEqual([
      expect.stringMatching(/^"[\da-f-]{36}"$/),
      '"order-7"',
    ])
  })

  it('is made without `randomUUID`, too', async () => {
    vi.spyOn(globalThis.crypto, 'randomUUID').mockImplementation(undefined as never)
    Object.defineProperty(globalThis.crypto, 'randomUUID', { value: undefined, configurable: true })
    const { fetch, sent } = stubFetch(fine)
    await resilient(fetch, auto)(url, post)
    Reflect.deleteProperty(globalThis.crypto, 'randomUUID')
    expect(sent.map((one) => keyIn(one))).toEqual([expect.stringMatching(uuid)])
  })

  it('is the same for the same request at another address', async () => {
    const { fetch, sent } = stubFetch(breaks('ECONNRESET'), reply(412), fine)
    await played(resilient(fetch, { ...auto, onConflict: () => ({ url: `${url}/b` }) })(url, post))
    expect(sent.map((one) => one.url)).toEqual([url, url, `${url}/b`])
    expect(new Set(sent.map((one) => keyIn(one))).size).toBe(1)
  })

  it('is another for a request that takes the place of one in conflict', async () => {
    const { fetch, sent } = stubFetch(reply(409, 'taken'), fine)
    const onConflict = () => ({ init: { body: '{"other":1}' } })
    await played(resilient(fetch, { ...auto, onConflict })(url, post))
    expect(keyIn(sent[1] as Sent)).not.toBe(keyIn(sent[0] as Sent))
  })
})

describe('a reply about the key', () => {
  const stripeInUse: Answer = reply(
    409,
    JSON.stringify({ error: { code: 'idempotency_key_in_use', type: 'invalid_request_error' } }),
  )
  const draftInUse: Answer = reply(409, JSON.stringify({ title: 'A request is outstanding for this Idempotency-Key' }))

  it.each([
    ['Stripe’s words', stripeInUse],
    ['the draft’s words', draftInUse],
    ['no word', reply(409)],
  ])('409, of an earlier attempt of the call, is waited for: %s', async (_, inUse) => {
    const { fetch, sent } = stubFetch(hangs, inUse, inUse, fine)
    const got = await played(resilient(fetch, { ...auto, timeout: 1_000, retry: { jitter: 'none' } })(url, post))
    expect([await got.text(), gaps(sent).slice(1)]).toEqual(['fine', [2_000, 4_000]])
  })

  it('409 that outlasts the call is a conflict that may be done', async () => {
    const { fetch } = stubFetch(hangs, stripeInUse)
    const error = await failure(resilient(fetch, { ...auto, timeout: 1_000, totalTimeout: 20_000 })(url, post))
    expect(error).toMatchObject({ code: 'IDEMPOTENCY_KEY_IN_USE', kind: 'conflict', mayBeDone: true })
  })

  it.each([
    ['with no earlier attempt', [stripeInUse, fine]],
    ['after one that was plainly refused', [reply(429, null, { 'retry-after-ms': '1' }), stripeInUse, fine]],
    ['that speaks of something else', [reply(502), reply(409, 'out of stock'), fine]],
  ] as const)('409 %s is a conflict', async (_, answers) => {
    const { fetch } = stubFetch(...(answers as readonly [Answer, ...Answer[]]))
    const error = await failure(resilient(fetch, auto)(url, post))
    expect([isConflict(error), error.code]).toEqual([true, 'HTTP_409'])
  })

  it.each([
    [422, '{"title":"Idempotency-Key is already used"}'],
    [
      400,
      '{"error":{"type":"idempotency_error","message":"Keys for idempotent requests can only be used with the same parameters"}}',
    ],
  ])('%i ends the call, with a hint', async (status, text) => {
    const { fetch, sent } = stubFetch(reply(502), reply(status, text))
    const error = await failure(resilient(fetch, auto)(url, post))
    expect(error).toMatchObject({ code: 'IDEMPOTENCY_KEY_REFUSED', kind: 'fatal', status, mayBeDone: true })
    expect(error.hint).toMatch(/^Send the same body each time/)
    expect(sent).toHaveLength(2)
  })

  it.each([400, 422])('%i about anything else stays what it is', async (status) => {
    const { fetch } = stubFetch(reply(status, 'bad amount'))
    expect(await failure(resilient(fetch, auto)(url, post))).toMatchObject({ code: `HTTP_${status}` })
  })

  it('that is only shown again is not asked for again', async () => {
    const { fetch, sent } = stubFetch(reply(502), reply(500, 'failed', { 'idempotent-replayed': 'true' }))
    expect(await failure(resilient(fetch, auto)(url, post))).toMatchObject({ code: 'HTTP_500', reason: 'settled' })
    expect(sent).toHaveLength(2)
  })

  it('means nothing where no key was sent', async () => {
    const { fetch } = stubFetch(reply(422, 'Idempotency-Key is missing'))
    expect(await failure(resilient(fetch)(url, post))).toMatchObject({ code: 'HTTP_422' })
  })
})

it.each([
  ['a key of one’s own for all calls', { idempotencyKey: 'order-7' }],
  ['such a key in an object', { idempotencyKey: { key: 'order-7' } }],
  ['true', { idempotencyKey: true }],
  ['an unknown member', { idempotencyKey: { name: 'x' } }],
  ['a header that is none', { idempotencyKey: { header: 'a b' } }],
])('a client refuses %s', (_, options) => {
  expect(() => resilient(fetch, options as never)).toThrow(/`idempotencyKey/)
  expect(() => resilient(fetch).extend(options as never)).toThrow(/`idempotencyKey/)
})

it('leaves the headers of a request behind with it, where another takes its place', async () => {
  const { fetch, sent } = stubFetch(reply(409, 'there is one'), fine)
  const other = { url: 'https://other.example/things', init: { method: 'GET', headers: { 'x-new': '1' } } }
  const client = resilient(fetch, { idempotencyKey: 'auto', onConflict: () => other })
  await client('https://api.example/things', { method: 'POST', headers: { authorization: 'Bearer abcdefgh' } })
  expect(sent[1]?.url).toBe(other.url)
  expect([...new Headers(sent[1]?.init?.headers).keys()]).toEqual(['x-new'])
})
