import { inspect } from 'node:util'
import { HTTPError } from 'ky'
import { describe, expect, it } from 'vitest'
import { CallHistory } from '../src/call/progress.ts'
import { failureOf, type ResilienceEvent, type ResilientOptions, resilient, type VendorError } from '../src/index.ts'
import { type ResilientKyOptions, resilientKy } from '../src/ky.ts'
import { depot, says } from './helpers/depot.ts'
import { breaks, reply, stubFetch, throws } from './helpers/stub-fetch.ts'

const url = 'https://depot.example/belts'
const secret = 's3cret/of+the=caller'
const headers = { 'x-api-key': secret }
const formOf = (value: string) => {
  const form = new FormData()
  form.set('a', value)
  return form
}
const everything = (value: unknown) => inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true })

async function thrownBy(fetch: typeof globalThis.fetch, given: string, init: RequestInit, options?: ResilientOptions) {
  return resilient(fetch, options)(given, init).catch((thrown: unknown) => thrown)
}

describe('onConflict', () => {
  it('gets a verdict without secrets, and with the members that are known alone', async () => {
    const asked: unknown[] = []
    const parse = () => ({ code: 'PARCEL_LOCKED' as const, message: `not ${secret}`, params: [secret], raw: secret })
    const vendor = depot({ parse })
    const { fetch } = stubFetch(reply(409, 'x'))
    const client = resilient(fetch, {
      vendor,
      onConflict: (...given) => {
        asked.push(...given)
        return 'fail'
      },
    })
    await client(`${url}/${encodeURIComponent(secret)}`, { headers }).catch(() => {})
    expect(asked).toMatchObject([
      { fault: { code: 'PARCEL_LOCKED', message: 'not [redacted]', params: ['[redacted]'] }, kind: 'conflict' },
      { method: 'GET', url: `${url}/[redacted]` },
    ])
    expect(everything(asked)).not.toMatch(/s3cret|raw/)
  })
})

describe('a secret that a call has left behind', () => {
  it('is that of the request which an answer has replaced', async () => {
    const { fetch } = stubFetch(says('PARCEL_LOCKED'), says('LABEL_BAD', { message: `before: ${secret}` }))
    const onConflict = () => ({ url, init: {} })
    const error = await thrownBy(fetch, url, { headers }, { vendor: depot(), onConflict })
    expect(error).toMatchObject({ code: 'LABEL_BAD' })
    expect((error as Error).message).toContain('before: [redacted]')
  })

  it('is a signature that its vendor has made for one request', async () => {
    const auth = {
      credentials: () => ({ username: 'me' }),
      open: async () => ({ secrets: [] }),
      sign: (request: { readonly headers: Headers }) =>
        request.headers.set('authorization', 'V1 Signature=abc+def/123'),
    }
    const vendor = depot({ auth, origins: ['https://depot.example'] })
    const { fetch } = stubFetch(says('LABEL_BAD', { message: 'the signature abc+def/123 is wrong' }))
    expect(((await thrownBy(fetch, url, {}, { vendor })) as Error).message).toContain('signature [redacted] is wrong')
  })
})

describe('a secret of an attempt before', () => {
  it('is a signature that was made for it alone', async () => {
    let signatures = 0
    const auth = {
      credentials: () => ({ username: 'me' }),
      open: async () => ({ secrets: [] }),
      sign: ({ headers: signed }: { readonly headers: Headers }) =>
        signed.set('authorization', `V1 Signature=signature-no-${++signatures}`),
    }
    const vendor = depot({ auth, origins: ['https://depot.example'] })
    const { fetch } = stubFetch(
      says('BADGE_EXPIRED'),
      says('BADGE_EXPIRED'),
      says('LABEL_BAD', { message: 'after signature-no-1, and signature-no-2, and signature-no-3' }),
    )
    const { message } = (await thrownBy(fetch, url, {}, { vendor })) as Error
    expect(message).toContain('after [redacted], and [redacted], and [redacted]')
  })
})

