import { type Fetch, isVendorError, type ResilientOptions, resilient } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type XenApiRow, xenapi } from '../src/index.ts'
import { callOf, failureOfCall, formats, one, password, quick, urlOf, username } from './calls.ts'
import { error, Pool, value } from './pool.ts'
import { useServer } from './use-server.ts'

const server = useServer()
let pool: Pool

beforeEach(() => {
  pool = new Pool(one)
  server.use(pool.handler)
})

const clientOf = (options: ResilientOptions<XenApiRow> = {}) =>
  resilient(fetch, { vendor: xenapi({ url: one, username, password }), retry: quick, ...options })

/** The connection is gone after the work was done, so many times. */
const dropped = (method: string, often = 1) => {
  let left = often
  pool.outcomes.set(method, ({ params }) => (left-- > 0 ? Response.error() : value(params[1])))
}

describe.each(formats)('a connection that is lost under a call in %s', (format) => {
  const url = urlOf(format)

  it.each(['VM.get_record', 'VM.get_all_records', 'VM.assert_agile', 'message.get', 'host.dmesg'])(
    '%s is repeated',
    async (method) => {
      dropped(method)
      expect(await (await clientOf()(url, callOf(format, method, 'vm-1'))).text()).toContain('vm-1')
      expect(pool.of(method)).toHaveLength(2)
    },
  )

  it.each([
    'VM.hard_shutdown',
    'Async.VM.start',
    'VM.set_name_label',
    'event.next',
    'host.call_plugin',
    'VM.query_services',
  ])('%s is not, and may be done', async (method) => {
    dropped(method)
    const failure = await failureOfCall(clientOf()(url, callOf(format, method, 'vm-1')))
    expect(failure).toMatchObject({ reason: 'not-repeatable', mayBeDone: true, outcome: 'unknown' })
    expect(pool.of(method)).toHaveLength(1)
  })

  it('is by the word of the caller, who knows better', async () => {
    dropped('VM.set_name_label')
    await clientOf()(url, { ...callOf(format, 'VM.set_name_label', 'vm-1'), resilience: { idempotent: true } })
    expect(pool.of('VM.set_name_label')).toHaveLength(2)
  })

  it('says of a read that nothing may be done, however often it was lost', async () => {
    dropped('VM.get_record', 9)
    const failure = await failureOfCall(clientOf()(url, callOf(format, 'VM.get_record', 'vm-1')))
    expect(failure).toMatchObject({ reason: 'attempts', mayBeDone: false })
    expect(pool.of('VM.get_record')).toHaveLength(5)
  })

  it('says so of a login, too: it is made again', async () => {
    let left = 1
    pool.outcomes.set('session.login_with_password', () => {
      if (left-- > 0) return Response.error()
      pool.sessions.add('OpaqueRef:late')
      return value('OpaqueRef:late')
    })
    await clientOf()(url, callOf(format, 'VM.start', 'vm-1'))
    expect(pool.logins).toHaveLength(2)
    expect(pool.of('VM.start')).toHaveLength(1)
  })

  it('is repeated although it acts, where the host has refused it', async () => {
    let busy = 2
    pool.outcomes.set('VM.hard_shutdown', () => (busy-- > 0 ? error('TOO_MANY_PENDING_TASKS') : value('')))
    await clientOf()(url, callOf(format, 'VM.hard_shutdown', 'vm-1'))
    expect(pool.of('VM.hard_shutdown')).toHaveLength(3)
  })

  it('is a conflict at once where the state forbids it', async () => {
    pool.outcomes.set('VM.start', () => error('VM_BAD_POWER_STATE', 'OpaqueRef:vm', 'halted', 'running'))
    const failure = await failureOfCall(clientOf()(url, callOf(format, 'VM.start', 'vm-1')))
    expect(isVendorError(failure, 'xenapi') && failure).toMatchObject({
      code: 'VM_BAD_POWER_STATE',
      kind: 'conflict',
      status: 200,
      outcome: 'rejected',
    })
    expect(Object.values((failure as { params: object }).params)).toEqual(['OpaqueRef:vm', 'halted', 'running'])
    expect(pool.of('VM.start')).toHaveLength(1)
  })
})

