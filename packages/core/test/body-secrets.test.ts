import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { failure, played } from './helpers/play.ts'
import { complains, order, Ring } from './helpers/ring-service.ts'
import { credentials, one, type RingRow, ring, tokens, two } from './helpers/ring-vendor.ts'
import { fine, reply, stubFetch } from './helpers/stub-fetch.ts'
import { useShown } from './helpers/use-shown.ts'

const rpc = `${one}/rpc`
const evil = 'https://evil.example'
let service: Ring
const { everything, observers, shown } = useShown()

beforeEach(() => {
  vi.useFakeTimers()
  service = new Ring()
})

const member = (options: ResilientOptions<RingRow> = {}) =>
  resilient(service.fetch, { vendor: ring(), observers, ...options })

const parrot = (text: string) => complains('ORDER_BAD', { message: `you asked ${text}`, params: [{ deep: [text] }] })

describe('a secret in a body that a server repeats is told by nobody:', () => {
  it.each<[string, (init: RequestInit) => [string | Request, RequestInit?]]>([
    ['a text', (init) => [rpc, init]],
    ['bytes', ({ method = '', body }) => [rpc, { method, body: new TextEncoder().encode(String(body)) }]],
    ['a Request', (init) => [new Request(rpc, init)]],
  ])('the caller’s own session and password, in %s', async (_name, input) => {
    const { auth: _, ...vendor } = ring()
    for (const secret of [{ token: 'my-own-token' }, { password: 'my-own-token' }, { token: 'my-own "token"' }]) {
      const { fetch } = stubFetch(async ({ input, init }) => parrot(await new Request(input, init).text()))
      const client = resilient(fetch, { vendor, observers })
      const error = await failure(client(...input(order('write', secret))))
      expect(error.message).toContain('you asked {"order":"write"')
      expect(everything(error)).not.toContain('my-own')
    }
  })

  it('the session that was put there, and the password of a login', async () => {
    service.serve = ({ order: asked }) => parrot(JSON.stringify(asked))
    const error = await failure(member()(rpc, order('write')))
    expect(error.message).toContain('[redacted]')
    expect(everything(error)).not.toContain('token-1')
    service.answer = ({ order: asked }) => parrot(JSON.stringify(asked))
    const refused = await failure(member({ vendor: ring() })(rpc, order('write')))
    expect(refused).toMatchObject({ reason: 'login-failed', code: 'ORDER_BAD' })
    expect(everything(refused)).not.toContain(credentials.password)
    expect(everything(refused)).toContain(credentials.username)
  })

  it('in mode observe', async () => {
    const { fetch } = stubFetch(() => parrot('my-own-token'))
    const { auth: _, ...vendor } = ring()
    await resilient(fetch, { vendor, mode: 'observe', observers })(rpc, order('x', { token: 'my-own-token' }))
    await vi.advanceTimersByTimeAsync(0)
    expect(shown.join('\n')).toContain('ORDER_BAD')
    expect(shown.join('\n')).not.toContain('my-own')
  })

  it('in mode observe, as a code that nobody lists, where nobody looks into the body of a Request', async () => {
    const { fetch } = stubFetch(
      () => complains('my-own-token'),
      () => complains('ORDER_ODD'),
    )
    const { auth: _, ...vendor } = ring()
    const watched = resilient(fetch, { vendor, mode: 'observe', observers })
    await watched(new Request(rpc, order('x', { token: 'my-own-token' })))
    await vi.advanceTimersByTimeAsync(0)
    expect(shown.join('\n')).toContain('unlisted')
    expect(shown.join('\n')).not.toContain('my-own')
    await watched(rpc, order('x', { token: 'my-own-token' }))
    await vi.advanceTimersByTimeAsync(0)
    expect(shown.join('\n')).toContain('ORDER_ODD')
  })
})

describe('a secret in a body', () => {
  it.each([301, 302, 303, 307, 308])('does not follow a %i to a host that is not trusted', async (status) => {
    const { auth: _, ...vendor } = ring()
    const { fetch, sent } = stubFetch(reply(status, null, { location: `${evil}/rpc` }), fine)
    for (const word of ['read', 'write']) {
      const error = await failure(resilient(fetch, { vendor })(rpc, order(word, { token: 'my-own-token' })))
      expect(error).toMatchObject({ code: 'REDIRECT_UNTRUSTED', reason: 'untrusted-host' })
      sent.length = 0
    }
    for (const word of ['read', 'write']) {
      const error = await failure(
        resilient(fetch, { vendor })(new Request(rpc, order(word, { password: 'secret-word' }))),
      )
      expect(error).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
      sent.length = 0
    }
  })

  it('follows a 307 to another endpoint, whole, and only there', async () => {
    const seen: string[] = []
    service.answer = ({ origin, order: asked }) => {
      seen.push(`${origin} ${asked.token ?? asked.password}`)
      if (asked.order === 'login') return Response.json({ token: 'token-1' })
      return origin === one
        ? new Response(null, { status: 307, headers: { location: `${two}/rpc` } })
        : Response.json({})
    }
    await played(member()(rpc, order('write')))
    expect(seen).toEqual([`${one} ${credentials.password}`, `${one} token-1`, `${two} token-1`])
  })

  it('that the vendor puts there is not sent to another host either', async () => {
    const to = { status: 307, headers: { location: `${evil}/rpc` } }
    const requests: string[] = []
    const usual = service.answer.bind(service)
    service.answer = (request) => {
      requests.push(request.origin)
      return request.order.order === 'login' ? usual(request) : new Response(null, to)
    }
    expect(await failure(member()(rpc, order('write')))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    expect(new Set(requests)).toEqual(new Set([one]))
  })

  it('is not put into a request for another host, whatever its path', async () => {
    const client = member()
    await played(client(rpc, order('read')))
    service.answer = ({ order: asked }) =>
      Response.json(asked.order === 'login' ? { token: 'token-2' } : { seen: true })
    await played(client(`${evil}/rpc`, order('read')))
    expect(service.received.slice(2)).toEqual(['evil read'])
    expect(service.requests.at(-1)?.order).toEqual({ order: 'read' })
  })

  it('of another session source is none of ours: a vendor without `secretsIn` guards headers alone', async () => {
    const { secretsIn: _, ...vendor } = ring({ auth: tokens })
    service.serve = ({ order: asked }) => parrot(asked.token ?? '')
    const error = await failure(member({ vendor })(rpc, order('write')))
    expect(everything(error)).not.toContain('token-1')
  })
})
