import { getEventListeners } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import {
  type Fetch,
  isVendorError,
  type Observer,
  OptionsError,
  type ResilienceEvent,
  resilient,
} from '../src/index.ts'
import { Lodging, many } from './helpers/lodging.ts'
import { elapsed, played } from './helpers/play.ts'
import { keySource, lodge, lodgeOrigin, password, username } from './helpers/session-vendor.ts'
import { reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const room = `${lodgeOrigin}/rooms/7`
const at = new Lodging()

/** A fetch that never answers, and hears its signal. */
const silent = () => {
  const signals: (AbortSignal | null | undefined)[] = []
  const fetch: Fetch = (_, init) => {
    signals.push(init?.signal)
    return new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  }
  return { fetch, signals }
}

describe('close', () => {
  it.each([
    ['POST', true],
    ['GET', false],
  ])('cuts off a %s that does not end in time: what it sent may be done', async (method, mayBeDone) => {
    const { fetch, signals } = silent()
    const ended: ResilienceEvent[] = []
    const client = resilient(fetch, { observers: [(event) => event.type === 'call-ended' && ended.push(event)] })
    const call = client(url, { method }).catch((thrown: unknown) => thrown)
    await vi.advanceTimersByTimeAsync(10)
    const closing = client.close({ drain: 1_000 })
    await vi.advanceTimersByTimeAsync(990)
    expect(signals[0]?.aborted).toBe(false)
    await played(closing)
    const error = await call
    expect(isVendorError(error) && error).toMatchObject({ code: 'CLIENT_CLOSED', reason: 'closed', mayBeDone })
    expect(signals).toHaveLength(1)
    expect(signals[0]?.aborted).toBe(true)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(ended).toMatchObject([{ reason: 'closed' }])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    ['signal', undefined],
    ['but its caller’s signal', new AbortController().signal],
  ])('cuts off what is under way without any limit or %s', async (_, signal) => {
    const { fetch, signals } = silent()
    const client = resilient(fetch, { timeout: false, totalTimeout: false })
    const call = client(url, signal && { signal }).catch((thrown: unknown) => thrown)
    await played(client.close({ drain: 0 }))
    expect(await call).toMatchObject({ code: 'CLIENT_CLOSED' })
    expect(signals.map((sent) => sent?.aborted)).toEqual([true])
    expect(signal === undefined ? [] : getEventListeners(signal, 'abort')).toEqual([])
  })

  it('frees a reply that comes after the end of a call without limits', async () => {
    const answer = Promise.withResolvers<Response>()
    const cancel = vi.fn()
    const client = resilient(() => answer.promise, { timeout: false, totalTimeout: false })
    const call = client(url).catch((thrown: unknown) => thrown)
    await played(client.close({ drain: 0 }))
    await call
    answer.resolve(new Response(new ReadableStream({ cancel })))
    await vi.advanceTimersByTimeAsync(0)
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('ends also a call without limits, whose fetch hears nothing', async () => {
    const client = resilient(() => new Promise(() => {}), { timeout: false, totalTimeout: false })
    const call = client(url).catch((thrown: unknown) => thrown)
    await played(client.close({ drain: 0 }))
    expect(await call).toMatchObject({ code: 'CLIENT_CLOSED' })
  })

  it('is one, however often it is asked for', async () => {
    const client = at.guest()
    await client(room)
    await Promise.all([client.close(), client.extend({ retry: 0 }).close({ drain: 0 })])
    expect(at.house.logouts).toHaveLength(1)
  })

  it.each(['isSafe', 'operation', 'secretsIn', 'isRepeatable', 'verifyWith'] as const)(
    'ends every call and the session, though the vendor’s `%s` makes a mistake',
    async (hook) => {
      let isMistaken = false
      const mistaken = () => {
        if (isMistaken) throw new Error('a mistake of the hook')
        return undefined
      }
      const client = at.guest({ vendor: lodge({ [hook]: mistaken }), observers: [() => {}] })
      await client(room)
      at.house.upstairs = () => new Promise<never>(() => {})
      const calls = Promise.all(many(3, () => client(room, { method: 'POST' }).catch((thrown: unknown) => thrown)))
      await vi.advanceTimersByTimeAsync(10)
      isMistaken = true
      await played(client.close({ drain: 0 }))
      expect(await played(calls)).toMatchObject(Array(3).fill({ code: 'CLIENT_CLOSED', mayBeDone: true }))
      expect(at.house.logouts).toHaveLength(1)
    },
  )

  it('ends every call, though one session cannot be asked for its secrets any more', async () => {
    let isMistaken = false
    const source = keySource(() => ({ username, password }))
    const open = async (...given: Parameters<typeof source.open>) => ({
      ...(await source.open(...given)),
      get secrets() {
        if (isMistaken) throw new Error('a mistake of the vendor')
        return []
      },
    })
    const client = at.guest({ vendor: lodge({ auth: { ...source, open } }), observers: [() => {}] })
    at.house.upstairs = () => new Promise<never>(() => {})
    const calls = Promise.all(many(3, () => client(room).catch((thrown: unknown) => thrown)))
    await vi.advanceTimersByTimeAsync(10)
    isMistaken = true
    await played(client.close({ drain: 0 }))
    expect(await played(calls)).toMatchObject(Array(3).fill({ message: 'a mistake of the vendor' }))
  })

  it('ends every call, though a body of one of them cannot be given up', async () => {
    const client = resilient(silent().fetch, { beforeAttempt: () => new Promise<never>(() => {}) })
    const destroy = vi.fn(() => {
      throw new Error('a mistake of the body')
    })
    const body = () => ({ async *[Symbol.asyncIterator]() {}, destroy }) as never
    const calls = [client(url), client(url, { method: 'POST', resilience: { body } }), client(url)]
    const ended = Promise.all(calls.map((call) => call.catch((thrown: unknown) => thrown)))
    await vi.advanceTimersByTimeAsync(10)
    await played(client.close({ drain: 0 }))
    expect(await played(ended)).toMatchObject(Array(3).fill({ reason: 'closed' }))
    expect(destroy).toHaveBeenCalledOnce()
  })

  it.each(['throws', 'never ends'])('ends in time, though the vendor’s logout %s', async (how) => {
    const close = () => {
      if (how === 'throws') throw new Error('a mistake of the hook')
      return new Promise<never>(() => {})
    }
    const client = at.guest({ vendor: lodge({ auth: { ...keySource(() => ({ username, password })), close } }) })
    await client(room)
    await played(client.close())
    expect(elapsed()).toBeLessThanOrEqual(5_000)
  })

  it.each([-1, Number.NaN, '5 s', null])('rejects, and closes nothing, where it is to drain for %j', async (drain) => {
    const client = at.guest()
    await expect(client.close({ drain } as object)).rejects.toThrow(OptionsError)
    expect((await client(room)).status).toBe(200)
  })
})

describe('a signal of the client', () => {
  it('is heard while calls have time to end, and no longer once their client is closed', async () => {
    const ofClient = new AbortController()
    const client = resilient(silent().fetch, { init: { signal: ofClient.signal } })
    const call = client(url, { signal: new AbortController().signal })
    const closing = client.close({ drain: 60_000 })
    const ended = expect(call).rejects.toBe('enough')
    await vi.advanceTimersByTimeAsync(1_000)
    ofClient.abort('enough')
    await ended
    await closing
    const later = new AbortController()
    const other = resilient(silent().fetch, { init: { signal: later.signal } })
    other.extend({ init: { signal: later.signal } })
    await other.close()
    expect(getEventListeners(later.signal, 'abort')).toEqual([])
  })

  it('ends calls with signals of their own, lets none begin, and ends the session', async () => {
    const [ofClient, ofCall] = [new AbortController(), new AbortController()]
    const client = at.guest({ init: { signal: ofClient.signal } })
    await client(room)
    at.house.upstairs = () => new Promise<never>(() => {})
    const calls = [client(room, { signal: ofCall.signal }), client(room)]
    const ended = Promise.allSettled(calls)
    await vi.advanceTimersByTimeAsync(10)
    ofClient.abort('the process stops')
    expect(await ended).toEqual(Array(2).fill({ status: 'rejected', reason: 'the process stops' }))
    await expect(client(room)).rejects.toBe('the process stops')
    await vi.advanceTimersByTimeAsync(10)
    expect(at.house.logouts).toHaveLength(1)
  })

  it('that was given to an extended one ends the calls of that one alone', async () => {
    const controller = new AbortController()
    const client = at.guest()
    const child = client.extend({ init: { signal: controller.signal } })
    await client(room)
    const answer = Promise.withResolvers<undefined>()
    at.house.upstairs = () => answer.promise as never
    const [own, others] = [child(room, { signal: new AbortController().signal }), client(room)]
    const ended = expect(own).rejects.toBe('enough')
    await vi.advanceTimersByTimeAsync(10)
    controller.abort('enough')
    await ended
    answer.resolve(undefined)
    expect((await played(others)).ok).toBe(true)
    expect(at.house.logouts).toEqual([])
  })

  it.each(['POST', 'GET'])('that was given to an extended one lets no retry of a %s follow', async (method) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const controller = new AbortController()
    const { fetch, sent } = stubFetch(reply(503))
    const child = resilient(fetch).extend({ init: { signal: controller.signal } })
    const call = child(url, { method, signal: new AbortController().signal, resilience: { idempotent: true } })
    const ended = expect(call).rejects.toBe('enough')
    await vi.advanceTimersByTimeAsync(1)
    controller.abort('enough')
    await ended
    // Its wait has ended with it: a call that waits has a place in lines and logins.
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(sent).toHaveLength(1)
  })

  it('ends a call once, where an observer that hears of it aborts another', async () => {
    const [outer, inner] = [new AbortController(), new AbortController()]
    let ends = 0
    const observer: Observer = ({ type }) => {
      if (type !== 'call-ended') return
      ends++
      outer.abort('all of it')
    }
    const client = resilient(silent().fetch, { observers: [observer] })
    const child = client.extend({ init: { signal: outer.signal } }).extend({ init: { signal: inner.signal } })
    const ended = expect(child(url, { signal: new AbortController().signal })).rejects.toBe('enough')
    inner.abort('enough')
    await ended
    expect(ends).toBe(1)
    // Each is counted once, so that closing still knows of the next one.
    const next = expect(client(url)).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
    await played(client.close({ drain: 100 }))
    await next
  })

  it('that was given to an extended one lets nothing follow a login', async () => {
    const controller = new AbortController()
    const client = at.guest()
    const child = client.extend({ init: { signal: controller.signal } })
    const call = child(room, { method: 'POST', signal: new AbortController().signal })
    controller.abort('enough')
    await expect(call).rejects.toBe('enough')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(at.house.calls).toEqual([])
  })
})