describe('a transfer', () => {
  it('that failed behind its 200 is a failure', async () => {
    const inner = 'HTTP/1.1 500 Internal Error\r\ncontent-type: text/html\r\n\r\n<html><body>'
    pool.files.set('/export', () => new Response(inner))
    const failure = await failureOfCall(clientOf({ retry: false })(`${one}/export?uuid=1&session_id=OpaqueRef:SESSION`))
    expect(isVendorError(failure, 'xenapi')).toBe(true)
  })

  it('that is well is passed on as it comes', async () => {
    let sent = 0
    const endless = () => new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(65_536).fill(++sent)) })
    pool.files.set('/export', () => new Response(endless()))
    const reply = await clientOf()(`${one}/export?uuid=1&session_id=OpaqueRef:SESSION`)
    const reader = (reply.body ?? new ReadableStream()).getReader()
    expect((await reader.read()).value?.[0]).toBe(1)
    await reader.cancel()
    expect(sent).toBeLessThan(10)
  })

  it('that is sent on to another host carries its session only to a member', async () => {
    const away = (host: string) => () =>
      new Response(null, {
        status: 302,
        headers: { location: `https://${host}/export2?session_id=OpaqueRef:session-1` },
      })
    pool.files.set('/export', away('192.0.2.66'))
    pool.files.set('/export2', () => new Response('ustar'))
    const url = `${one}/export?uuid=1&session_id=OpaqueRef:SESSION`
    expect(await failureOfCall(clientOf()(url))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    expect(pool.visits.map((visit) => visit.url)).toEqual([`${one}/export?uuid=1&session_id=OpaqueRef%3Asession-1`])
    expect(await (await clientOf({ trustedHosts: ['192.0.2.66'] })(url)).text()).toBe('ustar')
  })

  it.each<[string, RequestInit]>([
    ['/export?session_id=OpaqueRef:own', {}],
    ['/export', { headers: { cookie: 'session_id=OpaqueRef:own' } }],
  ])('that its caller signed is not sent on to a stranger either: %s', async (path, init) => {
    const away = () => new Response(null, { status: 302, headers: { location: 'https://192.0.2.66/export2' } })
    pool.files.set('/export', away)
    pool.files.set('/export2', () => new Response('ustar'))
    expect(await failureOfCall(clientOf()(one + path, init))).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    expect(pool.visits).toHaveLength(1)
  })

  it('of a machine that is brought in is not made twice', async () => {
    pool.files.set('/import', () => Response.error())
    const put = { method: 'PUT', body: 'ustar', headers: { cookie: 'session_id=OpaqueRef:SESSION' } }
    const failure = await failureOfCall(clientOf()(`${one}/import`, put))
    expect(failure).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(pool.visits).toHaveLength(1)
  })
})

describe('time', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  })

  const login = () => Response.json({ jsonrpc: '2.0', result: 'OpaqueRef:1', id: 0 })

  /** Answers a call after so many milliseconds; logins at once. */
  const after =
    (ms: number): Fetch =>
    (_input, init) => {
      if (String(init?.body).includes('session.login')) return Promise.resolve(login())
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => resolve(login()), ms)
        init?.signal?.addEventListener('abort', () => {
          clearTimeout(timer)
          reject(init.signal?.reason)
        })
      })
    }

  const events = (seconds: number): RequestInit => {
    const params = ['OpaqueRef:SESSION', ['vm'], '', seconds]
    return { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', method: 'event.from', params, id: 1 }) }
  }
  const client = (ms: number) =>
    resilient(after(ms), { vendor: xenapi({ url: one, username, password }), retry: false })

  it('that event.from was asked to be silent for is given to it', async () => {
    const answered = client(60_500)(urlOf('json'), events(60))
    await vi.advanceTimersByTimeAsync(60_500)
    expect((await answered).status).toBe(200)
  })

  it('is up a tenth and five seconds after it', async () => {
    const answered = failureOfCall(client(80_000)(urlOf('json'), events(60)))
    await vi.advanceTimersByTimeAsync(70_900)
    expect(await Promise.race([answered, 'waiting'])).toBe('waiting')
    await vi.advanceTimersByTimeAsync(200)
    await vi.waitFor(async () => expect(await answered).toMatchObject({ code: 'ATTEMPT_TIMEOUT', mayBeDone: false }), {
      timeout: 250_000,
    })
  })

  it.each([
    ['VM.get_record', 31_000, 'ATTEMPT_TIMEOUT'],
    ['VM.start', 31_000, 'fine'],
    ['VM.get_all_records', 31_000, 'fine'],
  ])('of %s over %d ms: %s', async (method, ms, end) => {
    const answered = client(ms)(urlOf('json'), callOf('json', method, 'vm')).then(
      () => 'fine',
      ({ code }) => code,
    )
    await vi.advanceTimersByTimeAsync(ms + 10)
    expect(await answered).toBe(end)
  })
})
