import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { Lodge, type Visit } from './helpers/lodge-service.ts'
import { failure, played } from './helpers/play.ts'
import { keyHeader, type LodgeRow, lodge, lodgeOrigin, password, username } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`
let house: Lodge

beforeEach(() => {
  vi.useFakeTimers()
  house = new Lodge()
})

const guest = (options: ResilientOptions<LodgeRow> = {}) =>
  resilient(house.fetch, { vendor: lodge(), retry: { jitter: 'none' }, ...options })
const keysOf = (visits: readonly Visit[]) => visits.map(({ headers }) => headers.get(keyHeader))
const slowly = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms, undefined))
/** Logins that take a while; the lodge does as usual then. */
const slowDesk = (ms: number) => {
  house.atDesk = ({ method }) => (method === 'POST' ? (slowly(ms) as never) : undefined)
}
const closed = { name: 'RefusedError', reason: 'closed', message: expect.stringContaining('closed') }

describe('close leaves no session behind', () => {
  it('of a login under way, and the calls that wait for it end', async () => {
    slowDesk(100)
    const client = guest()
    const call = client(room)
    const ended = expect(call).rejects.toMatchObject(closed)
    await vi.advanceTimersByTimeAsync(10)
    await played(client.close())
    await ended
    await vi.advanceTimersByTimeAsync(60_000)
    expect(house.logins).toHaveLength(1)
    expect(keysOf(house.logouts)).toEqual(['key-no-1'])
    expect(house.calls).toEqual([])
  })

  it('of a login that takes longer than close waits for it: that is given up', async () => {
    slowDesk(20_000)
    const client = guest()
    const ended = expect(client(room)).rejects.toMatchObject(closed)
    await vi.advanceTimersByTimeAsync(10)
    await played(client.close())
    await ended
    expect(performance.now()).toBeLessThan(6_000)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(house.logins).toHaveLength(1)
  })

  it('while a rejected one was to be renewed: no login follows', async () => {
    const client = guest()
    await client(room)
    house.forgetKeys()
    const usual = house.answer.bind(house)
    const closing: Promise<void>[] = []
    house.answer = async (visit) => {
      if (visit.path !== '/login') closing.push(client.close())
      return usual(visit)
    }
    expect(await failure(client(room))).toMatchObject({ code: 'KEY_EXPIRED', reason: 'closed', mayBeDone: false })
    await played(Promise.all(closing))
    expect(house.logins).toHaveLength(1)
  })

  it('while calls are in flight: they have time to end first', async () => {
    const client = guest()
    await client(room)
    house.answer = (
      (usual) => async (visit: Visit) =>
        (visit.path === '/login' ? undefined : await slowly(50)) ?? usual(visit)
    )(house.answer.bind(house))
    const calls = [1, 2, 3].map((at) => client(`${lodgeOrigin}/rooms/${at}`))
    await vi.advanceTimersByTimeAsync(10)
    await played(client.close())
    for (const call of calls) expect(await call).toMatchObject({ status: 200 })
    expect(house.logins).toHaveLength(1)
    expect(keysOf(house.logouts)).toEqual(['key-no-1'])
  })

  it('while calls wait to try again: they end at once', async () => {
    const client = guest({ breaker: false })
    house.upstairs = () => new Response(null, { status: 503 })
    const call = failure(client(room))
    await vi.advanceTimersByTimeAsync(10)
    const before = performance.now()
    await client.close()
    expect(await call).toMatchObject({ code: 'HTTP_503', reason: 'closed', mayBeDone: false })
    expect(performance.now() - before).toBeLessThan(10)
    expect(house.logins).toHaveLength(1)
  })

  it('and lets no call begin any more', async () => {
    const client = guest()
    await client(room)
    const child = client.extend({ retry: 0 })
    await client.close()
    for (const one of [client, client.fetch, child]) await expect(one(room)).rejects.toMatchObject(closed)
    expect(client.state.size.sessions).toBe(0)
    expect(house.logins).toHaveLength(1)
    expect(house.calls).toHaveLength(1)
  })

  it('where a login answers 503: no other follows', async () => {
    house.atDesk = ({ method }) => (method === 'POST' ? new Response(null, { status: 503 }) : undefined)
    const client = guest({ breaker: false })
    const ended = expect(client(room)).rejects.toMatchObject(closed)
    await vi.advanceTimersByTimeAsync(10)
    await client.close()
    await ended
    await vi.advanceTimersByTimeAsync(600_000)
    expect(house.logins).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('where the credentials have not come yet: they are not used', async () => {
    const vault = Promise.withResolvers<{ username: string; password: string }>()
    const client = resilient(house.fetch, { vendor: lodge({ credentials: () => vault.promise }) })
    const ended = expect(client(room)).rejects.toMatchObject(closed)
    await vi.advanceTimersByTimeAsync(10)
    await client.close()
    await ended
    vault.resolve({ username, password })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(house.logins).toEqual([])
  })
})
