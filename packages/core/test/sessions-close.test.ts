import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { Lodge, type Visit } from './helpers/lodge-service.ts'
import { failure, played } from './helpers/play.ts'
import { keyHeader, type LodgeRow, lodge, lodgeOrigin } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`
let house: Lodge

beforeEach(() => {
  vi.useFakeTimers()
  house = new Lodge()
})
afterEach(() => {
  vi.useRealTimers()
})

const guest = (options: ResilientOptions<LodgeRow> = {}) =>
  resilient(house.fetch, { vendor: lodge(), retry: { jitter: 'none' }, ...options })
const keysOf = (visits: readonly Visit[]) => visits.map(({ headers }) => headers.get(keyHeader))
const slowly = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms, undefined))
/** Logins that take a while; the lodge does as usual then. */
const slowDesk = (ms: number) => {
  house.atDesk = ({ method }) => (method === 'POST' ? (slowly(ms) as never) : undefined)
}
const closed = { name: 'AbortError', message: expect.stringContaining('closed') }

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

  it('of a login that takes longer than close waits for it', async () => {
    slowDesk(20_000)
    const client = guest()
    const ended = expect(client(room)).rejects.toMatchObject(closed)
    await vi.advanceTimersByTimeAsync(10)
    // The platform's own is not made of timers that can be faked.
    const timeouts = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(), ms)
      return controller.signal
    })
    await played(client.close())
    timeouts.mockRestore()
    expect(performance.now()).toBeLessThan(6_000)
    await vi.advanceTimersByTimeAsync(60_000)
    await ended
    expect(keysOf(house.logouts)).toEqual(['key-no-1'])
  })

  it('of calls in flight, which would log in again: they end with what they met', async () => {
    const client = guest()
    await client(room)
    house.answer = (
      (usual) => async (visit: Visit) =>
        (visit.path === '/login' ? undefined : await slowly(50)) ?? usual(visit)
    )(house.answer.bind(house))
    const calls = [1, 2, 3].map((at) => failure(client(`${lodgeOrigin}/rooms/${at}`)))
    await vi.advanceTimersByTimeAsync(10)
    await client.close()
    for (const call of calls) expect(await call).toMatchObject({ code: 'KEY_EXPIRED', reason: 'login-failed' })
    expect(house.logins).toHaveLength(1)
    expect(keysOf(house.logouts)).toEqual(['key-no-1'])
  })

  it('of calls that wait to try again', async () => {
    const client = guest({ breaker: false })
    house.upstairs = () => new Response(null, { status: 503 })
    const call = failure(client(room))
    await vi.advanceTimersByTimeAsync(10)
    await client.close()
    expect(await call).toMatchObject({ code: 'HTTP_503', reason: 'login-failed' })
    expect(house.logins).toHaveLength(1)
  })

  it('and those that come afterwards log in anew, also while the old login is still under way', async () => {
    slowDesk(2_000)
    const client = guest()
    const ended = expect(client(room)).rejects.toMatchObject(closed)
    await vi.advanceTimersByTimeAsync(10)
    const closing = client.close()
    const call = client(room)
    await played(Promise.all([closing, ended]))
    expect((await played(call)).status).toBe(200)
    expect(house.logins).toHaveLength(2)
    expect(keysOf(house.logouts)).toEqual(['key-no-1'])
    expect(house.keysShown).toEqual(['key-no-2'])
  })
})
