import ky, { HTTPError } from 'ky'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { acceptedOf, isConflict, isOptionsError, isVendorError, resilient } from '../src/index.ts'
import { kyOptions, resilientKy } from '../src/ky.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, breaks, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const belts = 'https://depot.example/belts'

beforeEach(() => {
  vi.useFakeTimers()
})

describe('`hooks.beforeRetry`', () => {
  const hooks = { beforeRetry: [() => {}] }
  const isRefused = (error: unknown) => isOptionsError(error) && error.option === 'hooks.beforeRetry'

  it('is refused by name: when an instance is made, and by a call', async () => {
    expect(() => resilientKy({ fetch: stubFetch(fine).fetch, hooks })).toThrow(/`hooks.beforeRetry` .*`beforeAttempt`/)
    const { fetch, sent } = stubFetch(fine)
    const refused = (make: () => Promise<unknown>) =>
      Promise.resolve()
        .then(make)
        .catch((error: unknown) => error)
    expect(isRefused(await refused(() => resilientKy({ fetch }).get(url, { hooks })))).toBe(true)
    const own = ky.create({ ...kyOptions(resilient(fetch)) }).extend({ hooks })
    expect(isRefused(await refused(() => own.get(url)))).toBe(true)
    expect(sent).toHaveLength(0)
  })

  it('is nobody’s affair where there is none in it', async () => {
    const { fetch } = stubFetch(fine)
    expect(
      await resilientKy({ fetch, hooks: { beforeRetry: [] } })
        .get(url)
        .text(),
    ).toBe('fine')
  })
})

describe('`hooks.afterResponse`', () => {
  const noting = (seen: unknown[]) => ({
    afterResponse: [({ response }: { response: Response }) => void seen.push(response.status)],
  })

  it.each([
    ['a success', [fine], [200]],
    ['a failure', [reply(404)], [404]],
    ['what comes after retries', [reply(503), fine], [200]],
  ] as const)('sees the last reply, once: %s', async (_, answers, statuses) => {
    const { fetch } = stubFetch(...(answers as readonly [Answer, ...Answer[]]))
    const seen: unknown[] = []
    await played(Promise.resolve(resilientKy({ fetch, hooks: noting(seen) }).get(url)).catch(() => {}))
    expect(seen).toEqual(statuses)
  })

  it('leaves the error what it is, with the body', async () => {
    const { fetch } = stubFetch(reply(404, 'no such thing'))
    const error = await failure(Promise.resolve(resilientKy({ fetch, hooks: noting([]) }).get(url)))
    expect(isVendorError(error) && [error.code, await error.response?.text()]).toEqual(['HTTP_404', 'no such thing'])
  })

  it('may put another reply in its place', async () => {
    const { fetch } = stubFetch(reply(404))
    const hooks = { afterResponse: [() => Response.json([])] }
    expect(await resilientKy({ fetch, hooks }).get(url).json()).toEqual([])
    const worse = { afterResponse: [() => new Response(null, { status: 418 })] }
    await expect(resilientKy({ fetch, hooks: worse }).get(url)).rejects.toBeInstanceOf(HTTPError)
  })

  it('obeys `throwHttpErrors`', async () => {
    const { fetch } = stubFetch(reply(404))
    const api = resilientKy({ fetch, hooks: noting([]) })
    expect((await api.get(url, { throwHttpErrors: false })).status).toBe(404)
    expect((await api.get(url, { throwHttpErrors: (status) => status !== 404 })).status).toBe(404)
    const error = await failure(Promise.resolve(api.get(url, { throwHttpErrors: (status) => status === 404 })))
    expect(error).toMatchObject({ name: 'VendorError', status: 404 })
  })

  it('does not see a failure inside a success, which is thrown all the same', async () => {
    const { fetch } = stubFetch(reply(200, '{"error":1}', { 'content-type': 'application/json' }))
    const seen: unknown[] = []
    const api = resilientKy({ fetch, hooks: noting(seen), classify: () => ({ code: 'INSIDE', kind: 'fatal' }) })
    expect(await failure(Promise.resolve(api.get(url)))).toMatchObject({ code: 'INSIDE' })
    expect(seen).toEqual([])
  })

  it('has no reply to see where none came', async () => {
    const { fetch } = stubFetch(breaks('ENOTFOUND', { syscall: 'getaddrinfo' }))
    const seen: unknown[] = []
    const api = resilientKy({ fetch, retry: 0, hooks: noting(seen) })
    expect(await failure(Promise.resolve(api.get(url)))).toMatchObject({ code: 'ENOTFOUND' })
    expect(seen).toEqual([])
  })

  it('is refused by name where it returns `ky.retry()`', async () => {
    const { fetch, sent } = stubFetch(reply(401))
    const api = resilientKy({ fetch, hooks: { afterResponse: [() => ky.retry({ delay: 1 })] } })
    const error: unknown = await failure(Promise.resolve(api.get(url)))
    expect(isOptionsError(error) && [error.option, error.message]).toEqual([
      'hooks.afterResponse',
      expect.stringMatching(/`ky.retry\(\)`.*`classify`/),
    ])
    expect(sent).toHaveLength(1)
  })
})

describe('our options', () => {
  const there = says('PARCEL_THERE', { status: 409 })

  it.each([
    ['of the instance', { acceptAchieved: true }, {}],
    ['of a call', {}, { acceptAchieved: true }],
    ['of a call, in `resilience`', {}, { resilience: { acceptAchieved: true } }],
  ])('accept a conflict whose wanted state holds: %s', async (_, ofInstance, ofCall) => {
    const { fetch } = stubFetch(there)
    const api = resilientKy({ fetch, vendor: depot(), ...ofInstance })
    const got = await api.post(belts, ofCall)
    expect([got.status, acceptedOf(got)?.code]).toEqual([204, 'PARCEL_THERE'])
    expect(await api.post(belts, ofCall).json()).toBeUndefined()
    expect(await api.post(belts, ofCall).text()).toBe('')
  })

  it('leave a conflict what it is without', async () => {
    const { fetch } = stubFetch(there)
    expect(isConflict(await failure(Promise.resolve(resilientKy({ fetch, vendor: depot() }).post(belts))))).toBe(true)
  })

  it('stand beside ky’s in a call, and go nowhere else', async () => {
    const { fetch, sent } = stubFetch(reply(502), fine)
    await played(Promise.resolve(resilientKy({ fetch }).post(url, { json: {}, idempotencyKey: 'auto', label: 'job' })))
    expect(sent).toHaveLength(2)
    for (const { init } of sent) expect(Object.keys(init ?? {})).not.toContain('idempotencyKey')
  })

  it('are checked there, too', async () => {
    const { fetch } = stubFetch(fine)
    const error: unknown = await failure(Promise.resolve(resilientKy({ fetch }).get(url, { patience: -1 })))
    expect(isOptionsError(error) && error.option).toBe('resilience.patience')
  })

  it('leave an empty body what it is to `parseJson` of one’s own', async () => {
    const { fetch } = stubFetch(reply(200, ''))
    await expect(resilientKy({ fetch }).get(url).json()).rejects.toBeInstanceOf(SyntaxError)
    const parseJson = (text: string) => ({ text })
    expect(await resilientKy({ fetch, parseJson }).get(url).json()).toEqual({ text: '' })
  })
})
