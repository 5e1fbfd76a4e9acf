import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { failure, played } from './helpers/play.ts'
import { type LodgeRow, lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'
import { type Answer, breaks, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const rooms = `${lodgeOrigin}/rooms`
const elsewhere = 'https://elsewhere.example'
const { auth: _, secretHeaders: __, ...unsigned } = lodge()

beforeEach(() => {
  vi.useFakeTimers()
})

/** Answers to the request itself by this redirect, and to whatever comes of it by that. */
function answering(status: number, then: Answer, location = '/status') {
  return stubFetch((one) => (one.url === rooms ? reply(status, null, { location })(one) : then(one)))
}
const sentTo = (sent: readonly { readonly url: string }[], url: string) => sent.filter((one) => one.url === url)
const redirected: Answer = () =>
  Object.defineProperty(new Response(null, { status: 429 }), 'redirected', { value: true })
const post = { method: 'POST', body: 'one room' }

describe('a request that a redirect has answered', () => {
  it.each<[string, Answer]>([
    ['cannot be reached', breaks('ECONNREFUSED')],
    ['is throttled', reply(429)],
    ['is busy', () => refusal('DESK_CLOSED')],
  ])('is not sent again because the page it points to %s', async (_name, then) => {
    for (const status of [301, 302, 303]) {
      const { fetch, sent } = answering(status, then)
      const error = await failure(resilient(fetch, { vendor: unsigned })(rooms, post))
      expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true, mayBeDoneBy: 1 })
      expect(sentTo(sent, rooms)).toHaveLength(1)
    }
  })

  it('is not sent again with a fresh session because that page refuses the old one', async () => {
    const { fetch, sent } = answering(303, () => refusal('KEY_EXPIRED'))
    const withLogins: typeof fetch = async (input, init) =>
      String(input).endsWith('/login') ? Response.json({ key: 'key' }) : fetch(input, init)
    const error = await failure(resilient(withLogins, { vendor: lodge() })(rooms, post))
    expect(error).toMatchObject({ code: 'KEY_EXPIRED', reason: 'not-repeatable', mayBeDone: true })
    expect(sentTo(sent, rooms)).toHaveLength(1)
  })

  it('is not sent on to the host that this page names', async () => {
    const { fetch, sent } = answering(303, () => refusal('DESK_MOVED', { params: ['annex.example'] }))
    const client = resilient(fetch, { vendor: unsigned, trustedHosts: ['annex.example'] })
    expect(await failure(client(rooms, post))).toMatchObject({ code: 'DESK_MOVED', reason: 'not-repeatable' })
    expect(sent.map(({ url }) => url)).toEqual([rooms, `${lodgeOrigin}/status`])
  })

  it('may be done, where the redirect leads nowhere that the session may go', async () => {
    const { fetch } = answering(303, fine, `${elsewhere}/status`)
    const withLogins: typeof fetch = async (input, init) =>
      String(input).endsWith('/login') ? Response.json({ key: 'key' }) : fetch(input, init)
    const error = await failure(resilient(withLogins, { vendor: lodge() })(rooms, post))
    expect(error).toMatchObject({ code: 'REDIRECT_UNTRUSTED', mayBeDone: true })
  })

  it.each<[string, RequestInit, ResilientOptions<LodgeRow>]>([
    ['by its method', { method: 'DELETE' }, {}],
    ['by its caller’s word', post, { idempotent: true }],
  ])('is sent again where that does no harm: %s', async (_name, init, options) => {
    let busy = true
    const { fetch, sent } = answering(303, (one) => {
      const answer = busy ? reply(429) : fine
      busy = false
      return answer(one)
    })
    expect((await played(resilient(fetch, { vendor: unsigned, ...options })(rooms, init))).status).toBe(200)
    expect(sentTo(sent, rooms)).toHaveLength(2)
  })

  it('is sent again where the redirect only handed it on, undone', async () => {
    for (const status of [307, 308]) {
      const { fetch, sent } = answering(status, reply(429))
      const error = await failure(resilient(fetch, { vendor: unsigned, retry: 1 })(rooms, post))
      expect(error).toMatchObject({ reason: 'attempts', mayBeDone: false })
      expect(sentTo(sent, rooms)).toHaveLength(2)
    }
  })

  it('is not sent again where fetch followed the redirect by itself', async () => {
    vi.stubGlobal('location', { href: 'https://page.example/' })
    const { fetch, sent } = stubFetch(redirected)
    const error = await failure(resilient(fetch)(rooms, post))
    expect(error).toMatchObject({ code: 'HTTP_429', reason: 'not-repeatable', mayBeDone: true })
    expect(sent[0]?.init).not.toHaveProperty('redirect')
  })

  it('is left to fetch from then on, where a fetch hides the way', async () => {
    const hidden: Answer = () => Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' })
    const { fetch, sent } = stubFetch(hidden, fine)
    const client = resilient(fetch)
    expect(await failure(client(rooms, post))).toMatchObject({ code: 'REDIRECT_HIDDEN', mayBeDone: true })
    expect((await played(client(rooms, post))).status).toBe(200)
    expect(sent.map(({ init }) => init?.redirect)).toEqual(['manual', undefined])
  })
})

describe('a request without a credential that changes something', () => {
  it('follows redirects to any origin, as by fetch', async () => {
    const { fetch, sent } = answering(307, fine, `${elsewhere}/rooms`)
    const headers = { authorization: 'Basic x', cookie: 'a=1', 'proxy-authorization': 'y', 'x-count': '1' }
    const response = await played(resilient(fetch)(rooms, { ...post, headers }))
    expect(response.redirected).toBe(true)
    expect(sent[1]).toMatchObject({ method: 'POST', url: `${elsewhere}/rooms`, init: { body: 'one room' } })
    expect([...new Headers(sent[1]?.init?.headers).keys()]).toEqual(['x-count'])
  })

  it('follows them to web addresses only', async () => {
    const { fetch, sent } = answering(303, fine, 'data:text/plain,hi')
    const error = await failure(resilient(fetch)(rooms, post))
    expect(error).toMatchObject({ code: 'REDIRECT_UNTRUSTED', mayBeDone: true })
    expect(sent).toHaveLength(1)
  })

  it('goes out with its caller’s own body and headers', async () => {
    const { fetch, sent } = stubFetch(fine)
    const init = { ...post, headers: { 'x-count': '1' } }
    await played(resilient(fetch)(rooms, init))
    expect(sent[0]?.input).toBe(rooms)
    expect(sent[0]?.init?.headers).toEqual(init.headers)
    expect(sent[0]?.init?.body).toBe(init.body)
  })
})

describe('a POST that a 307 has led on, and whose next answer the given fetch does not pass on,', () => {
  it.each<[string, () => unknown]>([
    ['throws an error of its own at a status', () => Promise.reject(new Error('Request failed with status code 500'))],
    [
      'throws before it returns a promise',
      () => {
        throw new Error('mine')
      },
    ],
    ['brings no reply', () => Promise.resolve(7)],
  ])('may be done: it %s', async (_, second) => {
    vi.useFakeTimers()
    const { fetch, sent } = stubFetch(reply(307, null, { location: '/others' }), second as never)
    const error = await failure(resilient(fetch)('https://api.example/things', { method: 'POST', body: 'x' }))
    expect(error).toMatchObject({ name: 'VendorError', code: 'REDIRECT_REFUSED', mayBeDone: true })
    expect(sent).toHaveLength(2)
  })
})
