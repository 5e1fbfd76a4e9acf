import { describe, expect, it } from 'vitest'
import {
  fromJSON,
  isRefused,
  isRetryable,
  isVendorError,
  RefusedError,
  resilient,
  type VendorError,
} from '../src/index.ts'
import { stubFetch, throws } from './helpers/stub-fetch.ts'

const failed = async (cause: unknown): Promise<VendorError> => {
  const { fetch } = stubFetch(throws(cause))
  const client = resilient(fetch, { retry: false })
  return (await client('https://api.example/things?page=2', { method: 'POST' }).catch((error) => error)) as VendorError
}
const reset = Object.assign(new TypeError('fetch failed'), {
  cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }),
})

const ways: readonly (readonly [string, (error: { toJSON(): unknown }) => unknown])[] = [
  ['as text', (error) => JSON.parse(JSON.stringify(error))],
  ['as a structured clone', (error) => structuredClone(error.toJSON())],
]

describe('a VendorError', () => {
  it('shows its message and its cause in JSON', async () => {
    const error = await failed(reset)
    expect(error.toJSON()).toMatchObject({
      name: 'VendorError',
      message: error.message,
      code: 'ECONNRESET',
      mayBeDone: true,
      attempts: [{ code: 'ECONNRESET' }],
      cause: { name: 'TypeError', message: 'fetch failed', cause: { message: 'read ECONNRESET', code: 'ECONNRESET' } },
    })
    expect(error.toJSON()).not.toHaveProperty('stack')
  })

  it.each(ways)('travels %s', async (_, way) => {
    const error = await failed(reset)
    const arrived = fromJSON(way(error))
    if (!isVendorError(arrived)) throw arrived
    expect(isRetryable(arrived)).toBe(true)
    expect(arrived.message).toBe(error.message)
    expect({ ...arrived }).toEqual({ ...error })
    expect(arrived.toJSON()).toEqual(error.toJSON())
    expect((arrived.cause as Error).cause).toMatchObject({ message: 'read ECONNRESET', code: 'ECONNRESET' })
    expect(arrived.response).toBeUndefined()
  })
})

describe('a RefusedError', () => {
  it.each(ways)('travels %s', (_, way) => {
    const error = new RefusedError('paused', 1_500, 'http https://api.example data', () => ({
      operation: 'GET /a',
      label: 'mine',
    }))
    const arrived = fromJSON(way(error))
    if (!isRefused(arrived)) throw arrived
    expect(arrived.message).toBe(error.message)
    expect([arrived.operation, arrived.label]).toEqual(['GET /a', 'mine'])
    expect(arrived.toJSON()).toEqual(error.toJSON())
  })
})

it('a RefusedError of another version keeps its reason and its words', () => {
  const json = { ...new RefusedError('paused', 1_500, 'http https://api.example data').toJSON() }
  for (const reason of ['asleep', 'constructor', '__proto__']) {
    const arrived = fromJSON({ ...json, reason, message: 'Not sent: it sleeps.' })
    expect(arrived).toMatchObject({ reason, message: 'Not sent: it sleeps.', retryAfter: 1_500 })
    expect(isRefused(arrived) && JSON.parse(JSON.stringify(arrived))).toMatchObject({ message: 'Not sent: it sleeps.' })
  }
})

describe('what is no error of ours', () => {
  it.each([undefined, null, 'text', [], {}, { name: 'VendorError' }, { name: 'Error', message: 'x' }, new Error('x')])(
    'does not arrive as one: %j',
    (value) => {
      expect(() => fromJSON(value)).toThrow(
        new TypeError('`fromJSON` takes what `toJSON` of a VendorError or RefusedError made.'),
      )
    },
  )

  it.each([
    { attempts: [null] },
    { request: null },
    { request: {} },
    { params: null },
    { cause: null },
    { cause: 'text' },
    { code: 7 },
    { kind: undefined },
    { operation: ['VM.start'] },
    { name: 'RefusedError', key: {} },
    { name: 'RefusedError', key: 'http', retryAfter: 'soon' },
  ])('does not arrive as one where a member is none of its: %j', async (wrong) => {
    const json = { ...(await failed(reset)).toJSON(), ...wrong }
    expect(() => fromJSON(json)).toThrow('`fromJSON` takes what `toJSON`')
  })
})

it('a whole number of any length arrives with its digits', async () => {
  const params = [2n ** 64n, { size: [1n] }]
  const error = await resilient(fetch).failure({ code: 'TOO_LARGE', params }, { url: 'https://api.example/things' })
  expect(JSON.parse(JSON.stringify(error)).params).toEqual({ 0: '18446744073709551616', 1: { size: ['1'] } })
})

it('causes that nobody has written so deep are left out', async () => {
  const json = JSON.parse(JSON.stringify(await failed(reset)))
  let cause = { name: 'Error', message: 'root' } as object
  for (let depth = 0; depth < 100_000; depth++) cause = { name: 'Error', message: String(depth), cause }
  let depth = 0
  for (let at: unknown = fromJSON({ ...json, cause }); at instanceof Error; at = at.cause) depth++
  expect(depth).toBe(6)
})

it('the guards answer about whatever was thrown, also where it cannot be asked', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  for (const guard of [isVendorError, isRefused, isRetryable]) expect(guard(proxy)).toBe(false)
})
