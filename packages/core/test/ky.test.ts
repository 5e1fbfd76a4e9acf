import ky, { HTTPError, type KyInstance } from 'ky'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isConflict, isOptionsError, isVendorError, resilient } from '../src/index.ts'
import { kyOptions, resilientKy } from '../src/ky.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { errorOf, failure, gaps, played } from './helpers/play.ts'
import { keyHeader, lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'
import { fine, hangs, reply, stubFetch } from './helpers/stub-fetch.ts'
import { useServer } from './helpers/use-server.ts'

const room = `${lodgeOrigin}/rooms/7`
const quick = { backoff: { fast: { base: 1, limit: 1 } } }
const steady = { jitter: 'none' } as const

/** ky over a client, in both ways that there are. */
const ways: [string, (fetch: typeof globalThis.fetch, limit: number) => KyInstance][] = [
  ['resilientKy', (fetch, limit) => resilientKy({ fetch, retry: { limit, ...steady } })],
  ['kyOptions', (fetch, limit) => ky.create(kyOptions(resilient(fetch, { retry: { limit, ...steady } })))],
  [
    'kyOptions, twice over and extended',
    (fetch, limit) => {
      const client = resilient(fetch, { retry: { limit, ...steady } })
      return ky
        .create(kyOptions(client))
        .extend(kyOptions(client))
        .extend({ headers: { 'x-count': '1' } })
    },
  ],
]

describe.each(ways)('%s: ky and the engine under it', (_, make) => {
  beforeEach(() => {
    vi.useFakeTimers()
  })

  it('do not multiply their retries', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const error = await failure(make(fetch, 2).get(room))
    expect(error).toMatchObject({ name: 'VendorError', code: 'HTTP_503', reason: 'attempts' })
    expect(gaps(sent)).toEqual([500, 1_000])
  })

  it('do not cut one another’s time: ky’s ten seconds end no loop', async () => {
    const { fetch, sent } = stubFetch(reply(503, null, { 'retry-after': '40' }), fine)
    expect(await played(make(fetch, 1).get(room).text())).toBe('fine')
    expect(sent).toHaveLength(2)
    expect(sent[1]?.at).toBeGreaterThanOrEqual(40_000)
  })

  it('do not multiply their retries where a transport fails', async () => {
    const { fetch, sent } = stubFetch(() => {
      const refused = { code: 'ECONNREFUSED', syscall: 'connect' }
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), refused) })
    })
    expect(await failure(make(fetch, 1).get(room))).toMatchObject({ name: 'VendorError', code: 'ECONNREFUSED' })
    expect(sent).toHaveLength(2)
  })

  it.each([
    ['retry: 1', { retry: 1 }, 2],
    ['retry: 0', { retry: 0 }, 1],
    ['retry: { limit: 1 }', { retry: { limit: 1 } }, 2],
    ['retry: { limit: 0 }', { retry: { limit: 0 } }, 1],
    ['no word', {}, 3],
    ['retry without a limit', { retry: { backoffLimit: 800 } }, 3],
    ['resilience, which outranks', { retry: 2, resilience: { retry: 1 } }, 2],
  ])('take a call’s own word on retries as theirs: %s', async (_word, options, attempts) => {
    const { fetch, sent } = stubFetch(reply(503))
    await failure(make(fetch, 2).get(room, options))
    expect(sent).toHaveLength(attempts)
  })

  it.each([
    ['timeout', { timeout: 2_000, retry: 0 }, 'ATTEMPT_TIMEOUT', 2_000],
    ['totalTimeout', { totalTimeout: 3_000, retry: 0 }, 'ATTEMPT_TIMEOUT', 3_000],
    ['no word', { retry: 0 }, 'ATTEMPT_TIMEOUT', 30_000],
  ])('take a call’s own word on time as theirs: %s', async (_word, options, code, at) => {
    const { fetch, sent } = stubFetch(hangs)
    expect(await failure(make(fetch, 2).get(room, options))).toMatchObject({ code })
    expect(Math.floor(performance.now() / 10) * 10).toBe(at)
    expect(sent).toHaveLength(1)
  })

  it('take `false` for no time limit at all', async () => {
    const { fetch } = stubFetch(hangs)
    const controller = new AbortController()
    const call = make(fetch, 0).get(room, { timeout: false, totalTimeout: false, signal: controller.signal })
    const settled = vi.fn()
    call.then(settled, settled)
    await vi.advanceTimersByTimeAsync(1_000_000)
    expect(settled).not.toHaveBeenCalled()
    controller.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('refuse what cannot be meant here, by name', async () => {
    const { fetch, sent } = stubFetch(fine)
    const api = make(fetch, 2)
    const refused = (call: () => unknown) => {
      try {
        const promise = call()
        return Promise.resolve(promise).then(
          () => undefined,
          (error: unknown) => error,
        )
      } catch (error) {
        return Promise.resolve(error)
      }
    }
    for (const [name, retry] of Object.entries({
      statusCodes: { statusCodes: [500] },
      methods: { methods: ['post'] },
      shouldRetry: { shouldRetry: () => true },
      retryOnTimeout: { retryOnTimeout: true },
      delay: { delay: () => 1 },
    })) {
      const error = await refused(() => api.get(room, { retry }))
      expect(isOptionsError(error) && error.option).toBe(`retry.${name}`)
      expect(isOptionsError(error) && error.message).toContain('ky’s and has no meaning here')
    }
    const error = await refused(() => api.get(room, { retry: { jitter: () => 1 } }))
    expect(isOptionsError(error) && error.option).toBe('resilience.retry.jitter')
    expect(sent).toEqual([])
  })
})

