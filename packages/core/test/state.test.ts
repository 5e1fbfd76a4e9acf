import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import { createState, resilient } from '../src/index.ts'
import { Lodging } from './helpers/lodging.ts'
import { failure } from './helpers/play.ts'
import { lodgeOrigin, password, username } from './helpers/session-vendor.ts'

const [one, other] = ['https://one.example/things', 'https://other.example/things']
const room = `${lodgeOrigin}/rooms/7`
const at = new Lodging()

describe('client.state.reset', () => {
  const broken = async () => {
    const now = { status: 503 }
    const sent: string[] = []
    const client = resilient(
      async (input) => {
        sent.push(String(input))
        return new Response(null, { status: now.status })
      },
      { retry: 0, patience: 0, limits: false },
    )
    for (const url of [one, other]) for (let call = 0; call < 10; call++) await failure(client(url))
    now.status = 200
    const circuits = () => client.state.snapshot().map(({ circuit }) => circuit)
    return { client, sent, circuits }
  }

  it('closes every circuit, so that the next call is tried at once', async () => {
    const { client, circuits } = await broken()
    expect(circuits()).toEqual(['open', 'open'])
    client.state.reset()
    expect(circuits()).toEqual(['closed', 'closed'])
    expect((await client(one)).status).toBe(200)
  })

  it('closes that of one key alone, where it is named', async () => {
    const { client, circuits } = await broken()
    client.state.reset('http https://other.example all')
    expect(circuits()).toEqual(['open', 'closed'])
    await expect(client(one)).rejects.toMatchObject({ reason: 'circuit-open' })
    expect((await client(other)).status).toBe(200)
  })

  it('ends a pause', async () => {
    const answers = [new Response(null, { status: 429, headers: { 'retry-after': '600' } }), new Response('fine')]
    const client = resilient(async () => answers.shift() as Response, { retry: 0, totalTimeout: 30_000 })
    await failure(client(one))
    await expect(client(one)).rejects.toMatchObject({ reason: 'paused' })
    client.state.reset()
    expect((await client(one)).status).toBe(200)
  })
})

it('client.state.sessions shows each account with its logins, and no secret', async () => {
  const client = at.guest({ retry: 0 })
  at.house.atDesk = () => new Promise((resolve) => setTimeout(resolve, 100, undefined)) as never
  const call = client(room)
  await vi.advanceTimersByTimeAsync(50)
  const key = `lodge ${lodgeOrigin} ${username}`
  expect(client.state.sessions()).toEqual([{ key, state: 'logging-in', blockedFor: 0 }])
  await vi.advanceTimersByTimeAsync(100)
  await call
  expect(client.state.sessions()).toEqual([{ key, state: 'open', blockedFor: 0 }])
  expect(JSON.stringify(client.state.sessions())).not.toMatch(new RegExp(`${password}|key-no`))
  const refused = at.guest({ retry: 0 })
  at.house.accepted = { username, password: 'another' }
  at.house.atDesk = () => undefined
  await failure(refused(room))
  expect(refused.state.sessions()).toEqual([{ key, state: 'none', blockedFor: 60_000 }])
  await vi.advanceTimersByTimeAsync(0.25)
  expect(refused.state.sessions()).toEqual([{ key, state: 'none', blockedFor: 60_000 }])
  refused.state.reset(key)
  expect(refused.state.sessions()).toEqual([{ key, state: 'none', blockedFor: 0 }])
})

describe('a state lets go of', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void

  it('the observers of clients that are gone', async () => {
    const client = resilient(async () => new Response('fine'))
    for (let request = 0; request < 1_000; request++) {
      client.extend({ observers: [() => {}] })
      if (request % 50 !== 0) continue
      // A weak reference holds what it leads to until its turn of the event loop ends.
      await vi.advanceTimersByTimeAsync(0)
      collect()
    }
    expect(client.state.size.observers).toBeLessThan(200)
  })

  it('closed clients and their sessions', async () => {
    const state = createState()
    for (let tenant = 0; tenant < 20; tenant++) {
      const client = at.guest({ state })
      await client(room)
      await client.close()
    }
    expect(state.size.sessions).toBe(0)
  })

  it('a client that has opened a session which others use: the last of them ends it', async () => {
    const client = at.guest()
    await client.extend({ retry: 0 })(room)
    for (let turn = 0; turn < 3; turn++) {
      await vi.advanceTimersByTimeAsync(0)
      collect()
    }
    await client.close()
    expect(at.house.logouts).toHaveLength(1)
  })

  it('hosts that are dead', async () => {
    const client = resilient(async () => new Response(null, { status: 503 }), { retry: 0 })
    for (let host = 0; host < 50; host++) {
      for (let call = 0; call < 10; call++) await failure(client(`https://host-${host}.example/`))
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(client.state.size.services).toBeLessThan(10)
  })
})
