import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createState,
  type Fetch,
  type OneCallOptions,
  type ResilientFetch,
  type ResilientInit,
  resilient,
  withResilience,
} from '../src/index.ts'
import { resilientKy } from '../src/ky.ts'
import { depot } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
})

/** A service that is held back for a second, so that no call leaves at once, and refuses each request once. */
async function heldBack() {
  const seen: { method: string; url: string; headers: Headers; body: string }[] = []
  const refused = new Set<string>()
  const { fetch } = stubFetch(async ({ input, init }) => {
    const request = new Request(input, init)
    const one = { method: request.method, url: request.url, headers: request.headers, body: await request.text() }
    seen.push(one)
    const isFirst = !refused.has(one.url + one.body)
    refused.add(one.url + one.body)
    return isFirst ? new Response(null, { status: 503 }) : new Response('done')
  })
  const state = createState()
  const throttled = stubFetch(reply(429, null, { 'retry-after': '1' }))
  await played(resilient(throttled.fetch, { state, retry: 0 })(url).catch(() => {}))
  return { client: resilient(fetch, { state, budget: false, breaker: false }), seen }
}

/** A client whose vendor has to see a body before it is sent. */
function preread() {
  const seen: { headers: Headers }[] = []
  const fetch: Fetch = async (...given) => new Response(String(seen.push(new Request(...given))))
  return { client: resilient(fetch, { vendor: depot({ needsRequestBody: () => true }) }) as ResilientFetch, seen }
}

/** A client whose \`fetch\` is another client, behind a function that waits before it. */
function around(fetch: Fetch) {
  const inner = resilient(fetch)
  return resilient(async (input, init) => {
    await undefined
    return inner(input, init)
  })
}

