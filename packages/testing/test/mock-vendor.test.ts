import { getResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { drop, fail, hang, mockVendor, ok, pass, reply, status } from '../src/index.ts'
import { ferry, wire } from './ferry.ts'

const url = 'https://ferry.example'
const line = mockVendor(ferry(), { wire })
const server = setupServer()

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  server.resetHandlers()
  line.clear()
})
afterAll(() => server.close())

const get = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init)
const statuses = async (path: string, count: number) => {
  const seen: number[] = []
  for (let call = 0; call < count; call += 1) seen.push((await get(path)).status)
  return seen
}

describe('fail', () => {
  it('fails so many times in the vendor’s own words, then goes on with the script', async () => {
    server.use(line.get('/piers', fail('PIER_BUSY', { times: 2, message: 'Not yet.' }), ok(['north'])))
    const response = await get('/piers')
    expect(await response.json()).toEqual({ code: 'PIER_BUSY', message: 'Not yet.' })
    expect(await statuses('/piers', 3)).toEqual([409, 200, 200])
  })

  it('takes scripts made of scripts', async () => {
    const storm = [fail('FOG'), fail('PIER_BUSY')] as const
    server.use(line.get('/piers', [storm, [ok()]]))
    expect(await statuses('/piers', 4)).toEqual([500, 409, 204, 204])
  })

  it('writes headers, a finer code, parameters by name and another status', async () => {
    const options = {
      retryAfter: 7,
      status: 502,
      details: ['berth.closed'],
      params: { seconds: 3, harbour: 'Nantucket' },
    }
    server.use(line.get('/piers', fail('HARBOUR_CLOSED', { ...options, headers: { 'x-request-id': '1' } })))
    const response = await get('/piers')
    expect([response.status, response.headers.get('retry-after'), response.headers.get('x-request-id')]).toEqual([
      502,
      '7',
      '1',
    ])
    expect(await response.json()).toMatchObject({ details: ['berth.closed'], params: ['Nantucket', 3] })
  })

  it('lets a finer code travel with the code that it refines', async () => {
    server.use(line.get('/piers', fail('berth.closed')))
    expect(await (await get('/piers')).json()).toMatchObject({ code: 'HARBOUR_CLOSED', details: ['berth.closed'] })
  })

  it('writes another shape when told so', async () => {
    server.use(line.get('/piers', fail('FOG', { shape: 'wrapped' })))
    const response = await get('/piers')
    expect([await response.json(), response.headers.get('content-type')]).toEqual([{ error: { code: 'FOG' } }, null])
  })

  it('refuses a code, a shape or a parameter that does not exist, and says which was meant', () => {
    // @ts-expect-error a typo is an error of the types, too
    expect(() => line.get('/piers', fail('PEER_BUSY'))).toThrow(
      'No code of ferry "PEER_BUSY". Did you mean "PIER_BUSY"?',
    )
    expect(() => line.get('/piers', fail('FOG', { shape: 'wraped' }))).toThrow('Did you mean "wrapped"?')
    expect(() => line.get('/piers', fail('HARBOUR_CLOSED', { params: { second: 1 } }))).toThrow(
      'has no parameter "second"',
    )
    expect(() => line.get('/piers', fail('FOG', { shape: 'voyage' }))).toThrow(
      'No shape of ferry can carry FOG as voyage.',
    )
    expect(() => line.get('/piers')).toThrow('The script for /piers has no step.')
    // @ts-expect-error the wire is missing
    expect(() => mockVendor(ferry())).toThrow("`mockVendor` needs `wire`, such as that of '@holdfast/vsphere/testing'.")
    // @ts-expect-error nested ones are found, too
    expect(() => line.get('/piers', [ok(), [fail('FOGG')]])).toThrow('Did you mean "FOG"?')
  })

  it('makes a reply for handlers of one’s own', async () => {
    const response = line.failure('DECK_FULL', { retryAfter: 1 })
    expect([response.status, await response.json()]).toEqual([409, { code: 'DECK_FULL' }])
  })
})

describe('other steps', () => {
  it('drops the connection', async () => {
    server.use(line.get('/piers', drop(), ok()))
    await expect(get('/piers')).rejects.toThrow('fetch failed')
    expect(await statuses('/piers', 1)).toEqual([204])
    expect(line.calls.map(({ end }) => end)).toEqual(['dropped', 'replied'])
  })

  it('answers as proxies do', async () => {
    server.use(line.get('/piers', status(503, { retryAfter: 2, body: 'no healthy upstream' })))
    const response = await get('/piers')
    expect(await response.text()).toBe('no healthy upstream')
    expect([response.status, response.headers.get('retry-after'), response.headers.get('content-type')]).toEqual([
      503,
      '2',
      null,
    ])
  })

  it('answers with bytes or a function', async () => {
    server.use(
      line.get(
        '/piers',
        reply({ status: 200, body: 'plain' }),
        reply(({ url: asked }) => Response.json(asked)),
      ),
    )
    expect(await (await get('/piers')).text()).toBe('plain')
    expect(await (await get('/piers?at=noon')).json()).toBe(`${url}/piers?at=noon`)
  })

  it('never answers until the caller gives up', async () => {
    server.use(line.get('/piers', hang()))
    const caller = new AbortController()
    const answer = get('/piers', { signal: caller.signal })
    await expect.poll(() => line.calls).toHaveLength(1)
    caller.abort(new Error('gone'))
    await expect(answer).rejects.toThrow('gone')
    expect(line.calls[0]?.end).toBe('pending')
  })

  it('answers late', async () => {
    vi.useFakeTimers()
    const handler = line.get('/piers', ok('late', { delay: 60_000 }))
    let arrived = false
    const answer = getResponse([handler], new Request(`${url}/piers`)).then(() => {
      arrived = true
    })
    await vi.advanceTimersByTimeAsync(59_999)
    expect(arrived).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await answer
    expect(arrived).toBe(true)
  })

  it('leaves single calls to the handlers behind', async () => {
    server.use(line.get('/piers', ok('behind')))
    server.use(line.get('/piers', pass(), fail('FOG', { times: 1 })))
    expect(await statuses('/piers', 3)).toEqual([200, 500, 200])
    expect(line.calls.map(({ end, code }) => code ?? end)).toEqual(['passed', 'replied', 'FOG', 'replied'])
  })

  it('leaves a script that is over unmatched, so that nothing goes to the real network', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    server.use(line.get('/piers', ok('once', { times: 1 })))
    expect(await statuses('/piers', 1)).toEqual([200])
    const error: unknown = await get('/piers').catch((thrown: unknown) => thrown)
    expect(String((error as Error).cause)).toContain('onUnhandledFrame')
  })
})

