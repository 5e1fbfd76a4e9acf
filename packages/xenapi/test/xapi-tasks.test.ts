import { fetchFrom } from '@holdfast/testing'
import { describe, expect, it, vi } from 'vitest'
import { xapi } from '../src/simulator/index.ts'
import { get, json, login, say, simulate, url } from './xapi-rpc.ts'

const start = simulate()

interface Task {
  readonly status: string
  readonly result: string
  readonly error_info: readonly string[]
}

describe('machines', () => {
  it('change their power state, or say in lower case why not', async () => {
    const pool = start()
    const session = await login()
    const act = (action: string, vm: string, ...more: unknown[]) =>
      say(url, `VM.${action}`, session, `OpaqueRef:${vm}`, ...more)
    expect(await act('start', 'vm-2', false, false)).toEqual({ result: '' })
    expect(await act('start', 'vm-2', false, false)).toEqual({
      error: ['VM_BAD_POWER_STATE', 'OpaqueRef:vm-2', 'halted', 'running'],
    })
    expect(await act('hard_shutdown', 'vm-2')).toEqual({ result: '' })
    expect(await act('hard_shutdown', 'vm-2')).toMatchObject({
      error: { 2: 'paused, suspended, running', 3: 'halted' },
    })
    expect(await act('start', 'nothing', false, false)).toEqual({
      error: ['HANDLE_INVALID', 'VM', 'OpaqueRef:nothing'],
    })
    expect(pool.executed.slice(1)).toMatchObject([
      { action: 'VM.start', target: 'OpaqueRef:vm-2', host: 'xen-1' },
      { action: 'VM.hard_shutdown', target: 'OpaqueRef:vm-2' },
    ])
  })

  it('are found, named, copied and destroyed', async () => {
    const pool = start()
    const session = await login()
    const uuid = await get(url, 'VM.get_uuid', session, 'OpaqueRef:vm-2')
    expect(await get(url, 'VM.get_by_uuid', session, uuid)).toBe('OpaqueRef:vm-2')
    await get(url, 'VM.set_name_label', session, 'OpaqueRef:vm-2', 'db')
    expect(await get(url, 'VM.get_by_name_label', session, 'db')).toEqual(['OpaqueRef:vm-2'])
    const copy = await get(url, 'VM.clone', session, 'OpaqueRef:vm-2', 'copy')
    expect(await get(url, 'VM.get_record', session, copy)).toMatchObject({ name_label: 'copy', power_state: 'Halted' })
    await get(url, 'VM.destroy', session, 'OpaqueRef:vm-2')
    expect([...pool.vms.keys()]).toEqual(['OpaqueRef:vm-1', 'OpaqueRef:vm-3', copy])
  })

  it('take a key of other_config once', async () => {
    start()
    const session = await login()
    const set = ['VM.add_to_other_config', session, 'OpaqueRef:vm-1', 'k', 'v'] as const
    expect(await say(url, ...set)).toEqual({ result: '' })
    expect(await say(url, ...set)).toEqual({
      error: ['MAP_DUPLICATE_KEY', 'VM', 'other_config', 'OpaqueRef:vm-1', 'k'],
    })
    await get(url, 'VM.remove_from_other_config', session, 'OpaqueRef:vm-1', 'k')
    expect(await say(url, ...set)).toEqual({ result: '' })
  })

  it('answer a plugin so often and no oftener, and say how long to wait', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 })
    start()
    const session = await login()
    const call = () => say(url, 'VM.call_plugin', session, 'OpaqueRef:vm-1', 'guest-agent-operation', 'version', {})
    expect(await call()).toEqual({ result: 'True' })
    vi.advanceTimersByTime(2_750)
    expect(await call()).toEqual({ error: ['VM_CALL_PLUGIN_RATE_LIMIT', 'OpaqueRef:vm-1', '10.', '7.25'] })
    vi.advanceTimersByTime(7_250)
    expect(await call()).toEqual({ result: 'True' })
  })
})

