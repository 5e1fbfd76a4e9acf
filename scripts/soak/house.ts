import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { keyHeader } from './vendor.ts'

/** A server with logins that has every fault now and then. */
export interface House extends AsyncDisposable {
  readonly url: string
  /** The origin of a port on which nothing listens. */
  readonly deadUrl: string
  /** Ends all sessions, and takes another password from now on. */
  rotate(password: string): void
}

const says = (reply: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

/** A connection that breaks, a reply that never comes, one that asks for a pause, or a body that is cut. */
function fail(reply: ServerResponse, luck: number): unknown {
  if (luck < 0.01) return reply.destroy()
  if (luck < 0.02) return setTimeout(() => reply.destroy(), 2_000)
  if (luck < 0.04) return says(reply, 503, {}, { 'retry-after': '1' })
  return reply.writeHead(200, { 'content-length': '100' }).write('cut', () => reply.destroy())
}

/** Listens on loopback. */
export async function openHouse(): Promise<House> {
  let accepted = ''
  let given = 0
  const good = new Set<string>()
  const server = createServer((request, reply) => {
    answer(request, reply).catch(() => reply.destroy())
  })

  async function answer(request: IncomingMessage, reply: ServerResponse): Promise<unknown> {
    const body = await text(request)
    const key = String(request.headers[keyHeader] ?? '')
    if (request.url === '/login' && request.method === 'DELETE') {
      good.delete(key)
      return reply.writeHead(204).end()
    }
    const luck = Math.random()
    if (luck < 0.05) return fail(reply, luck)
    if (request.url === '/login') {
      if (JSON.parse(body).password !== accepted) return says(reply, 401, { error: { code: 'PASSWORD_REFUSED' } })
      good.add(`key-${++given}`)
      return says(reply, 201, { key: `key-${given}` })
    }
    if (luck < 0.06) good.delete(key)
    if (!good.has(key)) return says(reply, 401, { error: { code: 'KEY_EXPIRED' } })
    return reply.end('clean')
  }

  const url = await listen(server)
  const dead = createServer()
  const deadUrl = await listen(dead)
  dead.close()
  return {
    url,
    deadUrl,
    rotate(password) {
      accepted = password
      good.clear()
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
