import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { played } from './helpers/play.ts'
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
import { type Answer, fine, type Sent, stubFetch } from './helpers/stub-fetch.ts'

const room = `${lodgeOrigin}/rooms/7`
type Sign = ReturnType<typeof keySource>['sign']

beforeEach(() => {
  vi.useFakeTimers()
})

const inHeader: Sign = ({ headers }, { key }) => headers.set(keyHeader, key)
const inQuery: Sign = (request, { key }) => {
  const url = new URL(request.url)
  url.searchParams.append('key', key)
  request.url = url.href
}
const inBody: Sign = (request, { key }) => {
  request.body = `${key}:${request.body}`
}

const returned: Sign = (_, { key }) => ({ [keyHeader]: key, 'x-own': undefined })

/** A client that signs so, over answers to its data calls; each login gets the next key. */
function signing(sign: Sign, script: readonly [Answer, ...Answer[]], options: ResilientOptions<LodgeRow> = {}) {
  const data = stubFetch(...script)
  let keys = 0
  const fetch: typeof data.fetch = async (input, init) =>
    String(input).endsWith('/login') ? Response.json({ key: `key-${++keys}` }) : data.fetch(input, init)
  const auth = { ...keySource(() => ({ username, password })), sign }
  return {
    client: resilient(fetch, { vendor: lodge({ auth }), retry: { jitter: 'none' }, ...options }),
    sent: data.sent,
  }
}
/** What a server would have got. */
const received = async ({ input, init }: Sent) => {
  const request = new Request(input, init)
  return { url: request.url, key: request.headers.get(keyHeader), method: request.method, body: await request.text() }
}
const busy: Answer = () => refusal('DESK_CLOSED')
const expired: Answer = () => refusal('KEY_EXPIRED')

describe('a session is shown', () => {
  const post = { method: 'POST', body: 'x=1' }
  const inputs: [string, () => [string | Request, RequestInit?]][] = [
    ['a URL and an init', () => [room, post]],
    ['a Request', () => [new Request(room, post)]],
    ['a Request and an init', () => [new Request(room), post]],
  ]

  it.each(inputs)('in a header, beside the body: %s', async (_, input) => {
    const { client, sent } = signing(inHeader, [busy, fine])
    await played(client(...input()))
    const same = { url: room, key: 'key-1', method: 'POST', body: 'x=1' }
    expect(await Promise.all(sent.map(received))).toEqual([same, same])
  })

  it.each(inputs)('in a header that is returned, beside the body: %s', async (_, input) => {
    const { client, sent } = signing(returned, [busy, expired, fine])
    await played(client(...input()))
    const same = { url: room, method: 'POST', body: 'x=1' }
    expect(await Promise.all(sent.map(received))).toEqual([
      { ...same, key: 'key-1' },
      { ...same, key: 'key-1' },
      { ...same, key: 'key-2' },
    ])
  })

  it('in a header that is returned, in place of the caller’s own and beside others', async () => {
    const { client, sent } = signing(returned, [fine, fine])
    const own = { [keyHeader]: 'old', 'x-own': '1', 'x-count': '2' }
    await played(client(room, { resilience: { beforeAttempt: () => own } }))
    await played(client(room, { headers: { 'x-own': '1', 'x-count': '2' } }))
    for (const { input, init } of sent) {
      const { headers } = new Request(input, init)
      expect(Object.fromEntries(headers)).toEqual({ [keyHeader]: expect.stringMatching(/^key-/), 'x-count': '2' })
    }
  })

  it('alone: no name without a value is sent', async () => {
    const { client, sent } = signing(returned, [fine])
    await played(client(room))
    expect(sent.map(({ init }) => init?.headers)).toEqual([{ [keyHeader]: 'key-1' }])
  })

  it.each(inputs)('in the query, beside the body, once an attempt: %s', async (_, input) => {
    const { client, sent } = signing(inQuery, [busy, expired, fine])
    await played(client(...input()))
    const same = { key: null, method: 'POST', body: 'x=1' }
    expect(await Promise.all(sent.map(received))).toEqual([
      { ...same, url: `${room}?key=key-1` },
      { ...same, url: `${room}?key=key-1` },
      { ...same, url: `${room}?key=key-2` },
    ])
  })

  it('in the body, made anew for each attempt', async () => {
    const { client, sent } = signing(inBody, [busy, expired, fine])
    await played(client(room, post))
    const bodies = (await Promise.all(sent.map(received))).map(({ body }) => body)
    expect(bodies).toEqual(['key-1:x=1', 'key-1:x=1', 'key-2:x=1'])
  })

  it('and the caller’s own arguments are left as they were', async () => {
    const { client } = signing(inHeader, [busy, fine])
    const headers = { 'x-count': '1' }
    const init = Object.freeze({ method: 'POST', body: 'x', headers: Object.freeze(headers) })
    await played(client(room, init))
    expect(init).toEqual({ method: 'POST', body: 'x', headers: { 'x-count': '1' } })
    const request = new Request(room, { headers })
    await played(client(request))
    expect(request.headers.has(keyHeader)).toBe(false)
  })

  it('with the client’s own init beneath, at the login too', async () => {
    const dispatcher = { name: 'private authority' }
    const inits: unknown[] = []
    const client = resilient(
      async (input, init) => {
        inits.push((init as { dispatcher?: unknown } | undefined)?.dispatcher)
        return String(input).endsWith('/login') ? Response.json({ key: 'key-1' }) : new Response('fine')
      },
      { vendor: lodge(), init: { dispatcher } },
    )
    await client(room)
    await client.close()
    expect(inits).toEqual([dispatcher, dispatcher, dispatcher])
  })

  it('in its address, with a body whose length is unknown', async () => {
    const { client, sent } = signing(inQuery, [fine])
    const body = new Blob(['x=1']).stream()
    const request = new Request(room, { method: 'PUT', body, duplex: 'half' } as RequestInit)
    await played(client(request, { resilience: { retry: 0 } }))
    expect((await Promise.all(sent.map(received)))[0]).toMatchObject({ body: 'x=1', method: 'PUT' })
  })

  it('in the address, where a Request goes with all of its members, and with a body that is not kept', async () => {
    const { client, sent } = signing(inQuery, [fine])
    const members = { method: 'PUT', cache: 'no-store', credentials: 'omit', redirect: 'error' } as const
    const request = new Request(room, { ...members, body: 'x=1', headers: { 'x-count': '1' } })
    // What a service worker of a page gets, and nobody else may ask for.
    Object.defineProperty(request, 'mode', { value: 'navigate' })
    await played(client(request, { resilience: { replayLimit: 0 } }))
    const [{ input, init } = { input: '', init: undefined }] = sent
    const got = new Request(input, init)
    expect(got).toMatchObject({ ...members, url: `${room}?key=key-1` })
    expect(got.headers.get('x-count')).toBe('1')
    expect(await got.text()).toBe('x=1')
  })
})
