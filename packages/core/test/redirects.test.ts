import { beforeEach, describe, expect, it } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { errorOf } from './helpers/play.ts'
import {
  keyHeader,
  keySource,
  type LodgeRow,
  lodge,
  lodgeOrigin,
  password,
  username,
} from './helpers/session-vendor.ts'
import { byBeginning } from './helpers/sniffs.ts'
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
const visitsTo = (origin: string) => house.visits.filter((visit) => visit.origin === origin)
const statuses = [301, 302, 303, 307, 308]

describe('the session never follows a redirect to a host that is not trusted:', () => {
  it.each(statuses)('%i fails, and not a byte goes there', async (status) => {
    house.sendOn(old, status, `${elsewhere}/new`)
    for (const init of [{ method: 'GET' }, { method: 'POST', body: 'x' }]) {
      const error = await errorOf(guest()(old, init))
      expect(error).toMatchObject({
        vendor: 'http',
        code: 'REDIRECT_UNTRUSTED',
        kind: 'fatal',
        reason: 'untrusted-host',
      })
      const mayBeDone = init.method === 'POST' && status < 304
      expect(error).toMatchObject({ status, request: { url: old }, mayBeDone })
    }
    expect(visitsTo(elsewhere)).toEqual([])
  })

  it.each(statuses)('%i at the end of a chain fails too', async (status) => {
    house.sendOn(old, 302, '/older')
    house.sendOn(`${lodgeOrigin}/older`, 307, `${lodgeOrigin}/oldest`)
    house.sendOn(`${lodgeOrigin}/oldest`, status, '//elsewhere.example/new')
    expect(await errorOf(guest()(old))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    expect(visitsTo(elsewhere)).toEqual([])
    expect(house.calls.map(({ path }) => path)).toEqual(['/old', '/older', '/oldest'])
  })

  it.each(statuses)('%i with the caller’s own session fails as well', async (status) => {
    house.sendOn(old, status, `${elsewhere}/new`)
    const headers = { [keyHeader]: 'my-own-key' }
    expect(await errorOf(guest()(old, { headers }))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    expect(await errorOf(guest()(new Request(old, { headers })))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    expect(visitsTo(elsewhere)).toEqual([])
  })

  it.each([307, 308])('%i of a login fails: the password goes nowhere', async (status) => {
    house.sendOn(`${lodgeOrigin}/login`, status, `${elsewhere}/login`)
    const error = await errorOf(guest()(`${lodgeOrigin}/rooms/7`))
    expect(error).toMatchObject({ code: 'REDIRECT_UNTRUSTED', reason: 'login-failed' })
    expect(visitsTo(elsewhere)).toEqual([])
  })

  it('wherever the session is carried: in the query, in the body, in Authorization', async () => {
    const carriers: ReturnType<typeof keySource>['sign'][] = [
      (request, { key }) => {
        request.url += `?key=${key}`
      },
      (request, { key }) => {
        request.body = `${key} ${request.body}`
      },
      ({ headers }, { key }) => headers.set('authorization', `Bearer ${key}`),
    ]
    const source = keySource(() => ({ username, password }))
    house.sendOn(old, 307, `${elsewhere}/new`)
    for (const sign of carriers) {
      const client = guest({ vendor: lodge({ auth: { ...source, sign }, secretHeaders: [] }) })
      expect(await errorOf(client(old, { method: 'POST', body: 'x' }))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    }
    expect(visitsTo(elsewhere)).toEqual([])
  })

  it('nor where the host is the same but the connection would be plain', async () => {
    house.sendOn(old, 302, 'http://lodge.example/new')
    expect(await errorOf(guest()(old))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    house.sendOn(old, 302, 'http://annex.example/new')
    expect(await errorOf(guest({ trustedHosts: ['annex.example'] })(old))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    house.sendOn(old, 302, 'http://lodge.example/new')
    const both = lodge({ origins: [lodgeOrigin, 'http://lodge.example'] })
    expect(await errorOf(guest({ vendor: both })(old))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    expect(house.visits.every(({ url }) => url.startsWith('https:'))).toBe(true)
  })

  it.each(['data:text/plain,hi', 'javascript:0', 'file:///etc/passwd', 'ftp://lodge.example/'])(
    'nor to what is no web address: %s',
    async (location) => {
      house.sendOn(old, 302, location)
      expect(await errorOf(guest()(old))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    },
  )

  it('nor where the runtime hides the address', async () => {
    const hidden = Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' })
    const client = resilient(async (input, init) => (String(input) === old ? hidden : house.fetch(input, init)), {
      vendor: lodge(),
    })
    expect(await errorOf(client(old))).toMatchObject({ code: 'REDIRECT_HIDDEN', reason: 'untrusted-host' })
  })

  it('and client.fetch rejects, as the reply is none to the request', async () => {
    house.sendOn(old, 302, `${elsewhere}/new`)
    expect(await errorOf(guest().fetch(old))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
  })
})

describe('a redirect to the same origin or a trusted host', () => {
  it.each(['/new', 'new', `${lodgeOrigin}/new`, '//lodge.example/new', '?'])(
    'is followed with the session: %s',
    async (to) => {
      let first = true
      house.at.set(old, () => {
        const location = first ? to : '/new'
        first = false
        return new Response(null, { status: 302, headers: { location } })
      })
      const reply = await guest()(old)
      expect(await reply.text()).toBe('room /new')
      expect(reply).toMatchObject({ redirected: true, url: `${lodgeOrigin}/new`, status: 200 })
      expect(house.keysShown).toEqual(['key-no-1'])
    },
  )

  it.each([
    ['by name', 'annex.example', 'https://annex.example:8443/new'],
    ['by name and port', 'annex.example:8443', 'https://annex.example:8443/new'],
    ['by name and usual port', 'annex.example:443', 'https://annex.example/new'],
    ['in capitals', 'Annex.EXAMPLE', 'https://annex.example/new'],
    ['by address', '[FD00:0::7]', 'https://[fd00::7]/new'],
  ])('is followed with the session where that host is named %s', async (_, trusted, to) => {
    house.sendOn(old, 307, to)
    const reply = await guest({ trustedHosts: [trusted] })(old, { method: 'POST', body: 'same bytes' })
    expect(reply).toMatchObject({ redirected: true, url: to })
    expect(house.calls.at(-1)).toMatchObject({ url: to, method: 'POST', body: 'same bytes' })
    expect(house.keysShown).toEqual(['key-no-1'])
  })

  it('is followed with the session from a plain connection to an encrypted one', async () => {
    const plain = 'http://lodge.example'
    house.sendOn(`${plain}/old`, 307, 'https://annex.example/new')
    const client = guest({ vendor: lodge({ origins: [plain] }), trustedHosts: ['annex.example'] })
    expect(await client(`${plain}/old`)).toMatchObject({ redirected: true, url: 'https://annex.example/new' })
    expect(house.keysShown).toEqual(['key-no-1'])
  })

  it('is not one to another port of a host that is trusted at one port', async () => {
    house.sendOn(old, 302, 'https://annex.example:9443/new')
    const client = guest({ trustedHosts: ['annex.example:8443'] })
    expect(await errorOf(client(old))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
  })

  it('is told as redirected even where the body had to be looked at', async () => {
    house.sendOn(old, 302, '/new')
    const reply = await guest({ vendor: lodge({ bodyNeed: byBeginning }) })(old)
    expect(reply).toMatchObject({ redirected: true, url: `${lodgeOrigin}/new` })
    expect(reply.clone().redirected).toBe(true)
    expect(await reply.text()).toBe('room /new')
  })
})
