import { beforeEach, describe, expect, it, vi } from 'vitest'
import { acceptedOf, isConflict, resilient, type Verdict } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { fine, hangs, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://depot.example/parcels/7'
const vendor = depot()
const put = { method: 'PUT', body: '{"to":"shelf"}' }

beforeEach(() => {
  vi.useFakeTimers()
})

describe('a conflict', () => {
  it('fails at once', async () => {
    const { fetch, sent } = stubFetch(says('PARCEL_LOCKED', { params: ['7'] }), fine)
    const error = await failure(resilient(fetch, { vendor })(url, put))
    expect(isConflict(error)).toBe(true)
    expect(error).toMatchObject({ code: 'PARCEL_LOCKED', reason: 'conflict', params: { parcel: '7' } })
    expect(sent).toHaveLength(1)
  })

  it('whose wanted state holds already is success for whoever says so', async () => {
    const { fetch } = stubFetch(says('PARCEL_THERE'))
    const client = resilient(fetch, { vendor })
    expect(await failure(client(url, put))).toMatchObject({ code: 'PARCEL_THERE', reason: 'conflict' })
    const response = await played(client(url, { ...put, resilience: { acceptAchieved: true } }))
    expect(response.ok).toBe(true)
    expect(await acceptedOf(response)?.response?.json()).toEqual({ error: { code: 'PARCEL_THERE' } })
    const perError = { PARCEL_THERE: { acceptAchieved: true } }
    expect((await played(client(url, { ...put, resilience: { errors: perError } }))).status).toBe(204)
  })
})

describe('the user’s word on a conflict', () => {
  it('is asked with the verdict and the request', async () => {
    const asked: [Verdict, unknown][] = []
    const { fetch } = stubFetch(says('PARCEL_LOCKED'))
    const onConflict = (verdict: Verdict, request: unknown) => {
      asked.push([verdict, request])
      return 'fail' as const
    }
    expect(await failure(resilient(fetch, { vendor, onConflict })(url, put))).toMatchObject({ reason: 'conflict' })
    expect(asked).toHaveLength(1)
    expect(asked[0]?.[0]).toMatchObject({ kind: 'conflict', fault: { code: 'PARCEL_LOCKED' } })
    expect(asked[0]?.[1]).toEqual({ method: 'PUT', url, operation: 'PUT' })
  })

  it('may take the reply for success', async () => {
    const { fetch } = stubFetch(says('PARCEL_LOCKED'))
    const response = await played(resilient(fetch, { vendor, onConflict: () => 'accept' })(url, put))
    expect(response.ok).toBe(true)
    expect(await acceptedOf(response)?.response?.json()).toEqual({ error: { code: 'PARCEL_LOCKED' } })
  })

  it('may give the next request, which costs a retry', async () => {
    const { fetch, sent } = stubFetch(says('PARCEL_LOCKED'))
    const onConflict = async () => ({ url: `${url}?force=true`, init: { ...put, body: '{"force":true}' } })
    const error = await failure(resilient(fetch, { vendor, onConflict, retry: 2 })(url, put))
    expect(sent.map((one) => [one.method, one.url, one.init?.body])).toEqual([
      ['PUT', url, '{"to":"shelf"}'],
      ['PUT', `${url}?force=true`, '{"force":true}'],
      ['PUT', `${url}?force=true`, '{"force":true}'],
    ])
    expect(error).toMatchObject({ reason: 'attempts', code: 'PARCEL_LOCKED' })
  })

  it('may give the next request as a Request', async () => {
    const { fetch, sent } = stubFetch(says('PARCEL_LOCKED'), fine)
    const next = new Request(`${url}/move`, { method: 'POST', body: 'now' })
    await played(resilient(fetch, { vendor, onConflict: () => next })(url, put))
    expect(sent[1]).toMatchObject({ method: 'POST', url: `${url}/move` })
  })

  it('may name another address alone: the same request goes there', async () => {
    const { fetch, sent } = stubFetch(says('PARCEL_LOCKED'), fine)
    const client = resilient(fetch, {
      vendor,
      init: { headers: { 'x-team': 'north' } },
      onConflict: () => ({ url: `${url}/b` }),
    })
    await played(client(url, { ...put, headers: { 'x-why': 'full' } }))
    expect(sent[1]).toMatchObject({ method: 'PUT', url: `${url}/b`, init: { body: put.body } })
    expect(Object.fromEntries(new Headers(sent[1]?.init?.headers))).toEqual({ 'x-team': 'north', 'x-why': 'full' })
  })

  it('may name another address alone for a Request as well, unless its body has left for good', async () => {
    const request = () => new Request(url, { ...put, headers: { 'x-why': 'full' } })
    const { fetch, sent } = stubFetch(says('PARCEL_LOCKED'), fine)
    await played(resilient(fetch, { vendor, onConflict: () => ({ url: `${url}/b` }) })(request()))
    expect(sent[1]).toMatchObject({ method: 'PUT', url: `${url}/b` })
    expect(await new Response(sent[1]?.init?.body).text()).toBe(put.body)
    expect(new Headers(sent[1]?.init?.headers).get('x-why')).toBe('full')
    const again = stubFetch(says('PARCEL_LOCKED'), fine)
    const client = resilient(again.fetch, { vendor, replayLimit: 3, onConflict: () => ({ url: `${url}/b` }) })
    expect(await failure(client(request()))).toMatchObject({ code: 'PARCEL_LOCKED', reason: 'body-not-replayable' })
    expect(again.sent).toHaveLength(1)
  })

  it('may give an init, and the method stays what it was unless that names another', async () => {
    const { fetch, sent } = stubFetch(says('PARCEL_LOCKED'), fine)
    const onConflict = () => ({ init: { body: '{"force":true}' } })
    await played(resilient(fetch, { vendor, onConflict })(url, put))
    expect(sent[1]).toMatchObject({ method: 'PUT', url, init: { body: '{"force":true}' } })
  })

  it('never loses the caller’s abort, whatever request it gives', async () => {
    for (const next of [{ url }, { url, init: put }, new Request(url, put)]) {
      const controller = new AbortController()
      const { fetch, sent } = stubFetch(says('PARCEL_LOCKED'), hangs)
      const call = resilient(fetch, { vendor, onConflict: () => next })(url, { ...put, signal: controller.signal })
      call.catch(() => {})
      await vi.advanceTimersByTimeAsync(1)
      const again = new Request(sent[1]?.input ?? '', sent[1]?.init)
      expect([sent.length, again.method, await again.text()]).toEqual([2, 'PUT', put.body])
      controller.abort('enough')
      await expect(call).rejects.toBe('enough')
    }
  })

  it('gives a request that goes out with the client’s defaults', async () => {
    const { fetch, sent } = stubFetch(says('PARCEL_LOCKED'), fine)
    const client = resilient(fetch, {
      vendor,
      init: { headers: { 'x-team': 'north' }, credentials: 'omit' },
      onConflict: () => ({ url: `${url}/move`, init: { method: 'POST', headers: { 'x-why': 'full' } } }),
    })
    await played(client(url, put))
    expect(new Headers(sent[1]?.init?.headers).get('x-team')).toBe('north')
    expect(new Headers(sent[1]?.init?.headers).get('x-why')).toBe('full')
    expect(sent[1]?.init?.credentials).toBe('omit')
  })

  it('may be given for one error alone', async () => {
    const { fetch } = stubFetch(says('PARCEL_LOCKED'))
    const errors = { PARCEL_LOCKED: { onConflict: () => 'accept' as const } }
    expect((await played(resilient(fetch, { vendor, errors })(url, put))).status).toBe(204)
    const other = stubFetch(reply(409))
    expect(await failure(resilient(other.fetch, { vendor, errors })(url, put))).toMatchObject({ code: 'HTTP_409' })
  })

  it('is not what ends the call where asking goes wrong: its own error comes back', async () => {
    const mistake = new RangeError('no such shelf')
    const { fetch, sent } = stubFetch(says('PARCEL_LOCKED'))
    const onConflict = () => {
      throw mistake
    }
    expect(await failure(resilient(fetch, { vendor, onConflict })(url, put))).toBe(mistake)
    expect(sent).toHaveLength(1)
  })
})
