import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createState,
  failureOf,
  isAuth,
  isConflict,
  isFatal,
  isOptionsError,
  isRefused,
  isRetryable,
  isVendorError,
  type ResilientOptions,
  resilient,
  shouldRetry,
  VendorError,
} from '../src/index.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { failure, played } from './helpers/play.ts'
import { type LodgeRow, lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'
import { byBeginning } from './helpers/sniffs.ts'
import { breaks, fine, hangs, reply, stubFetch } from './helpers/stub-fetch.ts'

const room = `${lodgeOrigin}/rooms/7`
let house: Lodge

beforeEach(() => {
  vi.useFakeTimers()
  house = new Lodge()
})

const guest = (options: ResilientOptions<LodgeRow> = {}) =>
  resilient(house.fetch, { vendor: lodge(), retry: { jitter: 'none' }, ...options })

describe('client.fetch keeps fetch’s own contract:', () => {
  it.each<[LodgeRow['code'], string]>([
    ['DESK_CLOSED', 'attempts'],
    ['ROOM_TAKEN', 'conflict'],
    ['ROOM_UNKNOWN', 'fatal'],
    ['FLOOR_FORBIDDEN', 'auth'],
  ])(
    'a reply of any class is returned with its body unread, and failureOf has the verdict: %s',
    async (code, reason) => {
      house.upstairs = () => refusal(code, { message: 'said the lodge' })
      const client = guest()
      const answered = await played(client.fetch(room))
      expect(answered.bodyUsed).toBe(false)
      const error = failureOf(answered)
      expect(isVendorError(error, 'lodge') && error).toMatchObject({ code, reason, status: answered.status })
      expect(error?.response).toBe(answered)
      expect(await answered.json()).toEqual({ error: { code, message: 'said the lodge' } })
      expect(failureOf(answered)?.code).toBe(code)
    },
  )

  it('an error that leads to its `Request` alone has the verdict, until a call with it succeeds', async () => {
    const client = resilient(stubFetch(reply(410), fine).fetch)
    const request = new Request('https://api.example/things')
    await client.fetch(request)
    const error = Object.assign(new Error('of a library'), { request })
    expect(failureOf(error)).toMatchObject({ code: 'HTTP_410', response: undefined })
    await client.fetch(request)
    expect(failureOf(error)).toBeUndefined()
  })

  it('a fine reply is returned as it came, and failureOf has nothing to say', async () => {
    const given = new Response('fine')
    const client = resilient(async () => given)
    expect(await client.fetch(room)).toBe(given)
    expect(failureOf(given)).toBeUndefined()
  })

  it('a failure inside a 200 is found without spoiling the reply', async () => {
    house.upstairs = () => refusal('ROOM_TAKEN', { status: 200 })
    const client = guest({ vendor: lodge({ bodyNeed: byBeginning }) })
    const answered = await client.fetch(room)
    expect(answered).toMatchObject({ ok: true, bodyUsed: false })
    expect(isConflict(failureOf(answered))).toBe(true)
    expect(await answered.json()).toEqual({ error: { code: 'ROOM_TAKEN', status: 200 } })
  })

  it('a transport failure rejects, with what fetch threw as its cause', async () => {
    const { fetch } = stubFetch(breaks('ECONNREFUSED'))
    const error = await failure(resilient(fetch, { retry: 0 }).fetch(room))
    expect(isRetryable(error) && error.code).toBe('ECONNREFUSED')
    expect(error.cause).toBeInstanceOf(TypeError)
    expect(failureOf(error)).toBe(error)
  })

  it('a time-out rejects', async () => {
    const { fetch } = stubFetch(hangs)
    expect(await failure(resilient(fetch, { retry: 0 }).fetch(room))).toMatchObject({ code: 'ATTEMPT_TIMEOUT' })
  })

  it('a refusal rejects', async () => {
    const { fetch, sent } = stubFetch(reply(502))
    const client = resilient(fetch, { retry: 0, patience: 0, breaker: { minimum: 1, failureRate: 0 } })
    expect((await client.fetch(room)).status).toBe(502)
    await expect(client.fetch(room)).rejects.toSatisfy((error) => isRefused(error) && error.reason === 'circuit-open')
    expect(sent).toHaveLength(1)
  })

  it('the caller’s abort rejects with his own reason', async () => {
    const { fetch } = stubFetch(hangs)
    const controller = new AbortController()
    const call = resilient(fetch).fetch(room, { signal: controller.signal })
    controller.abort(undefined)
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('what is no failure of the network is thrown as it is', async () => {
    const mistake = new TypeError('Invalid URL')
    const { fetch, sent } = stubFetch(() => {
      throw mistake
    })
    await expect(resilient(fetch).fetch(room)).rejects.toBe(mistake)
    expect(sent).toHaveLength(1)
  })

  it('works apart from its client, as SDKs take it', async () => {
    const { fetch: send } = guest()
    expect((await send(room)).status).toBe(200)
  })
})

describe('failureOf', () => {
  it('knows a reply of a `fetch` that is not the runtime’s own', async () => {
    const foreign: unknown = { status: 502, headers: new Headers(), body: null, type: 'default' }
    const client = resilient(async () => foreign as Response, { retry: 0 })
    expect(failureOf(await client.fetch(room))).toMatchObject({ code: 'HTTP_502' })
  })

  it('says nothing of anything else', () => {
    const endless: { cause?: unknown } = {}
    endless.cause = endless
    const hostile = Object.defineProperty({}, 'cause', {
      get: () => {
        throw new Error('none of your business')
      },
    })
    const others = [undefined, null, 'x', 5, {}, new Error('x'), new Response(null, { status: 500 }), endless, hostile]
    for (const other of others) expect(failureOf(other)).toBeUndefined()
  })

  it('knows what a library has wrapped: an error in its causes, and a reply that its error is about', async () => {
    const client = resilient(stubFetch(reply(410)).fetch)
    const error = await failure(client(room))
    expect(failureOf(new Error('a', { cause: new Error('b', { cause: error }) }))).toBe(error)
    const response = await client.fetch(room)
    expect(failureOf(Object.assign(new Error('a'), { response }))).toMatchObject({ code: 'HTTP_410' })
    expect(failureOf(new Error('a', { cause: { response } }))).toMatchObject({ code: 'HTTP_410' })
  })

  it('knows an error that kept no more of a reply than its headers, as those of OpenAI’s and GraphQL’s libraries do', async () => {
    const { headers } = await resilient(stubFetch(reply(410)).fetch).fetch(room)
    expect(failureOf(Object.assign(new Error('a'), { headers }))).toMatchObject({ code: 'HTTP_410' })
    expect(failureOf(Object.assign(new Error('a'), { response: { headers } }))).toMatchObject({ code: 'HTTP_410' })
    const fineReply = await resilient(stubFetch(fine).fetch).fetch(room)
    expect(failureOf(Object.assign(new Error('a'), { headers: fineReply.headers }))).toBeUndefined()
  })

  it.each(['detail', 'networkError'])(
    'knows an error whose cause is its %s, as Stripe’s and urql’s are',
    async (name) => {
      const error = await failure(resilient(stubFetch(reply(410)).fetch)(room))
      expect(failureOf(Object.assign(new Error('a'), { [name]: error }))).toBe(error)
      expect(shouldRetry(0, Object.assign(new Error('a'), { [name]: error }))).toBe(false)
      expect(failureOf(Object.assign(new Error('a'), { [name]: 'of the error' }))).toBeUndefined()
    },
  )

  it('knows an error that keeps the reply in its `meta` beside another cause, as tRPC’s does', async () => {
    const response = await resilient(stubFetch(reply(410)).fetch).fetch(room)
    const error = Object.assign(new Error('a', { cause: new Error('no JSON') }), { meta: { response } })
    expect(failureOf(error)).toMatchObject({ code: 'HTTP_410' })
  })
})

describe('shouldRetry', () => {
  it('leaves alone what was seen through or refused, and lets anything else be tried three times more', async () => {
    const client = resilient(stubFetch(reply(410)).fetch)
    const error = await failure(client(room))
    await client.close()
    const closed = await client(room).catch((thrown: unknown) => thrown)
    const wrapped = [error, closed].map((cause) => new Error('wrapped', { cause }))
    for (const ours of [error, closed, ...wrapped]) expect(shouldRetry(0, ours)).toBe(false)
    expect([0, 1, 2, 3].map((count) => shouldRetry(count, new Error('a page did not load')))).toEqual([
      true,
      true,
      true,
      false,
    ])
  })
})

describe('a state that several clients are given', () => {
  it('holds their keys: what one learns, the other knows', async () => {
    const state = createState()
    const { fetch, sent } = stubFetch(reply(502), fine)
    const options = { state, retry: 0, patience: 0, breaker: { minimum: 1, failureRate: 0 } }
    await failure(resilient(fetch, options)(room))
    await expect(resilient(fetch, options)(room)).rejects.toSatisfy(isRefused)
    expect(sent).toHaveLength(1)
    expect(resilient(fetch, options).state).toBe(state)
  })

  it('holds the sessions of a vendor that they share', async () => {
    const state = createState()
    const vendor = lodge()
    await guest({ state, vendor })(room)
    await guest({ state, vendor, retry: 0 })(room)
    expect(house.logins).toHaveLength(1)
  })

  it('keeps apart the keys of different vendors at one origin', async () => {
    const state = createState()
    const { fetch } = stubFetch(reply(502))
    const breaker = { minimum: 1, failureRate: 0 }
    await failure(resilient(fetch, { state, breaker, retry: 0 })(room))
    expect((await guest({ state, breaker })(room)).status).toBe(200)
    expect(state.snapshot().map(({ key, circuit }) => [key, circuit])).toEqual([
      [`http ${lodgeOrigin} all`, 'open'],
      [`lodge ${lodgeOrigin} rooms`, 'closed'],
      [`lodge ${lodgeOrigin} login`, 'closed'],
    ])
  })
})

describe('an extended client', () => {
  it('shares sessions and keys with its parent, and has a policy of its own', async () => {
    const client = guest({ patience: 0, breaker: { minimum: 1, failureRate: 0 } })
    const patient = client.extend({ retry: { limit: 1, jitter: 'none' }, timeout: 1_000 })
    await client(room)
    await patient(room)
    expect(house.logins).toHaveLength(1)
    house.upstairs = () => refusal('DESK_CLOSED')
    expect((await failure(patient(room))).attempts).toHaveLength(2)
    expect((await failure(client(room))).attempts).toHaveLength(5)
    house.upstairs = () => new Response(null, { status: 502 })
    await failure(patient.extend({ retry: 0 })(room))
    await expect(client(room)).rejects.toSatisfy(isRefused)
    expect(patient.state).toBe(client.state)
  })

  it('adds to the trusted hosts, the init and the errors of its parent', async () => {
    const client = guest({ init: { headers: { 'x-count': '1' }, cache: 'no-store' }, trustedHosts: ['annex.example'] })
    const child = client.extend({ init: { headers: { 'x-hall': '2' } }, trustedHosts: ['attic.example'] })
    house.sendOn(`${lodgeOrigin}/old`, 307, 'https://annex.example/older')
    house.sendOn('https://annex.example/older', 307, 'https://attic.example/new')
    expect((await child(`${lodgeOrigin}/old`)).status).toBe(200)
    expect(house.calls.at(-1)?.headers.get('x-hall')).toBe('2')
    expect(house.calls.at(-1)?.headers.get('x-count')).toBe('1')
  })
})

describe('the init of a client', () => {
  it('is outranked by what a Request says of itself, its abort above all', async () => {
    const { fetch, sent } = stubFetch(hangs)
    const client = resilient(fetch, {
      init: { method: 'POST', headers: { 'x-count': '1', 'x-hall': '1' }, signal: new AbortController().signal },
    })
    const controller = new AbortController()
    const call = client(new Request(room, { method: 'PUT', headers: { 'x-hall': '2' }, signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1)
    expect(sent[0]).toMatchObject({ method: 'PUT' })
    expect(Object.fromEntries(new Headers(sent[0]?.init?.headers))).toEqual({ 'x-count': '1', 'x-hall': '2' })
    controller.abort('enough')
    await expect(call).rejects.toBe('enough')
  })
})

describe('guards', () => {
  it('hold across two installed copies', async () => {
    vi.resetModules()
    const other = await import('../src/index.ts')
    expect(other.VendorError).not.toBe(VendorError)
    const { fetch } = stubFetch(() => refusal('ROOM_TAKEN'))
    const { auth: _, ...vendor } = lodge()
    const error = await failure(other.resilient(fetch, { vendor })(room))
    expect(error).not.toBeInstanceOf(VendorError)
    expect([isVendorError(error), isVendorError(error, 'lodge'), isConflict(error)]).toEqual([true, true, true])
    expect([isVendorError(error, 'depot'), isRetryable(error), isAuth(error), isFatal(error)]).toEqual(
      Array(4).fill(false),
    )
    expect(failureOf(error)).toBe(error)
    expect(isRefused(new other.RefusedError('paused', 1, 'http x all'))).toBe(true)
    expect(isOptionsError(new other.OptionsError('retry', 'x'))).toBe(true)
    expect(isOptionsError(error) || isRefused(error)).toBe(false)
  })

  it('take nothing else for an error of this library', () => {
    for (const other of [undefined, null, 'VendorError', { name: 'VendorError', kind: 'conflict' }, new Error('x')]) {
      expect([isVendorError(other), isConflict(other), isRefused(other), isOptionsError(other)]).toEqual([
        false,
        false,
        false,
        false,
      ])
    }
  })
})
