import { beforeEach, describe, expect, it } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { keyHeader, type LodgeRow, lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'
import { useServer } from './helpers/use-server.ts'

const elsewhere = 'https://elsewhere.example'
const server = useServer()
let house: Lodge

beforeEach(() => {
  house = new Lodge()
  server.use(house.handler)
})

const guest = (options: ResilientOptions<LodgeRow> = {}) => resilient(fetch, { vendor: lodge(), ...options })
/** Calls an address that may or may not be answered well: what counts is what went over the wire. */
const visit = async (url: string | URL, client = guest()) => {
  await client.fetch(url).catch(() => {})
  return house.visits
}
const signedOrigins = () => [
  ...new Set(house.visits.filter(({ headers }) => headers.has(keyHeader)).map(({ origin }) => origin)),
]

describe('credentials stay at their origins: a request to another one', () => {
  it('is sent as it is: not signed, and no login for it', async () => {
    const client = guest()
    await client(`${lodgeOrigin}/rooms/7`)
    await expect(client(`${elsewhere}/rooms/7`)).rejects.toMatchObject({ status: 401 })
    expect(house.logins.map(({ origin }) => origin)).toEqual([lodgeOrigin])
    expect(house.visits.at(-1)).toMatchObject({ origin: elsewhere })
    expect(house.visits.at(-1)?.headers.has(keyHeader)).toBe(false)
    expect(house.visits.filter(({ origin }) => origin === elsewhere)).toHaveLength(1)
  })

  it('is plain HTTP: the vendor’s words mean nothing there', async () => {
    house.answer = async () => refusal('DESK_CLOSED', { status: 409 })
    await expect(guest()(`${elsewhere}/rooms/7`)).rejects.toMatchObject({ vendor: 'http', code: 'HTTP_409' })
  })

  it('feeds none of the vendor’s keys', async () => {
    const client = guest({ retry: 0, breaker: { minimum: 1, failureRate: 0 } })
    house.answer = async () => new Response(null, { status: 502 })
    await client.fetch(`${elsewhere}/rooms/7`)
    expect(client.state.snapshot()).toEqual([
      expect.objectContaining({ key: `http ${elsewhere} all`, circuit: 'open' }),
    ])
    house.answer = Lodge.prototype.answer
    expect((await client(`${lodgeOrigin}/rooms/7`)).status).toBe(200)
  })

  it('is another origin by scheme, port, sub-domain or final dot too', async () => {
    const others = [
      'http://lodge.example/rooms/7',
      `${lodgeOrigin}:8443/rooms/7`,
      'https://www.lodge.example/rooms/7',
      'https://lodge.example.evil.example/rooms/7',
      'https://lodge.example./rooms/7',
    ]
    for (const url of others) await visit(url)
    expect(house.visits).toHaveLength(others.length)
    expect(house.logins).toEqual([])
    expect(signedOrigins()).toEqual([])
  })
})

describe('a URL is known by where it leads, not by how it is spelt:', () => {
  it.each([
    ['upper case', 'HTTPS://LODGE.Example/rooms/7'],
    ['the usual port', 'https://lodge.example:443/rooms/7'],
    ['backslashes', 'https:\\\\lodge.example\\rooms\\7'],
    ['one slash', 'https:/lodge.example/rooms/7'],
    ['three slashes', 'https:///lodge.example/rooms/7'],
    ['white space around', '  https://lodge.example/rooms/7\n'],
    ['a tab inside', 'https://lodge\t.example/rooms/7'],
    ['percent-encoding', 'https://l%6Fdge.example/rooms/7'],
    ['no path', 'https://lodge.example?rooms=://x/7'],
    ['a URL object', new URL('https://lodge.example/rooms/7')],
  ])('the origin by %s is the same origin', async (_, url) => {
    await visit(url)
    expect(house.logins).toHaveLength(1)
    expect(signedOrigins()).toEqual([lodgeOrigin])
    expect(house.calls).toHaveLength(1)
  })

  it.each([
    ['the origin as user information', 'https://lodge.example@evil.example/rooms/7'],
    ['the origin as user and password', 'https://lodge.example:443@evil.example/rooms/7'],
    ['the origin behind a backslash', 'https://evil.example\\@lodge.example/rooms/7'],
    ['the origin in the path', 'https://evil.example/https://lodge.example/rooms/7'],
    ['the origin in the query', 'https://evil.example?https://lodge.example/'],
    ['the origin in the fragment', 'https://evil.example#https://lodge.example/'],
    ['three slashes', 'https:///evil.example/https://lodge.example/'],
    ['a tab among the slashes', 'https:/\t/evil.example/https://lodge.example/'],
  ])('%s does not make another host the origin', async (_, url) => {
    await visit(url)
    expect(house.logins).toEqual([])
    expect(signedOrigins()).toEqual([])
  })

  it('whichever spelling came before', async () => {
    const client = guest()
    const spellings = (host: string) => [
      `https:///${host}/rooms/7`,
      `https:////${host}/rooms/7`,
      `https://\t/${host}/rooms/7`,
      `https:\\\\${host}/rooms/7`,
      `https:/${host}/x://y/z`,
    ]
    for (const host of ['lodge.example', 'evil.example', 'lodge.example', 'evil.example']) {
      for (const url of spellings(host)) await visit(url, client)
    }
    expect(signedOrigins()).toEqual([lodgeOrigin])
    expect(house.visits.filter(({ origin }) => origin === 'https://evil.example')).toHaveLength(10)
    expect(house.logins.map(({ origin }) => origin)).toEqual([lodgeOrigin])
  })
})

describe('a vendor whose credentials would go anywhere', () => {
  it.each([
    ['without origins', { origins: undefined }, 'has credentials but no `origins`'],
    ['with none of them', { origins: [] }, 'has credentials but no `origins`'],
    ['with an address in place of one', { origins: [`${lodgeOrigin}/api`] }, '`origins` must hold origins such as'],
    ['with a name in place of one', { origins: ['lodge.example'] }, '`origins` must hold origins such as'],
    ['with a name that is none', { name: 'The Lodge' }, '`name` must be lower-case letters'],
  ])('is none: %s', (_, members, problem) => {
    expect(() => lodge(members as object)).toThrow(problem)
  })
})

describe('a vendor with several origins', () => {
  const origins = [lodgeOrigin, 'https://annex.example:8443']

  it('has a session at each, and one key for each service', async () => {
    const client = guest({ vendor: lodge({ origins }) })
    for (const origin of origins) for (const number of [1, 2]) await client(`${origin}/rooms/${number}`)
    expect(house.logins.map(({ origin }) => origin)).toEqual(origins)
    expect(client.state.snapshot().map(({ key }) => key)).toEqual(
      origins.flatMap((origin) => [`lodge ${origin} rooms`, `lodge ${origin} login`]),
    )
    await client.close()
    expect(house.logouts.map(({ origin }) => origin)).toEqual(origins)
  })
})

describe('what a vendor does not cover', () => {
  it('is neither signed nor read in its words, though it is at the origin', async () => {
    const events: ResilienceEvent[] = []
    const vendor = lodge({ covers: ({ path }) => !path.startsWith('/static/') })
    await guest({ vendor, observers: [(event) => events.push(event)] }).fetch(`${lodgeOrigin}/static/map.png`)
    expect(house.logins).toEqual([])
    expect(signedOrigins()).toEqual([])
    expect(events.find(({ type }) => type === 'attempt-ended')).toMatchObject({
      key: `http ${lodgeOrigin} all`,
      verdict: { vendor: 'http', code: 'HTTP_401' },
    })
  })
})
