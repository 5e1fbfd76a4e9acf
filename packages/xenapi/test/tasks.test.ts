import { inspect } from 'node:util'
import { isVendorError } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOfCall, one, password, played, username, xenOf } from './calls.ts'
import { error, Pool, value } from './pool.ts'
import { useServer } from './use-server.ts'

const server = useServer()
let pool: Pool

beforeEach(() => {
  pool = new Pool(one)
  // Such a pool tells of no changes.
  pool.outcomes.set('event.from', () => error('MESSAGE_METHOD_UNKNOWN', 'event.from'))
  server.use(pool.handler)
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
    vi.spyOn(Math, 'random').mockReturnValue(0.75)
  })

  it.each([
    ['<value>OpaqueRef:vm</value>', 'OpaqueRef:vm'],
    ['<value><array><data><value>a</value><value>b</value></data></array></value>', ['a', 'b']],
    ['', ''],
  ])('returns the result %j of a task, and clears it away', async (result, decoded) => {
    task(1, { status: 'success', result })
    const xen = xenOf()
    expect(await xen.callAsync('VM.start', 'vm-1', false, false)).toEqual(decoded)
    await xen.close()
    expect(pool.of('Async.VM.start')[0]?.params).toEqual(['OpaqueRef:session-1', 'vm-1'])
    expect(pool.of('task.destroy')[0]?.params).toEqual(['OpaqueRef:session-1', 'OpaqueRef:task'])
  })

  it('does not hold a result back until its task is cleared away', async () => {
    task(1, { status: 'success', result: '' })
    pool.outcomes.set('task.destroy', () => new Promise(() => {}))
    const xen = xenOf()
    expect(await xen.callAsync('VM.start', 'vm-1')).toBe('')
    await played(xen.close())
    expect(pool.of('task.destroy')).toHaveLength(1)
    expect(pool.sessions.size).toBe(0)
  })

  it('throws what the task says went wrong, which may be done in part', async () => {
    task(1, { status: 'failure', error_info: ['SR_BACKEND_FAILURE_46', '', 'The VDI is not available', 'x'] })
    const xen = xenOf()
    const failure = await failureOfCall(xen.callAsync('VM.start', 'vm-1'))
    await xen.close()
    expect(isVendorError(failure, 'xenapi') && failure).toMatchObject({
      code: 'SR_BACKEND_FAILURE_46',
      outcome: 'unknown',
      mayBeDone: true,
    })
    expect(pool.of('task.destroy')).toHaveLength(1)
    expect(pool.of('Async.VM.start')).toHaveLength(1)
  })

  it('takes what a task says for what the user says it means', async () => {
    const errors = { VM_BAD_POWER_STATE: { kind: 'retryable', outcome: 'rejected' } } as const
    const ended = { status: 'failure', error_info: ['VM_BAD_POWER_STATE', 'vm-1', 'Halted', 'Running'] }
    const meant = { kind: 'retryable', outcome: 'rejected', mayBeDone: false, reason: 'settled' }
    task(1, ended)
    expect(await failureOfCall(xenOf({ errors }).callAsync('VM.start', 'vm-1'))).toMatchObject(meant)
    task(1, ended)
    expect(await failureOfCall(xenOf().with({ errors }).callAsync('VM.start', 'vm-1'))).toMatchObject(meant)
  })

  it('knows no end that it has not seen, whatever the user says', async () => {
    const errors = { HANDLE_INVALID: { kind: 'conflict', outcome: 'rejected' } } as const
    pool.outcomes.set('Async.VM.start', () => value('OpaqueRef:task'))
    pool.outcomes.set('task.get_record', () => error('HANDLE_INVALID', 'task', 'OpaqueRef:task'))
    const failure = await failureOfCall(played(xenOf({ errors }).callAsync('VM.start', 'vm-1')))
    expect(failure).toMatchObject({ code: 'HANDLE_INVALID', kind: 'fatal', outcome: 'unknown', mayBeDone: true })
  })

  it('shows no password that a task repeats', async () => {
    pool.outcomes.set('Async.pool.join', () => value('OpaqueRef:task'))
    pool.outcomes.set('task.get_record', () =>
      value({ status: 'failure', error_info: ['INTERNAL_ERROR', 'no login with hunter3'] }),
    )
    const failure = await failureOfCall(xenOf().callAsync('pool.join', '10.0.0.9', 'root', 'hunter3'))
    expect(failure).toMatchObject({ code: 'INTERNAL_ERROR', mayBeDone: true })
    expect(inspect(failure, { depth: 9 })).not.toContain('hunter3')
  })

  it('shows neither the session nor the login that a task repeats', async () => {
    task(1, { status: 'failure', error_info: ['INTERNAL_ERROR', `OpaqueRef:session-1 of ${username}:${password}`] })
    const failure = await failureOfCall(xenOf().callAsync('VM.start', 'vm-1'))
    expect(failure).toMatchObject({ code: 'INTERNAL_ERROR', mayBeDone: true })
    for (const secret of ['OpaqueRef:session-1', password]) expect(inspect(failure, { depth: 9 })).not.toContain(secret)
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
    const failure = await failureOfCall(played(xenOf().callAsync('VM.start', 'vm-1')))
    expect(failure).toMatchObject({ code: 'HANDLE_INVALID', outcome: 'unknown', mayBeDone: true })
    expect(failure).toMatchObject({ cause: { code: 'HANDLE_INVALID', request: { url: `${one}/jsonrpc` } } })
  })

  it.each([{}, null, '', { status: 'Success', result: 'x' }, { status: 'paused' }])(
    'does not know what came of a task in the state %j, and leaves it alone',
    async (record) => {
      task(1, record as object)
      const xen = xenOf()
      const failure = await failureOfCall(played(xen.callAsync('VM.start', 'vm-1')))
      expect(failure).toMatchObject({ code: 'UNKNOWN_FAILURE', outcome: 'unknown', mayBeDone: true })
      expect(String(failure)).toContain('OpaqueRef:task')
      await xen.close()
      expect(pool.of('task.destroy')).toEqual([])
    },
  )

  it('looks again for as long as looks are lost or refused, and tells of the task’s end alone', async () => {
    let lost = 40
    pool.outcomes.set('Async.VM.start', () => value('OpaqueRef:task'))
    pool.outcomes.set('task.get_record', () =>
      lost-- > 0 ? Response.error() : value({ status: 'success', result: '<value>done</value>' }),
    )
    const xen = xenOf({ breaker: { openTime: 20_000 }, patience: 0, limits: false })
    expect(await played(xen.callAsync('VM.start', 'vm-1'))).toBe('done')
    expect(pool.of('Async.VM.start')).toHaveLength(1)
  })

  it.each([
    ['RBAC_PERMISSION_DENIED', error('RBAC_PERMISSION_DENIED', 'task.get_record')],
    ['HTTP_404', () => new Response('', { status: 404 })],
    ['WORK_LOST', () => Response.json('odd')],
  ])('does not know what came of a task that looking again does not show: %s', async (code, outcome) => {
    pool.outcomes.set('Async.VM.start', () => value('OpaqueRef:task'))
    pool.outcomes.set('task.get_record', () => (typeof outcome === 'function' ? outcome() : outcome))
    const failure = await failureOfCall(played(xenOf().callAsync('VM.start', 'vm-1')))
    expect(isVendorError(failure) && failure).toMatchObject({ code, outcome: 'unknown', mayBeDone: true })
    expect(String(failure)).toContain('OpaqueRef:task')
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
    const failure = await failureOfCall(played(xenOf().callAsync('VM.start', 'vm-1')))
    expect(failure).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(pool.of('Async.VM.start')).toHaveLength(1)
  })

  it('ends waiting with its signal', async () => {
    task(99, { status: 'success' })
    const controller = new AbortController()
    const reason = new Error('enough')
    const done = xenOf().with({ signal: controller.signal }).callAsync('VM.start', 'vm-1')
    await vi.waitFor(() => expect(pool.of('task.get_record')).toHaveLength(1), { timeout: 250_000 })
    controller.abort(reason)
    await expect(done).rejects.toBe(reason)
    expect(pool.of('task.destroy')).toEqual([])
  })
})