describe('a call is what it was when it was made, at its first attempt and at its last:', () => {
  it('one URL object, pointed elsewhere for each call', async () => {
    const { client, seen } = await heldBack()
    const target = new URL(url)
    const calls = ['vm-1', 'vm-2', 'vm-3'].map((vm) => {
      target.pathname = `/things/${vm}`
      return client(target, { method: 'DELETE' })
    })
    target.host = 'stranger.example'
    await played(Promise.all(calls))
    const expected = ['vm-1', 'vm-2', 'vm-3'].map((vm) => `${url}/${vm}`)
    expect(seen.map((one) => one.url).toSorted()).toEqual([...expected, ...expected].toSorted())
  })

  it('one init, changed for each call', async () => {
    const { client, seen } = await heldBack()
    const headers = new Headers()
    const init: RequestInit & ResilientInit = { method: 'PUT', headers }
    const calls = [1, 2, 3].map((n) => {
      headers.set('x-number', String(n))
      init.body = `body ${n}`
      return client(`${url}/${n}`, init)
    })
    init.method = 'DELETE'
    headers.set('x-number', 'none')
    await played(Promise.all(calls))
    expect(seen).toHaveLength(6)
    for (const one of seen) {
      const n = one.url.at(-1)
      expect([one.method, one.headers.get('x-number'), one.body]).toEqual(['PUT', n, `body ${n}`])
    }
  })

  it.each<[string, () => { body: BodyInit; change: () => void; text: string }]>([
    [
      'bytes of another realm',
      () => {
        const body: ArrayBuffer = runInNewContext('new Uint8Array([97, 98, 99]).buffer')
        return { body, change: () => new Uint8Array(body).fill(122), text: 'abc' }
      },
    ],
    [
      'bytes',
      () => {
        const body = new TextEncoder().encode('first')
        return { body, change: () => body.fill(0x78), text: 'first' }
      },
    ],
    [
      'a buffer',
      () => {
        const bytes = new TextEncoder().encode('first')
        return { body: bytes.buffer, change: () => bytes.fill(0x78), text: 'first' }
      },
    ],
    [
      'parameters',
      () => {
        const body = new URLSearchParams({ name: 'first' })
        return { body, change: () => body.set('name', 'second'), text: 'name=first' }
      },
    ],
    [
      'a form',
      () => {
        const body = new FormData()
        body.set('name', 'first')
        return { body, change: () => body.set('name', 'second'), text: 'first' }
      },
    ],
    [
      'what fetch makes a text of',
      () => {
        const body = { text: 'first', toString: () => body.text }
        const change = () => {
          body.text = 'second'
        }
        return { body: body as never, change, text: 'first' }
      },
    ],
    [
      'what fetch makes a primitive of',
      () => {
        let text = 'first'
        const change = () => {
          text = 'second'
        }
        return { body: { [Symbol.toPrimitive]: () => text } as never, change, text: 'first' }
      },
    ],
    [
      'a list',
      () => {
        const body = ['first']
        return { body: body as never, change: () => body.push('second'), text: 'first' }
      },
    ],
  ])('a body of %s', async (_, make) => {
    const { fetch } = stubFetch(reply(503), fine)
    const bodies: string[] = []
    const client = resilient(async (input, init) => {
      bodies.push(await new Request(input, init).text())
      return fetch(input, init)
    })
    const { body, change, text } = make()
    const call = client(url, { method: 'PUT', body })
    change()
    await played(call)
    expect(bodies).toHaveLength(2)
    for (const sent of bodies) {
      expect(sent).toContain(text)
      expect(sent).not.toContain('second')
    }
  })

  it.each([
    [1_048_576, 'first'],
    [1_048_577, 'xxxxx'],
  ])('not bytes of more than a mebibyte, which nobody copies: %i', async (size, begin) => {
    for (const given of [(bytes: Uint8Array<ArrayBuffer>) => bytes, ({ buffer }: Uint8Array<ArrayBuffer>) => buffer]) {
      const { fetch } = stubFetch(reply(503), fine)
      const begins: string[] = []
      const client = resilient(async (input, init) => {
        begins.push((await new Request(input, init).text()).slice(0, 5))
        return fetch(input, init)
      })
      const bytes = new Uint8Array(size)
      bytes.set(new TextEncoder().encode('first'))
      const call = client(url, { method: 'PUT', body: given(bytes) })
      bytes.fill(0x78)
      await played(call)
      expect(begins.at(-1)).toBe(begin)
    }
  })

  it('header values that fetch makes texts of', async () => {
    const { fetch, sent } = stubFetch(reply(503), fine)
    const list = ['1']
    const headers = { 'x-list': list, 'x-number': { toString: () => String(list.length) } } as never
    const call = resilient(fetch)(url, { headers })
    list.push('2')
    await played(call)
    const values = sent.map(({ init }) => ['x-list', 'x-number'].map((name) => new Headers(init?.headers).get(name)))
    expect(values).toEqual([
      ['1', '1'],
      ['1', '1'],
    ])
  })

  it('a header value of which fetch can make no text', async () => {
    const { fetch, sent } = stubFetch(fine)
    const headers = { 'x-symbol': Symbol('1') } as never
    await expect(resilient(fetch)(url, { headers })).rejects.toThrow(TypeError)
    expect(sent).toEqual([])
  })

  it('the headers of a Request, at a further attempt', async () => {
    const { fetch, sent } = stubFetch(reply(503), fine)
    const request = new Request(url, { headers: { 'x-number': '1' } })
    const call = resilient(fetch)(request)
    request.headers.set('x-number', '2')
    await played(call)
    const { input, init } = sent[1] ?? {}
    expect(new Request(input as Request, init).headers.get('x-number')).toBe('1')
  })

  it.each<[string, () => Promise<{ client: ResilientFetch; seen: { headers: Headers }[] }>]>([
    ['at a first attempt that had to wait', heldBack],
    ['whose body has to be seen', async () => preread()],
  ])('the headers of a Request %s', async (_, make) => {
    const { client, seen } = await make()
    const request = new Request(url, { method: 'POST', body: 'x', headers: { 'x-number': '1' } })
    const call = client(request)
    request.headers.set('x-number', '2')
    await failure(call).catch(() => {})
    expect(seen[0]?.headers.get('x-number')).toBe('1')
  })

  it('its own options', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const resilience = { retry: 1 }
    const call = resilient(fetch)(url, { resilience }).catch(() => {})
    resilience.retry = 3
    await played(call)
    expect(sent).toHaveLength(2)
  })

  it('all that lies in its own options, and in those of its client', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const errors = { HTTP_503: { retry: { limit: 1 } } }
    const deadlineHeader = { name: 'x-left' }
    const fast = { base: 1_000, limit: 1_000 }
    const client = resilient(fetch, { retry: { jitter: 'none', backoff: { fast } } })
    fast.base = 500
    const call = client(url, { resilience: { errors, deadlineHeader } }).catch(() => {})
    errors.HTTP_503.retry.limit = 3
    deadlineHeader.name = 'x-other'
    await played(call)
    expect(sent).toHaveLength(2)
    expect((sent[1]?.at ?? 0) - (sent[0]?.at ?? 0)).toBe(1_000)
    expect(new Headers(sent[1]?.init?.headers).get('x-left')).not.toBeNull()
  })

  it.each<[string, (fetch: Fetch, resilience: OneCallOptions) => Promise<Response>]>([
    ['ky', (fetch, resilience) => resilientKy({ fetch })(url, { method: 'POST', resilience })],
    ['a client within', (fetch, resilience) => around(fetch)(url, { method: 'POST', resilience })],
    [
      'a client within, with a `Request`',
      (fetch, resilience) => around(fetch)(withResilience(new Request(url, { method: 'POST' }), resilience)),
    ],
  ])('its own options, under %s, which takes its time', async (_, send) => {
    const { fetch, sent } = stubFetch(reply(502))
    const resilience = { idempotent: false, errors: { HTTP_502: { retry: 3 } } }
    const call = send(fetch, resilience)
    resilience.idempotent = true
    resilience.errors.HTTP_502.retry = 9
    expect(await failure(call)).toMatchObject({ reason: 'not-repeatable' })
    expect(sent).toHaveLength(1)
  })

  it('its own options, where its body has to be seen before they are used', async () => {
    const { fetch, sent } = stubFetch(reply(500))
    const vendor = depot({ needsRequestBody: () => true })
    const resilience = { idempotent: false }
    const init = { method: 'POST', body: new Blob(['{}']), resilience }
    const call = resilient(fetch, { vendor })('https://depot.example/belts', init).catch(() => {})
    resilience.idempotent = true
    await played(call)
    expect(sent).toHaveLength(1)
  })

  it('a getter, which is asked once', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    let asked = 0
    const resilience = {
      get retry() {
        asked++
        return asked
      },
    }
    await played(resilient(fetch)(url, { resilience }).catch(() => {}))
    expect([asked, sent.length]).toEqual([1, 2])
  })

  it('what fetch would make a text of each time', async () => {
    const { fetch, sent } = stubFetch(reply(503), fine)
    const words = ['PUT', 'POST', 'POST', 'POST', 'POST']
    const method = { toString: () => words.shift() ?? 'POST' } as never
    await played(resilient(fetch)(url, { method }))
    expect(sent.map((one) => one.method)).toEqual(['PUT', 'PUT'])
  })

  it.each([
    ['', undefined],
    [' of a client with defaults', { headers: { 'x-default': '1' } }],
  ])('members that stand on a prototype, as those of a Request given for an init%s', async (_, defaults) => {
    const { fetch, sent } = stubFetch(reply(503), fine)
    const init = new Request('https://other.example', { method: 'DELETE', headers: { 'x-number': '1' } })
    await played(resilient(fetch, defaults && { init: defaults })(url, init))
    expect(sent.map((one) => [one.method, new Headers(one.init?.headers).get('x-number')])).toEqual([
      ['DELETE', '1'],
      ['DELETE', '1'],
    ])
  })
})
