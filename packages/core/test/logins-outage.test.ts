import { expect, it, vi } from 'vitest'
import { type Observer, type ResilientOptions, resilient } from '../src/index.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { failure } from './helpers/play.ts'
import { keySource, type LodgeRow, lodge, lodgeOrigin, password, refusal, username } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`

/** A client of the lodge, without a breaker for its calls. */
function guestOf(house: Lodge, options: ResilientOptions<LodgeRow> = {}, credentials = () => ({ username, password })) {
  const vendor = lodge({ auth: keySource(credentials) })
  return resilient(house.fetch, { vendor, breaker: false, ...options })
}

const unplugged = (code: string): never => {
  throw Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error(code), { code, syscall: code === 'ECONNREFUSED' ? 'connect' : 'getaddrinfo' }),
  })
}

const outages: readonly [string, () => Response][] = [
  ['a server that says so', () => new Response(null, { status: 503 })],
  ['a gateway without a server', () => new Response(null, { status: 502 })],
  ['a port on which nothing listens yet', () => unplugged('ECONNREFUSED')],
  ['a name server that does not answer', () => unplugged('EAI_AGAIN')],
  ['a rate limit of logins', () => new Response(null, { status: 429 })],
  ['a limit on what is open, which has a slow pace', () => refusal('ROOM_TAKEN', { details: ['ROOM_BEING_CLEANED'] })],
]

it.each([
  ...outages.map(([what, answer]) => ['a first login', what, false, answer] as const),
  ...outages.map(([what, answer]) => ['a later one', what, true, answer] as const),
])('calls wait at %s for %s', async (_when, _what, hasStayed, answer) => {
  vi.useFakeTimers()
  const house = new Lodge()
  const client = guestOf(house)
  if (hasStayed) await client(room)
  house.forgetKeys()
  house.atDesk = answer
  const before = house.logins.length
  const calls = Array.from({ length: 20 }, () => client(room, { method: 'POST' }))
  await vi.advanceTimersByTimeAsync(150_000)
  // After 1, 2, 4, 8, 16 and then each 20 s, by half more or less, and one login of all at a time.
  expect(house.logins.length - before).toBeLessThanOrEqual(18)
  house.atDesk = () => undefined
  await vi.advanceTimersByTimeAsync(60_000)
  expect(new Set((await Promise.all(calls)).map(({ status }) => status))).toEqual(new Set([200]))
})

it.each<[string, ResilientOptions<LodgeRow>, number]>([
  ['no longer than the retries allow, where calls have no patience', { patience: 0, retry: 2 }, 3],
  ['no longer than their patience allows, all their waits together', { patience: 40_000 }, 6],
  ['not at all, where calls are not retried', { retry: 0 }, 1],
])('calls wait for logins in an outage %s', async (_, options, logins) => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  const house = new Lodge()
  house.atDesk = () => new Response(null, { status: 503 })
  const waits: string[] = []
  const hear: Observer = (event) => event.type === 'call-waited' && waits.push(event.reason)
  const guest = guestOf(house, { ...options, observers: [hear] })
  expect(await failure(guest(room))).toMatchObject({ code: 'HTTP_503', reason: 'login-failed' })
  // After 0, 1, 3, 7, 15, 31 seconds; the next one would come after 51.
  expect(house.logins).toHaveLength(logins)
  expect(waits).toEqual(Array(logins - 1).fill('login-failed'))
})

it.each<[string, () => Response]>([
  ['a name that nobody has', () => unplugged('ENOTFOUND')],
  ['a page that is not there', () => new Response('no such page', { status: 404 })],
  ['a web page', () => new Response('<html>Welcome!</html>')],
])('what shows a wrong address is not waited for: %s', async (_, answer) => {
  vi.useFakeTimers()
  const house = new Lodge()
  house.atDesk = answer
  expect(await failure(guestOf(house)(room))).toMatchObject({ reason: 'login-failed' })
  expect(house.logins).toHaveLength(1)
})

it('what the caller’s own function throws is waited for as often as calls are retried', async () => {
  vi.useFakeTimers()
  let asked = 0
  const client = guestOf(new Lodge(), { retry: 2 }, () => {
    asked++
    throw new Error('the vault is closed')
  })
  expect(await failure(client(room))).toMatchObject({ code: 'CREDENTIALS_FAILED', reason: 'login-failed' })
  expect(asked).toBe(3)
})

it.each([
  ['without a word on the time', {}],
  ['with the same time for all', { 'retry-after': '1' }],
])('clients whose logins were throttled together, %s, do not come back together', async (_, headers) => {
  vi.useFakeTimers()
  const house = new Lodge()
  let allowed = 10
  setInterval(() => {
    allowed = Math.min(10, allowed + 1)
  }, 100)
  house.atDesk = () => {
    if (allowed === 0) return new Response(null, { status: 429, headers })
    allowed--
    return undefined
  }
  // Each with a state of its own, as processes have.
  const calls = Array.from({ length: 300 }, () =>
    guestOf(house)(room).then(
      () => 'served',
      () => 'failed',
    ),
  )
  await vi.advanceTimersByTimeAsync(70_000)
  const served = house.calls.length
  await vi.advanceTimersByTimeAsync(240_000)
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['served']))
  // The server allows 300 in 29 seconds.
  expect(served).toBe(300)
})
