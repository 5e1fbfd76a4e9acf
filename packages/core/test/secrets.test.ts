import { inspect } from 'node:util'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf, type ResilientFetch, type ResilientOptions, resilient, type VendorError } from '../src/index.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { failure } from './helpers/play.ts'
import { keyHeader, keySource, type LodgeRow, lodge, lodgeOrigin, refusal, username } from './helpers/session-vendor.ts'
import { useShown } from './helpers/use-shown.ts'

const room = `${lodgeOrigin}/rooms/7`
const password = 'pass-word-of-the-guest'
let house: Lodge
const { shown, observers, everything: everythingOf } = useShown()

beforeEach(() => {
  vi.useFakeTimers()
  house = new Lodge()
  house.accepted = { username, password }
})

const guest = (options: ResilientOptions<LodgeRow> = {}) =>
  resilient(house.fetch, {
    vendor: lodge({ credentials: () => ({ username, password }) }),
    observers,
    ...options,
  })

/** All that an error, a client and its observers can be made to say. */
function everything(error: VendorError, client: ResilientFetch<LodgeRow>): string {
  return [
    everythingOf(error),
    inspect(client, { depth: 20, showHidden: true }),
    inspect(client.state, { depth: 20, showHidden: true }),
    JSON.stringify(client.state.snapshot()),
  ].join('\n')
}

describe('a secret that a server repeats is not in the error, its cause or anything told:', () => {
  it('the session’s token', async () => {
    const client = guest()
    house.upstairs = ({ headers }) => {
      const key = headers.get(keyHeader)
      return refusal('ROOM_TAKEN', { message: `The key ${key} is no good`, params: ['7', { of: [`key ${key}`] }, key] })
    }
    const error = await failure(client(room))
    expect(error).toMatchObject({
      code: 'ROOM_TAKEN',
      params: { room: '7', guest: { of: ['key [redacted]'] }, 2: '[redacted]' },
    })
    expect(error.message).toContain('The key [redacted] is no good')
    expect(everything(error, client)).not.toContain('key-no-')
  })

  it('the token that was just refused, and its successor', async () => {
    const client = guest()
    house.upstairs = ({ headers }) => refusal('KEY_EXPIRED', { message: `no such key: ${headers.get(keyHeader)}` })
    for (let call = 0; call < 3; call++) {
      const error = await failure(client(room))
      expect(everything(error, client)).not.toContain('key-no-')
    }
    expect(house.keysShown.slice(0, 2)).toEqual(['key-no-1', 'key-no-2'])
  })

  it('the token of a straggler, whose session has been renewed or closed since', async () => {
    const client = guest()
    const answer = Promise.withResolvers<void>()
    house.upstairs = async ({ path, headers }) => {
      if (path === '/rooms/7') return new Response('fine')
      await answer.promise
      return refusal('ROOM_UNKNOWN', { message: `not for ${headers.get(keyHeader)}` })
    }
    const straggler = failure(client(`${lodgeOrigin}/rooms/8`, { resilience: { timeout: false, totalTimeout: false } }))
    await vi.advanceTimersByTimeAsync(1)
    for (let renewal = 0; renewal < 3; renewal++) {
      house.forgetKeys()
      await client(room)
    }
    answer.resolve()
    const error = await straggler
    expect(error.message).toContain('not for [redacted]')
    expect(everything(error, client)).not.toContain('key-no-')
  })

  it('the password, in the error of a refused login and in its cause', async () => {
    const client = guest()
    house.accepted = { username, password: 'another' }
    house.atDesk = ({ body }) => refusal('PASSWORD_REFUSED', { message: `no: ${body}`, params: [body] })
    const error = await failure(client(room))
    expect(error).toMatchObject({ reason: 'login-failed' })
    expect(error.cause).toMatchObject({ name: 'VendorError', code: 'PASSWORD_REFUSED' })
    expect(everything(error, client)).not.toContain(password)
    expect(everything(error, client)).toContain(username)
  })

  it('Basic credentials of a login, whole or as bare base64', async () => {
    const basic = btoa(`${username}:${password}`)
    const source = keySource(() => ({ username, password }))
    const auth: typeof source = {
      ...source,
      async open(_, transport) {
        await transport.send('/login', { method: 'POST', headers: { authorization: `Basic ${basic}` } })
        throw new Error('it was to fail')
      },
    }
    house.atDesk = ({ headers }) => {
      const header = headers.get('authorization') ?? ''
      return refusal('PASSWORD_REFUSED', { message: `${header}, ${header.slice(6)}` })
    }
    const client = guest({ vendor: lodge({ auth }) })
    const error = await failure(client(room))
    expect(error.reason).toBe('login-failed')
    expect(everything(error, client)).not.toContain(basic)
  })

  it('a session of the caller’s own', async () => {
    const client = guest()
    house.answer = async ({ headers }) =>
      refusal('KEY_EXPIRED', { message: `${headers.get(keyHeader)} ${headers.get('authorization')}` })
    for (const headers of [{ [keyHeader]: 'my-own-key' }, { authorization: 'Bearer my-own-key' }]) {
      const error = await failure(client(room, { headers }))
      expect(error.message).toContain('[redacted]')
      expect(everything(error, client)).not.toContain('my-own-key')
    }
  })

  it('one that contains another, the shorter known first', async () => {
    const source = keySource(() => ({ username, password }))
    const auth: typeof source = {
      ...source,
      open: async () => ({ key: 'abcd-efgh', secrets: ['abcd', 'abcd-efgh'] }),
    }
    house.answer = async () => refusal('ROOM_UNKNOWN', { message: 'not for abcd-efgh' })
    const client = guest({ vendor: lodge({ auth }) })
    expect((await failure(client(room))).message).toContain('not for [redacted] (')
  })

  it('those behind a failed logout', async () => {
    const client = guest()
    await client(room)
    house.atDesk = ({ headers }) => refusal('ROOM_UNKNOWN', { message: `${headers.get(keyHeader)}` })
    await client.close()
    expect(shown.join('\n')).not.toContain('key-no-')
  })
})

