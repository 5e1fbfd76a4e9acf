import { describe, expect, it } from 'vitest'
import { isOptionsError, type ResilientOptions, resilient } from '../src/index.ts'
import { refused } from './helpers/refused-option.ts'
import { lodge } from './helpers/session-vendor.ts'
import { fine, stubFetch } from './helpers/stub-fetch.ts'

describe('a code in another spelling is refused, though it says its kind:', () => {
  const fatal = { kind: 'fatal' }
  it.each([
    ['503', 'HTTP_503'],
    ['5xx', 'HTTP_5XX'],
    ['http_503', 'HTTP_503'],
    ['HTTP_5xx', 'HTTP_5XX'],
    ['econnreset', 'ECONNRESET'],
  ])('%s', (code, meant) => {
    const error = refused(() => resilient(stubFetch(fine).fetch, { errors: { [code]: fatal } as never }))
    expect(error.option).toBe(`errors.${code}`)
    expect(error.problem).toBe(`is no code of http. Did you mean \`${meant}\`?`)
  })

  it('that of a vendor', () => {
    const options = { vendor: lodge(), errors: { room_taken: fatal } as never }
    expect(refused(() => resilient(stubFetch(fine).fetch, options)).problem).toContain('Did you mean `ROOM_TAKEN`?')
  })

  it('and by the compiler, where it is no code of anybody', () => {
    const options: ResilientOptions[] = [
      // @ts-expect-error codes are in capitals
      { errors: { http_503: { kind: 'fatal' } } },
      { errors: { HTTP_503: { kind: 'fatal' }, OUT_OF_STOCK: { kind: 'fatal' }, 'Shop.0042': { kind: 'conflict' } } },
    ]
    expect(refused(() => resilient(stubFetch(fine).fetch, options[0])).option).toBe('errors.http_503')
    expect(() => resilient(stubFetch(fine).fetch, options[1])).not.toThrow()
  })
})

describe('a member of an init that `fetch` would ignore, and nobody can mean so,', () => {
  const url = 'https://api.example/things'
  const post = { method: 'POST', headers: {}, body: '{}' }

  it.each<[object, string, string]>([
    [{ retry: 3 }, 'retry', 'is not read in an init: give `resilience: { retry }`.'],
    [{ ...post, timeout: 500 }, 'timeout', 'is not read in an init: give `resilience: { timeout }`.'],
    [{ idempotent: true }, 'idempotent', 'give `resilience: { idempotent }`.'],
    [{ vendor: {} }, 'vendor', 'is an option of a client, and of no call.'],
    [{ concurrency: 4 }, 'concurrency', 'is an option of a client, and of no call.'],
    [{ method: 'POST', json: {} }, 'json', 'would send no body: give `body: JSON.stringify(…)`.'],
    [{ method: 'POST', data: {} }, 'data', 'would send no body: give `body`.'],
    [{ params: { a: 1 } }, 'params', 'would be ignored: write the query into the URL.'],
    [{ method: 'POST', body: { a: 1 } }, 'body', 'would be sent as "[object Object]": give `JSON.stringify(…)`.'],
    [{ method: 'POST', body: [{ a: 1 }] }, 'body', 'would be sent as "[object Object]": give `JSON.stringify(…)`.'],
    [{ method: 'POST', body: new (class Order {})() }, 'body', 'would be sent as "[object Object]"'],
    [{ header: { a: '1' } }, 'header', 'would be ignored: give `headers`.'],
    [{ query: { a: 1 } }, 'query', 'would be ignored: write the query into the URL.'],
    [{ method: 'POST', form: { a: 1 } }, 'form', 'would send no body: give `body: new URLSearchParams(…)`.'],
    [
      { throwHttpErrors: false },
      'throwHttpErrors',
      'would be ignored: call `client.fetch`, which returns every reply.',
    ],
    [{ searchParams: { a: 1 } }, 'searchParams', 'would be ignored: write the query into the URL.'],
  ])('is refused by a rejection, and nothing is sent: %j', async (init, option, problem) => {
    const { fetch, sent } = stubFetch(fine)
    const error = await resilient(fetch)(url, init as RequestInit).catch((thrown: unknown) => thrown)
    expect(isOptionsError(error) && [error.option, error.problem]).toEqual([option, expect.stringContaining(problem)])
    expect(sent).toEqual([])
  })

  it('is left to a library, which is given `client.fetch`', async () => {
    const { fetch } = stubFetch(fine)
    const init = { retry: 0, timeout: 5, params: {} } as RequestInit
    expect((await resilient(fetch).fetch(url, init)).status).toBe(200)
  })

  it.each<object | null>([
    { priority: 'high', mode: 'cors', next: { revalidate: 1 }, dispatcher: undefined },
    { retry: undefined, json: undefined },
    { method: 'POST', body: { toString: () => 'of its own' } },
    { method: 'POST', body: { async *[Symbol.asyncIterator]() {} }, duplex: 'half' },
    { method: 'POST', body: ['text'] },
    { method: 'POST', body: new URLSearchParams({ a: '1' }) },
    { method: 'POST', body: new FormData() },
    { method: 'POST', body: new Uint8Array([1]) },
    null,
  ])('is none of these: %j', async (init) => {
    const { fetch } = stubFetch(fine)
    expect((await resilient(fetch)(url, init as RequestInit)).status).toBe(200)
  })
})

describe('a member of `init` that `fetch` would ignore, and nobody can mean so, is refused:', () => {
  it.each<[object, string, string]>([
    [{ retry: 3 }, 'init.retry', 'is an option of its own, beside `init`.'],
    [{ observers: [] }, 'init.observers', 'is an option of its own, beside `init`.'],
    [{ resilience: { retry: 3 } }, 'init.resilience', 'would be ignored: its members are options beside `init`.'],
    [{ json: {} }, 'init.json', 'would send no body: give `body: JSON.stringify(…)`.'],
    [{ params: { a: 1 } }, 'init.params', 'would be ignored: write the query into the URL.'],
  ])('%j', (init, option, problem) => {
    const client = resilient(stubFetch(fine).fetch)
    expect(refused(() => resilient(stubFetch(fine).fetch, { init }))).toMatchObject({ option, problem })
    expect(refused(() => client.extend({ init }))).toMatchObject({ option, problem })
  })

  it('what a runtime adds is none', () => {
    const init = { priority: 'high', mode: 'cors', next: { revalidate: 1 }, retry: undefined } as RequestInit
    expect(() => resilient(stubFetch(fine).fetch, { init })).not.toThrow()
  })
})
