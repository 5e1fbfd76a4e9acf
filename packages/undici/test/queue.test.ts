import { once } from 'node:events'
import { createServer as createServer2, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { type ResilientOptions, resilient } from '@holdfast/core'
import * as undici7 from 'undici'
import * as undici8 from 'undici-8'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { undiciFetch } from '../src/index.ts'
import { ScriptedServer } from './server.ts'

/** Each request below is written at once, or never. */
const options = { timeout: 300, retry: false, limits: false } satisfies ResilientOptions

const server = new ScriptedServer()
/** Ends the answer that holds the one connection. */
let release: () => void
let isHeld: Promise<void>
beforeAll(() => server.listen())
afterAll(() => server.close())
beforeEach(() => {
  isHeld = new Promise((held) => {
    server.onPath = (_, response) => {
      release = () => response.end()
      held()
    }
  })
})

const post = (client: (url: string, init: RequestInit) => Promise<Response>, origin = server.origin) =>
  client(`${origin}/things`, { method: 'POST', body: 'one' }).then(
    () => expect.fail('It went well.'),
    (error: unknown) => error,
  )

describe.each([
  ['7', undici7],
  // The same interface by other types.
  ['8', undici8 as unknown as typeof undici7],
] as const)('undici %s: a request whose time runs out', (_, undici) => {
  it('behind another on the one connection was never sent, is not sent afterwards, and says nothing of the service', async () => {
    const agent = new undici.Agent({ connections: 1 })
    const fetch = undiciFetch({ dispatcher: agent })
    const before = fetch(`${server.origin}/held`)
    await isHeld
    const client = resilient(fetch, { ...options, breaker: { minimum: 1, failureRate: 0.1 } })
    expect(await post(client)).toMatchObject({ code: 'ATTEMPT_TIMEOUT', outcome: 'rejected', mayBeDone: false })
    expect(client.state.snapshot()[0]?.circuit).toBe('closed')
    release()
    await (await before).text()
    const methods: unknown[] = []
    server.onPath = ({ method }, response) => {
      methods.push(method)
      response.end()
    }
    await (await fetch(`${server.origin}/last`)).text()
    expect(methods).toEqual(['GET'])
    await agent.close()
  })

  it('is sent once, later, where it may be tried again', async () => {
    const agent = new undici.Agent({ connections: 1 })
    const fetch = undiciFetch({ dispatcher: agent })
    const before = fetch(`${server.origin}/held`)
    await isHeld
    const bodies: string[] = []
    const client = resilient(fetch, {
      ...options,
      timeout: 3_000,
      retry: { limit: 3, backoff: { fast: { base: 1, limit: 1 } } },
      observers: [({ type }) => type === 'attempt-ended' && free()],
    })
    const free = () => {
      server.onPath = (request, response) => {
        request.setEncoding('utf8').on('data', (text: string) => bodies.push(text))
        request.on('end', () => response.end('done'))
      }
      release()
    }
    const reply = await client(`${server.origin}/things`, { method: 'POST', body: 'one' })
    expect(await reply.text()).toBe('done')
    expect(bodies).toEqual(['one'])
    await (await before).text()
    await agent.close()
  })

  it('after it was sent may have been done, though another waits behind it', async () => {
    const agent = new undici.Agent({ connections: 1 })
    const fetch = undiciFetch({ dispatcher: agent })
    // With a connection that is free it is written at once.
    await (await fetch(server.url({}))).text()
    const sent = post(resilient(fetch, options))
    await isHeld
    const behind = fetch(`${server.origin}/later`).catch((error: unknown) => error)
    expect(await sent).toMatchObject({ code: 'ATTEMPT_TIMEOUT', outcome: 'unknown', mayBeDone: true })
    await agent.destroy()
    await behind
  })

  it('while it connects was never sent, and the service is not there', async () => {
    const agent = new undici.Agent({ connect: () => {} })
    const breaker = { minimum: 1, failureRate: 0.1 }
    const client = resilient(undiciFetch({ dispatcher: agent }), { ...options, breaker })
    expect(await post(client)).toMatchObject({ code: 'ATTEMPT_TIMEOUT', outcome: 'rejected', mayBeDone: false })
    expect(client.state.snapshot()[0]?.circuit).toBe('open')
    await agent.destroy()
  })

  it.each([
    [
      'a function around it',
      (agent: undici7.Agent) => {
        const fetch = undiciFetch({ dispatcher: agent })
        return (input: string | URL | Request, init?: RequestInit) => fetch(input, init)
      },
    ],
    ['an interceptor', (agent: undici7.Agent) => undiciFetch({ dispatcher: agent.compose((next) => next) })],
  ])('may have been done where %s may have sent it', async (_name, fetchOf) => {
    const agent = new undici.Agent({ connections: 1 })
    const before = undiciFetch({ dispatcher: agent })(`${server.origin}/held`)
    await isHeld
    expect(await post(resilient(fetchOf(agent), options))).toMatchObject({ outcome: 'unknown', mayBeDone: true })
    release()
    await (await before).text()
    await agent.close()
  })

  it('behind another stream of HTTP/2 was never sent, and is not sent afterwards', async () => {
    const sessions = new Set<ServerHttp2Session>()
    const methods: string[] = []
    const two = createServer2({ settings: { maxConcurrentStreams: 1 } })
    let held: ServerHttp2Stream | undefined
    two.on('session', (session) => sessions.add(session))
    two.on('stream', (stream, headers) => {
      methods.push(String(headers[':method']))
      if (held === undefined) held = stream
      else stream.respond({ ':status': 200 }, { endStream: true })
    })
    two.listen(0, '127.0.0.1')
    await once(two, 'listening')
    const origin = `http://127.0.0.1:${(two.address() as AddressInfo).port}`
    const agent = new undici.Agent({ connections: 1, allowH2: true, useH2c: true } as undici7.Agent.Options)
    const fetch = undiciFetch({ dispatcher: agent })
    const before = fetch(`${origin}/held`)
    await once(two, 'stream')
    expect(await post(resilient(fetch, options), origin)).toMatchObject({ outcome: 'rejected', mayBeDone: false })
    held?.respond({ ':status': 200 }, { endStream: true })
    await (await before).text()
    await (await fetch(`${origin}/last`)).text()
    expect(methods).toEqual(['GET', 'GET'])
    await agent.destroy()
    for (const session of sessions) session.destroy()
    two.close()
  })
})