describe('a secret that the caller himself shows and a server repeats is told by nobody:', () => {
  it.each([
    ['cookie', 'sid=swordfish; theme=x', 'swordfish'],
    ['proxy-authorization', 'Basic swordfish', 'swordfish'],
    ['x-api-key', 'swordfish', 'swordfish'],
    ['X-Auth-Token', 'swordfish', 'swordfish'],
    ['x-vault-token', 'sword fish', 'sword fish'],
  ])('in the header %s', async (name, value, secret) => {
    const client = guest()
    house.upstairs = ({ headers }) => refusal('ROOM_TAKEN', { message: `got ${headers.get(name)}`, params: [value] })
    const error = await failure(client(room, { headers: { [name]: value } }))
    expect(error.message).toContain('got ')
    expect(everything(error, client)).not.toContain(secret)
  })

  it('in the query, as it was sent and as it was meant', async () => {
    const client = guest()
    house.upstairs = ({ url }) =>
      refusal('ROOM_TAKEN', { message: `${url} with ${new URL(url).searchParams.get('access_token')} for room 7` })
    const error = await failure(client(`${room}?access_token=sword%2ffish+1&view=short`))
    expect(error.message).toContain('for room 7')
    expect(everything(error, client)).not.toMatch(/sword|fish/)
  })

  it('but what is no secret is left to be read', async () => {
    const client = guest()
    house.upstairs = () => refusal('ROOM_TAKEN', { message: 'no blue suite for application/json' })
    const error = await failure(client(`${room}?name=blue&kind=suite`, { headers: { accept: 'application/json' } }))
    expect(error.message).toContain('no blue suite for application/json')
  })

  it.each([
    ['JSON', (text: string) => JSON.stringify({ text })],
    ['a URL', encodeURIComponent],
    ['a form', (text: string) => String(new URLSearchParams({ text }))],
  ])('however it is written: as in %s', async (_name, written) => {
    const client = guest()
    const token = 'xyz"zy pl\u00e9'
    house.accepted = { username, password: token }
    house.atDesk = () => refusal('PASSWORD_REFUSED', { message: `no: ${written(token)}` })
    const vendor = lodge({ credentials: () => ({ username, password: token }) })
    const other = guest({ vendor })
    const error = await failure(other(room))
    expect(error.cause).toMatchObject({ code: 'PASSWORD_REFUSED' })
    expect(everything(error, client)).not.toMatch(/xyz|zy.pl/)
  })
})

describe('a parameter that is nested without end', () => {
  it('is cut off, and the error is still the vendor’s', async () => {
    const client = guest()
    let deep: unknown = 'x'
    for (let level = 0; level < 20_000; level++) deep = [deep]
    const parse = () => ({ code: 'ROOM_TAKEN' as const, params: [deep] })
    const { auth: _, ...vendor } = lodge({ parse })
    house.answer = async () => new Response('x', { status: 400 })
    const error = await failure(resilient(house.fetch, { vendor })(room))
    expect(error).toMatchObject({ name: 'VendorError', code: 'ROOM_TAKEN' })
    expect(everything(error, client)).toContain('ROOM_TAKEN')
  })
})

describe('what a URL hides in its query, its fragment and its user information is told by nobody:', () => {
  const url = `${room}?token=swordfish#swordfish`

  it('after a fault', async () => {
    const client = guest()
    house.upstairs = () => refusal('ROOM_TAKEN')
    const error = await failure(client(url))
    expect(error.request).toEqual({ method: 'GET', url: room })
    expect(everything(error, client)).not.toContain('swordfish')
  })

  it('after a refusal', async () => {
    const client = guest({ retry: 0, patience: 0, breaker: { minimum: 1, failureRate: 0 } })
    house.upstairs = () => new Response(null, { status: 502 })
    await expect(client(url)).rejects.toMatchObject({ code: 'HTTP_502' })
    const error = await client(url).catch((refused: VendorError) => refused)
    expect(error).toMatchObject({ name: 'RefusedError' })
    expect(everything(error as VendorError, client)).not.toContain('swordfish')
  })

  it('after a redirect or a re-route to a host that is not trusted', async () => {
    const client = guest()
    house.upstairs = ({ path }) =>
      path === '/rooms/7'
        ? new Response(null, { status: 302, headers: { location: 'https://evil.example/?token=swordfish' } })
        : refusal('DESK_MOVED', { params: ['evil.example'] })
    expect(everything(await failure(client(url)), client)).not.toContain('swordfish')
    const error = await failure(client(`${lodgeOrigin}/rooms/8?token=swordfish`))
    expect(everything(error, client)).not.toContain('swordfish')
  })

  it('where the URL cannot even be read', async () => {
    const client = guest({ vendor: lodge({ name: 'lodge' }) })
    await client('not a url?token=swordfish').catch(() => {})
    expect(shown.join('\n')).not.toContain('swordfish')
  })
})

describe('what stays with whoever asks for it', () => {
  it('is the reply itself, which no log shows by accident', async () => {
    const client = guest()
    house.upstairs = ({ headers }) => refusal('ROOM_TAKEN', { message: `${headers.get(keyHeader)}` })
    const error = await failure(client(room))
    expect(Object.keys(error)).not.toContain('response')
    expect(await error.response?.text()).toContain('key-no-1')
    const reply = await client.fetch(room)
    expect(failureOf(reply)?.message).not.toContain('key-no-')
    expect(await reply.text()).toContain('key-no-1')
  })
})
