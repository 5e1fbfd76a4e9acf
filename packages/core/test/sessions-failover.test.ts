import { expect, it, vi } from 'vitest'
import { Lodging } from './helpers/lodging.ts'
import { failure, played } from './helpers/play.ts'
import { lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'

const annex = 'https://annex.lodge.example'
const endpoints = [lodgeOrigin, annex] as const
const at = new Lodging()

it('a part of the service that alone rejects sessions causes one login, and is believed at no endpoint', async () => {
  const client = at.guest({
    vendor: lodge({
      ...{ origins: endpoints, endpoints: [...endpoints] },
      scope: ({ path }) => (path.startsWith('/attic') ? 'attic' : 'rooms'),
    }),
  })
  at.house.upstairs = ({ path }) => (path.startsWith('/attic') ? refusal('KEY_EXPIRED') : undefined)
  for (let call = 0; call < 10; call++) {
    expect((await client(`${lodgeOrigin}/rooms/${call}`)).ok).toBe(true)
    expect(await failure(client(`${lodgeOrigin}/attic/${call}`))).toMatchObject({ code: 'KEY_EXPIRED' })
  }
  expect(at.house.logins).toHaveLength(2)
})

it('a session that ends while its call goes to another endpoint is replaced there, though nobody has taken it yet', async () => {
  const client = at.guest({
    vendor: lodge({ origins: endpoints, endpoints: [...endpoints] }),
    retry: { limit: 1, jitter: 'none' },
    timeout: 500,
  })
  await client(`${lodgeOrigin}/rooms/1`)
  at.house.upstairs = ({ origin }) => (origin === lodgeOrigin ? new Promise(() => {}) : undefined)
  at.house.forgetKeys()
  const call = client(`${lodgeOrigin}/rooms/2`)
  await vi.advanceTimersByTimeAsync(100)
  at.house.forgetKeys()
  expect((await played(call)).ok).toBe(true)
  expect(at.house.keysShown).toEqual(['key-no-1', 'key-no-2', 'key-no-3'])
  expect(at.house.calls.map(({ origin }) => origin)).toEqual([...Array(3).fill(lodgeOrigin), annex, annex])
})
