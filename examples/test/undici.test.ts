import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isVendorError, resilient } from '@holdfast/core'
import { undiciFetch } from '@holdfast/undici'
import { Agent, interceptors, MockAgent } from 'undici'
import { Agent as Agent6 } from 'undici-6'
import { Agent as Agent8 } from 'undici-8'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { behindProxies, certified, over, overUndicisFetch, throughSocket, trusting } from '../recipes/undici.ts'
import { selfSigned } from './self-signed.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function portOf(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Fails once with 503 and then answers with the method and the body of the request. */
function flaky(): { readonly answer: RequestListener; readonly seen: string[] } {
  const seen: string[] = []
  return {
    seen,
    answer: async (request, response) => {
      const body = (await request.toArray()).join('')
      seen.push(`${request.method} ${body}`)
      response.writeHead(seen.length === 1 ? 503 : 200, { 'retry-after-ms': '1' }).end(seen.at(-1))
    },
  }
}

const put = { method: 'PUT', body: 'b' } as const

describe('a private authority', () => {
  it('is trusted by the client that is given it, and by no other', async () => {
    const { answer, seen } = flaky()
    const port = await portOf(createTlsServer(selfSigned, answer))
    const url = `https://localhost:${port}/`
    expect(await (await trusting(selfSigned.cert)(url, put)).text()).toBe('PUT b')
    expect(seen).toHaveLength(2)
    const error = await resilient(undiciFetch())(url).catch((thrown: unknown) => thrown)
    expect(isVendorError(error) && [error.code, error.attempts.length]).toEqual(['TLS_CERTIFICATE', 1])
  })
})

describe('a certificate of one’s own', () => {
  it('is shown to a server that asks for it', async () => {
    const { answer, seen } = flaky()
    const asking = { ...selfSigned, ca: selfSigned.cert, requestCert: true, rejectUnauthorized: true }
    const url = `https://localhost:${await portOf(createTlsServer(asking, answer))}/`
    expect(await (await certified({ ...selfSigned, ca: selfSigned.cert })(url, put)).text()).toBe('PUT b')
    expect(seen).toHaveLength(2)
    const error = await trusting(selfSigned.cert, { retry: 0 })(url).catch((thrown: unknown) => thrown)
    expect(isVendorError(error)).toBe(true)
    expect(seen).toHaveLength(2)
  })
})

describe('a Unix socket', () => {
  it('carries the requests of a client, and their retries', async () => {
    const { answer, seen } = flaky()
    const path = join(tmpdir(), `holdfast-${process.pid}.sock`)
    const server = createServer(answer).listen(path)
    servers.push(server)
    await once(server, 'listening')
    expect(await (await throughSocket(path)('http://localhost/', put)).text()).toBe('PUT b')
    expect(seen).toEqual(['PUT b', 'PUT b'])
  })
})

describe('the proxies of the environment', () => {
  it('are gone through, but to hosts that need none', async () => {
    const { answer, seen } = flaky()
    const port = await portOf(createServer(answer))
    const through: string[] = []
    const proxy = createServer((request, response) => {
      through.push(String(request.url))
      response.writeHead(502).end()
    })
    proxy.on('connect', ({ url = '' }, socket, head) => {
      through.push(url)
      const [host = '', at] = url.split(':')
      const target = connect(Number(at), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        target.write(head)
        socket.pipe(target).pipe(socket)
      })
      for (const one of [socket, target]) one.on('error', () => {})
    })
    const at = `http://127.0.0.1:${await portOf(proxy)}`
    vi.stubEnv('HTTP_PROXY', at)
    vi.stubEnv('http_proxy', at)
    vi.stubEnv('NO_PROXY', '')
    vi.stubEnv('no_proxy', '')
    expect(await (await behindProxies()(`http://127.0.0.1:${port}/`, put)).text()).toBe('PUT b')
    expect([new Set(through), seen.length]).toEqual([new Set([`127.0.0.1:${port}`]), 2])
    through.length = 0
    vi.stubEnv('no_proxy', '127.0.0.1')
    vi.stubEnv('NO_PROXY', '127.0.0.1')
    await behindProxies()(`http://127.0.0.1:${port}/`)
    expect(through).toEqual([])
  })
})

describe.each([
  ['6', () => new Agent6()],
  ['7', () => new Agent()],
  ['8', () => new Agent8()],
])('a dispatcher of undici %s', (_, make) => {
  it('carries the requests of a client, and their retries', async () => {
    const { answer, seen } = flaky()
    const url = `http://127.0.0.1:${await portOf(createServer(answer))}/`
    const agent = make()
    expect(await (await over(agent)(url, put)).text()).toBe('PUT b')
    expect(seen).toEqual(['PUT b', 'PUT b'])
    await agent.close()
  })
})

describe('a dispatcher of one’s own', () => {
  it('may have interceptors', async () => {
    const { answer, seen } = flaky()
    const url = `http://127.0.0.1:${await portOf(createServer(answer))}/`
    const agent = new Agent().compose(interceptors.dns())
    await over(agent)(url)
    expect(seen).toHaveLength(2)
    await agent.close()
  })

  it('may be a mock', async () => {
    const mock = new MockAgent()
    mock.disableNetConnect()
    const pool = mock.get('https://api.example')
    pool.intercept({ path: '/' }).reply(503, '', { headers: { 'retry-after-ms': '1' } })
    pool.intercept({ path: '/' }).reply(200, 'mocked')
    expect(await (await over(mock)('https://api.example/')).text()).toBe('mocked')
    await mock.close()
  })
})

describe('undici’s own fetch', () => {
  it.each([
    ['a URL', (url: string) => [url, put] as const],
    ['a `Request` of Node’s', (url: string) => [new Request(url, put), undefined] as const],
  ])('takes %s', async (_, given) => {
    const { answer, seen } = flaky()
    const url = `http://127.0.0.1:${await portOf(createServer(answer))}/`
    const agent = new Agent()
    const [input, init] = given(url)
    expect(await (await overUndicisFetch(agent)(input, init)).text()).toBe('PUT b')
    expect(seen).toEqual(['PUT b', 'PUT b'])
    await agent.close()
  })
})
