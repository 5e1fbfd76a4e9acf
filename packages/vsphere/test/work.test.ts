import { isVendorError, type ResilientOptions, resilient } from '@holdfast/core'
import { type WorkState, withWork } from '@holdfast/core/work'
import { fetchFrom } from '@holdfast/testing'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { vsphere } from '../src/index.ts'
import { type VCenter, type VcenterSimulatorOptions, vcenter } from '../src/simulator/index.ts'
import { deleted, poweredOff, poweredOn, suspended, toolsRunning, vsphereWork } from '../src/work/index.ts'
import { url } from './simulator.ts'

const post = { method: 'POST' }
const minute = 60_000
let vc: VCenter

beforeEach(() => {
  vi.useFakeTimers()
  start()
})

function start(options: VcenterSimulatorOptions = {}) {
  vc = vcenter({ taskTime: minute, ...options })
}

const clientOf = (options: ResilientOptions = {}) =>
  withWork(
    resilient(fetchFrom(vc.handlers), {
      vendor: vsphere({ url, username: 'administrator@vsphere.local', password: 'secret' }),
      ...(options as object),
    }),
    vsphereWork,
  )

const power = (vm: string, action: string) => `${url}/api/vcenter/vm/${vm}/power?action=${action}&vmw-task=true`
const cloning = { ...post, body: JSON.stringify({ source: 'vm-1', name: 'web-2' }) }
const clone = `${url}/api/vcenter/vm?action=clone&vmw-task=true`

/** What a promise settles with, once so much time has gone by. */
async function after<T>(ms: number, promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  await vi.advanceTimersByTimeAsync(ms)
  return promise
}
const failureOf = async (ms: number, promise: Promise<unknown>) =>
  after(ms, promise).then(
    (value) => expect.fail(`It succeeded: ${String(value)}`),
    (error: unknown) => error,
  )
const begun = (client = clientOf()) => after(0, client.start<string>(clone, cloning))
const polls = () => vc.calls.filter(({ path }) => path.startsWith('/api/cis/tasks'))

