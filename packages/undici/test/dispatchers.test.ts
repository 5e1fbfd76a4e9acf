import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { isVendorError, OptionsError, resilient } from '@holdfast/core'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import * as undici7 from 'undici'
import * as undici8 from 'undici-8'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { undiciFetch } from '../src/index.ts'
import { ScriptedServer } from './server.ts'

const server = new ScriptedServer()
beforeAll(() => server.listen())
afterAll(() => server.close())

describe.each([
  ['7', undici7],
  // The same interface by other types.
  ['8', undici8 as unknown as typeof undici7],
] as const)('undici %s', (_, undici) => {
  it('carries requests, replies, redirects and errors', async () => {
    const agent = new undici.Agent()
    const fetch = undiciFetch({ dispatcher: agent })
    const script = {
      status: 307,
      next: {
        codings: ['gzip'],
        headers: [
          ['set-cookie', 'a'],
          ['set-cookie', 'b'],
        ],
      },
    } as const
    const reply = await fetch(server.url(script), { method: 'POST', body: 'sent' })
    expect(await reply.text()).toBe('sent')
    expect(reply.headers.getSetCookie()).toEqual(['a', 'b'])
    const broken = await fetch(server.url({ text: 'abc', breaksAfter: 1 }))
    await expect(broken.text()).rejects.toMatchObject({ name: 'TypeError', message: 'terminated' })
    await agent.close()
    await expect(fetch(server.url({}))).rejects.toMatchObject({ cause: { code: 'UND_ERR_DESTROYED' } })
  })

  it('runs its interceptors', async () => {
    const agent = new undici.Agent().compose(undici.interceptors.decompress(), undici.interceptors.cache())
    const fetch = undiciFetch({ dispatcher: agent })
    const script = { text: 'kept', codings: ['gzip'], headers: [['cache-control', 'max-age=60']] } as const
    server.arrived.length = 0
    for (let at = 0; at < 2; at++) expect(await (await fetch(server.url(script))).text()).toBe('kept')
    expect(server.arrived.length).toBe(1)
    await agent.close()
  })

  // As `fetch` does: an interceptor would follow a POST's 303 unseen, and show a key to any host.
  it('leaves redirects to whoever asks for them, though an interceptor follows them', async () => {
    const agent = new undici.Agent().compose(undici.interceptors.redirect({ maxRedirections: 5 }))
    const client = resilient(undiciFetch({ dispatcher: agent }), {
      retry: { backoff: { fast: { base: 1, limit: 1 } } },
    })
    const script = { status: 303, nextAt: 'other', next: { text: 'page' } } as const
    server.arrived.length = 0
    const init = { method: 'POST', body: 'one', headers: { 'x-api-key': 'abcdefgh' } }
    expect((await client(server.url(script), { ...init, redirect: 'manual' })).status).toBe(303)
    const reply = await client(server.url(script), init)
    expect([await reply.text(), reply.redirected]).toEqual(['page', true])
    expect(server.arrived.map(({ method, headers }) => [method, headers.includes('abcdefgh')])).toEqual([
      ['POST', true],
      ['POST', true],
      ['GET', false],
    ])
    const nowhere = client(server.url({ status: 303, location: 'http://127.0.0.1:1/' }), init)
    await expect(nowhere).rejects.toMatchObject({ code: 'REDIRECT_REFUSED', mayBeDone: true })
    expect(server.arrived).toHaveLength(4)
    await agent.close()
  })

  it('is replaced by its MockAgent in tests', async () => {
    const agent = new undici.MockAgent()
    agent.disableNetConnect()
    const pool = agent.get('https://api.example')
    pool.intercept({ path: '/things', method: 'POST', body: 'one' }).reply(503, '').times(1)
    pool.intercept({ path: '/things', method: 'POST', body: 'one' }).reply(201, { id: 1 })
    const client = resilient(undiciFetch({ dispatcher: agent }), {
      retry: { backoff: { fast: { base: 1, limit: 1 } } },
    })
    const init = { method: 'POST', body: 'one', resilience: { idempotent: true } }
    expect(await (await client('https://api.example/things', init)).json()).toEqual({ id: 1 })
    await expect(client('https://api.example/others')).rejects.toThrow()
    await client.close()
    await agent.close()
  })
})

