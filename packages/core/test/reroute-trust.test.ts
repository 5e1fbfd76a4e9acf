import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import { Lodge, type Visit } from './helpers/lodge-service.ts'
import { errorOf } from './helpers/play.ts'
import { keyHeader, type LodgeRow, lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'

const room = `${lodgeOrigin}:8443/rooms/7`
const vendor = lodge({ origins: [`${lodgeOrigin}:8443`] })

/** A house whose desk has moved to a host, and says so to whoever asks anywhere else. */
function movedTo(host: string) {
  const house = new Lodge()
  house.upstairs = ({ origin }: Visit) =>
    origin === `${lodgeOrigin}:8443` ? refusal('DESK_MOVED', { params: [host] }) : undefined
  const guest = (options: ResilientOptions<LodgeRow> = {}) => resilient(house.fetch, { vendor, ...options })
  return { house, guest }
}

describe('a host that a reply names', () => {
  it.each([
    ['annex.example', 'annex.example', 'https://annex.example:8443'],
    ['annex.example:443', 'annex.example', 'https://annex.example'],
    ['annex.example:443', 'annex.example:443', 'https://annex.example'],
    ['ANNEX.example', 'annex.example:8443', 'https://annex.example:8443'],
    ['10.0.0.7', '10.0.0.7', 'https://10.0.0.7:8443'],
    ['fd00::7', '[fd00::7]', 'https://[fd00::7]:8443'],
    ['[fd00::7]:9443', '[FD00:0:0::7]', 'https://[fd00::7]:9443'],
  ])('%s is asked once, where %s is trusted, with a session of its own', async (host, trusted, origin) => {
    const { house, guest } = movedTo(host)
    const client = guest({ trustedHosts: [trusted], retry: 0 })
    expect(await (await client(`${room}?bed=2`)).text()).toBe('room /rooms/7')
    expect(house.visits.map((visit) => [visit.method, visit.url])).toEqual([
      ['POST', `${lodgeOrigin}:8443/login`],
      ['GET', `${room}?bed=2`],
      ['POST', `${origin}/login`],
      ['GET', `${origin}/rooms/7?bed=2`],
    ])
    expect(house.calls.map(({ headers }) => headers.get(keyHeader))).toEqual(['key-no-1', 'key-no-2'])
  })

  it.each([
    ['evil.example', 'annex.example'],
    ['annex.example', 'annex.example:9443'],
    ['annex.example.evil.example', 'annex.example'],
    ['annex.example@evil.example', 'annex.example'],
    ['annex.example/@evil.example', 'annex.example'],
    ['annex.example#evil.example', 'annex.example'],
    ['annex.example\\evil.example', 'annex.example'],
    ['annex.example:8443:9443', 'annex.example'],
    ['https://annex.example', 'annex.example'],
    ['fe80::1%eth0', '[fe80::1]'],
    ['999.999.999.999', 'annex.example'],
    [' annex.example', 'annex.example'],
    ['', 'annex.example'],
  ])('%j is not, where %s is trusted: no login there, and not a byte', async (host, trusted) => {
    const { house, guest } = movedTo(host)
    const error = await errorOf(guest({ trustedHosts: [trusted], retry: 0 })(room))
    expect(error).toMatchObject({ code: 'DESK_MOVED', kind: 'retryable' })
    expect(error.params).toEqual({ host })
    expect(new Set(house.visits.map(({ origin }) => origin))).toEqual(new Set([`${lodgeOrigin}:8443`]))
    expect(house.calls).toHaveLength(1)
  })

  it('is another origin of the same credentials without further words', async () => {
    const { house, guest } = movedTo('annex.example')
    const client = guest({ vendor: lodge({ origins: [`${lodgeOrigin}:8443`, 'https://annex.example:8443'] }) })
    expect((await client(room)).status).toBe(200)
    expect(house.logins.map(({ origin }) => origin)).toEqual([`${lodgeOrigin}:8443`, 'https://annex.example:8443'])
  })

  it('is asked in the vendor’s words, at its login too', async () => {
    const { house, guest } = movedTo('annex.example')
    house.atDesk = ({ origin }) =>
      origin === 'https://annex.example:8443' ? refusal('PASSWORD_REFUSED', { status: 200 }) : undefined
    const vendor = lodge({ origins: [`${lodgeOrigin}:8443`], bodyNeed: () => 'whole' })
    const client = guest({ vendor, trustedHosts: ['annex.example'] })
    const expected = { vendor: 'lodge', code: 'PASSWORD_REFUSED', kind: 'auth', reason: 'login-failed' }
    expect(await errorOf(client(room))).toMatchObject(expected)
    expect(await errorOf(client(room))).toMatchObject(expected)
    expect(house.logins.filter(({ origin }) => origin !== `${lodgeOrigin}:8443`)).toHaveLength(1)
  })

  it('is told to observers and in the error’s history without the address’s query', async () => {
    const { guest } = movedTo('annex.example')
    const events: ResilienceEvent[] = []
    const client = guest({ trustedHosts: ['annex.example'], observers: [(event) => events.push(event)] })
    await client(`${room}?token=swordfish`)
    const decision = { do: 'reroute', host: 'annex.example:8443', reason: 'named-host' }
    expect(events).toContainEqual(expect.objectContaining({ type: 'decision-made', decision }))
    expect(inspect(events, { depth: 9 })).not.toContain('swordfish')
  })
})
