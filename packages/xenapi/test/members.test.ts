import { type Fetch, type ResilientOptions, resilient, type VendorError } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type XenApiLogin, type XenApiRow, xenapi } from '../src/index.ts'
import {
  callOf,
  failureOfCall,
  formats,
  one,
  password,
  played,
  quick,
  reaching,
  two,
  urlOf,
  username,
} from './calls.ts'
import { Pool, value } from './pool.ts'
import { useServer } from './use-server.ts'

const server = useServer()
let pool: Pool
let down: Set<string>

beforeEach(() => {
  pool = new Pool(two)
  down = new Set()
  server.use(pool.handler)
})

const clientOf = (pooled: Partial<XenApiLogin> = {}, options: ResilientOptions<XenApiRow> = {}) =>
  resilient(reaching(down), {
    vendor: xenapi({ url: one, username, password, ...pooled } as XenApiLogin),
    retry: quick,
    ...options,
  })

/** Where calls went, in order, without the logouts of sessions that were refused. */
const trail = () =>
  pool.heard
    .filter(({ method }) => method !== 'session.logout')
    .map(({ origin, method }) => `${new URL(origin).hostname} ${method}`)
const host = (origin: string) => new URL(origin).hostname

describe.each(formats)('a member that is no master, asked in %s', (format) => {
  const call = callOf(format, 'VM.get_record', 'vm-1')
  const url = urlOf(format)

  it('names it at the login, and the master is asked from then on', async () => {
    const client = clientOf({ members: [two] })
    expect(await (await client(url, call)).text()).toContain('vm-1')
    await client(url, call)
    expect(trail()).toEqual([
      `${host(one)} session.login_with_password`,
      `${host(two)} session.login_with_password`,
      `${host(two)} VM.get_record`,
      `${host(two)} VM.get_record`,
    ])
  })

  it('names it at a call, and the same session goes along', async () => {
    pool.master = one
    pool.masterAddress = host(one)
    const client = clientOf({ members: [two] })
    await client(url, call)
    pool.master = two
    pool.masterAddress = host(two)
    expect(await (await client(url, callOf(format, 'VM.start', 'vm-1'))).text()).toContain('vm-1')
    await client(url, call)
    expect(trail().slice(2)).toEqual([`${host(one)} VM.start`, `${host(two)} VM.start`, `${host(two)} VM.get_record`])
    expect(pool.logins).toHaveLength(1)
    expect(new Set(pool.of('VM.start').map(({ body }) => body)).size).toBe(1)
  })

  it('is found among the members where it is named by an address that nobody has listed', async () => {
    pool.masterAddress = '192.0.2.66'
    const client = clientOf({ members: ['https://xen-3.example', two] })
    expect(await (await client(url, call)).text()).toContain('vm-1')
    pool.master = one
    expect(await (await client(url, callOf(format, 'VM.start', 'vm-1'))).text()).toContain('vm-1')
    await client(url, call)
    expect(trail()).toEqual([
      `${host(one)} session.login_with_password`,
      'xen-3.example session.login_with_password',
      `${host(two)} session.login_with_password`,
      `${host(two)} VM.get_record`,
      `${host(two)} VM.start`,
      `${host(one)} VM.start`,
      `${host(one)} VM.get_record`,
    ])
  })

  it('is not followed to a host that nobody trusts, which hears nothing', async () => {
    pool.masterAddress = '192.0.2.66'
    const failure = await failureOfCall(clientOf()(url, call))
    expect(failure).toMatchObject({ code: 'HOST_IS_SLAVE', reason: 'login-failed', mayBeDone: false })
    expect(trail()).toEqual([`${host(one)} session.login_with_password`])
  })

  it('is not followed there by a call that has a session, and tells nobody who it is', async () => {
    pool.master = one
    const client = clientOf()
    await client(url, call)
    pool.master = 'https://192.0.2.66'
    pool.masterAddress = '192.0.2.66'
    const failure = await failureOfCall(client(url, callOf(format, 'VM.start', 'vm-1')))
    expect(failure).toMatchObject({ code: 'HOST_IS_SLAVE', reason: 'untrusted-host', mayBeDone: false })
    expect((failure as VendorError).hint).toMatch(/`members`.*`discoverMembers`/)
    expect(trail().slice(2)).toEqual([`${host(one)} VM.start`])
  })

  it('is followed to one of the trusted hosts, by the scheme and the port that the client was given', async () => {
    pool.master = 'https://10.0.0.2:8443'
    pool.masterAddress = '10.0.0.2'
    const vendor = { url: 'https://xen-1.example:8443' }
    const client = clientOf(vendor, { trustedHosts: ['10.0.0.2'] })
    await client(urlOf(format, 'https://xen-1.example:8443'), call)
    expect(pool.heard.at(-1)?.origin).toBe('https://10.0.0.2:8443')
  })

  it('is followed to an IPv6 address', async () => {
    pool.master = 'https://[fd00::2]'
    pool.masterAddress = 'fd00::2'
    await clientOf({ members: ['https://[fd00:0::2]'] })(url, call)
    expect(trail().slice(1)).toEqual(['[fd00::2] session.login_with_password', '[fd00::2] VM.get_record'])
  })

  it('of two that name each other ends the call', async () => {
    pool.master = 'https://nobody.example'
    pool.outcomes.clear()
    pool.masterAddress = host(two)
    const failure = await failureOfCall(clientOf({ members: [two] })(url, call))
    expect(failure).toMatchObject({ code: 'HOST_IS_SLAVE' })
    expect(pool.heard.length).toBeLessThan(5)
  })
})

