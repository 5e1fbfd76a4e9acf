import type { LoginTransport, OutgoingRequest, SessionSource } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { type VsphereSurface, vsphere } from '../src/index.ts'

interface Sent {
  readonly path: string
  readonly method: string | undefined
  readonly headers: Headers
  readonly body: BodyInit | null | undefined
}

/** A transport that answers each login the same and writes down what goes through. */
function transportOf(answer: () => Response): LoginTransport & { readonly sent: Sent[] } {
  const sent: Sent[] = []
  return {
    origin: 'https://vc.example',
    sent,
    async send(path, { method, headers, body }) {
      sent.push({ path, method, headers: new Headers(headers), body })
      return answer()
    },
  }
}

function sourceOf(surface?: VsphereSurface): SessionSource {
  const { auth } = vsphere({ url: 'https://vc.example', username: 'u', password: 'p', ...(surface && { surface }) })
  if (auth === undefined) throw new Error('There is no session source.')
  return auth
}

const login = { username: 'administrator@vsphere.local', password: 'secret' }
const outgoing = (headers: HeadersInit = {}): OutgoingRequest => ({
  url: 'https://vc.example/api/vcenter/vm',
  method: 'GET',
  headers: new Headers(headers),
  body: null,
  bodyText: undefined,
})

describe('login', () => {
  it('is a POST with Basic at /api/session', async () => {
    const transport = transportOf(() => new Response('"b00db39f"', { status: 201 }))
    const session = await sourceOf().open(login, transport)
    expect(transport.sent).toHaveLength(1)
    expect(transport.sent[0]).toMatchObject({ path: '/api/session', method: 'POST', body: undefined })
    expect(transport.sent[0]?.headers.get('authorization')).toBe(`Basic ${btoa('administrator@vsphere.local:secret')}`)
    expect(session).toMatchObject({ token: 'b00db39f', idleTimeout: 1_800_000 })
    expect(session.expiresAt).toBeUndefined()
  })

  it('asks /rest for the session in the body, not in a cookie', async () => {
    const transport = transportOf(
      () => new Response('{"value":"28d07898"}', { headers: { 'content-type': 'text/plain; charset=utf-8' } }),
    )
    const session = await sourceOf('rest').open(login, transport)
    expect(transport.sent[0]).toMatchObject({ path: '/rest/com/vmware/cis/session', method: 'POST' })
    expect(transport.sent[0]?.headers.get('vmware-use-header-authn')).toBe('true')
    expect(session).toMatchObject({ token: '28d07898' })
  })

  it('sends names and passwords outside ASCII as UTF-8', async () => {
    const transport = transportOf(() => new Response('"t"', { status: 201 }))
    await sourceOf().open({ username: 'jörg', password: 'пароль€😀' }, transport)
    const [, encoded = ''] = transport.sent[0]?.headers.get('authorization')?.split(' ') ?? []
    expect(Buffer.from(encoded, 'base64').toString('utf8')).toBe('jörg:пароль€😀')
  })

  it('names everything that must never be shown', async () => {
    const session = await sourceOf().open(
      login,
      transportOf(() => new Response('"b00db39f"', { status: 201 })),
    )
    expect(session.secrets).toEqual(
      expect.arrayContaining(['b00db39f', 'secret', btoa('administrator@vsphere.local:secret')]),
    )
  })

  it.each<[VsphereSurface, string]>([
    ['api', ''],
    ['api', '<html>Welcome</html>'],
    ['api', '""'],
    ['api', '{"value":"t"}'],
    ['api', 'null'],
    ['api', '"two\\nlines"'],
    ['rest', '"t"x'],
    ['rest', '{"value":null}'],
    ['rest', '{"value":{"token":"t"}}'],
    ['rest', '{}'],
  ])('at /%s with the answer %j fails and says why', async (surface, body) => {
    const opened = sourceOf(surface).open(
      login,
      transportOf(() => new Response(body)),
    )
    await expect(opened).rejects.toThrow(/login at https:\/\/vc\.example\/.* status 200, but without a session token/)
    await expect(opened).rejects.not.toThrow(/secret|Welcome/)
  })

  it('lets the transport’s own failure through', async () => {
    const refusal = new Error('refused')
    const transport: LoginTransport = { origin: 'https://vc.example', send: () => Promise.reject(refusal) }
    await expect(sourceOf().open(login, transport)).rejects.toBe(refusal)
  })
})

describe('sign', () => {
  const session = { token: 't-1', secrets: ['t-1'] }

  it('puts the session into its header and takes Basic out', () => {
    const shown = sourceOf().sign(outgoing({ authorization: 'Basic abc' }), session)
    expect(shown).toEqual({ 'vmware-api-session-id': 't-1', authorization: undefined })
  })
})

describe('logout', () => {
  it.each<[VsphereSurface, string]>([
    ['api', '/api/session'],
    ['rest', '/rest/com/vmware/cis/session'],
  ])('at %s deletes the session with its own header', async (surface, path) => {
    const transport = transportOf(() => new Response(null, { status: 204 }))
    await sourceOf(surface).close?.({ token: 't-1', secrets: ['t-1'] } as { secrets: string[] }, transport)
    expect(transport.sent).toHaveLength(1)
    expect(transport.sent[0]).toMatchObject({ path, method: 'DELETE' })
    expect(transport.sent[0]?.headers.get('vmware-api-session-id')).toBe('t-1')
    expect(transport.sent[0]?.headers.has('authorization')).toBe(false)
  })
})
