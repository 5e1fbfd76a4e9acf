import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Fetch, OptionsError, resilient } from '../src/index.ts'
import type { SessionSource } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { keySource, lodge, lodgeOrigin, password, username } from './helpers/session-vendor.ts'
import { fine } from './helpers/stub-fetch.ts'

const CHUNK = 65_536
const room = `${lodgeOrigin}/rooms/7`

beforeEach(() => {
  vi.useFakeTimers()
})

/** A lodge whose desk answers a login with so many bytes, or never ends. */
function talkative(bytes: number, head = '') {
  const served = { bytes: 0, cancelled: false, logins: 0, rooms: 0 }
  const fetch: Fetch = async (input) => {
    if (String(input) !== `${lodgeOrigin}/login`) {
      served.rooms++
      return fine({} as never)
    }
    served.logins++
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(head)),
      pull(controller) {
        const chunk = new Uint8Array(Math.min(CHUNK, bytes - served.bytes)).fill(0x20)
        served.bytes += chunk.byteLength
        if (chunk.byteLength > 0) controller.enqueue(chunk)
        if (served.bytes >= bytes) controller.close()
      },
      cancel: () => {
        served.cancelled = true
      },
    })
    return new Response(body)
  }
  return { fetch, served }
}

/** A login that reads its reply like this. */
const readBy = (read: (reply: Response) => Promise<unknown>): SessionSource => ({
  ...(keySource(() => ({ username, password })) as SessionSource),
  async open(login, transport) {
    await read(await transport.send('/login', { method: 'POST', body: JSON.stringify(login) }))
    return { secrets: [] }
  },
  sign: () => {},
})

describe('a login that is answered without end', () => {
  it.each<[string, (reply: Response) => Promise<unknown>]>([
    ['json', (reply) => reply.json()],
    ['text', (reply) => reply.text()],
    ['bytes', (reply) => reply.arrayBuffer()],
    ['a copy', (reply) => reply.clone().text()],
    [
      'its stream',
      async (reply) => {
        for await (const _ of reply.body ?? []);
      },
    ],
  ])('ends with an error that names the bound, however the vendor reads it: %s', async (_name, read) => {
    const { fetch, served } = talkative(Number.POSITIVE_INFINITY)
    const client = resilient(fetch, { vendor: lodge({ auth: readBy(read) }), loginReplyLimit: 10 * CHUNK })
    const error = await failure(client(room))
    expect(error).toMatchObject({ code: 'LOGIN_FAILED', reason: 'login-failed', mayBeDone: false })
    expect(error.message).toContain(
      `The reply to POST ${lodgeOrigin}/login is longer than ${10 * CHUNK} bytes, which is \`loginReplyLimit\`.`,
    )
    expect(served.bytes).toBeLessThan(14 * CHUNK)
    expect(served.rooms).toBe(0)
  })

  it('is given up, and not asked again at once', async () => {
    const { fetch, served } = talkative(Number.POSITIVE_INFINITY)
    const client = resilient(fetch, { vendor: lodge(), loginReplyLimit: CHUNK })
    await Promise.all([failure(client(room)), failure(client(room))])
    await failure(client(room))
    expect(served).toMatchObject({ cancelled: true, logins: 1 })
  })

  it('is bounded by eight mebibytes where nobody says otherwise', async () => {
    const whole = talkative(8 * 1_048_576 - 11, '{"key":"k"}')
    expect((await played(resilient(whole.fetch, { vendor: lodge() })(room))).status).toBe(200)
    const more = talkative(8 * 1_048_576 - 10, '{"key":"k"}')
    expect(await failure(resilient(more.fetch, { vendor: lodge() })(room))).toMatchObject({ code: 'LOGIN_FAILED' })
  })

  it('leaves replies to the caller’s own requests as long as they are', async () => {
    const long = new Uint8Array(2 * CHUNK)
    const fetch: Fetch = async (input) =>
      String(input).endsWith('/login') ? Response.json({ key: 'k' }) : new Response(long)
    const reply = await played(resilient(fetch, { vendor: lodge(), loginReplyLimit: 100 })(room))
    expect((await reply.arrayBuffer()).byteLength).toBe(2 * CHUNK)
  })

  it.each([0, -1, 1.5, '8 MB', Number.POSITIVE_INFINITY, null])('%j is no bound', (loginReplyLimit) => {
    expect(() => resilient(fetch, { loginReplyLimit } as object)).toThrow(OptionsError)
  })

  it('is bounded for a client that is extended, too', async () => {
    const { fetch } = talkative(Number.POSITIVE_INFINITY)
    const client = resilient(fetch, { vendor: lodge(), loginReplyLimit: 4 * CHUNK })
    expect((await failure(client.extend({ retry: 0 })(room))).message).toContain(`${4 * CHUNK} bytes`)
    const other = resilient(fetch, { vendor: lodge() }).extend({ loginReplyLimit: CHUNK })
    expect((await failure(other(room))).message).toContain(`${CHUNK} bytes`)
  })
})

it('counts the bytes of a login’s reply as they are unpacked', async () => {
  vi.useRealTimers()
  const bomb = gzipSync(Buffer.alloc(64 * 1_048_576, ' '))
  const server = createServer((_, reply) => reply.setHeader('content-encoding', 'gzip').end(bomb)).listen(
    0,
    '127.0.0.1',
  )
  await new Promise((resolve) => server.once('listening', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const error = await resilient(fetch, { vendor: lodge({ origins: [origin] }) })(`${origin}/rooms`).catch((e) => e)
  expect(bomb.byteLength).toBeLessThan(1_048_576)
  expect(error).toMatchObject({ code: 'LOGIN_FAILED', reason: 'login-failed' })
  server.closeAllConnections()
  server.close()
})

it('lets a vendor end one of its own requests by a signal of its own', async () => {
  const mine = new Error('long enough')
  const source = keySource(() => ({ username, password })) as SessionSource
  const open: SessionSource['open'] = async (login, transport) => {
    const ending = new AbortController()
    setTimeout(() => ending.abort(mine), 1_000)
    const asked = transport.send('/house', { signal: ending.signal }).catch((error: unknown) => error)
    expect(await asked).toBe(mine)
    return source.open(login, transport)
  }
  const fetch: Fetch = (input, init) =>
    String(input).endsWith('/house')
      ? new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
      : Promise.resolve(Response.json({ key: 'k' }))
  const reply = await played(resilient(fetch, { vendor: lodge({ auth: { ...source, open } }) })(room))
  expect(reply.status).toBe(200)
  expect(performance.now()).toBeLessThan(1_100)
})
