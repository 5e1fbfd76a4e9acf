import { isVendorError } from '@holdfast/core'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createXenApi, type XenApiClientOptions } from '../src/client.ts'
import { failureOfCall, one, password, played, quick, username } from './calls.ts'
import { error, Pool, value } from './pool.ts'

const server = setupServer()
let pool: Pool

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  pool = new Pool(one)
  server.use(pool.handler)
})
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const xenOf = (options: Partial<XenApiClientOptions> = {}) =>
  createXenApi({ url: one, username, password, retry: quick, ...options } as XenApiClientOptions)
const calls = () => pool.heard.filter(({ method }) => !method.startsWith('session.'))

describe('call', () => {
  it('logs in, puts the session first and returns the value', async () => {
    pool.outcomes.set('VM.get_record', ({ params }) => value({ uuid: params[1], memory: 7, tags: ['a'] }))
    const xen = xenOf()
    expect(await xen.call('VM.get_record', 'OpaqueRef:vm')).toEqual({ uuid: 'OpaqueRef:vm', memory: 7, tags: ['a'] })
    const [call] = calls()
    expect(call).toMatchObject({ path: '/jsonrpc', params: ['OpaqueRef:session-1', 'OpaqueRef:vm'] })
    expect(call?.headers.get('content-type')).toBe('application/json')
    await xen.close()
    expect(pool.sessions.size).toBe(0)
  })

  it('puts no session before what takes none', async () => {
    pool.sessions.add('')
    pool.outcomes.set('system.listMethods', () => value(['a', 'b']))
    expect(await xenOf().call('system.listMethods')).toEqual(['a', 'b'])
    expect(calls()[0]?.params).toEqual([])
    expect(pool.logins).toEqual([])
  })

  it('speaks XML where it is told to, and leaves numbers as they come', async () => {
    pool.outcomes.set('VM.get_record', () => value({ memory: 7, name: '<a>' }))
    expect(await xenOf({ format: 'xml' }).call('VM.get_record', 'OpaqueRef:vm')).toEqual({ memory: '7', name: '<a>' })
    expect(calls()[0]).toMatchObject({ path: '/', format: 'xml' })
  })

  it('speaks XML for good to a host that is too old for JSON', async () => {
    pool.old.add(one)
    const xen = xenOf()
    expect(await xen.call('VM.start', 'vm-1')).toBe('vm-1')
    expect(await xen.call('VM.get_record', 'vm-2')).toBe('vm-2')
    expect(calls().map(({ format, method }) => `${format} ${method}`)).toEqual([
      'json VM.start',
      'xml VM.start',
      'xml VM.get_record',
    ])
  })

  it('does not, where it is to speak JSON alone', async () => {
    pool.old.add(one)
    expect(await failureOfCall(xenOf({ format: 'json' }).call('VM.start', 'vm-1'))).toMatchObject({
      code: 'MESSAGE_METHOD_UNKNOWN',
    })
  })

  it('throws what the vendor says', async () => {
    pool.outcomes.set('VM.start', () => error('VM_BAD_POWER_STATE', 'OpaqueRef:vm', 'Halted', 'Running'))
    const failure = await failureOfCall(xenOf().call('VM.start', 'vm-1'))
    expect(isVendorError(failure, 'xenapi') && failure).toMatchObject({ code: 'VM_BAD_POWER_STATE', kind: 'conflict' })
  })

  it('renews a session that has ended', async () => {
    const xen = xenOf()
    await xen.call('VM.get_record', 'vm-1')
    pool.sessions.clear()
    expect(await xen.call('VM.start', 'vm-1')).toBe('vm-1')
    expect(pool.logins).toHaveLength(2)
  })

  it('takes options for a call', async () => {
    let left = 1
    pool.outcomes.set('VM.set_name_label', () => (left-- > 0 ? Response.error() : value('')))
    const xen = xenOf()
    await xen.with({ idempotent: true }).call('VM.set_name_label', 'vm-1', 'web')
    expect(pool.of('VM.set_name_label')).toHaveLength(2)
    const reason = new Error('enough')
    await expect(xen.with({ signal: AbortSignal.abort(reason) }).call('VM.get_all')).rejects.toBe(reason)
  })

  it.each(['json', 'xml'] as const)('too long for a host is not sent in %s', async (format) => {
    const xen = xenOf({ format })
    const long = 'ä'.repeat(153_600)
    await expect(xen.call('VM.set_name_description', 'vm-1', long)).rejects.toThrow(
      /VM\.set_name_description is \d+ bytes long; a host takes 307200 at most/,
    )
    await expect(xen.call('VM.set_name_description', 'vm-1', long)).rejects.toThrow(RangeError)
    expect(pool.heard).toEqual([])
    await xen.call('VM.set_name_description', 'vm-1', 'a'.repeat(300_000))
    expect(calls()).toHaveLength(1)
  })

  it('of event.from carries a number with a fraction in XML, which XAPI wants there', async () => {
    await xenOf({ format: 'xml' }).call('event.from', ['vm'], '', 30)
    expect(calls()[0]?.body).toContain('<double>30.1</double>')
    await xenOf().call('event.from', ['vm'], '', 30)
    expect(JSON.parse(calls()[1]?.body ?? '').params).toEqual(['OpaqueRef:session-2', ['vm'], '', 30])
  })

  it('says what cannot be read', async () => {
    pool.outcomes.set('VM.get_all', () => Response.json('odd'))
    await expect(xenOf().call('VM.get_all')).rejects.toThrow('The answer to VM.get_all cannot be read.')
  })

  it('ends its sessions at the end of a block', async () => {
    {
      await using xen = xenOf()
      await xen.call('VM.get_all')
      expect(pool.sessions.size).toBe(1)
    }
    expect(pool.sessions.size).toBe(0)
  })

  it('leaves requests of another kind to its fetch', async () => {
    pool.files.set('/export', () => new Response('ustar'))
    const reply = await xenOf().fetch(`${one}/export?session_id=OpaqueRef:SESSION`)
    expect(await reply.text()).toBe('ustar')
    expect(pool.visits[0]?.url).toContain('session-1')
  })
})