it('takes a dispatcher of one request before its own', async () => {
  const agent = new undici7.MockAgent()
  agent.get('https://api.example').intercept({ path: '/' }).reply(200, 'mocked')
  const closed = new undici7.Agent()
  await closed.close()
  const fetch = undiciFetch({ dispatcher: closed })
  expect(await (await fetch('https://api.example/', { dispatcher: agent })).text()).toBe('mocked')
  await agent.close()
})

it('tells the diagnostics channels of undici', async () => {
  const seen: string[] = []
  const note = (message: unknown) => void seen.push((message as { request: { path: string } }).request.path)
  subscribe('undici:request:create', note)
  await (await undiciFetch()(server.url({}))).text()
  unsubscribe('undici:request:create', note)
  expect(seen).toEqual([server.url({}).slice(server.origin.length)])
})

it('is not seen by MSW, which replaces the global fetch', async () => {
  const mocks = setupServer(http.get('http://nobody.invalid/', () => HttpResponse.text('mocked')))
  mocks.listen()
  try {
    expect(await (await globalThis.fetch('http://nobody.invalid/')).text()).toBe('mocked')
    await expect(undiciFetch()('http://nobody.invalid/')).rejects.toMatchObject({ cause: { code: 'ENOTFOUND' } })
  } finally {
    mocks.close()
  }
})

it('leaves the rare to the fetch of the platform, with the same dispatcher', async () => {
  const agent = new undici7.MockAgent()
  agent
    .get('https://api.example')
    .intercept({ path: '/', headers: { pragma: 'no-cache' } })
    .reply(200, 'mocked')
  const fetch = undiciFetch({ dispatcher: agent })
  expect(await (await fetch('https://api.example/', { cache: 'no-store' })).text()).toBe('mocked')
  expect(await (await fetch('data:text/plain,data')).text()).toBe('data')
  const url = URL.createObjectURL(new Blob(['blob']))
  expect(await (await fetch(url)).text()).toBe('blob')
  await expect(fetch('about:blank')).rejects.toThrow(TypeError)
  await agent.close()
})

it('names a wrong option', () => {
  const make = (options: object) => () => undiciFetch(options)
  expect(make({ dispatcher: {} })).toThrow(OptionsError)
  expect(make({ dispatcher: {} })).toThrow('must be a dispatcher of undici, with a method `dispatch`, got an object.')
  expect(make({ agent: 1 })).toThrow('undiciFetch: option `agent` is not known. There is `dispatcher`.')
})

describe('what differs from the built-in fetch on purpose', () => {
  const fetch = undiciFetch()

  it('sends nothing twice: a status 421 is the answer', async () => {
    server.arrived.length = 0
    expect((await fetch(server.url({ status: 421 }), { method: 'POST', body: 'x' })).status).toBe(421)
    expect(server.arrived.length).toBe(1)
  })

  it('says that a proxy wants to know who asks', async () => {
    const client = resilient(fetch, { retry: false })
    const error = await client(server.url({ status: 407 })).catch((thrown: unknown) => thrown)
    expect(isVendorError(error) && error.code).toBe('HTTP_407')
    await client.close()
  })

  it('keeps the names of headers as they are written, but for those of `Headers`', async () => {
    server.arrived.length = 0
    await fetch(server.url({}), { headers: { 'X-Mine': 'a' } })
    await fetch(server.url({}), { headers: [['X-Mine', 'a']] })
    await fetch(server.url({}), { headers: new Headers({ 'X-Mine': 'a' }) })
    const names = server.arrived.map(({ headers }) => headers.find((name) => /^x-mine$/i.test(name)))
    expect(names).toEqual(['X-Mine', 'X-Mine', 'x-mine'])
  })

  it('knows zstd in every Node.js that has it', async () => {
    expect(await (await fetch(server.url({ text: 'packed', codings: ['zstd'] }))).text()).toBe('packed')
  })

  it('takes five codings, one in the other, and no more', async () => {
    const fine = Array.from({ length: 5 }, () => 'gzip')
    expect(await (await fetch(server.url({ text: 'packed', codings: fine }))).text()).toBe('packed')
    await expect(fetch(server.url({ text: 'x', codings: [...fine, 'gzip'] }))).rejects.toThrow('fetch failed')
  })
})