describe('routes', () => {
  it('takes every method apart, and any', async () => {
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
    server.use(line.any('/any', ok('any')))
    for (const method of methods) {
      const verb = method.toLowerCase() as Lowercase<typeof method>
      server.use(line[verb](`/only-${verb}`, ok()))
      expect((await get(`/only-${verb}`, { method })).status).toBe(204)
      expect((await get('/any', { method })).status).toBe(200)
    }
    expect(line.calls.map(({ method }) => method)).toEqual(methods.flatMap((method) => [method, method]))
  })

  it('tells calls apart by their query', async () => {
    server.use(
      line.post('/ferry/:name?action=start', ok('started')),
      line.post('/ferry/:name?action=stop', ok('stopped')),
    )
    const act = async (action: string) => (await get(`/ferry/pequod?x=1&action=${action}`, { method: 'POST' })).json()
    expect([await act('stop'), await act('start')]).toEqual(['stopped', 'started'])
  })

  it('answers a path at every origin, an absolute URL at its own, and no longer path', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    server.use(line.get('/piers', ok('any')), line.get('https://one.example/only', ok('one')))
    expect((await fetch('http://two.example:8080/piers')).status).toBe(200)
    expect((await fetch('https://one.example/only')).status).toBe(200)
    await expect(fetch('https://two.example/only')).rejects.toThrow()
    await expect(fetch('https://two.example/old/piers')).rejects.toThrow()
  })
})

describe('calls', () => {
  it('hold what the server saw, with secrets that can be compared but not read', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000 })
    server.use(line.post('/piers', fail('TICKET_EXPIRED', { times: 1 }), ok({ id: 1 }, { status: 201 })))
    const send = (ticket: string, body: string) =>
      get('/piers?at=noon', { method: 'POST', headers: { 'X-Ticket': ticket, 'x-trace': 't' }, body })
    await send('secret-one', 'first')
    await send('secret-two', 'second')
    await send('secret-one', 'third')
    expect(line.calls).toMatchObject([
      {
        method: 'POST',
        path: '/piers',
        query: 'at=noon',
        body: 'first',
        at: 1_000,
        status: 401,
        code: 'TICKET_EXPIRED',
      },
      { url: `${url}/piers?at=noon`, body: 'second', status: 201, end: 'replied' },
      { body: 'third' },
    ])
    expect(line.calls.map(({ headers }) => [headers['x-ticket'], headers['x-trace']])).toEqual([
      ['[secret 1]', 't'],
      ['[secret 2]', 't'],
      ['[secret 1]', 't'],
    ])
    expect(JSON.stringify(line.calls)).not.toContain('secret-')
  })

  it.each<[string, (secret: string) => [path: string, init: RequestInit]]>([
    ['a query', (secret) => [`/piers?token=${encodeURIComponent(secret)}`, {}]],
    ['a header', (secret) => ['/piers', { headers: { 'x-api-key': secret } }]],
    ['a cookie', (secret) => ['/piers', { headers: { cookie: `sid="${secret}"` } }]],
    ['a body of JSON', (secret) => ['/piers', { method: 'POST', body: JSON.stringify({ a: [{ password: secret }] }) }]],
    ['a form', (secret) => ['/piers', { method: 'POST', body: new URLSearchParams({ password: secret }) }]],
    ['XML', (secret) => ['/piers', { method: 'POST', body: `<password>${secret.replace('&', '&amp;')}</password>` }]],
    [
      'places without a name for it',
      (secret) => [
        `/piers?x=${Buffer.from(secret).toString('hex')}`,
        { method: 'POST', headers: { 'x-ticket': secret, 'x-a': `it is ${secret}` }, body: `the body has ${secret}` },
      ],
    ],
  ])('hide a secret in %s', async (_, request) => {
    server.use(line.any('/piers', ok()))
    const secret = 'pa55/w+rd=&x'
    await get(...request(secret))
    await get(...request(secret))
    const shown = JSON.stringify(line.calls)
    expect(shown).not.toMatch(/pa55|70613535/)
    expect(new Set(shown.match(/\[secret \d\]|%5Bsecret%201%5D/g)).size).toBe(1)
  })

  it('keep the order of arrival, and hand out one step a request', async () => {
    server.use(line.get('/piers/:n', fail('PIER_BUSY', { times: 3 }), ok()))
    const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => get(`/piers/${n}`)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([204, 204, 409, 409, 409])
    expect(line.calls).toHaveLength(5)
  })
})
