import { describe, expect, it, vi } from 'vitest'
import { basic, login, power, simulate, typeOf, url } from './simulator.ts'

const start = simulate()

describe('virtual machines', () => {
  it('are listed, with filters, on both surfaces', async () => {
    start()
    const get = await login()
    const names = async (path: string) => {
      const body = (await (await get('GET', path)).json()) as { vm: string }[] | { value: { vm: string }[] }
      return ('value' in body ? body.value : body).map(({ vm }) => vm)
    }
    expect(await names('/api/vcenter/vm')).toEqual(['vm-1', 'vm-2', 'vm-3'])
    expect(await names('/api/vcenter/vm?power_states=POWERED_ON&power_states=SUSPENDED')).toEqual(['vm-1', 'vm-3'])
    expect(await names('/rest/vcenter/vm?filter.names.1=machine-2')).toEqual(['vm-2'])
  })

  it('are shown one by one, and not found by a wrong identifier', async () => {
    start()
    const get = await login()
    expect(await (await get('GET', '/api/vcenter/vm/vm-1')).json()).toMatchObject({
      name: 'machine-1',
      power_state: 'POWERED_ON',
    })
    expect(await (await get('GET', '/api/vcenter/vm/vm-2/power')).json()).toEqual({ state: 'POWERED_OFF' })
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/power'],
      ['POST', '/power?action=start'],
    ] as const) {
      const missing = await get(method, `/api/vcenter/vm/vm-99${path}`)
      expect([missing.status, await typeOf(missing)]).toEqual([404, 'NOT_FOUND'])
    }
  })

  it.each([
    ['vm-1', 'start', 400, 'ALREADY_IN_DESIRED_STATE'],
    ['vm-1', 'stop', 204, 'POWERED_OFF'],
    ['vm-1', 'suspend', 204, 'SUSPENDED'],
    ['vm-1', 'reset', 204, 'POWERED_ON'],
    ['vm-2', 'start', 204, 'POWERED_ON'],
    ['vm-2', 'stop', 400, 'ALREADY_IN_DESIRED_STATE'],
    ['vm-2', 'suspend', 400, 'NOT_ALLOWED_IN_CURRENT_STATE'],
    ['vm-2', 'reset', 400, 'NOT_ALLOWED_IN_CURRENT_STATE'],
    ['vm-3', 'start', 204, 'POWERED_ON'],
    ['vm-3', 'stop', 204, 'POWERED_OFF'],
    ['vm-3', 'suspend', 400, 'ALREADY_IN_DESIRED_STATE'],
    ['vm-3', 'reset', 400, 'NOT_ALLOWED_IN_CURRENT_STATE'],
    ['vm-1', 'explode', 400, 'INVALID_ARGUMENT'],
  ])('%s, %s: %i %s', async (vm, action, status, outcome) => {
    const vc = start()
    const send = await login()
    const answer = await send('POST', power(vm, action))
    expect(answer.status).toBe(status)
    if (status === 204) {
      expect(vc.vms.find((each) => each.vm === vm)?.power_state).toBe(outcome)
      expect(vc.executed).toMatchObject([{ action: `vm.${action}`, target: vm }])
    } else {
      expect(await typeOf(answer)).toBe(outcome)
      expect(vc.executed).toEqual([])
    }
  })

  it('are deleted only when they are not on', async () => {
    const vc = start()
    const send = await login()
    expect(await typeOf(await send('DELETE', '/api/vcenter/vm/vm-1'))).toBe('NOT_ALLOWED_IN_CURRENT_STATE')
    expect((await send('DELETE', '/api/vcenter/vm/vm-2')).status).toBe(204)
    expect((await send('DELETE', '/api/vcenter/vm/vm-2')).status).toBe(404)
    expect(vc.vms.map(({ vm }) => vm)).toEqual(['vm-1', 'vm-3'])
  })

  it('speak the older words on /rest', async () => {
    const vc = start()
    const send = await login()
    expect((await send('POST', '/rest/vcenter/vm/vm-2/power/start')).status).toBe(200)
    const again = await send('POST', '/rest/vcenter/vm/vm-2/power/start')
    expect([again.status, await again.json()]).toMatchObject([
      400,
      {
        type: 'com.vmware.vapi.std.errors.already_in_desired_state',
        value: { messages: [expect.anything(), expect.anything()] },
      },
    ])
    vc.faults.busy('vm-2')
    const busy = await send('POST', '/rest/vcenter/vm/vm-2/power/stop')
    expect([busy.status, await busy.json()]).toMatchObject([400, { type: 'com.vmware.vapi.std.errors.resource_busy' }])
  })
})

