import { beforeEach, describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { defineCatalogue, defineVendor, type SessionSource, type Vendor } from '../src/plugin.ts'
import { depot, says } from './helpers/depot.ts'
import { failure } from './helpers/play.ts'
import { one, type RingRow, ring, two } from './helpers/ring-vendor.ts'
import { type Answer, breaks, reply, stubFetch } from './helpers/stub-fetch.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

const oddity = new Error('a mistake of the hook')
/** Throws that are plainly a loop without end: after them the hook behaves, so that the test ends. */
const MANY = 40

type Hook = (...args: never[]) => unknown

/** A hook that throws from its n-th call on. */
function throwingFrom(nth: number, hook: Hook) {
  let asked = 0
  let thrown = 0
  const mistaken: Hook = (...args) => {
    asked++
    if (asked < nth || thrown === MANY) return hook(...args)
    thrown++
    throw oddity
  }
  return { mistaken, thrown: () => thrown }
}

// Everything a vendor may be asked, in a service of two endpoints of which the first has gone, and the second breaks off.
const hooks = {
  covers: () => true,
  scope: () => 'all',
  limits: () => ({ timeout: 5_000 }),
  bodyNeed: () => 'whole',
  isSafe: () => undefined,
  isRepeatable: () => undefined,
  isHostBound: () => false,
  mayRelay: () => false,
  needsRequestBody: () => true,
  secretsIn: () => [],
  parse: () => undefined,
} as const

const gone = breaks('ECONNREFUSED')
const cut = breaks('UND_ERR_SOCKET')
const open: Answer = ({ url }) => (url.startsWith(one) ? gone : cut)({} as never)

describe.each(Object.entries(hooks))('a vendor’s `%s` that throws', (name, hook) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16])('from its question no. %i on ends the call', async (nth) => {
    const { mistaken, thrown } = throwingFrom(nth, hook)
    const { fetch, sent } = stubFetch(open)
    const { auth: _, ...vendor } = ring({ ...hooks, [name]: mistaken } as Partial<Vendor<RingRow>>)
    const error = await failure(
      resilient(fetch, { vendor })(`${one}/rpc`, { method: 'POST', body: '{"order":"make"}' }),
    )
    expect(thrown()).toBeLessThan(MANY)
    // The first endpoint refused; the second may have done it, and is not asked again.
    expect(sent.filter(({ url }) => url.startsWith(two)).length).toBeLessThanOrEqual(1)
    if (error !== (oddity as unknown)) expect(error).toMatchObject({ name: 'VendorError', mayBeDone: true })
  })
})

describe('a hook that throws while an error is made', () => {
  const url = 'https://depot.example/parcels'
  const fails = () => {
    throw oddity
  }

  it('leaves the error as it is, without the request that would find out', async () => {
    const { fetch, sent } = stubFetch(cut)
    const vendor = depot({ verifyWith: fails })
    const error = await failure(resilient(fetch, { vendor })(url, { method: 'POST' }))
    expect(error).toMatchObject({ code: 'UND_ERR_SOCKET', mayBeDone: true, reason: 'not-repeatable' })
    expect(error.verifyWith).toBeUndefined()
    expect(sent).toHaveLength(1)
  })

  it('shows nothing of a body whose secrets nobody can name', async () => {
    const { fetch } = stubFetch(says('LABEL_BAD', { message: 'no label for "open-sesame": unreadable' }))
    let asked = 0
    // The first question is asked before anything is sent.
    const secretsIn = () => (asked++ === 0 ? [] : fails())
    const body = '{"password":"open-sesame","label":7}'
    const error = await failure(resilient(fetch, { vendor: depot({ secretsIn }) })(url, { method: 'POST', body }))
    expect(error).toMatchObject({ code: 'LABEL_BAD', kind: 'fatal' })
    expect(error.message).not.toContain('open-sesame')
    expect(error.message).toContain('unreadable')
  })
})

it('a vendor that spoils its own session ends its call all the same, though nothing of it can be told', async () => {
  let signed = 0
  const auth: SessionSource<Record<string, string>> = {
    credentials: () => ({}),
    accountOf: () => 'mine',
    open: async () => ({ secrets: ['open-sesame'] }),
    sign(_, session) {
      if (signed++ === 0) return
      Object.assign(session, { secrets: 7 })
      throw new Error('no open-sesame')
    },
  }
  const vendor = defineVendor({
    ...{ name: 'cave', catalogue: defineCatalogue('cave', []), origins: [one], parse: () => undefined },
    auth: auth as never,
  })
  const { fetch, sent } = stubFetch(reply(503))
  const error = await failure(resilient(fetch, { vendor })(`${one}/rpc`, { method: 'PUT', body: '{}' }))
  expect(error).toBeInstanceOf(Error)
  expect(String(error)).not.toContain('open-sesame')
  expect(sent).toHaveLength(1)
})
