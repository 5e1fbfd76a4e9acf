import { createServer } from 'node:http'
import { HttpResponse, http, passthrough } from 'msw'
import { describe, expect, it } from 'vitest'
import { drop, fail, hang, mockVendor, ok, serve } from '../src/index.ts'
import { ferry, wire } from './ferry.ts'

const causeOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown)
  return ((error as Error).cause as { code?: string }).code
}

describe('serve', () => {
  it('answers a real client from the same handlers, wherever their paths come from', async () => {
    const line = mockVendor(ferry(), { wire })
    await using server = await serve([
      line.post('/piers/:name', fail('PIER_BUSY', { times: 1 }), ok({ name: 'north' }, { status: 201 })),
      http.get('/plain', () => HttpResponse.text('relative')),
      http.get('*/starred', () => HttpResponse.text('starred')),
    ])
    const post = () => fetch(`${server.url}/piers/north`, { method: 'POST', body: 'hello' })
    expect([(await post()).status, await (await post()).json()]).toEqual([409, { name: 'north' }])
    expect(line.calls.map(({ body, status }) => [body, status])).toEqual([
      ['hello', 409],
      ['hello', 201],
    ])
    expect(await (await fetch(`${server.url}/plain`)).text()).toBe('relative')
    expect(await (await fetch(`${server.url}/starred`)).text()).toBe('starred')
  })

  it('shows the handlers another origin when told so', async () => {
    await using server = await serve(
      [http.get('https://vc.example/x', ({ request }) => HttpResponse.text(request.url))],
      {
        as: 'https://vc.example',
      },
    )
    expect(await (await fetch(`${server.url}/x?y=1`)).text()).toBe('https://vc.example/x?y=1')
  })

  it('destroys the socket of a dropped connection', async () => {
    const line = mockVendor(ferry(), { wire })
    await using server = await serve([line.any('/piers', drop())])
    expect(await causeOf(fetch(`${server.url}/piers`))).toMatch(/UND_ERR_SOCKET|ECONNRESET/)
    expect(await causeOf(fetch(`${server.url}/piers`, { method: 'POST', body: 'x'.repeat(100_000) }))).toMatch(
      /UND_ERR_SOCKET|ECONNRESET|EPIPE/,
    )
  })

  it('answers 404 to what no handler takes, 500 where a handler throws, and says which', async () => {
    await using server = await serve([
      http.get('/boom', () => {
        throw new Error('kaboom')
      }),
      http.get('/through', () => passthrough()),
      http.get('/nothing', () => undefined),
    ])
    const ask = async (path: string) => {
      const response = await fetch(`${server.url}${path}`)
      return [response.status, await response.text()]
    }
    expect(await ask('/boom')).toEqual([500, `A handler threw on GET ${server.url}/boom: Error: kaboom\n`])
    for (const path of ['/missing', '/through', '/nothing']) {
      expect(await ask(path)).toEqual([404, `No handler takes GET ${path}.\n`])
    }
  })

  it('takes handlers while it runs, before the others, and puts them away again', async () => {
    await using server = await serve([http.get('/x', () => HttpResponse.text('first'))])
    const ask = async () => (await fetch(`${server.url}/x`)).text()
    server.use(http.get('/x', () => HttpResponse.text('second')))
    expect(await ask()).toBe('second')
    server.resetHandlers()
    expect(await ask()).toBe('first')
  })

  it('survives a client that goes away, and closes with calls under way', async () => {
    const line = mockVendor(ferry(), { wire })
    const server = await serve([line.get('/slow', hang()), line.get('/fast', ok())])
    const caller = new AbortController()
    const gone = fetch(`${server.url}/slow`, { signal: caller.signal })
    await expect.poll(() => line.calls).toHaveLength(1)
    caller.abort()
    await expect(gone).rejects.toThrow()
    expect((await fetch(`${server.url}/fast`)).status).toBe(204)
    const stuck = causeOf(fetch(`${server.url}/slow`))
    await expect.poll(() => line.calls).toHaveLength(3)
    await server.close()
    expect(await stuck).toMatch(/UND_ERR_SOCKET|ECONNRESET/)
    expect(await causeOf(fetch(`${server.url}/fast`))).toBe('ECONNREFUSED')
  })

  it('sends several cookies apart, and no body with HEAD', async () => {
    await using server = await serve([
      http.get(
        '/cookies',
        () =>
          new Response('x', {
            headers: [
              ['set-cookie', 'a=1'],
              ['set-cookie', 'b=2'],
            ],
          }),
      ),
      http.head('/head', () => new Response(null, { headers: { 'content-length': '5' } })),
    ])
    expect((await fetch(`${server.url}/cookies`)).headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect((await fetch(`${server.url}/head`, { method: 'HEAD' })).headers.get('content-length')).toBe('5')
  })

  it('fails to start on a port that is taken', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await expect(serve([], { port })).rejects.toThrow('EADDRINUSE')
    await new Promise((resolve) => taken.close(resolve))
  })
})

it('never ends an idle connection: on a busy machine its next request would meet the end', async () => {
  await using server = await serve([])
  expect((await fetch(server.url)).headers.get('keep-alive')).toBeNull()
})