describe('the rest of the API', () => {
  it('creates a tag category once', async () => {
    const vc = start()
    const send = await login()
    const created = await send('POST', '/api/cis/tagging/category', { name: 'team' })
    expect(created.status).toBe(201)
    const id = (await created.json()) as string
    expect(await typeOf(await send('POST', '/api/cis/tagging/category', { name: 'team' }))).toBe('ALREADY_EXISTS')
    expect(await typeOf(await send('POST', '/api/cis/tagging/category', {}))).toBe('INVALID_ARGUMENT')
    const older = await send('POST', '/rest/com/vmware/cis/tagging/category', { create_spec: { name: 'team' } })
    expect([older.status, await older.text()]).toEqual([
      400,
      '{"type":"com.vmware.vapi.std.errors.already_exists","value":{}}',
    ])
    expect(await (await send('GET', '/api/cis/tagging/category')).json()).toEqual([id])
    expect(await (await send('GET', `/rest/com/vmware/cis/tagging/category/id:${id}`)).json()).toMatchObject({
      value: { name: 'team' },
    })
    expect((await send('DELETE', `/api/cis/tagging/category/${encodeURIComponent(id)}`)).status).toBe(204)
    expect(vc.executed.map(({ action }) => action)).toEqual(['category.create', 'category.delete'])
  })

  it('does not know other operations, and says so on either surface', async () => {
    start()
    const send = await login()
    expect(await (await send('GET', '/api/vcenter/nonsense')).json()).toMatchObject({
      error_type: 'NOT_FOUND',
      messages: [{ id: 'com.vmware.vapi.rest.httpNotFound' }],
    })
    expect(await (await send('PUT', '/rest/vcenter/vm')).json()).toMatchObject({
      type: 'com.vmware.vapi.std.errors.not_found',
      value: { messages: [{ id: 'com.vmware.vapi.rest.operationsForUrlNotFound' }] },
    })
  })

  it('does not take a body that is no JSON', async () => {
    start()
    const token = (await (await fetch(`${url}/api/session`, { method: 'POST', headers: basic() })).json()) as string
    const headers = { 'vmware-api-session-id': token }
    const answer = await fetch(`${url}/api/cis/tagging/category`, { method: 'POST', headers, body: '{"name":' })
    expect([answer.status, await typeOf(answer)]).toEqual([400, 'INVALID_REQUEST'])
  })

  it('runs long work as a task, whose record tells how it ended', async () => {
    const vc = start()
    const send = await login()
    const submit = async (action: string) => {
      const accepted = await send('POST', `${power('vm-2', action)}&vmw-task=true`)
      expect(accepted.status).toBe(202)
      return encodeURIComponent((await accepted.json()) as string)
    }
    const poll = async (task: string) =>
      (await (await send('GET', `/api/cis/tasks/${task}`)).json()) as { status: string }
    const task = await submit('start')
    expect([(await poll(task)).status, (await poll(task)).status]).toEqual(['PENDING', 'RUNNING'])
    expect(vc.executed).toEqual([])
    expect(await poll(task)).toMatchObject({
      status: 'SUCCEEDED',
      progress: { completed: 100 },
      operation: 'start$task',
    })
    await poll(task)
    expect(vc.executed).toHaveLength(1)
    const second = await submit('start')
    await poll(second)
    await poll(second)
    expect(await poll(second)).toMatchObject({ status: 'FAILED', error: { error_type: 'ALREADY_IN_DESIRED_STATE' } })
    vc.loseTasks()
    expect((await send('GET', `/api/cis/tasks/${second}`)).status).toBe(404)
  })

  it('answers at its own origin only, if it has one', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    start({ origin: 'https://other.example' })
    await expect(fetch(`${url}/api/vcenter/vm`)).rejects.toThrow('fetch failed')
    expect((await fetch('https://other.example/api/vcenter/vm')).status).toBe(401)
  })
})