describe('a task', () => {
  it('succeeds with its result, and tells its progress', async () => {
    const work = await begun()
    const states: WorkState[] = []
    work.on((state) => void states.push(state))
    expect(await after(70_000, work.result)).toMatch(/^vm-\d+$/)
    expect(work.id).toMatch(/:com\.vmware\.vcenter\.VM$/)
    expect(new Set(states.map(({ status }) => status))).toEqual(new Set(['running', 'succeeded']))
    expect(states.at(-2)?.progress).toBeGreaterThan(0.5)
    expect(vc.executed).toEqual([{ action: 'vm.clone', target: 'vm-1', ...vc.executed[0] }])
  })

  it('fails with its own error, which is the start’s', async () => {
    vc.faults.busy('vm-1')
    const work = await after(0, clientOf().start(power('vm-1', 'stop'), { ...post, resilience: { label: 'night' } }))
    const error = await failureOf(70_000, work.result)
    expect(isVendorError(error, 'vsphere') && error).toMatchObject({
      code: 'RESOURCE_BUSY',
      outcome: 'unknown',
      label: 'night',
      operation: 'POST /api/vcenter/vm/{vm}/power?action=stop',
      request: { method: 'POST', url: `${url}/api/vcenter/vm/vm-1/power` },
    })
  })

  it('is a success where the state holds already, for whoever takes it so', async () => {
    const resilience = { acceptAchieved: true }
    const work = await after(0, clientOf().start(power('vm-1', 'start'), { ...post, resilience }))
    expect(await after(70_000, work.result)).toBeUndefined()
    expect(vc.executed).toEqual([])
  })

  it('is cancelled at the server', async () => {
    const work = await begun()
    expect(await after(5_000, work.cancel())).toMatchObject({ status: 'cancelled', error: { code: 'CANCELED' } })
    await vi.advanceTimersByTimeAsync(2 * minute)
    expect(vc.executed).toEqual([])
  })

  it('that had ended before is told as it ended, and not as cancelled', async () => {
    start({ taskTime: 100 })
    const work = await begun()
    await vi.advanceTimersByTimeAsync(200)
    // Whoever asks first ends a task of the simulator.
    await after(0, clientOf().work(work.toJSON()).result)
    expect(await after(5_000, work.cancel())).toMatchObject({ status: 'succeeded' })
  })

  it('that cannot be cancelled goes on', async () => {
    const work = await after(0, clientOf().start(power('vm-1', 'stop'), post))
    expect(await failureOf(10_000, work.cancel())).toMatchObject({ code: 'UNSUPPORTED' })
    expect(await after(minute, work.result)).toBeUndefined()
  })

  it('that vanished is lost, and its error says how to find out', async () => {
    const work = await after(0, clientOf().start(power('vm-1', 'stop'), post))
    setTimeout(() => vc.loseTasks(), 20_000)
    expect(await failureOf(40_000, work.result)).toMatchObject({
      code: 'NOT_FOUND',
      outcome: 'unknown',
      mayBeDone: true,
      verifyWith: 'GET /api/vcenter/vm/vm-1/power',
    })
    expect(work.state.status).toBe('lost')
  })

  it('survives the end of its session, a burst of 503 and a proxy’s page', async () => {
    const work = await begun()
    setTimeout(() => vc.expireSessions(), 10_000)
    setTimeout(() => vc.faults.overload({ times: 20 }), 20_000)
    setTimeout(() => vc.outage(), 30_000)
    setTimeout(() => vc.recover(), 70_000)
    expect(await after(5 * minute, work.result)).toMatch(/^vm-/)
    expect(vc.logins).toBe(2)
    expect(vc.executed).toHaveLength(1)
  })

  it('goes on after its process was killed', async () => {
    const first = await begun()
    void first.result.catch(() => {})
    await vi.advanceTimersByTimeAsync(20_000)
    const stored = JSON.stringify(first)
    expect(stored).not.toContain('secret')
    // Another process knows nothing but this text.
    expect(await after(minute, clientOf().work(stored).result)).toMatch(/^vm-/)
    expect(await after(minute, clientOf().work(first.id).result)).toMatch(/^vm-/)
    expect(vc.executed).toHaveLength(1)
  })

  it.each([
    ['a string', 202, '"7:com.vmware.a"', '7:com.vmware.a'],
    ['an older value', 202, '{"value":"7"}', '7'],
    ['a success without one', 200, '"7"', undefined],
  ])('is known by %s', (_, status, text, id) => {
    const request = { method: 'POST', url: '', origin: url, path: '/api/a', query: '', bodyText: undefined }
    const reply = { status, text, headers: new Headers(), complete: true, request }
    const begun = vsphereWork.begun(reply)
    expect(begun && 'id' in begun ? begun.id : undefined).toBe(id)
  })

  it.each(['<html>', '', '{"value":{}}'])('may have begun where the answer names none: %j', (text) => {
    const request = { method: 'POST', url: '', origin: url, path: '/api/a', query: '', bodyText: undefined }
    const reply = { status: 202, text, headers: new Headers(), complete: true, request }
    expect(vsphereWork.begun(reply)).toMatchObject({ fault: { code: 'WORK_LOST' } })
  })
})

describe('a record of a task', () => {
  const request = { method: 'GET', url: '', origin: url, path: '/api/a', query: '', bodyText: undefined }
  const read = (body: object) =>
    vsphereWork
      .read({ status: 200, text: JSON.stringify(body), headers: new Headers(), complete: true, request }, [{ id: '7' }])
      ?.get('7')

  it.each([
    [
      { status: 'BLOCKED', progress: { total: 4, completed: 1 } },
      { status: 'running', progress: 0.25, message: 'blocked' },
    ],
    [{ status: 'RUNNING' }, { status: 'running' }],
    [{ status: 'PENDING' }, { status: 'pending' }],
    [
      { status: 'SUCCEEDED', result: { vm: 'vm-9' } },
      { status: 'succeeded', result: { vm: 'vm-9' } },
    ],
    [{ status: 'FAILED' }, { status: 'failed', fault: { code: 'ERROR' } }],
  ])('%j', (body, report) => {
    expect(read(body)).toEqual(report)
  })

  it('may hide its error in the result, of a failure and of a success', () => {
    const error = { error_type: 'UNABLE_TO_ALLOCATE_RESOURCE', messages: [] }
    expect(read({ status: 'FAILED', result: error })).toMatchObject({ fault: { code: 'UNABLE_TO_ALLOCATE_RESOURCE' } })
    const ovf = { succeeded: false, error: { errors: [{ category: 'INPUT' }] } }
    expect(read({ status: 'SUCCEEDED', result: ovf })).toMatchObject({
      status: 'failed',
      fault: { code: 'INVALID_ARGUMENT' },
    })
  })
})

