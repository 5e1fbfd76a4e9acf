import { createServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { resilient, type VendorError } from '../src/index.ts'
import { selfSigned } from './helpers/self-signed.ts'
import { closedPort, listen } from './helpers/sockets.ts'
import { stubFetch, throws } from './helpers/stub-fetch.ts'

// Real sockets: nothing in this file stands between fetch and the network.

/** What a caller sees of a call that is made once. */
async function met(url: string, init: RequestInit = {}, fetch: typeof globalThis.fetch = globalThis.fetch) {
  const error = await resilient(fetch, { retry: false })(url, init).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error as VendorError
}

const answers = (text: string) => listen((socket) => socket.end(text))

describe('a connection that cannot be made', () => {
  it('is refused where nothing listens', async () => {
    const error = await met(`http://127.0.0.1:${await closedPort()}/`, { method: 'POST' })
    expect(error).toMatchObject({ code: 'ECONNREFUSED', outcome: 'rejected', kind: 'retryable', mayBeDone: false })
    expect(error.cause).toBeInstanceOf(TypeError)
  })

  it('is refused at each address of a name', async () => {
    const error = await met(`http://localhost:${await closedPort()}/`)
    expect(error).toMatchObject({ code: 'ECONNREFUSED', outcome: 'rejected' })
  })

  it('fails in the handshake where the port does not speak TLS', async () => {
    await using plain = await answers('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')
    const error = await met(plain.url.replace('http:', 'https:'))
    expect(error).toMatchObject({ code: 'TLS_HANDSHAKE', outcome: 'rejected', kind: 'retryable' })
  })

  it('fails in the handshake where the server hangs up in the midst of it', async () => {
    await using rude = await listen((socket) => socket.destroy())
    expect(await met(rude.url.replace('http:', 'https:'))).toMatchObject({ code: 'TLS_HANDSHAKE', outcome: 'rejected' })
  })

  it('is not trusted where the certificate vouches for itself', async () => {
    await using tls = await listen(
      (socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'),
      (onSocket) => createServer(selfSigned, onSocket).on('tlsClientError', () => {}),
      'https',
    )
    const error = await met(tls.url)
    expect(error).toMatchObject({ code: 'TLS_CERTIFICATE', kind: 'fatal', reason: 'fatal', mayBeDone: false })
    expect(tls.received).toEqual([])
  })
})

describe('a connection that breaks with the request under way', () => {
  it('is reset', async () => {
    await using server = await listen((socket) => socket.resetAndDestroy())
    expect(await met(server.url, { method: 'POST' })).toMatchObject({
      code: 'ECONNRESET',
      outcome: 'unknown',
      mayBeDone: true,
    })
  })

  it('is closed without an answer', async () => {
    await using server = await answers('')
    expect(await met(server.url)).toMatchObject({ code: 'UND_ERR_SOCKET', outcome: 'unknown' })
  })

  it('is closed in the middle of the headers', async () => {
    await using server = await answers('HTTP/1.1 200 OK\r\ncontent-le')
    expect(await met(server.url)).toMatchObject({ kind: 'retryable', outcome: 'unknown' })
  })

  it('brings something that is not HTTP', async () => {
    await using server = await answers('220 mail.example ESMTP\r\n')
    expect(await met(server.url)).toMatchObject({ code: 'HTTP_PARSE', outcome: 'unknown' })
  })

  it('breaks in the body of a failure, which its status tells all the same', async () => {
    await using server = await answers('HTTP/1.1 409 Conflict\r\ncontent-length: 900\r\n\r\nhalf of wh')
    const error = await met(server.url)
    expect(error).toMatchObject({ code: 'HTTP_409', kind: 'conflict', status: 409 })
    expect(await error.response?.text()).toBe('half of wh')
  })

  it('brings a proxy’s wish to know who asks, of which fetch says nothing', async () => {
    await using server = await answers('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
    expect(await met(server.url)).toMatchObject({ code: 'NETWORK_ERROR', outcome: 'unknown' })
  })

  it('is repeated, where it may be', async () => {
    await using server = await listen((socket, _, connection) =>
      connection === 0 ? socket.resetAndDestroy() : socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    )
    const backoff = { fast: { base: 1, limit: 1 } }
    const response = await resilient(fetch, { retry: { limit: 1, backoff } })(server.url)
    expect(await response.text()).toBe('ok')
  })
})

describe('what fetch refuses by itself', () => {
  it.each<[string, string, RequestInit]>([
    ['a scheme that it does not speak', 'gopher://api.example/', {}],
    ['a port that it blocks', 'http://127.0.0.1:1/', {}],
    ['a method that it forbids', 'http://127.0.0.1:9/', { method: 'CONNECT' }],
    ['a body where there must be none', 'http://127.0.0.1:9/', { body: 'x' }],
    ['a URL that is none', 'http://[bad/', {}],
  ])('comes back as it is: %s', async (_, url, init) => {
    const own = await fetch(url, init).catch((error: unknown) => error as TypeError)
    const error = await met(url, init)
    expect(error).toBeInstanceOf(TypeError)
    expect(error).not.toHaveProperty('attempts')
    expect(error.message).toBe((own as TypeError).message)
    expect(String(error.cause)).toBe(String((own as TypeError).cause))
  })

  it('comes back as it is, and is not asked for again: a redirect that the caller forbade', async () => {
    await using server = await answers('HTTP/1.1 302 Found\r\nlocation: /next\r\ncontent-length: 0\r\n\r\n')
    const error = await resilient(fetch)(server.url, { redirect: 'error' }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'TypeError', cause: { message: 'unexpected redirect' } })
    expect(server.received).toHaveLength(1)
  })

  it('comes back as it is: what the caller’s own body threw', async () => {
    await using server = await answers('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    const mine = new RangeError('no more')
    const body = new ReadableStream({ pull: (controller) => controller.error(mine) })
    const error = await met(server.url, { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect(error).toMatchObject({ name: 'TypeError', message: 'fetch failed' })
    expect(error.cause).toBe(mine)
  })

  it('never counts against the service: a body that cannot be read from its file', async () => {
    await using server = await answers('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    const client = resilient(fetch, { retry: false })
    const mine = Object.assign(new Error('no such file'), { code: 'ENOENT' })
    for (let time = 0; time < 12; time++) {
      const body = new ReadableStream({ pull: (controller) => controller.error(mine) })
      const upload = client(server.url, { method: 'POST', body, duplex: 'half' } as RequestInit)
      await expect(upload).rejects.toMatchObject({ name: 'TypeError', cause: mine })
    }
    expect(client.state.snapshot()[0]?.circuit).toBe('closed')
  })

  it('never counts against the service', async () => {
    await using server = await answers('HTTP/1.1 302 Found\r\nlocation: /next\r\ncontent-length: 0\r\n\r\n')
    const client = resilient(fetch, { retry: false })
    for (let time = 0; time < 12; time++) await client(server.url, { redirect: 'error' }).catch(() => {})
    expect(client.state.snapshot()[0]?.circuit).toBe('closed')
  })
})

/** What an error and its causes say: an error of ours carries a copy, without what nobody knows. */
const chain = (error: unknown): unknown[] => {
  if (!(error instanceof Error)) return []
  const { name, message, code, syscall } = error as Error & { code?: unknown; syscall?: unknown }
  return [{ name, message, code, syscall }, ...chain(error.cause)]
}

describe('a value that fetch throws elsewhere, or that no test can bring about', () => {
  const failed = (cause: unknown) => new TypeError('fetch failed', { cause })
  const coded = (code: string, more = {}) => Object.assign(new Error(code), { code, ...more })
  const connecting = (code: string) => coded(code, { syscall: 'connect' })
  const tunnel = (message: string) => {
    const cause = Object.assign(new Error(message), { name: 'AbortError', code: 'UND_ERR_ABORTED' })
    return Object.assign(new DOMException('Request was cancelled.'), { cause })
  }
  const several = (...errors: Error[]) => Object.assign(new AggregateError(errors, 'several'), { code: 'ECONNREFUSED' })
  const overDeno = 'error sending request from 127.0.0.1:1 for https://api.example/ (127.0.0.1:443)'
  const bun = (message: string) => Object.assign(new TypeError(message), { code: message.split(':')[0] })
  const bunSays = (code: string) => {
    const words = `${code} fetching "https://api.example/". For more information, pass \`verbose: true\` in the second argument to fetch()`
    return Object.assign(new TypeError(words), { code })
  }
  const bunLimit = { code: 'TooManyRedirects' }
  const nodeFetch = { name: 'FetchError', type: 'request-timeout' }
  const browser = (message: string) => Object.assign(new TypeError(message), { stack: undefined })

  it.each<[string, string, unknown]>([
    ['ENOTFOUND', 'rejected', failed(coded('ENOTFOUND', { syscall: 'getaddrinfo' }))],
    ['EAI_AGAIN', 'rejected', failed(coded('EAI_AGAIN', { syscall: 'getaddrinfo' }))],
    ['LOCAL_LIMIT', 'rejected', failed(coded('EMFILE', { syscall: 'getaddrinfo' }))],
    ['EHOSTUNREACH', 'rejected', failed(connecting('EHOSTUNREACH'))],
    ['UND_ERR_CONNECT_TIMEOUT', 'rejected', failed(coded('UND_ERR_CONNECT_TIMEOUT'))],
    ['UND_ERR_CONNECT_TIMEOUT', 'rejected', failed(connecting('ETIMEDOUT'))],
    ['ETIMEDOUT', 'unknown', failed(coded('ETIMEDOUT', { syscall: 'read' }))],
    ['ECONNREFUSED', 'rejected', failed(several(connecting('ETIMEDOUT'), connecting('ECONNREFUSED')))],
    ['UND_ERR_CONNECT_TIMEOUT', 'rejected', failed(several(connecting('ECONNREFUSED'), connecting('ETIMEDOUT')))],
    ['ECONNREFUSED', 'rejected', several(connecting('ENETUNREACH'), connecting('ECONNREFUSED'))],
    // One of several that had a connection leaves open what was done, wherever it stands among them.
    ['ECONNRESET', 'unknown', failed(several(coded('ECONNRESET', { syscall: 'read' }), connecting('ECONNREFUSED')))],
    ['ECONNRESET', 'unknown', failed(several(failed(coded('ECONNRESET')), failed(connecting('ECONNREFUSED'))))],
    ['LOCAL_LIMIT', 'rejected', failed(connecting('EADDRNOTAVAIL'))],
    ['NETWORK_ERROR', 'unknown', failed(new DOMException('Request was cancelled.'))],
    ['PROXY_TUNNEL_FAILED', 'rejected', failed(tunnel('Proxy response (503) !== 200 when HTTP Tunneling'))],
    ['HTTP_407', 'rejected', failed(tunnel('Proxy response (407) !== 200 when HTTP Tunneling'))],
    ['HTTP_407', 'rejected', failed(new Error('proxy authentication required'))],
    ['UND_ERR_HEADERS_TIMEOUT', 'unknown', failed(coded('UND_ERR_HEADERS_TIMEOUT'))],
    ['UND_ERR_BODY_TIMEOUT', 'unknown', failed(coded('UND_ERR_BODY_TIMEOUT'))],
    ['UND_ERR_INFO', 'unknown', failed(coded('UND_ERR_INFO'))],
    ['HTTP_PARSE', 'unknown', failed(coded('HPE_INVALID_CONSTANT'))],
    ['TLS_CERTIFICATE', 'rejected', failed(coded('CERT_HAS_EXPIRED'))],
    ['TLS_CERTIFICATE', 'rejected', failed(coded('ERR_TLS_CERT_ALTNAME_INVALID'))],
    ['TLS_CERTIFICATE', 'rejected', failed(coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'))],
    ['TLS_HANDSHAKE', 'rejected', failed(coded('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE'))],
    ['ECONNRESET', 'unknown', failed(coded('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'))],
    ['NETWORK_ERROR', 'unknown', failed(coded('UND_ERR_OF_TOMORROW'))],
    ['NETWORK_ERROR', 'unknown', browser('Failed to fetch')],
    ['NETWORK_ERROR', 'unknown', browser('Load failed')],
    // WebKit before Safari 17, and wherever a tool has added a stack.
    ['NETWORK_ERROR', 'unknown', new TypeError('Load failed')],
    ['NETWORK_ERROR', 'unknown', new TypeError('Load failed (api.example)')],
    ['NETWORK_ERROR', 'unknown', browser('NetworkError when attempting to fetch resource.')],
    ['NETWORK_ERROR', 'unknown', browser('error sending request for url (https://api.example/)')],
    [
      'CONNECT_FAILED',
      'rejected',
      browser('error sending request for url (https://api.example/): client error (Connect)'),
    ],
    [
      'NETWORK_ERROR',
      'unknown',
      browser('error sending request for url (https://api.example/): client error (SendRequest)'),
    ],
    // Deno 2.9.
    ['NETWORK_ERROR', 'unknown', failed(new Error(`${overDeno}: client error (SendRequest): connection closed`))],
    ['CONNECT_FAILED', 'rejected', failed(new Error(`${overDeno}: client error (Connect): tcp connect error`))],
    ['NETWORK_ERROR', 'unknown', browser('error reading a body from connection')],
    // Bun 1.4.
    ['CONNECT_FAILED', 'rejected', bun('ECONNREFUSED: Unable to connect. Is the computer able to access the url?')],
    ['ECONNRESET', 'unknown', bun('ECONNRESET: The socket connection was closed unexpectedly.')],
    ['HTTP_PARSE', 'unknown', bunSays('Malformed_HTTP_Response')],
    ['NETWORK_ERROR', 'unknown', bunSays('HTTP2ProtocolError')],
    ['REDIRECT_LIMIT', 'unknown', Object.assign(new TypeError('The response redirected too many times.'), bunLimit)],
    // Bun's own limit on a silent connection, of which no signal of ours or the caller's knows.
    ['ETIMEDOUT', 'unknown', new DOMException('The operation timed out.', 'TimeoutError')],
    ['CONNECT_FAILED', 'rejected', coded('ConnectionRefused')],
    ['CONNECT_FAILED', 'rejected', coded('FailedToOpenSocket')],
    ['NETWORK_ERROR', 'unknown', new Error('Network connection lost.')],
    // node-fetch 2.
    ['NETWORK_ERROR', 'unknown', Object.assign(new Error('network timeout at: https://api.example/'), nodeFetch)],
    // What had been done before the circle, nobody knows: a fetch that follows redirects by itself tells of the last alone.
    ['REDIRECT_LIMIT', 'unknown', failed(new Error('redirect count exceeded'))],
  ])('is known as %s, outcome %s', async (code, outcome, thrown) => {
    const { fetch } = stubFetch(throws(thrown))
    const error = await met('https://api.example/', {}, fetch)
    expect(error).toMatchObject({ code, outcome })
    expect(chain((error as Error).cause)).toEqual(chain(thrown))
  })

  it.each(['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'])(
    'leaves open what was done where a connection that stands meets %s',
    async (code) => {
      for (const syscall of ['read', 'write', undefined]) {
        const { fetch, sent } = stubFetch(throws(failed(coded(code, { syscall }))))
        const error = await resilient(fetch)('https://api.example/', { method: 'POST' }).catch((thrown) => thrown)
        expect(error).toMatchObject({ code: 'ECONNRESET', outcome: 'unknown', mayBeDone: true })
        expect(sent).toHaveLength(1)
      }
    },
  )

  it.each([
    ['ENETRESET', 'read'],
    ['EPERM', 'write'],
    ['ENOTCONN', 'shutdown'],
    ['UNKNOWN', 'read'],
  ])('is the network where no row lists what the kernel says of a socket: %s at %s', async (code, syscall) => {
    const cause = Object.assign(new Error(`${syscall} ${code}`), { code, syscall })
    const { fetch } = stubFetch(throws(failed(cause)))
    const error = await met('https://api.example/', { method: 'POST' }, fetch)
    expect(error).toMatchObject({ code: 'NETWORK_ERROR', outcome: 'unknown', mayBeDone: true })
  })

  it.each<[string, unknown]>([
    [
      'a file that the caller’s body comes from',
      failed(
        Object.assign(new Error('EISDIR: illegal operation on a directory, read'), { code: 'EISDIR', syscall: 'read' }),
      ),
    ],
    ['a file that the caller’s body was to come from', failed(coded('ENOENT', { syscall: 'open' }))],
    ['a code of the caller’s own', failed(coded('OUT_OF_PAPER'))],
    ['undici’s word on a wrong argument', failed(coded('UND_ERR_INVALID_ARG'))],
    ['an abort that nobody asked for here', new DOMException('This operation was aborted', 'AbortError')],
    ['an error of the file system', coded('ENOENT')],
    ['a TypeError of somebody’s own', new TypeError('Cannot read properties of undefined')],
  ])('is not mistaken for the network: %s', async (_, thrown) => {
    const { fetch } = stubFetch(throws(thrown))
    expect(await met('https://api.example/', {}, fetch)).toBe(thrown)
  })
})

describe('redirects that fetch itself follows', () => {
  it.each(['GET', 'HEAD', 'POST'])('end where they go in a circle: %s', async (method) => {
    await using circle = await answers(
      'HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\nconnection: close\r\n\r\n',
    )
    expect(await met(circle.url, { method })).toMatchObject({ code: 'REDIRECT_LIMIT', kind: 'fatal', reason: 'fatal' })
  })
})