describe('ky on the wire', () => {
  const server = useServer()
  let house: Lodge

  beforeEach(() => {
    house = new Lodge()
    server.use(house.handler)
  })

  const guest = () => resilientKy({ vendor: lodge(), retry: quick, prefix: lodgeOrigin })
  const busyOnce = () => {
    let observed = 0
    house.upstairs = () => (observed++ === 0 ? refusal('DESK_CLOSED') : Response.json({ room: 7 }))
  }

  it('is signed, and posts its JSON again where the first was rejected', async () => {
    busyOnce()
    expect(
      await guest()
        .post('rooms/7', { json: { beds: 2 } })
        .json(),
    ).toEqual({ room: 7 })
    expect(house.calls.map(({ method, body }) => [method, body])).toEqual([
      ['POST', '{"beds":2}'],
      ['POST', '{"beds":2}'],
    ])
    expect(house.calls.every(({ headers }) => headers.get('content-type') === 'application/json')).toBe(true)
    expect(house.calls.every(({ headers }) => headers.get('content-length') === '10')).toBe(true)
    expect(house.keysShown).toEqual(['key-no-1'])
  })

  it('posts its JSON again with a fresh session', async () => {
    const api = guest()
    await api.get('rooms/1')
    house.forgetKeys()
    await api.post('rooms/7', { json: { beds: 2 } })
    expect(house.calls.slice(1).map(({ body, headers }) => [body, headers.get(keyHeader)])).toEqual([
      ['{"beds":2}', 'key-no-1'],
      ['{"beds":2}', 'key-no-2'],
    ])
    await api.client.close()
    expect(house.logouts).toHaveLength(1)
  })

  it('passes a VendorError on unchanged, and RefusedErrors too', async () => {
    const seen: unknown[] = []
    house.upstairs = () => refusal('ROOM_TAKEN', { params: ['7', 'somebody'] })
    const api = guest().extend({
      hooks: {
        beforeError: [
          ({ error }) => {
            seen.push(error)
            return error
          },
        ],
      },
    })
    const error = await errorOf(api.get('rooms/7'))
    expect(isConflict(error) && isVendorError(error, 'lodge') && error.params).toEqual({ room: '7', guest: 'somebody' })
    expect(seen).toEqual([error])
    expect(error).not.toBeInstanceOf(HTTPError)
  })

  it('gets replies by `throwHttpErrors: false`, and some of them by a function', async () => {
    house.upstairs = ({ path }) => refusal(path === '/rooms/7' ? 'ROOM_TAKEN' : 'ROOM_UNKNOWN')
    const api = guest()
    const taken = await api.get('rooms/7', { throwHttpErrors: false })
    expect(taken.status).toBe(400)
    expect(await taken.json()).toEqual({ error: { code: 'ROOM_TAKEN' } })
    const throwHttpErrors = (status: number) => status !== 404
    expect((await api.get('rooms/8', { throwHttpErrors })).status).toBe(404)
    expect(await errorOf(api.get('rooms/7', { throwHttpErrors }))).toMatchObject({ code: 'ROOM_TAKEN' })
    const quiet = api.extend({ throwHttpErrors: false })
    expect((await quiet.get('rooms/7')).status).toBe(400)
  })

  it('brings a call’s `resilience` through, with its hooks replacing the request', async () => {
    house.upstairs = () => refusal('BELL_BROKEN')
    const api = guest().extend({
      hooks: { beforeRequest: [({ request }) => new Request(request, { headers: { 'x-count': '1' } })] },
    })
    const error = await errorOf(
      api.post('rooms/7', { json: {}, resilience: { idempotent: true, retry: { limit: 1, ...quick } } }),
    )
    expect(error).toMatchObject({ code: 'BELL_BROKEN', reason: 'attempts' })
    expect(house.calls).toHaveLength(2)
    house.visits.length = 0
    expect(await errorOf(api.post('rooms/7', { json: {} }))).toMatchObject({ reason: 'not-repeatable' })
    expect(house.calls).toHaveLength(1)
  })

  it('keeps `resilience` set by extend, under a call’s own', async () => {
    house.upstairs = () => refusal('ROOM_READY')
    const api = guest().extend({ resilience: { acceptAchieved: true, retry: 0 } })
    expect((await api.put('rooms/7', { throwHttpErrors: false })).status).toBe(204)
    expect(await errorOf(api.put('rooms/7', { resilience: { acceptAchieved: false } }))).toMatchObject({
      code: 'ROOM_READY',
    })
  })

  it('aborts with its caller’s signal', async () => {
    house.upstairs = () => new Promise(() => {})
    const controller = new AbortController()
    const reason = new Error('enough')
    const call = guest().get('rooms/7', { signal: controller.signal })
    await expect.poll(() => house.calls.length).toBe(1)
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
  })

  it('keeps the hooks of its own', async () => {
    const heard: string[] = []
    const api = resilientKy({
      vendor: lodge(),
      hooks: { init: [() => void heard.push('init')], afterResponse: [() => void heard.push('after')] },
    })
    await api.get(room)
    expect(heard).toEqual(['init', 'after'])
  })

  it('is refused at once for options that cannot be meant', () => {
    expect(() => resilientKy({ retry: { statusCodes: [500] } } as object)).toThrow('`retry.statusCodes` is ky’s')
    expect(() => resilientKy({ timeout: '3s' } as object)).toThrow('`timeout` must be a number')
  })
})
