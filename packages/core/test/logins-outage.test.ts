import { expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { failure } from './helpers/play.ts'
import { keySource, type LodgeRow, lodge, lodgeOrigin, password, username } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`

it.each<[string, boolean, ResilientOptions<LodgeRow>, boolean]>([
  ['for as long as the calls have patience, after a session that was good', true, {}, true],
  ['no longer than the retries allow, at a first login: the address may be wrong', false, {}, false],
  ['no longer than the retries allow, where calls have no patience', true, { patience: 0 }, false],
  ['not at all, where calls are not retried', true, { retry: 0 }, false],
])('an outage at a login is waited for %s', async (_, hasStayed, options, isServed) => {
  vi.useFakeTimers()
  const house = new Lodge()
  const vendor = lodge({ auth: keySource(() => ({ username, password })) })
  const client = resilient(house.fetch, { vendor, breaker: false, ...options })
  if (hasStayed) await client(room)
  house.forgetKeys()
  house.atDesk = () => new Response(null, { status: 503 })
  const before = house.logins.length
  const calls = Array.from({ length: 20 }, () =>
    client(room, { method: 'POST' }).then(
      (reply) => reply.status,
      () => 'failed',
    ),
  )
  await vi.advanceTimersByTimeAsync(150_000)
  house.atDesk = () => undefined
  await vi.advanceTimersByTimeAsync(60_000)
  expect(new Set(await Promise.all(calls))).toEqual(new Set([isServed ? 200 : 'failed']))
  // After 0, 1, 3, 7, 15, 31, 63, 123 and 183 seconds.
  expect(house.logins.length - before).toBeLessThanOrEqual(9)
})

it('calls wait no longer for logins in an outage than their patience allows, all their waits together', async () => {
  vi.useFakeTimers()
  const house = new Lodge()
  const vendor = lodge({ auth: keySource(() => ({ username, password })) })
  const client = resilient(house.fetch, { vendor, breaker: false, patience: 40_000 })
  await client(room)
  house.forgetKeys()
  house.atDesk = () => new Response(null, { status: 503 })
  const before = house.logins.length
  expect(await failure(client(room))).toMatchObject({ code: 'HTTP_503', reason: 'login-failed' })
  // After 0, 1, 3, 7, 15 and 31 seconds; the next one would come after 63.
  expect(house.logins.length - before).toBe(6)
})
