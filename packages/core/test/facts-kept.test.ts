import { beforeEach, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { defineCatalogue, defineVendor, type RequestFacts } from '../src/plugin.ts'
import { failure } from './helpers/play.ts'
import { reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const vendorOf = (hooks: object) =>
  defineVendor({ name: 'shop', catalogue: defineCatalogue('shop', []), parse: () => undefined, ...hooks })

/** Writes into the request that a hook is asked about, as no type allows. */
function spoil<T>(request: RequestFacts, answer: T): T {
  for (const name of ['url', 'method', 'origin', 'path', 'bodyText'])
    expect(() => Object.assign(request, { [name]: 'DELETE' })).toThrow(/Cannot set property/)
  return answer
}

beforeEach(() => {
  vi.useFakeTimers()
})

it.each<[string, object]>([
  ['isSafe', { vendor: vendorOf({ isSafe: (request: RequestFacts) => spoil(request, false) }) }],
  ['operation', { vendor: vendorOf({ operation: (request: RequestFacts) => spoil(request, undefined) }) }],
  ['scope of a vendor', { vendor: vendorOf({ scope: (request: RequestFacts) => spoil(request, 'x') }) }],
  ['beforeAttempt', { beforeAttempt: ({ request }: { request: RequestFacts }) => spoil(request, {}) }],
])('what a hook is told of a request cannot be written, so that the request stays as it is: %s', async (_, options) => {
  const { fetch, sent } = stubFetch(reply(503))
  const error = await failure(resilient(fetch, options)(url, { method: 'POST' }))
  expect(error).toMatchObject({ code: 'HTTP_503', request: { url, method: 'POST' }, mayBeDone: true })
  expect(sent.map((one) => [one.url, one.init?.method])).toEqual([[url, 'POST']])
})
