import { beforeEach, describe, expect, it } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { errorOf } from './helpers/play.ts'
import { keyHeader, type LodgeRow, lodge, lodgeOrigin } from './helpers/session-vendor.ts'
import { stubFetch } from './helpers/stub-fetch.ts'
import { useServer } from './helpers/use-server.ts'

const elsewhere = 'https://elsewhere.example'
const old = `${lodgeOrigin}/old`
const server = useServer()
let house: Lodge

beforeEach(() => {
  house = new Lodge()
  server.use(house.handler)
})

const guest = (options: ResilientOptions<LodgeRow> = {}) =>
  resilient((input, init) => fetch(input, init), { vendor: lodge(), ...options })
const last = () => house.calls.at(-1)

describe('redirects followed here keep fetch’s rules:', () => {
  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [301, 'PUT', 'PUT'],
    [302, 'PUT', 'PUT'],
    [303, 'PUT', 'GET'],
    [307, 'DELETE', 'DELETE'],
    [303, 'HEAD', 'HEAD'],
    [302, 'GET', 'GET'],
  ])('%i turns %s into %s, and the body goes with it', async (status, method, then) => {
    house.sendOn(old, status, '/new')
    const hasBody = method === 'POST' || method === 'PUT'
    const init = { method, ...(hasBody && { body: '{"a":1}', headers: { 'content-type': 'application/json' } }) }
    await guest()(old, init)
    const kept = hasBody && then !== 'GET'
    expect(last()).toMatchObject({ path: '/new', method: then, body: kept ? '{"a":1}' : '' })
    expect(last()?.headers.get('content-type')).toBe(kept ? 'application/json' : null)
    expect(last()?.headers.get(keyHeader)).toBe('key-no-1')
  })

  it('what once became a GET stays one', async () => {
    house.sendOn(old, 303, '/middle')
    house.sendOn(`${lodgeOrigin}/middle`, 307, '/new')
    await guest()(old, { method: 'POST', body: 'x' })
    expect(last()).toMatchObject({ path: '/new', method: 'GET', body: '' })
  })

  it('the body of a Request is sent again, and its headers', async () => {
    house.sendOn(old, 308, '/new')
    await guest()(new Request(old, { method: 'POST', body: 'same bytes', headers: { 'x-count': '1' } }))
    expect(last()).toMatchObject({ path: '/new', method: 'POST', body: 'same bytes' })
    expect(last()?.headers.get(keyHeader)).toBe('key-no-1')
    expect(last()?.headers.get('x-count')).toBe('1')
  })

  it('the body of a Request is sent again, though its caller wants no retries and has signed it himself', async () => {
    house.sendOn(old, 308, '/new')
    const headers = { [keyHeader]: 'my-own-key' }
    const request = new Request(old, { method: 'POST', body: 'same bytes', headers })
    await errorOf(guest({ retry: 0 })(request))
    expect(last()).toMatchObject({ path: '/new', method: 'POST', body: 'same bytes' })
  })

  it('a body that can leave only once is not sent a second time', async () => {
    house.sendOn(old, 307, '/new')
    const init = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit
    expect(await errorOf(guest()(old, init))).toMatchObject({ code: 'REDIRECT_BODY_NOT_REPLAYABLE', kind: 'fatal' })
    expect(house.calls).toHaveLength(1)
  })

  it('a body that can leave only once may be dropped on the way', async () => {
    house.sendOn(old, 303, '/new')
    const init = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit
    expect((await guest()(old, init)).status).toBe(200)
    expect(last()).toMatchObject({ path: '/new', method: 'GET' })
  })

  it('twenty are followed, the next is not', async () => {
    house.at.set(old, ({ url }) => {
      const step = Number(new URL(url).searchParams.get('step') ?? 0) + 1
      return new Response(null, { status: 302, headers: { location: step > 20 ? '/new' : `?step=${step}` } })
    })
    expect(await errorOf(guest()(old))).toMatchObject({ code: 'REDIRECT_LIMIT', kind: 'fatal', reason: 'fatal' })
    expect(house.calls).toHaveLength(21)
    house.at.set(old, ({ url }) => {
      const step = Number(new URL(url).searchParams.get('step') ?? 0) + 1
      return new Response(null, { status: 302, headers: { location: step > 19 ? '/new' : `?step=${step}` } })
    })
    expect((await guest()(old)).url).toBe(`${lodgeOrigin}/new`)
  })

  it('a redirect without an address, or with none that can be read, is a reply like any other', async () => {
    house.at.set(old, () => new Response('nowhere', { status: 302 }))
    const reply = await guest()(old)
    expect(reply).toMatchObject({ status: 302, redirected: false })
    expect(await reply.text()).toBe('nowhere')
  })

  it('a clone of the reply has been redirected as well, and so has a clone of that', async () => {
    house.sendOn(old, 307, '/new')
    const reply = await guest()(old, { method: 'POST' })
    const clones = [reply.clone(), reply.clone().clone()]
    expect([reply, ...clones].map((one) => one.redirected)).toEqual([true, true, true])
    expect(await clones[0]?.text()).toBe(await reply.text())
  })

  it('300 and 304 are no redirects', async () => {
    for (const status of [300, 304]) {
      house.at.set(old, () => new Response(null, { status, headers: { location: `${elsewhere}/new` } }))
      expect((await guest()(old)).status).toBe(status)
    }
  })

  it('the bodies on the way are given up, so that their sockets are free', async () => {
    const cancelled: string[] = []
    const onTheWay = (location: string) =>
      new Response(new ReadableStream({ cancel: () => void cancelled.push(location) }), {
        status: 302,
        headers: { location },
      })
    house.at.set(old, () => onTheWay('/middle'))
    house.at.set(`${lodgeOrigin}/middle`, () => onTheWay(`${elsewhere}/new`))
    const client = resilient(house.fetch, { vendor: lodge() })
    expect(await errorOf(client(old))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    expect(cancelled).toEqual(['/middle', `${elsewhere}/new`])
  })
})

describe('a caller who takes redirects into his own hands', () => {
  it('gets them by `manual`', async () => {
    house.sendOn(old, 302, `${elsewhere}/new`)
    const reply = await guest()(old, { redirect: 'manual' })
    expect(reply.status).toBe(302)
    expect(reply.headers.get('location')).toBe(`${elsewhere}/new`)
    expect((await guest()(new Request(old, { redirect: 'manual' }))).status).toBe(302)
  })

  it('gets fetch’s own error by `error`, once', async () => {
    house.sendOn(old, 302, '/new')
    const error = await errorOf(guest()(old, { redirect: 'error' }))
    expect(error).toBeInstanceOf(TypeError)
    expect(house.calls).toHaveLength(1)
  })
})

describe('a request without a credential', () => {
  it('is left to fetch, which follows its redirects anywhere', async () => {
    house.sendOn(`${elsewhere}/old`, 302, 'https://third.example/new')
    house.at.set('https://third.example/new', () => new Response('there'))
    const reply = await guest()(`${elsewhere}/old`)
    expect(await reply.text()).toBe('there')
    expect(reply).toMatchObject({ redirected: true, url: 'https://third.example/new' })
    expect(house.logins).toEqual([])
  })

  it('is handed to fetch with no word about redirects', async () => {
    const { fetch, sent } = stubFetch(() => new Response('fine'))
    await resilient(fetch, { vendor: lodge() })(`${elsewhere}/old`, { headers: { 'x-count': '1' } })
    expect(sent[0]?.init).not.toHaveProperty('redirect')
  })
})