it('a call of any number of signed attempts remembers the last of them, and no more', () => {
  const history = new CallHistory()
  const signed = Array.from({ length: 1_000 }, (_, at) => ({
    session: undefined,
    headers: new Headers({ authorization: `V1 Signature=no-${at}` }),
    url: undefined,
  }))
  for (const one of signed) history.keepSigned(one)
  expect(history.formerSigned).toEqual(signed.slice(-64))
})

describe('a rejection that is none of our affair', () => {
  class Mistake extends Error {
    readonly kept = { of: 'mine' }
  }

  it('is the very same value where no secret is in it', async () => {
    for (const mistake of [new Mistake('mine'), 'mine', { mine: 1 }]) {
      const { fetch } = stubFetch(throws(mistake))
      expect(await thrownBy(fetch, url, { headers })).toBe(mistake)
    }
  })

  it.each<[string, () => unknown]>([
    ['its message', () => new Mistake(`no ${secret}`)],
    ['its name', () => Object.assign(new Mistake('no'), { name: secret })],
    ['a member', () => Object.assign(new Mistake('no'), { options: { headers } })],
    ['a member named so', () => Object.assign(new Mistake('no'), { [secret]: 1 })],
    ['a symbol', () => Object.assign(new Mistake('no'), { [Symbol('data')]: secret })],
    ['a hidden member', () => Object.defineProperty(new Mistake('no'), 'data', { value: secret })],
    ['a getter', () => Object.defineProperty(new Mistake('no'), 'data', { get: () => secret })],
    ['a map', () => Object.assign(new Mistake('no'), { data: new Map([['key', new Set([secret])]]) })],
    ['bytes', () => Object.assign(new Mistake('no'), { data: new TextEncoder().encode(secret) })],
    ['the bytes of UTF-16', () => Object.assign(new Mistake('no'), { data: Buffer.from(secret, 'utf16le') })],
    ['its cause', () => new Mistake('no', { cause: new Error('inner', { cause: secret }) })],
    ['one of several', () => new AggregateError([new Error(secret)], 'no')],
    ['a request', () => Object.assign(new Mistake('no'), { request: new Request(url, { headers }) })],
    ['a form', () => Object.assign(new Mistake('no'), { body: formOf(secret) })],
    ['a promise', () => Object.assign(new Mistake('no'), { late: Promise.resolve(secret) })],
    ['its JSON', () => Object.assign(new Mistake('no'), { toJSON: () => secret })],
    ['its own printing', () => Object.assign(new Mistake('no'), { [inspect.custom]: () => secret })],
    ['a pattern', () => Object.assign(new Mistake('no'), { like: /s3cret\/of\+the=caller/ })],
    ['headers', () => Object.assign(new Mistake('no'), { headers: new Headers(headers) })],
    ['what is no error', () => ({ why: secret })],
    ['a text', () => `no ${secret}`],
    ['an abort that is not its caller’s', () => new DOMException(secret, 'AbortError')],
  ])('is a copy without the secret where that stands in %s', async (_, make) => {
    const { fetch } = stubFetch(() => {
      throw make()
    })
    const thrown = await thrownBy(fetch, url, { headers })
    expect(everything(thrown)).not.toContain('s3cret')
    expect(everything(thrown)).toMatch(/no|inner|redacted/)
  })

  it('tells nothing of a `Request` that no call can be made of, of whatever copy of the class that is', async () => {
    const scope = ({ url: at }: { url: string }) => {
      throw new Mistake(`no scope for ${at} with ${secret}`)
    }
    const given = { url: `${url}?password=hunter22`, method: 'GET', headers: new Headers(headers), body: null }
    for (const input of [new Request(given.url, given), given as Request]) {
      const client = resilient(stubFetch(reply(200)).fetch, { vendor: depot({ scope: scope as never }) })
      const thrown = await client(input).catch((error: unknown) => error)
      expect(everything(thrown)).toContain('no scope for')
      expect(everything(thrown)).not.toMatch(/hunter22|s3cret/)
    }
  })

  it('says no when it is read, and is told nevertheless', async () => {
    const hostile = Object.defineProperties(new Error(secret), {
      name: { get: () => Symbol('x') },
      stack: {
        get: () => {
          throw new Error(secret)
        },
      },
    })
    const { fetch } = stubFetch(throws(hostile))
    expect(await thrownBy(fetch, url, { headers })).toMatchObject({ message: '[redacted]' })
  })

  it('is the caller’s own reason for an abort, whatever is in it', async () => {
    const reason = new Mistake(secret)
    const { fetch } = stubFetch(throws(reason))
    expect(await thrownBy(fetch, url, { headers, signal: AbortSignal.abort(reason) })).toBe(reason)
  })

  it('is fetch’s own in mode observe, which changes nothing', async () => {
    const mistake = new Mistake(secret)
    const { fetch } = stubFetch(throws(mistake))
    expect(await thrownBy(fetch, url, { headers }, { mode: 'observe' })).toBe(mistake)
  })

  it.each<[string, string, RequestInit]>([
    ['user information', `https://me:${encodeURIComponent(secret)}@depot.example/`, {}],
    ['a query of a URL that cannot be read', `not a url?token=${encodeURIComponent(secret)}`, {}],
    ['user information of a URL that cannot be read', `https://me:${encodeURIComponent(secret)}@host:port/x`, {}],
    ['user information behind one slash', `https:/me:${encodeURIComponent(secret)}@depot.example/`, {}],
    ['user information behind none', `https:me:${encodeURIComponent(secret)}@depot.example/`, {}],
    ['user information behind backslashes', `https:\\\\me:${encodeURIComponent(secret)}@depot.example/`, {}],
    ['user information in a URL behind a blank', ` https://me:${encodeURIComponent(secret)}@depot.example/`, {}],
    ['user information in a URL on two lines', `ht\ntps://me:${encodeURIComponent(secret)}@depot.example/`, {}],
    ['user information of a URL without its colon', `https//me:${encodeURIComponent(secret)}@depot.example/`, {}],
    ['user information with a slash in it', `https://me:x/${secret}@depot.example/`, {}],
    ['a parameter in the path of a URL that cannot be read', `https://[/x;password=${secret}`, {}],
    ['a query with semicolons in a URL that cannot be read', `https://[/x?a=1;token=${secret}`, {}],
    ['a header', url, { headers: { 'x-token': `${secret}\nx` } }],
    ['a header in a list', url, { headers: [['authorization', `Bearer ${secret}\0`]] }],
    ['a default header that was changed', url, {}],
  ])('is fetch’s own error without the secret that it quotes: %s', async (name, given, init) => {
    const reads = ['fine']
    const changed = Object.defineProperty({}, 'x-token', { enumerable: true, get: () => reads.pop() ?? `${secret}\0` })
    const defaults = name === 'a default header that was changed' ? { init: { headers: changed } } : {}
    const shown: ResilienceEvent[] = []
    const observers = [(event: ResilienceEvent) => void shown.push(event)]
    const thrown = await thrownBy(globalThis.fetch, given, init, { ...defaults, observers })
    expect(thrown).toBeInstanceOf(TypeError)
    expect(everything([thrown, shown])).not.toContain('s3cret')
  })
})

