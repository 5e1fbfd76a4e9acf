import { createState, type ResilientFetch, resilient } from '@holdfast/core'
import { defineCatalogue, defineVendor } from '@holdfast/core/plugin'
import { faultOf, faults, tokenHeader } from '@holdfast/openstack'
import { beforeEach, expect, test, vi } from 'vitest'
import { logIn, type User } from '../real/admin.ts'
import { type Wire, watchedFetch } from '../real/wire.ts'
import { withKeystone } from '../real/with-keystone.ts'
import { keystone } from '../src/index.ts'

const catalogue = defineCatalogue('identity', faults)
const realTimeout = globalThis.setTimeout
const realPass = (ms: number) => new Promise<void>((resolve) => realTimeout(resolve, ms))

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], now: Date.now() })
})

/** A client of Keystone's own API with a state of its own. */
function clientOf(url: string, user: User, { fetch }: Pick<Wire, 'fetch'>, password = () => user.password) {
  const { username, projectName } = user
  const account = { username, userDomainId: 'default', projectName }
  const auth = keystone({ authUrl: `${url}/v3`, credentials: () => ({ ...account, password: password() }) })
  const facts = { name: 'identity', catalogue, parse: faultOf, secretHeaders: [tokenHeader] }
  return resilient(fetch, { vendor: defineVendor({ ...facts, origins: [url], auth }), state: createState() })
}

const ask = async (client: ResilientFetch, url: string) => (await client(`${url}/v3/auth/projects`)).status
const login = (status: number) => `POST /v3/auth/tokens ${status}`

/** Passes time for as long as nothing is on the wire: the server's own clock goes on meanwhile, and as far at least. */
async function playedWith<T>(wire: Wire, promise: Promise<T>): Promise<T> {
  let isSettled = false
  const settled = () => {
    isSettled = true
  }
  promise.then(settled, settled)
  while (!isSettled) {
    const { underWay } = wire
    await realPass(20)
    if (underWay === 0 && wire.underWay === 0) await vi.advanceTimersByTimeAsync(20)
  }
  return promise
}

// Its counter of refused logins never decays, so an hour that passes for us alone is an hour to the account.
withKeystone('a real Keystone whose time we only think has passed', (real) => {
  test.each([
    ['one client calls for with a wrong password', ['wrong']],
    ['clients call for with two wrong passwords', ['wrong', 'wrong', 'wrong as well']],
  ])('leaves an account open that %s for an hour', async (_, passwords) => {
    const user = await real().addUser()
    const wire = watchedFetch()
    const clients = passwords.map((password) => clientOf(real().url, { ...user, password }, wire))
    for (let minute = 0; minute < 60; minute++) {
      await Promise.all(clients.map((client) => expect(ask(client, real().url)).rejects.toThrow('401')))
      vi.advanceTimersByTime(60_000)
    }
    expect(wire.sent.map(({ line }) => line)).toEqual([login(401), login(401)])
    await expect(logIn(real().url, user)).resolves.toEqual(expect.any(String))
  })

  test('costs no caller more than five seconds, and fails no call, where a password is rotated', async () => {
    const user = await real().addUser()
    let { password } = user
    const wire = watchedFetch()
    const client = clientOf(real().url, user, wire, () => password)
    expect(await ask(client, real().url)).toBe(200)
    password = 'another password'
    await real().setPassword(user, password)
    const before = performance.now()
    const calls = Array.from({ length: 10 }, async () => [await ask(client, real().url), performance.now() - before])
    for (const [status, ms] of await playedWith(wire, Promise.all(calls))) {
      expect(status).toBe(200)
      expect(ms).toBeLessThanOrEqual(5_000)
    }
    expect(wire.sent.map(({ line }) => line)).not.toContain(login(401))
  })

  test('has a token replaced before its end, and refuses no call', async () => {
    const wire = watchedFetch()
    const client = clientOf(real().briefUrl, await real().addUser(), wire)
    await ask(client, real().briefUrl)
    vi.setSystemTime(Date.now() + 6_500)
    await ask(client, real().briefUrl)
    const asked = 'GET /v3/auth/projects 200'
    expect(wire.sent.map(({ line }) => line)).toEqual([login(201), asked, login(201), asked])
  })
})