describe('tasks', () => {
  const submit = (session: string, method: string, ...params: unknown[]) =>
    get(url, `Async.${method}`, session, ...params)
  const record = (session: string, task: string) => get<Task>(url, 'task.get_record', session, task)

  it('are done after some questions, with a result that is XML in every format', async () => {
    const pool = start()
    const session = await login()
    const task = await submit(session, 'VM.clone', 'OpaqueRef:vm-2', 'copy')
    expect([await record(session, task), await record(session, task)]).toMatchObject([
      { status: 'pending', progress: 1 / 3 },
      { status: 'pending', progress: 2 / 3 },
    ])
    expect([pool.pendingTasks, pool.executed.length]).toEqual([1, 1])
    const done = await record(session, task)
    expect(done).toMatchObject({ status: 'success', progress: 1, error_info: [] })
    expect(done.result).toMatch(/^<value>OpaqueRef:[-0-9a-f]+<\/value>$/)
    const start2 = await submit(session, 'VM.start', 'OpaqueRef:vm-2', false, false)
    for (let poll = 0; poll < 3; poll += 1) await record(session, start2)
    expect(await record(session, start2)).toMatchObject({ status: 'success', result: '' })
    expect(pool.executed.map(({ action }) => action).slice(1)).toEqual(['VM.clone', 'VM.start'])
  })

  it('fail in the words of the call', async () => {
    const pool = start({ pollsUntilDone: 1 })
    const session = await login()
    const task = await submit(session, 'VM.start', 'OpaqueRef:vm-1', false, false)
    expect(await record(session, task)).toMatchObject({
      status: 'failure',
      error_info: ['VM_BAD_POWER_STATE', 'OpaqueRef:vm-1', 'halted', 'running'],
    })
    pool.faults.fail('VDI_IO_ERROR', ['Device I/O errors'], { method: 'VM.start', when: 'after' })
    const late = await submit(session, 'VM.start', 'OpaqueRef:vm-2', false, false)
    expect(await record(session, late)).toMatchObject({ error_info: ['VDI_IO_ERROR', 'Device I/O errors'] })
    expect(pool.executed.at(-1)).toMatchObject({ action: 'VM.start', target: 'OpaqueRef:vm-2' })
  })

  it('are cancelled before they do anything, and destroyed', async () => {
    const pool = start()
    const session = await login()
    const task = await submit(session, 'VM.start', 'OpaqueRef:vm-2', false, false)
    await get(url, 'task.cancel', session, task)
    expect(await record(session, task)).toMatchObject({ status: 'cancelled', error_info: ['TASK_CANCELLED', task] })
    await get(url, 'task.destroy', session, task)
    expect(await say(url, 'task.get_record', session, task)).toEqual({ error: ['HANDLE_INVALID', 'task', task] })
    expect(pool.vms.get('OpaqueRef:vm-2')?.power_state).toBe('Halted')
  })

  it('can be too many: a call is refused, a task fails', async () => {
    const pool = start({ maxPendingTasks: 1 })
    const session = await login()
    const start2 = ['VM.start', 'OpaqueRef:vm-2', false, false] as const
    const first = await submit(session, ...start2)
    const [method, ...params] = start2
    expect(await say(url, method, session, ...params)).toEqual({ error: ['TOO_MANY_PENDING_TASKS'] })
    const second = await submit(session, ...start2)
    expect(await record(session, second)).toMatchObject({ status: 'failure', error_info: ['TOO_MANY_PENDING_TASKS'] })
    for (let poll = 0; poll < 3; poll += 1) await record(session, first)
    expect(await record(session, first)).toMatchObject({ status: 'success' })
    expect(await get(url, 'VM.get_power_state', session, 'OpaqueRef:vm-2')).toBe('Running')
    expect(pool.pendingTasks).toBe(0)
  })

  it('are forgotten when told', async () => {
    const pool = start()
    const session = await login()
    const task = await submit(session, 'VM.start', 'OpaqueRef:vm-2', false, false)
    pool.loseTasks()
    expect(await say(url, 'task.get_status', session, task)).toEqual({ error: ['HANDLE_INVALID', 'task', task] })
  })
})

describe('events', () => {
  interface Batch {
    readonly token: string
    readonly events: readonly { readonly class: string; readonly operation: string; readonly ref: string }[]
    readonly valid_ref_counts: Readonly<Record<string, number>>
  }

  it('tell what has changed since a token', async () => {
    start()
    const session = await login()
    const since = (token: string, ...classes: string[]) => get<Batch>(url, 'event.from', session, classes, token, 0)
    const all = await since('', '*')
    expect(all.events.map((event) => `${event.operation} ${event.class}`)).toEqual([
      ...['add vm', 'add vm', 'add vm', 'add host', 'add pool', 'add sr', 'add network'],
    ])
    expect(all.valid_ref_counts).toEqual({ vm: 3, host: 1, pool: 1, sr: 1, network: 1, task: 0 })
    expect(all.token).toMatch(/^\d{20},\d{20}$/)
    await get(url, 'VM.set_name_label', session, 'OpaqueRef:vm-1', 'db')
    await get(url, 'VM.destroy', session, 'OpaqueRef:vm-2')
    expect((await since(all.token, 'VM', 'host')).events).toMatchObject([
      { class: 'vm', operation: 'mod', ref: 'OpaqueRef:vm-1', snapshot: { name_label: 'db' } },
      { class: 'vm', operation: 'del', ref: 'OpaqueRef:vm-2' },
    ])
    expect((await since(all.token, 'host')).events).toEqual([])
    expect(await say(url, 'event.from', session, ['*'], 'rubbish', 0)).toEqual({
      error: ['EVENT_FROM_TOKEN_PARSE_FAILURE', 'rubbish'],
    })
  })

  it('are waited for, as long as the caller wants', async () => {
    vi.useFakeTimers()
    const pool = xapi()
    const ask = fetchFrom(pool.handlers)
    const call = async (method: string, ...params: unknown[]) => {
      const reply = await ask(`${url}/jsonrpc`, { method: 'POST', body: json(method, params) })
      return ((await reply.json()) as { result: Batch }).result
    }
    const session = (await call('session.login_with_password', 'root', 'secret')) as unknown
    const { token } = await call('event.from', session, ['vm'], '', 0)
    const waiting = call('event.from', session, ['vm'], token, 30)
    let answered = 0
    void waiting.then(() => (answered += 1))
    await vi.advanceTimersByTimeAsync(20_000)
    expect(answered).toBe(0)
    await call('VM.set_name_label', session, 'OpaqueRef:vm-1', 'db')
    expect((await waiting).events).toHaveLength(1)
    const idle = call('event.from', session, ['vm'], (await waiting).token, 30)
    await vi.advanceTimersByTimeAsync(30_000)
    expect((await idle).events).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('end with their session', async () => {
    const pool = start()
    const session = await login()
    const { token } = await get<Batch>(url, 'event.from', session, ['vm'], '', 0)
    const waiting = say(url, 'event.from', session, ['vm'], token, 3_600)
    await expect.poll(() => pool.calls.length).toBe(3)
    pool.expireSessions()
    expect(await waiting).toEqual({ error: ['SESSION_INVALID', session] })
  })
})
