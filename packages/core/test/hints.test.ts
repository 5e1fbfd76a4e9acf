import { beforeEach, describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { UnusableLogin, type Vendor } from '../src/plugin.ts'
import { depot, says } from './helpers/depot.ts'
import { failure } from './helpers/play.ts'
import { lodge, lodgeOrigin } from './helpers/session-vendor.ts'
import { breaks, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://depot.example/parcels/7'

beforeEach(() => {
  vi.useFakeTimers()
})

type Answer = Parameters<typeof stubFetch>[0]
const hintAt = async (at: string, answer: Answer, vendor?: Vendor) =>
  (await failure(resilient(stubFetch(answer).fetch, { retry: 0, ...(vendor && { vendor }) })(at))).hint

describe('a vendor’s own advice', () => {
  it('about a request takes the place of the row’s', async () => {
    const hintFor: Vendor['hintFor'] = ({ code, status }, { path }) => `${code} ${status} at ${path}: set \`floor\`.`
    expect(await hintAt(url, says('LABEL_BAD'), depot({ hintFor }) as Vendor)).toBe(
      'LABEL_BAD 400 at /parcels/7: set `floor`.',
    )
    expect(await hintAt(url, reply(404, 'no'), depot({ hintFor }) as Vendor)).toMatch(/^HTTP_404 404/)
  })

  it('never takes the place of the error', async () => {
    const throwing = () => {
      throw new Error('a mistake')
    }
    for (const hintFor of [throwing, () => 7 as never, () => undefined])
      expect(await hintAt(url, says('LABEL_BAD'), depot({ hintFor }) as Vendor)).toBe('Print another label.')
  })

  it('is absent where a bundle leaves out what rows tell people', async () => {
    const vendor = depot() as Vendor
    const find: Vendor['catalogue']['find'] = (fault) => {
      const row = vendor.catalogue.find(fault)
      return row && { ...row, hint: '' }
    }
    expect(await hintAt(url, says('LABEL_BAD'), { ...vendor, catalogue: { ...vendor.catalogue, find } })).toBe(
      undefined,
    )
  })

  it('comes from its login, too', async () => {
    const open = () => Promise.reject(new UnusableLogin('A web page answered.', 'Look at `url`.'))
    const { auth } = lodge()
    if (auth === undefined) throw new Error('The lodge has no login.')
    const vendor = lodge({ auth: { ...auth, open } })
    const error = await failure(resilient(stubFetch(reply(200)).fetch, { vendor })(`${lodgeOrigin}/rooms/7`))
    expect(error).toMatchObject({ code: 'LOGIN_FAILED', hint: 'Look at `url`.' })
    expect(error.message).toContain('A web page answered. (Look at `url`.)')
  })
})

describe('https is advised', () => {
  it.each([
    ['nginx', '<center>The plain HTTP request was sent to HTTPS port</center>'],
    ['Apache', "Reason: You're speaking plain HTTP to an SSL-enabled server port."],
    ['Go', 'Client sent an HTTP request to an HTTPS server.'],
  ])('where %s says so', async (_, text) => {
    expect(await hintAt('http://depot.example:8443/x', reply(400, text))).toMatch(/^Give the address with https:/)
    // A page may quote it where TLS is spoken.
    expect(await hintAt('https://depot.example:8443/x', reply(400, text))).not.toMatch(/https:/)
  })

  it('where the port of TLS hangs up', async () => {
    expect(await hintAt('http://depot.example:443/x', breaks('UND_ERR_SOCKET'))).toMatch(
      /^Give the address with https:/,
    )
    expect(await hintAt('http://depot.example:8080/x', breaks('UND_ERR_SOCKET'))).not.toMatch(/https:/)
  })
})

it('a call that goes past the configured origin without its login is told so at a 401', async () => {
  const vendor = lodge() as Vendor
  const error = await failure(resilient(stubFetch(reply(401)).fetch, { vendor })('https://alias.example/rooms/7'))
  expect(error.hint).toBe(
    `The login is for ${lodgeOrigin}, and this went to https://alias.example without: call that address, or give this one to lodge.`,
  )
  // Where it is signed, the 401 is about the session.
  const { auth: _, ...open } = lodge()
  expect(await hintAt('https://alias.example/rooms/7', reply(401), open as Vendor)).not.toContain('login is for')
})
