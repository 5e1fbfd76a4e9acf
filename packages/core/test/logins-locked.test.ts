import { describe, expect, it, vi } from 'vitest'
import { Lodging } from './helpers/lodging.ts'
import { failure, played } from './helpers/play.ts'
import { lodge, lodgeOrigin, password, username } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}/rooms/7`
const at = new Lodging()

describe('a login refused by a server that may count for ever', () => {
  const wrong = () => ({ username, password: 'open-barley' })
  const client = () => at.guest({ vendor: lodge({ credentials: wrong }), retry: 0 })

  it('at a server that may count for ever is repeated once, and then not before the credentials change', async () => {
    const pauses: unknown[] = []
    let credentials = wrong()
    const one = at.guest({
      vendor: lodge({ credentials: () => credentials }),
      observers: [(event) => event.type === 'login-failed' && pauses.push(event.retryAfter)],
    })
    for (let minute = 0; minute < 8 * 60; minute++) {
      await failure(one(room))
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(at.house.logins).toHaveLength(2)
    expect(pauses).toEqual([60_000, undefined])
    expect(await failure(one(room))).toMatchObject({ reason: 'login-failed', retryAfter: undefined })
    credentials = { username, password }
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await played(one(room))).ok).toBe(true)
  })

  it('is one for all clients of the process', async () => {
    for (let vendor = 0; vendor < 6; vendor++) await failure(client()(room))
    expect(at.house.logins).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(60_000)
    for (let vendor = 0; vendor < 6; vendor++) await failure(client()(room))
    expect(at.house.logins).toHaveLength(2)
  })

  it('is forgotten when a person says so', async () => {
    const one = client()
    for (let call = 0; call < 3; call++) {
      await failure(one(room))
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(at.house.logins).toHaveLength(2)
    one.state.reset()
    await failure(one(room))
    expect(at.house.logins).toHaveLength(3)
  })
})

describe('a login that a proxy does not let through', () => {
  it('says nothing of the account, and is tried again at the pace of logins that failed', async () => {
    let isRefusing = true
    at.house.atDesk = () => (isRefusing ? new Response(null, { status: 407 }) : undefined)
    const client = at.guest({ retry: 0 })
    for (let login = 0; login < 4; login++) {
      expect(await failure(client(room))).toMatchObject({ code: 'HTTP_407', kind: 'auth', reason: 'login-failed' })
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(at.house.logins).toHaveLength(4)
    isRefusing = false
    expect((await played(client(room))).ok).toBe(true)
  })
})

describe('of a user whose refused logins a server counts, whatever the passwords', () => {
  const withPassword = (word: () => string) =>
    at.guest({ vendor: lodge({ credentials: () => ({ username, password: word() }) }), retry: 0 })
  // Far beyond the longest pause, which is a quarter of an hour.
  const hours = async (...clients: readonly ReturnType<typeof withPassword>[]) => {
    for (let minute = 0; minute < 8 * 60; minute++) {
      for (const client of clients) await client(room).catch(() => {})
      await vi.advanceTimersByTimeAsync(60_000)
    }
  }

  it('no login is repeated once two were refused', async () => {
    await hours(
      withPassword(() => 'open-barley'),
      withPassword(() => 'open-rye'),
    )
    expect(at.house.logins).toHaveLength(2)
  })

  it('a wrong password is repeated once, however often another client logs in with the right one', async () => {
    at.house.limits = () => ({ expiresAt: Date.now() + 120_000 })
    await hours(
      withPassword(() => 'open-barley'),
      withPassword(() => password),
    )
    const refused = at.house.logins.filter(({ body }) => body.includes('open-barley'))
    expect(refused).toHaveLength(2)
    expect(at.house.logins.length).toBeGreaterThan(100)
  })

  it('a password that was changed back is tried again', async () => {
    let given = 'open-barley'
    const client = withPassword(() => given)
    await hours(client)
    given = password
    await hours(client)
    given = 'open-barley'
    at.house.accepted = { username, password: given }
    at.house.forgetKeys()
    await client(room).catch(() => {})
    expect((await client(room)).ok).toBe(true)
    expect(at.house.logins).toHaveLength(4)
  })

  it('a password that takes the place of a good one and is wrong is repeated once', async () => {
    let given = password
    const client = withPassword(() => given)
    await client(room)
    given = 'open-barley'
    at.house.forgetKeys()
    await hours(client)
    expect(at.house.logins).toHaveLength(3)
  })

  it('a password that takes the place of a good one, and was refused to another client since, is left alone', async () => {
    let given = password
    const [one, other] = [withPassword(() => given), withPassword(() => given)]
    await one(room)
    given = 'open-barley'
    at.house.forgetKeys()
    await failure(other(room))
    await failure(one(room))
    expect(at.house.logins).toHaveLength(2)
  })

  it('the count begins anew with a login that succeeds', async () => {
    let given = 'open-barley'
    const client = withPassword(() => given)
    await failure(client(room))
    given = password
    await vi.advanceTimersByTimeAsync(1_000)
    await client(room)
    given = 'open-rye'
    at.house.forgetKeys()
    expect(await failure(client(room))).toMatchObject({ retryAfter: 60_000 })
  })

  it('passwords that come in turn and are all wrong are tried once each', async () => {
    const words = ['open-barley', 'open-rye', 'open-oats']
    let asked = 0
    await hours(withPassword(() => words[asked++ % words.length] ?? ''))
    expect(at.house.logins).toHaveLength(3)
  })
})
