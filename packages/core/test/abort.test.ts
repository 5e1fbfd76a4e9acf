import { getEventListeners } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Observer, type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import type { SessionSource } from '../src/plugin.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, breaks, deaf, fine, hangs, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
})

/** A call that has gone on for some time, and its abort. */
async function underWay(answer: Answer, options: ResilientOptions = {}, ms = 100) {
  const controller = new AbortController()
  const { fetch, sent } = stubFetch(answer)
  const client = resilient(fetch, options)
  const call = client(url, { signal: controller.signal })
  call.catch(() => {})
  await vi.advanceTimersByTimeAsync(ms)
  return { call, sent, client, abort: (reason?: unknown) => controller.abort(reason), signal: controller.signal }
}

const forever = () => new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new Uint8Array(9)) })

describe('an abort by the caller', () => {
  it.each(['attempt-started', 'session-opened'])('as an observer hears of %s sends nothing', async (type) => {
    const controller = new AbortController()
    const observer: Observer = (event) => event.type === type && controller.abort('enough')
    const { fetch, sent } = stubFetch(fine)
    const auth: SessionSource = {
      credentials: () => ({ username: 'me' }),
      open: async () => ({ secrets: [] }),
      sign: () => undefined,
    }
    const vendor = type === 'session-opened' ? { vendor: depot({ auth, origins: ['https://depot.example'] }) } : {}
    const client = resilient(fetch, { ...vendor, observers: [observer] })
    await expect(client('https://depot.example/belts', { signal: controller.signal })).rejects.toBe('enough')
    expect(sent).toEqual([])
    expect(client.state.snapshot().map(({ underWay, waiting }) => underWay + waiting)).toEqual([0])
    // The login is heard out.
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('during the wait ends the call at once, and nothing is sent any more', async () => {
    const { call, abort, sent } = await underWay(reply(503, null, { 'retry-after': '60' }))
    abort('enough')
    await expect(call).rejects.toBe('enough')
    expect(performance.now()).toBe(100)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(sent).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each<[string, Answer]>([
    ['that hears it', hangs],
    ['that is deaf to it', deaf],
  ])('during an attempt ends the call at once, by a fetch %s', async (_, answer) => {
    const { call, abort, sent } = await underWay(answer)
    abort('enough')
    await expect(call).rejects.toBe('enough')
    expect([performance.now(), sent.length, vi.getTimerCount()]).toEqual([100, 1, 0])
  })

  it('during an attempt without any limit ends the call at once, by a fetch that is deaf to it', async () => {
    const limits = { timeout: false, totalTimeout: false } as const
    const { call, abort, sent, signal } = await underWay(deaf, limits)
    abort('enough')
    await expect(call).rejects.toBe('enough')
    expect(sent[0]?.init?.signal?.reason).toBe('enough')
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('of a body without any limit is fetch’s own affair, but a `Request` is kept for as long as its signal is needed', async () => {
    const limits = { timeout: false, totalTimeout: false } as const
    const replies: Response[] = []
    const fetch = async () => {
      const made = new Response('fine')
      replies.push(made)
      return made
    }
    const { signal } = new AbortController()
    const own = await resilient(fetch, limits)(url, { signal })
    const timed = await resilient(fetch)(url, { signal })
    const ofRequest = await resilient(fetch, limits)(new Request(url, { signal }))
    expect([own, timed, ofRequest].map((given, at) => given === replies[at])).toEqual([true, false, false])
    expect(await own.text()).toBe('fine')
  })

  it('between two redirects sends nothing any more, by a fetch that is deaf to it', async () => {
    const controller = new AbortController()
    const redirect = reply(307, null, { location: '/further' })
    const { fetch, sent } = stubFetch(async (one) => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      return redirect(one)
    })
    const call = resilient(fetch)(url, { method: 'POST', signal: controller.signal })
    call.catch(() => {})
    await vi.advanceTimersByTimeAsync(100)
    controller.abort('enough')
    await expect(call).rejects.toBe('enough')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sent).toHaveLength(2)
  })

  it.each([400, 500, 503])('while the body of a %i is read ends the call at once', async (status) => {
    const { call, abort } = await underWay(reply(status, forever()))
    abort('enough')
    await expect(call).rejects.toBe('enough')
    expect([performance.now(), vi.getTimerCount()]).toEqual([100, 0])
  })

  it('while a success is read ends the call at once', async () => {
    const vendor = depot({ bodyNeed: () => 'whole' })
    const { call, abort } = await underWay(reply(200, forever()), { vendor })
    abort('enough')
    await expect(call).rejects.toBe('enough')
    expect([performance.now(), vi.getTimerCount()]).toEqual([100, 0])
  })

  it('while the user’s own hook thinks ends the call at once', async () => {
    const options: ResilientOptions = { vendor: depot(), onConflict: () => new Promise(() => {}) }
    const { call, abort, sent } = await underWay(says('PARCEL_LOCKED'), options)
    abort('enough')
    await expect(call).rejects.toBe('enough')
    expect([performance.now(), sent.length, vi.getTimerCount()]).toEqual([100, 1, 0])
  })

  it.each<[string, unknown]>([
    ['an error', new RangeError('too much')],
    ['a text', 'enough'],
    ['null', null],
    ['a TypeError', new TypeError('fetch failed')],
    ['a time-out of the caller’s own', new DOMException('The operation timed out.', 'TimeoutError')],
  ])('rejects with its reason itself: %s', async (_, reason) => {
    for (const answer of [hangs, deaf, reply(503)]) {
      const { call, abort } = await underWay(answer, { retry: { jitter: 'none' } })
      abort(reason)
      await expect(call).rejects.toBe(reason)
    }
  })

  it('without a reason rejects with the signal’s', async () => {
    const { call, abort, signal } = await underWay(hangs)
    abort()
    await expect(call).rejects.toBe(signal.reason)
    expect(signal.reason).toMatchObject({ name: 'AbortError' })
  })

  it('holds in fetch’s own contract too', async () => {
    const { fetch } = stubFetch(reply(503))
    const controller = new AbortController()
    const call = resilient(fetch).fetch(url, { signal: controller.signal })
    call.catch(() => {})
    await vi.advanceTimersByTimeAsync(1)
    controller.abort('enough')
    await expect(call).rejects.toBe('enough')
  })

  it('before the call lets nothing begin: no request, no login, no probe', async () => {
    const auth: SessionSource = {
      credentials: vi.fn(() => ({ username: 'u', password: 'p' })),
      open: vi.fn(async () => ({ secrets: [] })),
      sign: () => {},
    }
    const { fetch, sent } = stubFetch(fine)
    const client = resilient(fetch, { vendor: depot({ auth, origins: ['https://api.example'] }), budget: { size: 0 } })
    await expect(client(url, { signal: AbortSignal.abort('never') })).rejects.toBe('never')
    await expect(client.fetch(new Request(url, { signal: AbortSignal.abort('never') }))).rejects.toBe('never')
    expect(sent).toHaveLength(0)
    expect(auth.credentials).not.toHaveBeenCalled()
    expect(auth.open).not.toHaveBeenCalled()
  })

  it('is that of the Request, unless the call names another or none', async () => {
    const controller = new AbortController()
    const { fetch } = stubFetch(hangs)
    const client = resilient(fetch, { retry: false, timeout: 5_000 })
    const request = () => new Request(url, { signal: controller.signal })
    const own = client(request())
    const other = client(request(), { signal: new AbortController().signal })
    const none = client(request(), { signal: null })
    for (const call of [own, other, none]) call.catch(() => {})
    await vi.advanceTimersByTimeAsync(1)
    controller.abort('enough')
    await expect(own).rejects.toBe('enough')
    expect(await failure(other)).toMatchObject({ code: 'ATTEMPT_TIMEOUT' })
    expect(await failure(none)).toMatchObject({ code: 'ATTEMPT_TIMEOUT' })
  })

  it('at the moment that a retry’s reply arrives drops no unread reply: it is the caller’s', async () => {
    const controller = new AbortController()
    // p-retry sees to what comes after the first retry.
    const { fetch } = stubFetch(reply(503), reply(503), fine)
    const observers = [
      (event: ResilienceEvent) => event.type === 'attempt-ended' && event.status === 200 && controller.abort(),
    ] as Observer[]
    const response = await played(resilient(fetch, { observers })(url, { signal: controller.signal }))
    expect(await response.text()).toBe('fine')
  })

  it('of one call is nothing to another', async () => {
    const { fetch } = stubFetch(reply(503), reply(503), fine)
    const client = resilient(fetch)
    const controller = new AbortController()
    const one = client(url, { signal: controller.signal })
    const other = client(url)
    one.catch(() => {})
    await vi.advanceTimersByTimeAsync(0)
    controller.abort()
    await expect(one).rejects.toBe(controller.signal.reason)
    expect((await played(other)).status).toBe(200)
  })
})

describe('a long-lived signal', () => {
  const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length

  it.each<[string, readonly [Answer, ...Answer[]], number]>([
    ['a success without a body', [reply(204)], 0],
    ['a success', [fine], 0],
    ['a failure', [reply(404, 'no')], 0],
    ['retries', [reply(503, 'no'), breaks('ECONNRESET'), fine], 0],
    ['a time-out', [hangs], 0],
  ])('keeps no listener after %s', async (_, script) => {
    const { signal } = new AbortController()
    const { fetch } = stubFetch(...script)
    const client = resilient(fetch, { retry: 2, timeout: 1_000, vendor: depot() })
    for (let time = 0; time < 20; time++) {
      const response = await played(client(url, { signal }).catch(() => undefined))
      await response?.text()
    }
    // The stub that hangs hears the signal of the attempt, never this one.
    expect(listeners(signal)).toBe(0)
  })

  it('holds one listener while a body is under way, and none once it has been read, cancelled or broken', async () => {
    const { signal } = new AbortController()
    const broken = () => new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) })
    const { fetch } = stubFetch(fine, reply(200, forever()), reply(200, broken()))
    const client = resilient(fetch)
    const read = await client(url, { signal })
    expect(listeners(signal)).toBe(1)
    await read.text()
    expect(listeners(signal)).toBe(0)
    const cancelled = await client(url, { signal })
    await cancelled.body?.cancel()
    expect(listeners(signal)).toBe(0)
    await expect((await client(url, { signal })).text()).rejects.toThrow('terminated')
    expect(listeners(signal)).toBe(0)
  })

  it('is never combined with another: what combines them grows on it', async () => {
    const any = vi.spyOn(AbortSignal, 'any')
    const timeout = vi.spyOn(AbortSignal, 'timeout')
    const { fetch } = stubFetch(reply(503), hangs, fine)
    await played(resilient(fetch, { timeout: 1_000 })(url, { signal: new AbortController().signal }))
    expect(any).not.toHaveBeenCalled()
    expect(timeout).not.toHaveBeenCalled()
  })

  it('keeps no listener of a crowd that waits for a pause', async () => {
    const { signal } = new AbortController()
    const { fetch } = stubFetch(reply(503, null, { 'retry-after': '5' }), fine)
    const client = resilient(fetch, { retry: false })
    await failure(client(url))
    const crowd = Promise.all(Array.from({ length: 30 }, () => client(url, { signal })))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(listeners(signal)).toBe(1)
    for (const response of await played(crowd)) await response.text()
    expect(listeners(signal)).toBe(0)
  })
})
