import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import type { Vendor } from '../src/plugin.ts'
import { byDepot, depot, says } from './helpers/depot.ts'
import { many } from './helpers/lodging.ts'
import { played } from './helpers/play.ts'
import { type Answer, breaks, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const [one, two] = ['https://one.depot.example', 'https://two.depot.example']
const url = `${one}/belts`

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
})

/** A function that throws when it is asked for the n-th time. */
function throwingAt(nth: number, hook: (...given: never[]) => unknown) {
  let asked = 0
  return (...given: never[]) => {
    if (++asked === nth) throw new Error('a mistake of the hook')
    return hook(...given)
  }
}

let tokens = 0
const source = {
  credentials: () => ({ username: 'me', password: 'open-sesame' }),
  shouldSign: () => true,
  open: async () => ({
    secrets: [`token-no-${++tokens}`],
    expiresAt: performance.timeOrigin + performance.now() + 700,
  }),
  sign: () => {},
}

const gone = breaks('ECONNREFUSED')
/** The first endpoint has gone; the second rejects a session, then is busy, then breaks off, then redirects. */
const script: Answer[] = [
  says('BADGE_EXPIRED', { status: 401 }),
  reply(503),
  breaks('UND_ERR_SOCKET'),
  reply(307, null, { location: '/other' }),
  fine,
]
const answers = (): readonly [Answer, ...Answer[]] => {
  let at = 0
  return [(sent) => (sent.url.startsWith(one) ? gone : (script[Math.min(at++, script.length - 1)] ?? fine))(sent)]
}

/** The attempts that are still said to be under way when five calls at once have ended, by key. */
async function underWay(vendor: Partial<Vendor>, options: ResilientOptions) {
  const client = resilient(stubFetch(...answers()).fetch, {
    vendor: depot({ endpoints: [one, two], origins: [one, two], ...(vendor as object) }),
    observers: [() => {}],
    concurrency: 1,
    ...options,
  })
  const init = { method: 'POST', body: '{"parcel":7}', resilience: { idempotent: true } }
  await played(Promise.allSettled(many(5, () => client(url, init))))
  return client.state.snapshot().map((key) => key.underWay)
}

const NTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 25, 30, 40]
const none = (given: readonly number[]) => given.map(() => 0)

describe.each(Object.entries(byDepot))('where the vendor’s `%s` throws', (name, hook) => {
  it.each(NTHS)('when it is asked for the time no. %i, every place is given back', async (nth) => {
    const found = await underWay({ auth: source, [name]: throwingAt(nth, hook as never) }, {})
    expect(found).toEqual(none(found))
  })
})

describe.each(Object.entries(source))('where the session source’s `%s` throws', (name, hook) => {
  it.each(NTHS)('when it is asked for the time no. %i, every place is given back', async (nth) => {
    const found = await underWay({ auth: { ...source, [name]: throwingAt(nth, hook as never) } }, {})
    expect(found).toEqual(none(found))
  })
})

describe.each(['secrets', 'expiresAt', 'idleTimeout'])('where the session’s `%s` throws', (name) => {
  it.each(NTHS)('when it is asked for the time no. %i, every place is given back', async (nth) => {
    const ask = throwingAt(nth, () => (name === 'secrets' ? ['token'] : undefined))
    const open = async () => Object.defineProperty({ secrets: ['token'] }, name, { get: () => ask() })
    const found = await underWay({ auth: { ...source, open } }, {})
    expect(found).toEqual(none(found))
  })
})

describe.each<[string, (...given: never[]) => unknown]>([
  ['classify', () => undefined],
  ['beforeAttempt', () => ({})],
  ['scope', () => 'all'],
])('where the option `%s` throws', (name, option) => {
  it.each(NTHS)('when it is asked for the time no. %i, every place is given back', async (nth) => {
    const found = await underWay({ auth: source }, { [name]: throwingAt(nth, option) })
    expect(found).toEqual(none(found))
  })
})