describe('an option', () => {
  const untyped = (options: object) => () => createXenApi(options as XenApiClientOptions)

  it.each([
    [{ url: one }, TypeError, '`username`'],
    [{ username, password }, TypeError, '`url`'],
    [{ url: one, username, password, format: 'soap' }, TypeError, '`format`'],
    [{ url: one, username, password, members: 'x' }, TypeError, '`members`'],
    [{ url: one, username, password, retries: 3 }, Error, 'retries'],
  ])('%# that cannot be meant is refused', (options, type, text) => {
    expect(untyped(options)).toThrow(type)
    expect(untyped(options)).toThrow(text)
  })
})

describe('callAsync', () => {
  /** A task that is over at the nth look. */
  const task = (looks: number, end: object) => {
    let left = looks
    pool.outcomes.set('Async.VM.start', () => value('OpaqueRef:task'))
    pool.outcomes.set('task.get_record', () => value(--left > 0 ? { status: 'pending' } : end))
  }

  beforeEach(() => {
    // The intervals of a task, not those of the wire.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 20 })
    vi.spyOn(globalThis, 'setTimeout')
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const waits = () =>
    vi
      .mocked(setTimeout)
      .mock.calls.map(([, ms]) => ms)
      .filter((ms) => ms !== undefined && [500, 1_000, 2_000, 4_000, 8_000, 10_000].includes(ms))

  it.each([
    ['<value>OpaqueRef:vm</value>', 'OpaqueRef:vm'],
    ['<value><array><data><value>a</value><value>b</value></data></array></value>', ['a', 'b']],
    ['', ''],
  ])('returns the result %j of a task, and clears it away', async (result, decoded) => {
    task(1, { status: 'success', result })
    expect(await xenOf().callAsync('VM.start', 'vm-1', false, false)).toEqual(decoded)
    expect(pool.of('Async.VM.start')[0]?.params).toEqual(['OpaqueRef:session-1', 'vm-1'])
    expect(pool.of('task.destroy')[0]?.params).toEqual(['OpaqueRef:session-1', 'OpaqueRef:task'])
  })

  it('looks at once, then ever more rarely', async () => {
    task(7, { status: 'success', result: '' })
    await played(xenOf().callAsync('VM.start', 'vm-1'))
    expect(waits()).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000])
  })

  it('throws what the task says went wrong, which may be done in part', async () => {
    task(1, { status: 'failure', error_info: ['SR_BACKEND_FAILURE_46', '', 'The VDI is not available', 'x'] })
    const failure = await failureOfCall(xenOf().callAsync('VM.start', 'vm-1'))
    expect(isVendorError(failure, 'xenapi') && failure).toMatchObject({
      code: 'SR_BACKEND_FAILURE_46',
      outcome: 'unknown',
      mayBeDone: true,
    })
    expect(pool.of('task.destroy')).toHaveLength(1)
    expect(pool.of('Async.VM.start')).toHaveLength(1)
  })

  it.each([[['TASK_CANCELLED', 'OpaqueRef:task']], [[]]])(
    'throws of a task that was cancelled with %j',
    async (words) => {
      task(1, { status: 'cancelled', error_info: words })
      expect(await failureOfCall(xenOf().callAsync('VM.start', 'vm-1'))).toMatchObject({ code: 'TASK_CANCELLED' })
    },
  )

  it('follows no word of a task to another host', async () => {
    task(1, { status: 'failure', error_info: ['HOST_IS_SLAVE', 'xen-1.example'] })
    expect(await failureOfCall(xenOf().callAsync('VM.start', 'vm-1'))).toMatchObject({ code: 'HOST_IS_SLAVE' })
    expect(pool.of('Async.VM.start')).toHaveLength(1)
  })

  it('does not know what came of a task that is gone', async () => {
    pool.outcomes.set('Async.VM.start', () => value('OpaqueRef:task'))
    pool.outcomes.set('task.get_record', () => error('HANDLE_INVALID', 'task', 'OpaqueRef:task'))
    const failure = await failureOfCall(xenOf().callAsync('VM.start', 'vm-1'))
    expect(failure).toMatchObject({ code: 'HANDLE_INVALID', outcome: 'unknown', mayBeDone: true })
  })

  it('submits once, and looks again where a look was lost', async () => {
    let lost = 1
    pool.outcomes.set('Async.VM.start', () => value('OpaqueRef:task'))
    pool.outcomes.set('task.get_record', () =>
      lost-- > 0 ? Response.error() : value({ status: 'success', result: '' }),
    )
    await xenOf().callAsync('VM.start', 'vm-1')
    expect(pool.of('Async.VM.start')).toHaveLength(1)
    expect(pool.of('task.get_record')).toHaveLength(2)
  })

  it('fails with the submission where that is lost', async () => {
    pool.outcomes.set('Async.VM.start', () => Response.error())
    const failure = await failureOfCall(xenOf().callAsync('VM.start', 'vm-1'))
    expect(failure).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(pool.of('Async.VM.start')).toHaveLength(1)
  })

  it('ends waiting with its signal', async () => {
    task(99, { status: 'success' })
    const controller = new AbortController()
    const reason = new Error('enough')
    const done = xenOf().with({ signal: controller.signal }).callAsync('VM.start', 'vm-1')
    await vi.waitFor(() => expect(waits()).toHaveLength(1))
    controller.abort(reason)
    await expect(done).rejects.toBe(reason)
    expect(pool.of('task.destroy')).toEqual([])
  })
})
