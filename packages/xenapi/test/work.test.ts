import { isVendorError, type VendorError } from '@holdfast/core'
import type { WorkState } from '@holdfast/core/work'
import { fetchFrom } from '@holdfast/testing'
import { describe, expect, it, vi } from 'vitest'
import { deleted, hostEnabled, poweredOff, poweredOn, suspended } from '../src/work/index.ts'
import { after, minute, ref, WorkingPool } from './working-pool.ts'
import { hosts as named } from './xapi-rpc.ts'

const at = new WorkingPool()

const failureOf = async (ms: number, promise: Promise<unknown>) =>
  after(ms, promise).then(
    (value) => expect.fail(`It succeeded: ${String(value)}`),
    (error: unknown) => error,
  )
const clone = (xen = at.client()) => after(0, xen.start<string>('VM.clone', ref('vm-2'), 'web-2'))
const count = (method: string) => at.pool.calls.filter(({ rpc }) => rpc === method).length

describe('a task', () => {
  it.each(['json', 'xml'] as const)(
    'succeeds with its result, which is XML in every format, and tells its progress: %s',
    async (format) => {
      const work = await clone(at.client({ format }))
      const states: WorkState[] = []
      work.on((state) => void states.push(state))
      const vm = await after(70_000, work.result)
      expect(at.pool.vms.get(vm)).toMatchObject({ name_label: 'web-2' })
      expect(states.map(({ progress }) => progress)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
    },
  )

  it('is heard of by one question that is held back, and hardly asked after', async () => {
    const work = await clone()
    await after(62_000, work.result)
    expect(count('task.get_record')).toBeLessThanOrEqual(7)
    expect(count('event.from')).toBeLessThanOrEqual(10)
  })

  it('fails with its own error, which is the start’s', async () => {
    const xen = at.client()
    const error = await failureOf(70_000, xen.with({ label: 'night' }).callAsync('VM.start', ref('vm-1'), false, false))
    expect(isVendorError(error, 'xenapi') && error).toMatchObject({
      code: 'VM_BAD_POWER_STATE',
      outcome: 'unknown',
      achieved: true,
      label: 'night',
      operation: 'Async.VM.start',
    })
    expect(
      await after(70_000, xen.with({ acceptAchieved: true }).callAsync('VM.start', ref('vm-1'), false, false)),
    ).toBe('')
  })

  it('is cancelled at the host, and the answer says so', async () => {
    const work = await clone()
    expect(await after(5_000, work.cancel())).toMatchObject({ status: 'cancelled', error: { code: 'TASK_CANCELLED' } })
    await vi.advanceTimersByTimeAsync(2 * minute)
    expect(at.pool.executed.map(({ action }) => action)).not.toContain('VM.clone')
  })

  it('that had ended before is told as it ended, and not as cancelled', async () => {
    at.start({ taskTime: 100 })
    const work = await clone()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await after(5_000, work.cancel())).toMatchObject({ status: 'succeeded' })
  })

  it('is cleared away at its end, before the session is', async () => {
    const xen = at.client()
    await after(
      90_000,
      xen.callAsync('VM.clone', ref('vm-2'), 'a').then(() => xen.close()),
    )
    expect(at.pool.executed.map(({ action }) => action)).toContain('task.destroy')
    expect(at.pool.sessions).toBe(0)
  })

  it('is left where it was stored: another process may wait for it, and find its end', async () => {
    const first = await clone()
    const other = at.client().work<string>(JSON.stringify(first))
    const results = Promise.all([first.result, other.result])
    expect((await after(90_000, results)).every(at.hasMachine)).toBe(true)
    const last = at.client().work<string>(first.id)
    expect(await after(10_000, last.result)).toSatisfy(at.hasMachine)
    expect(count('task.destroy')).toBe(0)
  })

  it.each(['json', 'xml'] as const)('is known by its uuid, too, as people have it: %s', async (format) => {
    const first = await clone()
    JSON.stringify(first)
    const { uuid } = (await after(0, at.client().call<{ uuid: string }>('task.get_record', first.id))) ?? {}
    const other = at.client({ format }).work<string>(uuid)
    expect(await after(90_000, other.result)).toSatisfy(at.hasMachine)
    const late = at.client({ format }).work<string>(uuid.toUpperCase())
    expect(await after(10_000, late.result)).toSatisfy(at.hasMachine)
  })

  it('by a uuid of which nobody knows is lost, and is not cancelled by it', async () => {
    const work = at.client().work('0f3e2d1c-0b0a-4908-8706-050403020100')
    expect(await failureOf(60_000, work.result)).toMatchObject({ outcome: 'unknown', mayBeDone: true })
    const running = at.client().work('1f3e2d1c-0b0a-4908-8706-050403020100')
    await expect(after(60_000, running.cancel())).rejects.toThrow('cannot cancel')
  })

  it('by its bare reference is lost once its starter has cleared it away, though it is done', async () => {
    const first = await clone()
    expect(await after(90_000, first.result)).toSatisfy(at.hasMachine)
    const late = at.client().work<string>(first.id)
    expect(await failureOf(30_000, late.result)).toMatchObject({ outcome: 'unknown', mayBeDone: true })
  })

  it('that vanished is lost, and its error says how to find out', async () => {
    const work = await after(0, at.client().start('VM.clean_shutdown', ref('vm-1')))
    setTimeout(() => at.pool.loseTasks(), 20_000)
    const error = (await failureOf(90_000, work.result)) as VendorError
    expect(error).toMatchObject({
      code: 'HANDLE_INVALID',
      outcome: 'unknown',
      mayBeDone: true,
      verifyWith: 'VM.get_record OpaqueRef:vm-1',
    })
    expect(error.message).toMatch(/ is lost, .*To find out: VM\.get_record OpaqueRef:vm-1\. \(xenapi HANDLE_INVALID/)
    expect(error.message).not.toContain('Look the object up again')
    expect(work.state.status).toBe('lost')
  })

  it('that was to make something is looked for among all, for the template’s record does not tell', async () => {
    const work = await clone()
    setTimeout(() => at.pool.loseTasks(), 20_000)
    expect(await failureOf(90_000, work.result)).toMatchObject({ mayBeDone: true, verifyWith: 'VM.get_all_records' })
  })

  it('survives the end of its session, a burst of 503 and a host that starts again', async () => {
    const work = await clone()
    setTimeout(() => at.pool.expireSessions(), 10_000)
    setTimeout(() => at.pool.faults.status(503, { times: 20 }), 20_000)
    setTimeout(() => at.pool.faults.status(503, { times: 1_000 }), 30_000)
    setTimeout(() => at.pool.faults.clear(), 70_000)
    expect(await after(5 * minute, work.result)).toSatisfy(at.hasMachine)
    expect(at.pool.executed.filter(({ action }) => action === 'VM.clone')).toHaveLength(1)
  })

  it('ends with its master: the new one is asked, and does not know it', async () => {
    const work = await after(0, at.client().start('VM.clean_shutdown', ref('vm-1')))
    setTimeout(() => {
      at.pool.kill('master')
      at.pool.promote('member')
    }, 20_000)
    const error = await failureOf(5 * minute, work.result)
    expect(error).toMatchObject({ code: 'HANDLE_INVALID', outcome: 'unknown', mayBeDone: true })
    expect(at.pool.calls.some(({ rpc, host }) => host === 'member' && /^(?:task|event)\./.test(rpc ?? ''))).toBe(true)
  })

  it('goes on after its process was killed', async () => {
    let isKilled = false
    const alive = fetchFrom(at.pool.handlers)
    const fetch: typeof alive = (...given) => (isKilled ? new Promise(() => {}) : alive(...given))
    const first = await clone(at.client({ fetch }))
    void first.result.catch(() => {})
    const stored = JSON.stringify(first)
    await vi.advanceTimersByTimeAsync(20_000)
    isKilled = true
    expect(stored).not.toContain('secret')
    // Another process knows nothing but this text.
    expect(await after(minute, at.client().work<string>(stored).result)).toSatisfy(at.hasMachine)
    const vm = await clone()
    expect(await after(70_000, at.client().work<string>(vm.id).result)).toSatisfy(at.hasMachine)
  })

  it('that another process takes up has the name and the class of its start', async () => {
    const first = await after(0, at.client().start('VM.start', ref('vm-1'), false, false))
    const error = await failureOf(70_000, at.client().work(JSON.stringify(first)).result)
    expect(error).toMatchObject({
      code: 'VM_BAD_POWER_STATE',
      achieved: true,
      operation: 'Async.VM.start',
      mayBeDone: true,
    })
  })
})

describe('a pool that tells of no changes', () => {
  it('is asked, by one question for all of its tasks', async () => {
    const machines = Array.from({ length: 30 }, (_, at) => [`m-${at}`, 'Running'] as const)
    at.start({ vms: Object.fromEntries(machines) })
    at.pool.faults.fail('RBAC_PERMISSION_DENIED', ['event.from'], { method: 'event.from' })
    const xen = at.client()
    const results = Promise.all(machines.map(([vm]) => xen.callAsync('VM.clean_shutdown', ref(vm))))
    await after(90_000, results)
    expect(at.pool.executed.filter(({ action }) => action === 'VM.clean_shutdown')).toHaveLength(30)
    expect(count('event.from')).toBe(1)
    expect(count('task.get_record') + count('task.get_all_records')).toBeLessThan(40)
  })
})

describe('a start whose answer was lost', () => {
  it('is found by its machine and its operation', async () => {
    at.pool.faults.drop({ method: 'Async.VM.clean_shutdown', when: 'after' })
    const work = await after(20_000, at.client().start('VM.clean_shutdown', ref('vm-1')))
    expect(await after(80_000, work.result)).toBe('')
    expect(at.pool.executed.filter(({ action }) => action === 'VM.clean_shutdown')).toHaveLength(1)
  })

  it('is found while the start of something else has no answer', async () => {
    at.pool.faults.drop({ method: 'Async.VM.clean_shutdown', when: 'after' })
    at.pool.faults.hang({ method: 'Async.VM.start' })
    const xen = at.client()
    const other = xen.start('VM.start', ref('vm-2'), false, false).catch(() => {})
    const work = await after(20_000, xen.start('VM.clean_shutdown', ref('vm-1')))
    expect(await after(80_000, work.result)).toBe('')
    await xen.close()
    await other
  })

  it('is found where it destroys a machine, too', async () => {
    at.pool.faults.drop({ method: 'Async.VM.destroy', when: 'after' })
    const work = await after(20_000, at.client().start('VM.destroy', ref('vm-2')))
    await after(80_000, work.result)
    expect(at.pool.executed.filter(({ action }) => action === 'VM.destroy')).toHaveLength(1)
  })

  it('has ended where the machine that was to be destroyed is not there any more', async () => {
    at.start({ taskTime: 1_000 })
    at.pool.faults.drop({ method: 'Async.VM.destroy', when: 'after' })
    at.pool.faults.status(503, { method: 'VM.get_current_operations' })
    const work = await after(80_000, at.client().start('VM.destroy', ref('vm-2')))
    expect(work.state).toMatchObject({ status: 'succeeded', result: undefined })
  })

  it('and that was to stay paused cannot be told from others', async () => {
    at.pool.faults.drop({ method: 'Async.VM.start', when: 'after' })
    const started = at.client().start('VM.start', ref('vm-2'), true, false)
    expect(await failureOf(20_000, started)).toMatchObject({ mayBeDone: true })
  })

  it('that makes something new cannot be told from others', async () => {
    at.pool.faults.drop({ method: 'Async.VM.clone', when: 'after' })
    expect(await failureOf(20_000, at.client().start('VM.clone', ref('vm-2'), 'a'))).toMatchObject({ mayBeDone: true })
  })
})

describe('states', () => {
  it('of machines and hosts are waited for', async () => {
    const xen = at.client()
    void xen.callAsync('VM.clean_shutdown', ref('vm-1'))
    await after(80_000, xen.until(poweredOff(ref('vm-1')), { timeout: 2 * minute }))
    await after(1_000, xen.until(suspended(ref('vm-3'))))
    await after(1_000, xen.until(deleted(ref('vm-9'))))
    await after(1_000, xen.until(hostEnabled(ref('master'))))
    expect(await failureOf(2_000, xen.until(poweredOn(ref('vm-2')), { timeout: 1_000 }))).toMatchObject({
      name: 'TimeoutError',
    })
  })

  it.each([
    ['xml', 'all', '/'],
    ['xml', 'xml-only', '/'],
    ['auto', 'all', '/jsonrpc'],
    ['auto', 'xml-only', '/'],
  ] as const)('are asked after in the format of the pool: %s, where it takes %s', async (format, formats, path) => {
    at.start({ hosts: [{ ...named[0], formats }, named[1]] })
    const paths: string[] = []
    const pools = fetchFrom(at.pool.handlers)
    const fetch: typeof pools = (input, init) => {
      const { pathname } = new URL(String(input))
      if (String(init?.body).includes('VM.get_power_state')) paths.push(pathname)
      return pools(input, init)
    }
    const xen = at.client({ format, fetch })
    await after(10_000, xen.until(poweredOn(ref('vm-1')), { timeout: minute }))
    await after(1_000, xen.until(deleted(ref('vm-9'))))
    expect(paths.slice(-3)).toEqual([path, path, path])
  })
})
