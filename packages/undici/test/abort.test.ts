import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { undiciFetch } from '../src/index.ts'
import { ScriptedServer } from './server.ts'

// The cases of the web-platform tests in fetch/api/abort, as far as a server has them.

const server = new ScriptedServer()
/** Ends the endless answers. */
const closed: Promise<unknown>[] = []
const fetch = undiciFetch()

beforeAll(async () => {
  await server.listen()
  server.onPath = (request, response) => {
    if (request.url === '/silent') return
    response.writeHead(200).flushHeaders()
    if (request.url === '/empty') return void response.end()
    closed.push(new Promise((resolve) => response.on('close', resolve)))
    response.write('x')
  }
})
afterAll(() => server.close())

const url = (path: string) => server.origin + path
const reason = new Error('Nobody waits any more.')

function aborted(): AbortSignal {
  return AbortSignal.abort(reason)
}

describe('an abort', () => {
  it('of a signal before the call sends nothing, and can be used for many', async () => {
    server.arrived.length = 0
    const signal = aborted()
    for (let at = 0; at < 3; at++) await expect(fetch(server.url({}), { signal })).rejects.toBe(reason)
    expect(server.arrived).toEqual([])
  })

  it('of a signal before the call comes before a microtask', async () => {
    const log: string[] = []
    await Promise.all([
      fetch(url('/'), { signal: aborted() }).catch(() => log.push('rejected')),
      Promise.resolve().then(() => log.push('next')),
    ])
    expect(log).toEqual(['rejected', 'next'])
  })

  it('gives way to an error of the call itself', async () => {
    await expect(fetch('nowhere', { signal: aborted() })).rejects.toThrow(TypeError)
  })

  it('before the answer', async () => {
    const controller = new AbortController()
    const sent = fetch(url('/silent'), { signal: controller.signal })
    controller.abort(reason)
    await expect(sent).rejects.toBe(reason)
  })

  it('is heard through a `Request`, unless its signal is taken away', async () => {
    const request = () => new Request(server.url({ text: 'fine' }), { signal: aborted() })
    await expect(fetch(request())).rejects.toBe(reason)
    await expect(fetch(request(), { method: 'POST' })).rejects.toBe(reason)
    expect(await (await fetch(request(), { signal: null })).text()).toBe('fine')
  })

  it('cancels the stream that was to be sent, at once', async () => {
    let cancelled: unknown
    const body = new ReadableStream({
      cancel(why) {
        cancelled = why
      },
    })
    const init = { method: 'POST', body, duplex: 'half', signal: aborted() }
    const sent = fetch(url('/'), init)
    expect(cancelled).toBe(reason)
    await expect(sent).rejects.toBe(reason)
  })

  it.each(['text', 'json', 'arrayBuffer', 'bytes', 'blob', 'formData'] as const)(
    'before %s() is called',
    async (read) => {
      const controller = new AbortController()
      const reply = await fetch(server.url({ text: '{}' }), { signal: controller.signal })
      controller.abort(reason)
      await expect(reply[read]()).rejects.toBe(reason)
    },
  )

  it.each(['text', 'arrayBuffer', 'blob'] as const)('while %s() waits closes the connection', async (read) => {
    const controller = new AbortController()
    const reply = await fetch(url('/endless'), { signal: controller.signal })
    const reading = reply[read]()
    controller.abort(reason)
    await expect(reading).rejects.toBe(reason)
    await Promise.all(closed)
  })

  it('before and after a read of the stream', async () => {
    for (const isRead of [false, true]) {
      const controller = new AbortController()
      const reply = await fetch(url('/endless'), { signal: controller.signal })
      const reader = reply.body?.getReader()
      if (isRead) await reader?.read()
      controller.abort(reason)
      await expect(reader?.read()).rejects.toBe(reason)
      await expect(reader?.closed).rejects.toBe(reason)
    }
    await Promise.all(closed)
  })

  it('leaves an empty body and one that was read as they are', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const [empty, full] = [await fetch(url('/empty'), { signal }), await fetch(server.url({ text: 'x' }), { signal })]
    const reader = empty.body?.getReader()
    expect(await full.text()).toBe('x')
    await new Promise((resolve) => setImmediate(resolve))
    controller.abort(reason)
    expect(await reader?.read()).toEqual({ done: true, value: undefined })
  })

  it('ends a body that comes through a decoder', async () => {
    const controller = new AbortController()
    const script = { text: 'x', times: 5_000_000, codings: ['gzip'] }
    const reply = await fetch(server.url(script), { signal: controller.signal })
    const reader = reply.body?.getReader()
    await reader?.read()
    controller.abort(reason)
    await expect(reader?.read()).rejects.toBe(reason)
  })

  it('of a reader frees the connection of an endless body', async () => {
    const reply = await fetch(url('/endless'))
    await reply.body?.cancel()
    await Promise.all(closed)
  })
})
