import { isAuth, type ResilientOptions, resilient } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type XenApiRow, xenapi } from '../src/index.ts'
import {
  bodyOf,
  callOf,
  failureOfCall,
  formats,
  one,
  password,
  played,
  quick,
  times,
  urlOf,
  username,
} from './calls.ts'
import { error, Pool, value } from './pool.ts'
import { useServer } from './use-server.ts'

const server = useServer()
let pool: Pool

beforeEach(() => {
  pool = new Pool(one)
  server.use(pool.handler)
})

const clientOf = (options: ResilientOptions<XenApiRow> = {}, login = { username, password }) =>
  resilient(fetch, { vendor: xenapi({ url: one, ...login }), retry: quick, ...options })

describe.each(formats)('sessions of calls in %s', (format) => {
  const url = urlOf(format)

  it('are one for a hundred callers', async () => {
    const client = clientOf()
    const replies = await Promise.all(times(100, (at) => client(url, callOf(format, 'VM.get_record', `vm-${at}`))))
    expect(replies.every(({ status }) => status === 200)).toBe(true)
    expect(await replies[42]?.text()).toContain('vm-42')
    expect(pool.logins).toHaveLength(1)
    expect(pool.logins[0]?.params).toEqual([username, password, '1.0', 'holdfast'])
    expect(pool.of('VM.get_record').map(({ params }) => params[0])).toEqual(times(100, () => 'OpaqueRef:session-1'))
  })

  it('are renewed once for all, and written into bodies whose other bytes stay as they are', async () => {
    const client = clientOf()
    await client(url, callOf(format, 'VM.get_all'))
    pool.sessions.clear()
    await Promise.all(times(50, (at) => client(url, callOf(format, 'VM.start', `vm <${at}>`))))
    expect(pool.logins).toHaveLength(2)
    const [first, again] = pool.of('VM.start').filter(({ params }) => params[1] === 'vm <7>')
    expect(first?.body).toBe(bodyOf(format, 'VM.start', 'OpaqueRef:session-1', 'vm <7>'))
    expect(again?.body).toBe(bodyOf(format, 'VM.start', 'OpaqueRef:session-2', 'vm <7>'))
    expect(pool.of('VM.start').every(({ format: spoken }) => spoken === format)).toBe(true)
  })

  it('are left alone in calls that their caller signed', async () => {
    pool.sessions.add('OpaqueRef:own')
    const client = clientOf()
    await client(url, { method: 'POST', body: bodyOf(format, 'VM.get_all', 'OpaqueRef:own') })
    const gone = client(url, { method: 'POST', body: bodyOf(format, 'VM.get_all', 'OpaqueRef:gone') })
    expect(await failureOfCall(gone)).toMatchObject({ code: 'SESSION_INVALID', reason: 'auth' })
    expect(pool.logins).toEqual([])
    expect(pool.of('VM.get_all').map(({ params }) => params[0])).toEqual(['OpaqueRef:own', 'OpaqueRef:gone'])
  })

  it('end at the server when the client is closed', async () => {
    const client = clientOf()
    await client(url, callOf(format, 'VM.get_all'))
    await client.close()
    expect(pool.logouts.map(({ params }) => params)).toEqual([['OpaqueRef:session-1']])
    expect(pool.sessions.size).toBe(0)
  })

  it('need no right to log out: who closes hears of no failure', async () => {
    const client = clientOf()
    await client(url, callOf(format, 'VM.get_all'))
    pool.sessions.clear()
    await client.close()
    expect(pool.logouts).toHaveLength(1)
  })
})

describe('sessions', () => {
  const call = callOf('json', 'VM.get_all')
  const url = urlOf('json')

  it('are asked for in XML at a host too old for JSON, and calls in XML work', async () => {
    pool.old.add(one)
    const client = clientOf()
    const reply = await client(urlOf('xml'), callOf('xml', 'VM.get_record', 'vm-1'))
    expect(await reply.text()).toContain('vm-1')
    expect(pool.logins.map(({ format, path }) => `${format} ${path}`)).toEqual(['json /jsonrpc', 'xml /'])
    pool.sessions.clear()
    await client(urlOf('xml'), callOf('xml', 'VM.get_all'))
    expect(pool.logins.map(({ format }) => format)).toEqual(['json', 'xml', 'xml'])
    await client.close()
    expect(pool.logouts.map(({ format }) => format)).not.toContain('json')
  })

  it('are asked for in XML at a host that takes JSON for broken XML', async () => {
    const page =
      '<html><body><h1>HTTP 500 internal server error</h1>An unexpected error occurred; please wait a while and try again. ' +
      'If the problem persists, please contact your support representative.<h1> Additional information </h1>' +
      'Xmlrpc.Parse_error(&quot;&lt;&quot;)</body></html>'
    pool.outcomes.set('session.login_with_password', ({ format }) => {
      if (format === 'json') return new Response(page, { status: 500, headers: { 'content-type': 'text/html' } })
      pool.sessions.add('OpaqueRef:xml')
      return value('OpaqueRef:xml')
    })
    await clientOf()(urlOf('xml'), callOf('xml', 'VM.get_all'))
    expect(pool.logins.map(({ format }) => format)).toEqual(['json', 'xml'])
  })

  it('are asked for once with a password that is refused', async () => {
    const client = clientOf({}, { username, password: 'wrong' })
    const errors = await Promise.all(times(10, () => failureOfCall(client(url, call))))
    errors.push(await failureOfCall(client(url, call)))
    expect(errors.every((failure) => isAuth(failure))).toBe(true)
    expect(errors[0]).toMatchObject({ code: 'SESSION_AUTHENTICATION_FAILED', reason: 'login-failed', mayBeDone: false })
    expect(pool.heard).toHaveLength(1)
  })

  it('that are refused again and again end the logins', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    pool.outcomes.set('session.login_with_password', () => value('OpaqueRef:unknown'))
    const client = clientOf()
    for (let at = 0; at < 5; at++) {
      expect(await failureOfCall(played(client(url, call)))).toMatchObject({ code: 'SESSION_INVALID' })
    }
    expect(pool.logins.length).toBeLessThan(7)
  })

  it('are waited for while the host boots', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    let boots = 2
    pool.outcomes.set('session.login_with_password', ({ params }) => {
      if (boots-- > 0) return error('HOST_STILL_BOOTING')
      pool.sessions.add(`OpaqueRef:${params[3]}`)
      return value(`OpaqueRef:${params[3]}`)
    })
    expect((await played(clientOf()(url, call))).status).toBe(200)
    expect(pool.logins).toHaveLength(3)
  })

  it('stand in the query or in the cookie of an export', async () => {
    pool.files.set('/export', () => new Response('ustar'))
    const client = clientOf()
    await client(`${one}/export?uuid=1&session_id=OpaqueRef%3ASESSION`)
    await client(`${one}/export?uuid=2`, { headers: { cookie: 'session_id=OpaqueRef:SESSION' } })
    expect(await (await client(`${one}/export?uuid=3`)).text()).toBe('ustar')
    expect(pool.visits).toEqual([
      { url: `${one}/export?uuid=1&session_id=OpaqueRef%3Asession-1`, method: 'GET', cookie: null },
      { url: `${one}/export?uuid=2`, method: 'GET', cookie: 'session_id=OpaqueRef%3Asession-1' },
      { url: `${one}/export?uuid=3`, method: 'GET', cookie: null },
    ])
    expect(pool.logins).toHaveLength(1)
  })
})
