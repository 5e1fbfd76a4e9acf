import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import type { RequestFacts } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { complains, order } from './helpers/ring-service.ts'
import { one, ring } from './helpers/ring-vendor.ts'
import { fine, reply, stubFetch, throws } from './helpers/stub-fetch.ts'
import { useShown } from './helpers/use-shown.ts'

const url = 'https://api.example/users'
const secret = 'correct-horse-battery'
const { everything, observers } = useShown()

beforeEach(() => {
  vi.useFakeTimers()
})

const json = JSON.stringify({ user: { name: 'smith', password: secret } })
const form = () => {
  const parts = new FormData()
  parts.set('password', secret)
  return parts
}
const post = (body: BodyInit, headers = {}): RequestInit => ({ method: 'POST', body, headers })

const bodies: [string, () => [string | Request, RequestInit?]][] = [
  ['a text', () => [url, post(json)]],
  ['bytes', () => [url, post(new TextEncoder().encode(json))]],
  ['a Request', () => [new Request(url, post(json))]],
  ['a Blob', () => [url, post(new Blob([json]))]],
  ['a Request of a Blob', () => [new Request(url, post(new Blob([json])))]],
  ['URL parameters', () => [url, post(new URLSearchParams({ password: secret }))]],
  ['a form', () => [url, post(form())]],
]

describe.each(bodies)('a password in a body, given as %s, that comes back is told by nobody:', (_name, input) => {
  const clientOf = (options: ResilientOptions = {}) => ({
    call: (fetch: typeof globalThis.fetch) => resilient(fetch, { observers, ...options })(...input()),
  })

  it('in a reply, with and without a retry', async () => {
    for (const retry of [0, 2]) {
      const { fetch } = stubFetch(reply(500, `you sent ${secret}`))
      const error = await failure(clientOf({ retry, idempotent: true }).call(fetch))
      expect(error.message).toContain('you sent [redacted]')
      expect(everything(error)).not.toContain(secret)
    }
  })

  it('in the error of a fetch', async () => {
    const { fetch } = stubFetch(
      throws(
        new TypeError('fetch failed', {
          cause: Object.assign(new Error(`not sent: ${secret}`), { code: 'ECONNRESET' }),
        }),
      ),
    )
    const error = await failure(clientOf({ retry: false }).call(fetch))
    expect(everything(error)).not.toContain(secret)
  })

  it('in a code, to a vendor that names no secrets of its own', async () => {
    const { auth: _, secretsIn: __, needsRequestBody: ___, ...vendor } = ring()
    const { fetch } = stubFetch(() => complains(`WORD_${secret}`, { message: secret, params: [{ deep: [secret] }] }))
    const error = await failure(
      resilient(fetch, {
        vendor: { ...vendor, origins: [new URL(url).origin], endpoints: [new URL(url).origin] },
        observers,
      })(...input()),
    )
    expect(error.vendor).toBe('ring')
    expect(everything(error)).not.toContain(secret)
  })
})

describe('a secret that a reply shows by its name is told by nobody', () => {
  it.each([
    ['the password of a new machine', { server: { id: 'vm-1', adminPass: secret } }],
    ['the private key of a pair', { keypair: { private_key: secret } }],
    ['a new session', { value: { session_id: secret } }],
    ['a bare token', secret],
    ['a page of a token', { credential: { blob: JSON.stringify({ secret }) } }],
  ])('%s', async (_name, body) => {
    const { fetch } = stubFetch(reply(500, JSON.stringify(body)))
    const error = await failure(resilient(fetch, { observers, retry: false })(url))
    expect(error.message).toContain('[redacted]')
    expect(everything(error)).not.toContain(secret)
    expect(await error.response?.text()).toContain(secret)
  })

  it.each([
    ['password', 'hunter2'],
    ['api_key', 'a-1f'],
    ['sessionId', '42af'],
    ['token', '+/=='],
    ['pin', '4711'],
  ])('%s: %s, short as it is', async (name, short) => {
    const { fetch } = stubFetch(reply(400, JSON.stringify({ error: 'oops', [name]: short })))
    const error = await failure(resilient(fetch, { observers })(url))
    expect(error.message).toContain('oops')
    expect(everything(error)).not.toContain(short)
  })

  it.each([
    ['password', 'is too short'],
    ['token', 'expired'],
    ['token', 'INVALID'],
    ['session', 'not-set'],
    ['secret', 'v1'],
  ])('but what it says of one is: %s %s', async (name, words) => {
    const { fetch } = stubFetch(reply(400, JSON.stringify({ [name]: words })))
    const error = await failure(resilient(fetch)(url))
    expect(error.message).toContain(words)
  })
})

