import { getEventListeners } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import type { ResilientOptions } from '../src/contract/policy.ts'
import { http } from '../src/http/http.ts'
import { resilientKy } from '../src/ky.ts'
import { resilient } from '../src/resilient.ts'
import { depot } from './helpers/depot.ts'

const url = 'https://service.example/things'
const answer = () => Promise.resolve(Response.json({ ok: true }))

describe('the given fetch', () => {
  it.each(['act', 'observe'] as const)('is called without `this`, as browsers demand: %s', async (mode) => {
    const seen: unknown[] = []
    const fetch = function (this: unknown) {
      seen.push(this)
      return answer()
    }
    await resilient(fetch, { mode, vendor: http })(url)
    await resilient(fetch, { mode }).fetch(url)
    expect(seen).toEqual([undefined, undefined])
  })

  it('is the one that was given, whatever becomes of the global', async () => {
    const given = vi.fn(answer)
    const client = resilient(given)
    const replaced = vi.spyOn(globalThis, 'fetch').mockImplementation(answer)
    await client(url)
    expect([given.mock.calls.length, replaced.mock.calls.length]).toEqual([1, 0])
  })

  it('is not given out again for a reply without a body that has a stream all the same', async () => {
    const fetch = vi.fn(async () => {
      const reply = new Response(null, { status: 204 })
      return Object.defineProperty(reply, 'body', { value: new ReadableStream({ pull: (body) => body.close() }) })
    })
    const { signal } = new AbortController()
    for (const options of [{}, { bodyTimeout: 1_000 }]) {
      const reply = await resilient(fetch, options)(url, { method: 'DELETE', signal })
      expect(reply.status).toBe(204)
    }
    expect(fetch).toHaveBeenCalledTimes(2)
  })
})

it.each<ResilientOptions>([{}, { bodyNeed: 'whole' }, { bodyTimeout: 1_000 }])(
  'a reply whose body somebody reads already leaves no listener: %j',
  async (options) => {
    const fetch = async () => {
      const reply = new Response('x')
      reply.body?.getReader()
      return reply
    }
    const { signal } = new AbortController()
    await expect(resilient(fetch, options)(url, { method: 'POST', signal })).rejects.toThrow('locked')
    expect(getEventListeners(signal, 'abort')).toEqual([])
  },
)

describe('the bytes of a given fetch', () => {
  const whole = depot({ bodyNeed: () => 'whole' })
  it.each<[string, number, ResilientOptions]>([
    ['by nobody', 200, {}],
    ['for a vendor', 200, { vendor: whole }],
    ['for `classify`', 200, { classify: () => undefined }],
    ['for a limit on silence', 200, { bodyTimeout: 1_000 }],
    ['for an error', 400, {}],
  ])('stay its own, read %s: it may answer with them again', async (_, status, options) => {
    const bytes = Uint8Array.from(Buffer.from('{"ok":true}'))
    const headers = { 'content-type': 'application/json' }
    const start = (body: ReadableStreamDefaultController) => {
      body.enqueue(bytes)
      body.close()
    }
    const fetch = async () => new Response(new ReadableStream({ start }), { status, headers })
    const client = resilient(fetch, options)
    const { signal } = new AbortController()
    for (let call = 0; call < 2; call++) {
      const reply = await client.fetch(`https://depot.example/${call}`, { signal })
      expect(await reply.text()).toBe('{"ok":true}')
    }
    expect(bytes).toHaveLength(11)
  })
})

describe('the global fetch', () => {
  it('is looked up at each call', async () => {
    const client = resilient(globalThis.fetch)
    const ky = resilientKy()
    const replaced = vi.spyOn(globalThis, 'fetch').mockImplementation(answer)
    await client(url)
    await client.extend({ timeout: 1_000 })(url)
    await client.fetch(url)
    await ky.get(url)
    expect(replaced).toHaveBeenCalledTimes(4)
  })

  it('may be replaced by the client itself, which then sends with the one before', async () => {
    const before = vi.spyOn(globalThis, 'fetch').mockImplementation(answer)
    const client = resilient(globalThis.fetch)
    vi.stubGlobal('fetch', client)
    await fetch(url)
    vi.stubGlobal('fetch', (input: string, init?: RequestInit) => client.fetch(input, init))
    await fetch(url)
    await client.extend({ timeout: 1_000 })(url)
    expect(before).toHaveBeenCalledTimes(3)
  })

  it('may be replaced by another client, which then has its say as well', async () => {
    const before = vi.spyOn(globalThis, 'fetch').mockImplementation(answer)
    const client = resilient(globalThis.fetch)
    const heard: string[] = []
    vi.stubGlobal('fetch', resilient(globalThis.fetch, { observers: [({ type }) => heard.push(type)] }))
    await client(url)
    expect(heard).toContain('call-ended')
    expect(before).toHaveBeenCalledTimes(1)
  })
})
