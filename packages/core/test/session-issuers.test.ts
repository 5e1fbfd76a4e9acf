import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createState, type ResilientOptions, resilient } from '../src/index.ts'
import type { SessionSource } from '../src/plugin.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { failure } from './helpers/play.ts'
import {
  keyHeader,
  keySource,
  type LodgeRow,
  lodge,
  lodgeOrigin,
  password,
  refusal,
  username,
} from './helpers/session-vendor.ts'
import { fine, stubFetch } from './helpers/stub-fetch.ts'

const annexe = 'https://annexe.example'
const bureau = 'https://bureau.example'
let house: Lodge

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T08:00:00Z') })
  house = new Lodge()
})

/** Keys come from the bureau, and are good at the lodge and its annexe. */
const bureauKeys = (): SessionSource => {
  const plain = keySource(() => ({ username, password }))
  return {
    ...plain,
    issuer: bureau,
    open: (login, transport) =>
      plain.open(login, { ...transport, send: (path, init) => transport.send(bureau + path, init) }),
  } as SessionSource
}
const guest = (auth: SessionSource, origin = lodgeOrigin, options: ResilientOptions<LodgeRow> = {}) =>
  resilient(house.fetch, { vendor: lodge({ auth, origins: [origin] }), ...options })

describe('sessions that another server gives', () => {
  it('are one for all origins that take them', async () => {
    const client = resilient(house.fetch, { vendor: lodge({ auth: bureauKeys(), origins: [lodgeOrigin, annexe] }) })
    await client(`${lodgeOrigin}/rooms/1`)
    await client(`${annexe}/rooms/2`)
    expect(house.logins.map(({ origin }) => origin)).toEqual([bureau])
    expect(house.keysShown).toEqual(['key-no-1'])
  })

  it('are one for all vendors with the same source and state', async () => {
    const [auth, state] = [bureauKeys(), createState()]
    await guest(auth, lodgeOrigin, { state })(`${lodgeOrigin}/rooms/1`)
    await guest(auth, annexe, { state })(`${annexe}/rooms/2`)
    expect(house.logins).toHaveLength(1)
  })

  it('are shown to nobody but the origins that take them', async () => {
    const client = guest(bureauKeys())
    await client(`${lodgeOrigin}/rooms/1`)
    await client(`${annexe}/rooms/2`).catch(() => {})
    expect(house.visits.at(-1)?.headers.get(keyHeader)).toBeNull()
  })
})

describe('a service that refuses even fresh sessions, while another takes them', () => {
  const closed = async () => {
    house.upstairs = ({ path }) => (path === '/closed/1' ? refusal('KEY_EXPIRED') : undefined)
    const scope = ({ path }: { path: string }) => path.split('/')[1] ?? ''
    const client = resilient(house.fetch, { vendor: lodge({ scope }), retry: 0 })
    await client(`${lodgeOrigin}/rooms/1`)
    return client
  }

  it('costs one login, not one for each call', async () => {
    const client = await closed()
    for (let call = 0; call < 5; call++) {
      await expect(client(`${lodgeOrigin}/closed/1`)).rejects.toMatchObject({ code: 'KEY_EXPIRED', reason: 'auth' })
      await client(`${lodgeOrigin}/rooms/1`)
    }
    expect(house.logins).toHaveLength(2)
  })

  it('is tried with a new login after a minute, then after two', async () => {
    const client = await closed()
    const logins: number[] = []
    for (let half = 0; half < 8; half++) {
      await failure(client(`${lodgeOrigin}/closed/1`))
      await client(`${lodgeOrigin}/rooms/1`)
      logins.push(house.logins.length)
      await vi.advanceTimersByTimeAsync(30_000)
    }
    expect(logins).toEqual([2, 2, 3, 3, 3, 3, 4, 4])
  })

  it('is forgiven with the first session that it takes', async () => {
    const client = await closed()
    await failure(client(`${lodgeOrigin}/closed/1`))
    house.upstairs = () => undefined
    await client(`${lodgeOrigin}/closed/1`)
    house.forgetKeys()
    await client(`${lodgeOrigin}/closed/1`)
    expect(house.logins).toHaveLength(3)
  })
})

it('members of the credentials that are no secret may be shown', async () => {
  house.atDesk = () => refusal('PASSWORD_REFUSED', { message: `no ${username} of inn-keepers with ${password}` })
  const credentials = () => ({ username, password, guild: 'inn-keepers' })
  const message = async (publicFields?: readonly string[]) =>
    (
      await failure(
        guest({ ...keySource(credentials), ...(publicFields && { publicFields }) } as SessionSource)(
          `${lodgeOrigin}/rooms/1`,
        ),
      )
    ).message
  expect(await message()).toContain('no guest of [redacted] with [redacted]')
  expect(await message(['username', 'guild'])).toContain('no guest of inn-keepers with [redacted]')
})

describe('clients that share sessions', () => {
  it('end them with the last that is closed, and disturb nobody before', async () => {
    const [auth, state] = [bureauKeys(), createState()]
    const [one, other] = [guest(auth, lodgeOrigin, { state }), guest(auth, annexe, { state })]
    await one(`${lodgeOrigin}/rooms/1`)
    const call = other(`${annexe}/rooms/2`)
    await one.close()
    expect(await (await call).text()).toBe('room /rooms/2')
    await other(`${annexe}/rooms/3`)
    expect([house.logins.length, house.logouts.length]).toEqual([1, 0])
    await other.close()
    expect(house.logouts).toHaveLength(1)
  })

  it('are one with what was made of them by extend', async () => {
    const client = guest(bureauKeys())
    await client.extend({ retry: 1 })(`${lodgeOrigin}/rooms/1`)
    await client.close()
    expect(house.logouts).toHaveLength(1)
  })
})

it('a login is held back for a day at most, whatever a server says', async () => {
  house.atDesk = () => refusal('DESK_CLOSED', { retryAfter: Number.POSITIVE_INFINITY })
  const client = guest(keySource(() => ({ username, password })))
  const error = await failure(client(`${lodgeOrigin}/rooms/1`, { resilience: { retry: 0 } }))
  expect(error.retryAfter).toBeLessThanOrEqual(86_400_000)
  house.atDesk = () => undefined
  await vi.advanceTimersByTimeAsync(86_400_000)
  expect((await client(`${lodgeOrigin}/rooms/1`)).ok).toBe(true)
})

it.each(['//desk.example/login', '/\\desk.example/login', '\\\\desk.example/login', '\t//desk.example/login', 'login'])(
  'a login is sent to its own origin, whatever its path looks like: %j',
  async (path) => {
    const { fetch, sent } = stubFetch(fine)
    const open: SessionSource['open'] = async (login, transport) => {
      await transport.send(path, { method: 'POST', body: JSON.stringify(login) })
      return { secrets: [] }
    }
    const auth: SessionSource = {
      ...(keySource(() => ({ username, password })) as SessionSource),
      issuer: bureau,
      open,
    }
    await resilient(fetch, { vendor: lodge({ auth }) })(`${lodgeOrigin}/rooms/1`)
    expect(sent.map(({ url }) => new URL(url).origin)).toEqual([bureau, lodgeOrigin])
    expect(new URL(sent[0]?.url ?? '').pathname).toMatch(/\/login$/)
  },
)