describe('members that the pool names itself', () => {
  const call = callOf('json', 'VM.get_record', 'vm-1')

  it('are trusted from then on', async () => {
    pool = new Pool(one)
    server.use(pool.handler)
    pool.outcomes.set('host.get_all_records', () =>
      value({ 'OpaqueRef:a': { address: host(one) }, 'OpaqueRef:b': { address: '10.0.0.2' } }),
    )
    const client = clientOf({ discoverMembers: true })
    await client(urlOf('json'), call)
    pool.master = 'https://10.0.0.2'
    pool.masterAddress = '10.0.0.2'
    await client(urlOf('json'), call)
    expect(trail()).toEqual([
      `${host(one)} session.login_with_password`,
      `${host(one)} host.get_all_records`,
      `${host(one)} VM.get_record`,
      `${host(one)} VM.get_record`,
      '10.0.0.2 VM.get_record',
    ])
  })

  it('are asked where the master is gone', async () => {
    pool = new Pool(one)
    server.use(pool.handler)
    pool.outcomes.set('host.get_all_records', () => value({ 'OpaqueRef:b': { address: host(two) } }))
    const client = clientOf({ discoverMembers: true })
    await client(urlOf('json'), call)
    down.add(one)
    pool.master = two
    pool.sessions.clear()
    expect(await (await client(urlOf('json'), call)).text()).toContain('vm-1')
    expect(trail().slice(3)).toEqual([
      `${host(two)} VM.get_record`,
      `${host(two)} session.login_with_password`,
      `${host(two)} host.get_all_records`,
      `${host(two)} VM.get_record`,
    ])
  })
})

describe('a master that is gone', () => {
  it('at the login lets the next member be asked', async () => {
    down.add(one)
    await clientOf({ members: [two] })(urlOf('json'), callOf('json', 'VM.get_record', 'vm-1'))
    expect(trail()).toEqual([`${host(two)} session.login_with_password`, `${host(two)} VM.get_record`])
  })

  it('and says nothing to a login lets the next member be asked when its time is up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    const silent: Fetch = (input, init) =>
      String(input).startsWith(one)
        ? new Promise((_, reject) => {
            init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
          })
        : fetch(input, init)
    const vendor = xenapi({ url: one, members: [two], username, password })
    await played(resilient(silent, { vendor, retry: quick })(urlOf('json'), callOf('json', 'VM.get_all')))
    expect(performance.now()).toBeGreaterThan(30_000)
    expect(trail()).toEqual([`${host(two)} session.login_with_password`, `${host(two)} VM.get_all`])
  })

  it('lets the others be asked until one names the new master', async () => {
    const three = 'https://xen-3.example'
    pool.master = one
    const client = clientOf({ members: [three, two] })
    await client(urlOf('json'), callOf('json', 'VM.get_all'))
    pool.master = two
    pool.masterAddress = host(two)
    down.add(one)
    await client(urlOf('json'), callOf('json', 'VM.start', 'vm-1'))
    expect(trail().slice(2)).toEqual(['xen-3.example VM.start', `${host(two)} VM.start`])
  })

  it('and came back as a member leads nobody astray: session and host are found anew', async () => {
    pool.master = one
    pool.masterAddress = host(one)
    const client = clientOf({ members: [two] })
    await client(urlOf('json'), callOf('json', 'VM.get_all'))
    pool.master = two
    pool.masterAddress = host(two)
    pool.sessions.clear()
    await client(urlOf('json'), callOf('json', 'VM.get_all'))
    expect(trail().slice(2)).toEqual([
      `${host(one)} VM.get_all`,
      `${host(one)} session.login_with_password`,
      `${host(two)} session.login_with_password`,
      `${host(two)} VM.get_all`,
    ])
  })
})