describe('many tasks', () => {
  it('share their questions, those of each service their own', async () => {
    const client = clientOf()
    const machines = Array.from({ length: 40 }, (_, at) => [`m-${at}`, 'POWERED_ON'] as const)
    start({ vms: Object.fromEntries(machines) })
    const shared = withWork(
      resilient(fetchFrom(vc.handlers), {
        vendor: vsphere({ url, username: 'administrator@vsphere.local', password: 'secret' }),
      }),
      vsphereWork,
    )
    void client
    const works = await after(0, Promise.all(machines.map(([vm]) => shared.start(power(vm, 'stop'), post))))
    const [one] = machines
    works.push(await after(0, shared.start(clone, { ...post, body: JSON.stringify({ source: one?.[0], name: 'a' }) })))
    await after(80_000, Promise.all(works.map(({ result }) => result)))
    expect(vc.executed).toHaveLength(41)
    expect(polls().length).toBeLessThan(40)
  })
})

describe('a start whose answer was lost', () => {
  const dropped = () => vc.faults.drop({ when: 'after', where: ({ query }) => query.includes('vmw-task') })

  it('is found by its machine and its action', async () => {
    dropped()
    const work = await after(20_000, clientOf().start(power('vm-1', 'stop'), post))
    expect(await after(80_000, work.result)).toBeUndefined()
    expect(vc.executed).toMatchObject([{ action: 'vm.stop', target: 'vm-1' }])
  })

  it('is not taken for another one upon the same machine', async () => {
    const client = clientOf()
    dropped()
    const lost = failureOf(20_000, client.start(power('vm-1', 'reset'), post))
    await client.start(power('vm-1', 'reset'), post)
    expect(await lost).toMatchObject({ mayBeDone: true })
  })

  it.each([
    ['/api/vcenter/vm/vm-1', 'relocate', undefined],
    ['/api/vcenter/vm/100%/power', 'stop', '100%'],
    ['/api/vcenter/vm/a%2Fb/power', 'stop', 'a/b'],
  ])('is looked for at %s by what it is about', (path, action, id) => {
    const facts = { method: 'POST', url: '', origin: url, path, query: `?action=${action}`, bodyText: undefined }
    const { body } = vsphereWork.find?.(facts) ?? {}
    const targets = body && JSON.parse(body).filter_spec.targets
    expect(targets).toEqual(id && [{ type: 'VirtualMachine', id }])
  })

  const isDeletion = ({ method }: { method: string }) => method === 'DELETE'
  it('and whose machine is not there any more was a deletion that has ended', async () => {
    vc.faults.drop({ when: 'after', where: isDeletion })
    const work = await after(30_000, clientOf().start(`${url}/api/vcenter/vm/vm-2`, { method: 'DELETE' }))
    expect(work.state).toMatchObject({ status: 'succeeded', result: undefined })
    expect(vc.executed).toMatchObject([{ target: 'vm-2' }])
    expect(vc.calls.filter(isDeletion)).toHaveLength(2)
  })

  it('and that never arrived was no deletion: the machine is there', async () => {
    vc.faults.drop({ when: 'before', where: isDeletion, times: 9 })
    const started = clientOf().start(`${url}/api/vcenter/vm/vm-2`, { method: 'DELETE' })
    expect(await failureOf(400_000, started)).toMatchObject({ mayBeDone: true })
  })

  it('of a clone cannot be told from others', async () => {
    dropped()
    expect(await failureOf(20_000, clientOf().start(clone, cloning))).toMatchObject({ mayBeDone: true })
  })
})

describe('states', () => {
  it('of power are waited for', async () => {
    const client = clientOf()
    await after(0, client.start(power('vm-1', 'stop'), post)).then((work) => work.on(() => {}))
    expect(await after(80_000, client.until(poweredOff('vm-1'), { timeout: 2 * minute }))).toEqual({
      state: 'POWERED_OFF',
    })
    await after(1_000, client.until(suspended('vm-3')))
    await failureOf(2_000, client.until(poweredOn('vm-2'), { timeout: 1_000 }))
  })

  it('of deletion are a refusal', async () => {
    await after(1_000, clientOf().until(deleted('vm-9')))
  })

  it('of tools are read', () => {
    const seen = { status: 200, code: undefined, reply: undefined, fault: undefined }
    expect(toolsRunning('vm-1').holds({ ...seen, body: { run_state: 'RUNNING' } })).toBe(true)
    expect(toolsRunning('vm-1').holds({ ...seen, body: { run_state: 'NOT_RUNNING' } })).toBe(false)
  })
})