describe('a cause', () => {
  it('has none of the members that hold requests and replies', async () => {
    const parser = { data: Buffer.from(`Set-Cookie: ${secret}`), socket: { headers }, [Symbol('x')]: secret }
    const { fetch } = stubFetch(breaks('ECONNRESET', parser))
    const error = (await thrownBy(fetch, url, { headers }, { retry: 0 })) as VendorError
    expect(error.code).toBe('ECONNRESET')
    expect((error.cause as Error).cause).toMatchObject({ code: 'ECONNRESET', syscall: 'read' })
    expect(everything(error)).not.toMatch(/s3cret|73 33 63/)
  })

  it('of any number of errors is told within bounds', async () => {
    const tree = (depth: number): Error =>
      depth === 0
        ? new Error('leaf')
        : new AggregateError(
            Array.from({ length: 20 }, () => tree(depth - 1)),
            secret,
          )
    const cause = Object.assign(tree(3), { code: 'ECONNRESET' })
    const { fetch } = stubFetch(throws(new TypeError('fetch failed', { cause })))
    const error = await thrownBy(fetch, url, { headers }, { retry: 0 })
    expect(everything(error)).not.toContain('s3cret')
    expect(everything(error).match(/leaf/g)?.length ?? 0).toBeLessThan(100)
  })
})