describe('the secrets of a request', () => {
  const spied = () => {
    const { auth, ...vendor } = ring()
    const secretsIn = vi.fn<(request: RequestFacts) => readonly string[]>(vendor.secretsIn ?? (() => []))
    return { secretsIn, signed: { ...vendor, secretsIn, ...(auth && { auth }) }, unsigned: { ...vendor, secretsIn } }
  }

  it('are not looked for while all goes well', async () => {
    const { secretsIn, unsigned, signed } = spied()
    const { fetch } = stubFetch(() => Response.json({ token: 'token-1' }))
    for (const vendor of [unsigned, signed]) {
      for (const word of ['read', 'write']) {
        await played(resilient(fetch, { vendor })(`${one}/rpc`, order(word, { token: 'my-own-token' })))
        await played(resilient(fetch, { vendor })(`${one}/rpc?a=b`, order(word)))
      }
    }
    expect(secretsIn).not.toHaveBeenCalled()
  })

  it('are looked for in the beginning of a long body where a call is observed, and in all of it where it fails', async () => {
    const { secretsIn, unsigned } = spied()
    const searched = () => secretsIn.mock.calls.map(([{ bodyText = '' }]) => bodyText.length)
    const long = order('write', { words: 'x'.repeat(200_000), token: 'my-own-token' })
    await played(resilient(stubFetch(fine).fetch, { vendor: unsigned, observers })(`${one}/rpc`, long))
    expect(Math.max(...searched())).toBe(65_536)
    const { fetch } = stubFetch(reply(400, 'no my-own-token'))
    const error = await failure(resilient(fetch, { vendor: unsigned, observers })(`${one}/rpc`, long))
    expect(Math.max(...searched())).toBeGreaterThan(200_000)
    expect(everything(error)).not.toContain('my-own-token')
  })

  it('are looked for where a redirect leads away', async () => {
    const { secretsIn, unsigned } = spied()
    for (const word of ['read', 'write']) {
      const { fetch, sent } = stubFetch(reply(307, null, { location: 'https://evil.example/' }), fine)
      const error = await failure(resilient(fetch, { vendor: unsigned })(`${one}/rpc`, order(word, { token: 'mine' })))
      expect(error).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
      expect(sent).toHaveLength(1)
    }
    expect(secretsIn).toHaveBeenCalled()
  })

  it.each(bodies)('are looked for in %s by a vendor that sees no bodies', async (_name, input) => {
    const { auth: _, secretsIn: __, needsRequestBody: ___, ...vendor } = ring()
    const { origin } = new URL(url)
    const { fetch, sent } = stubFetch(reply(307, null, { location: 'https://evil.example/' }), fine)
    const client = resilient(fetch, { vendor: { ...vendor, origins: [origin], endpoints: [origin] } })
    expect(await failure(client(...input()))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    expect(sent).toHaveLength(1)
  })

  it('count as shown where the vendor makes a mistake', async () => {
    const { unsigned } = spied()
    const secretsIn = () => {
      throw new Error('I never thought of that')
    }
    const { fetch, sent } = stubFetch(reply(307, null, { location: 'https://evil.example/' }), fine)
    const error = await failure(resilient(fetch, { vendor: { ...unsigned, secretsIn } })(`${one}/rpc`, order('write')))
    expect(error).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    expect(sent).toHaveLength(1)
  })

  it('that shows none goes where a redirect leads', async () => {
    const { unsigned } = spied()
    const { fetch, sent } = stubFetch(reply(307, null, { location: 'https://other.example/' }), fine)
    await played(resilient(fetch, { vendor: unsigned })(`${one}/rpc`, order('write')))
    expect(sent.map((each) => each.url)).toEqual([`${one}/rpc`, 'https://other.example/'])
  })
})
