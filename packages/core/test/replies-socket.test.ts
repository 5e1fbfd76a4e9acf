import { describe, expect, it } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { depot } from './helpers/depot.ts'
import { type Listening, listen, until } from './helpers/sockets.ts'

// Real sockets: what counts here is that they are given back.

const steady: ResilientOptions = { retry: false }
const head = (status: string, length: number) => `HTTP/1.1 ${status}\r\ncontent-length: ${length}\r\n\r\n`

/** A server that begins a long body and never ends it. */
const endless = (status = '200 OK') =>
  listen((socket) => {
    socket.write(head(status, 10_000_000))
    socket.write('x'.repeat(1_000))
  })

const freed = ({ open }: Listening) => until(() => open.size === 0)

// Node.js 22 itself takes four seconds to give back the socket of a body that was given up; Node.js 24 none.
describe('the socket of a reply', () => {
  it('is freed when its body is cancelled', async () => {
    await using server = await endless()
    for (const init of [{}, { signal: new AbortController().signal }]) {
      const response = await resilient(fetch, steady)(server.url, init)
      expect(server.open.size).toBe(1)
      await response.body?.cancel()
      await freed(server)
    }
  })

  it('is freed when its caller aborts in the middle of the body, which fails with the reason', async () => {
    await using server = await endless()
    for (const options of [steady, { ...steady, bodyTimeout: 60_000 }, { ...steady, timeout: false as const }]) {
      const controller = new AbortController()
      const response = await resilient(fetch, options)(server.url, { signal: controller.signal })
      const reader = response.body?.getReader()
      expect((await reader?.read())?.value?.byteLength).toBeGreaterThan(0)
      const reason = new RangeError('enough')
      controller.abort(reason)
      await expect(reader?.read()).rejects.toBe(reason)
      await freed(server)
    }
  })

  it('is freed by the engine itself, where a failure’s body goes on beyond what is read of it', async () => {
    await using server = await listen((socket) => {
      socket.write(head('500 Broken', 100_000_000))
      const more = () => {
        while (!socket.destroyed && socket.write('x'.repeat(16_384)));
      }
      socket.on('drain', more)
      more()
    })
    const error = await resilient(fetch, steady)(server.url).catch((thrown: unknown) => thrown)
    await freed(server)
    const { response } = error as { response: Response }
    const { length } = await response.text()
    expect(length).toBeGreaterThanOrEqual(65_536)
    expect(length).toBeLessThan(65_536 + 65_536)
  })

  it('is freed by the engine itself before it tries again', async () => {
    await using server = await listen((socket, _, connection) => {
      if (connection > 0) return void socket.end(`${head('200 OK', 2)}ok`)
      socket.write(head('503 Busy', 10_000_000))
      socket.write('x'.repeat(70_000))
    })
    const backoff = { fast: { base: 1, limit: 1 } }
    const response = await resilient(fetch, { retry: { limit: 1, backoff } })(server.url)
    expect(await response.text()).toBe('ok')
    await freed(server)
  })

  it('is freed by the engine itself where a body is never read: the error keeps what it saw of it', async () => {
    await using server = await listen((socket) => void socket.write(`${head('404 Not Found', 7)}nothing`))
    const errors = await Promise.all(
      Array.from({ length: 5 }, () => resilient(fetch, steady)(server.url).catch((thrown: unknown) => thrown)),
    )
    // Read to the end, the connection is free for the next request.
    const before = server.received.length
    for (let time = 0; time < 5; time++) await resilient(fetch, steady)(server.url).catch(() => {})
    expect(server.received.length).toBe(before)
    const { response } = errors[0] as { response: Response }
    expect(await response.text()).toBe('nothing')
  })

  it('stays with a reply that fetch’s own contract hands over whole', async () => {
    const size = 200_000
    await using server = await listen((socket) => void socket.write(`${head('409 Conflict', size)}${'x'.repeat(size)}`))
    const response = await resilient(fetch, steady).fetch(server.url)
    expect(response.status).toBe(409)
    expect((await response.text()).length).toBe(size)
  })

  it('is not kept by a conflict that is gone past, nor by one that asking went wrong about', async () => {
    const vendor = depot({ parse: () => ({ code: 'PARCEL_LOCKED' }), bodyNeed: () => 'none' })
    await using server = await listen((socket, received) => {
      if (received.startsWith('PUT')) socket.write(head('409 Conflict', 10_000_000) + 'x'.repeat(70_000))
      else socket.end(`${head('200 OK', 2)}ok`)
    })
    const onConflict = () => ({ init: { method: 'GET' } })
    const put = { method: 'PUT', body: 'x' }
    const response = await resilient(fetch, { vendor, onConflict })(server.url, put)
    expect(await response.text()).toBe('ok')
    await freed(server)
    const mistaken = () => Promise.reject(new RangeError('no such shelf'))
    await expect(resilient(fetch, { vendor, onConflict: mistaken })(server.url, put)).rejects.toThrow('no such shelf')
    await freed(server)
  })
})