describe('the reply of an error', () => {
  it('is printed by nobody, with all that is hidden', async () => {
    const { fetch } = stubFetch(() => {
      const answered = new Response('x', { status: 400, headers })
      return Object.defineProperty(answered, 'url', { value: `${url}?token=${secret}` })
    })
    const client = resilient(fetch)
    const error = (await client(url, { headers }).catch((thrown: unknown) => thrown)) as VendorError
    expect(error.response?.status).toBe(400)
    expect(everything(error)).not.toContain('s3cret')
    const failed = failureOf(await client.fetch(url, { headers }))
    expect(failed?.response?.status).toBe(400)
    expect(everything(failed)).not.toContain('s3cret')
  })
})

describe('a path', () => {
  it('in which a secret stands is not told whole', async () => {
    const shown: unknown[] = []
    const { fetch } = stubFetch(reply(200), says('LABEL_BAD'))
    const client = resilient(fetch, { vendor: depot(), observers: [(event) => shown.push(event)] })
    for (const path of [secret, encodeURIComponent(secret)])
      shown.push(await client(`${url}/${path}/x`, { headers }).catch((thrown: unknown) => thrown))
    expect(everything(shown.filter((one) => !(one instanceof Response)))).not.toContain('s3cret')
    expect(everything(shown)).toContain('[redacted]/x')
  })
})

it('an option that is no host is told without what it hides', () => {
  for (const host of [`https://me:${secret}@vc.example`, `vc.example?token=${secret}`])
    expect(() => resilient(fetch, { trustedHosts: [host] })).toThrow(/^(?!.*s3cret).*trustedHosts/s)
})

describe('under ky', () => {
  it('a rejection is ours, and not in the wrapping that shows the request', async () => {
    const cause = Object.assign(new Error('bad argument'), { code: 'UND_ERR_INVALID_ARG' })
    const mistake = new TypeError('fetch failed', { cause })
    const { fetch } = stubFetch(throws(mistake))
    const api = resilientKy({ fetch })
    const error = await api.get(`${url}?token=${secret}`, { headers }).catch((thrown: unknown) => thrown)
    expect(error).toBe(mistake)
    expect(everything(error)).not.toContain('s3cret')
  })
})

describe('ky’s own error', () => {
  const given = `${url}?token=${encodeURIComponent(secret)}`
  const replies: [string, number, ResilientKyOptions][] = [
    ['of a redirect that was asked for', 302, {}],
    ['of a failure in the mode `observe`', 500, { mode: 'observe' }],
  ]

  it.each(replies)('has what it has, and shows it to nobody who prints it: %s', async (_, status, options) => {
    const { fetch } = stubFetch(reply(status, secret))
    const api = resilientKy({ fetch, ...options })
    const error = await api.get(given, { headers, redirect: 'manual' }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(HTTPError)
    const { request, response, options: sent, data, message } = error as HTTPError
    expect(request.headers.get('x-api-key')).toBe(secret)
    expect([response.status, data, new Headers(sent.headers).get('x-api-key')]).toEqual([status, secret, secret])
    expect(message).toBe(`Request failed with status code ${status}: GET ${url}`)
    expect(everything([error, JSON.stringify(error), (error as Error).stack])).not.toContain('s3cret')
  })
})

it('names no user and no password of a proxy that an error of Node.js tells of', async () => {
  const words = `Failed to establish tunnel to x.example:443 via http://ops:${encodeURIComponent(secret)}@proxy.example:3128/: HTTP/1.1 502 Bad Gateway`
  const cause = Object.assign(new Error(words), { code: 'ERR_PROXY_TUNNEL' })
  const error = await thrownBy(stubFetch(throws(cause)).fetch, url, {}, { retry: false })
  expect(error).toMatchObject({ code: 'PROXY_TUNNEL_FAILED' })
  expect(everything(error)).not.toContain(encodeURIComponent(secret))
  expect(String((error as Error).message)).toContain('via http://[redacted]@proxy.example:3128/')
})
