import { describe, expect, it } from 'vitest'
import { pass, project, provider, providers, startCsbs, v1 } from './simulator.ts'

const protect = (server: string) => `${providers}/resources/${server}/action`
const policyFor = (name: string, ...servers: readonly string[]) => ({
  policy: {
    name,
    provider_id: provider,
    resources: servers.map((id) => ({ id, type: 'OS::Nova::Server', name: id })),
    scheduled_operations: [],
  },
})
const refusal = (status: number, error_code: string, error_msg: unknown = expect.any(String)) => [
  status,
  { error_code, error_msg },
]

describe('a backup', () => {
  it('runs and ends while time goes by', async () => {
    const { service, exchange } = await startCsbs()
    const [status, body] = await exchange('POST', protect('server-1'), { protect: { backup_name: 'nightly' } })
    const id = (body as { checkpoint: { id: string } }).checkpoint.id
    expect([status, body]).toEqual([
      200,
      {
        checkpoint: {
          status: 'protecting',
          created_at: '2026-01-02T03:04:05.678000',
          id,
          resource_graph: null,
          project_id: project,
          extra_info: null,
          protection_plan: expect.objectContaining({ id: `fake_${id}` }),
        },
      },
    ])
    const look = async () => {
      const [, answered] = await exchange('GET', `${v1}/checkpoint_items?checkpoint_id=${id}`)
      const [item] = (answered as { checkpoint_items: (typeof service.backups)[number][] }).checkpoint_items
      return [item?.status, item?.extend_info.progress]
    }
    expect(await look()).toEqual(['waiting_protect', 0])
    await pass(5)
    expect(await look()).toEqual(['protecting', 0])
    await pass(150)
    expect(await look()).toEqual(['protecting', 50])
    await pass(149.999)
    expect(await look()).toEqual(['protecting', 99])
    await pass(0.001)
    expect(await look()).toEqual(['available', 100])
    expect(service.backups[0]?.extend_info.finished_at).toBe('2026-01-02T03:09:10.678000')
    expect(service.executed).toEqual([
      { action: 'backup.create', target: 'server-1', at: Date.parse('2026-01-02T03:04:05.678Z') },
    ])
  })

  it('is found by what is known of it', async () => {
    const { exchange } = await startCsbs({ durations: { waiting: 0, backup: 0 } })
    for (const [server, backup_name] of [
      ['server-1', 'a-1'],
      ['server-1', 'b-1'],
      ['server-2', 'b-2'],
    ] as const) {
      await exchange('POST', protect(server), { protect: { backup_name } })
    }
    const names = async (query: string) => {
      const [, answered] = await exchange('GET', `${v1}/checkpoint_items?${query}`)
      return (answered as { checkpoint_items: { name: string; id: string }[] }).checkpoint_items
    }
    expect((await names('resource_id=server-1&name=b')).map(({ name }) => name)).toEqual(['b-1'])
    const [first] = await names('limit=1')
    expect((await names(`marker=${first?.id}&limit=1`)).map(({ name }) => name)).toEqual(['b-1'])
    expect(await exchange('GET', `${v1}/checkpoint_items/count?status=available`)).toEqual([200, { count: 3 }])
    expect(await exchange('GET', `${v1}/checkpoint_items/${first?.id}`)).toMatchObject([
      200,
      { checkpoint_item: { name: 'a-1', extend_info: { fail_code: {}, fail_op: '' } } },
    ])
    expect(await exchange('GET', `${v1}/checkpoint_items/none`)).toEqual(
      refusal(404, 'CSBS.3001', 'Checkpoint_item (none) is not found.'),
    )
  })

  it('is made twice where it is asked for twice', async () => {
    const { service, exchange } = await startCsbs({ durations: { waiting: 0, backup: 1_000 } })
    const body = { protect: { backup_name: 'nightly' } }
    await exchange('POST', protect('server-1'), body)
    expect(await exchange('POST', protect('server-1'), body)).toEqual(refusal(500, 'CSBS.1001'))
    await pass(1)
    await exchange('POST', protect('server-1'), body)
    expect(service.backups.map(({ name }) => name)).toEqual(['nightly', 'nightly'])
    expect(service.executed).toHaveLength(2)
  })

  it('can end in failure, which is told with 200', async () => {
    const { service, exchange } = await startCsbs()
    service.failWork('backup', { code: '5001', reason: 'The disk went away.' })
    await exchange('POST', protect('server-1'), { protect: {} })
    await pass(305)
    const [status, body] = await exchange('GET', `${v1}/checkpoint_items/${service.backups[0]?.id}`)
    expect([status, body]).toMatchObject([
      200,
      {
        checkpoint_item: {
          status: 'error',
          extend_info: {
            fail_op: 'backup',
            fail_reason: 'The disk went away.',
            fail_code: { Code: 5001, Description: 'The disk went away.' },
          },
        },
      },
    ])
  })

  it('is refused where the quota is reached', async () => {
    const { exchange } = await startCsbs({ quota: { backups: 1 } })
    await exchange('POST', protect('server-1'), { protect: {} })
    expect(await exchange('POST', protect('server-2'), { protect: {} })).toEqual(refusal(400, 'CSBS.9006'))
    expect(await exchange('GET', `${v1}/quotas`)).toMatchObject([
      200,
      { quotas: { resources: [{ quota: -1 }, { used: 1, type: 'backups', quota: 1 }] } },
    ])
  })

  it('is refused for servers and providers that are not there', async () => {
    const { service, ask, token, exchange } = await startCsbs()
    expect(await exchange('POST', protect('none'), { protect: {} })).toEqual(refusal(400, 'CSBS.6000'))
    expect(await exchange('POST', `${v1}/providers/other/resources/server-1/action`, { protect: {} })).toEqual(
      refusal(400, 'CSBS.9001', 'provider invalid'),
    )
    const headers = { 'x-auth-token': token }
    const broken = await ask(`https://cloud.example${protect('server-1')}`, { method: 'POST', headers, body: '{' })
    expect([broken.status, await broken.text()]).toEqual([
      400,
      '{"error_code": "CSBS.9001", "error_msg": "request body invalid"}',
    ])
    expect(service.executed).toEqual([])
  })
})

describe('what can be done is asked before', () => {
  it('and answered for each item by itself, in a 200', async () => {
    const { service, exchange } = await startCsbs({
      servers: { 'server-1': {}, 'server-2': {}, 'server-3': { refuses: 'CSBS.6007' } },
    })
    await exchange('POST', protect('server-1'), { protect: {} })
    const items = ['server-1', 'server-2', 'server-3', 'none'].map((resource_id) => ({ resource_id }))
    const verdict = (resource_id: string, error_code: string) => ({
      ...{ resource_id, resource_type: 'OS::Nova::Server', result: error_code === '', error_code },
      error_msg: error_code === '' ? '' : expect.any(String),
    })
    expect(await exchange('POST', `${providers}/resources/action`, { check_protectable: items })).toEqual([
      200,
      {
        protectable: [
          verdict('server-1', 'CSBS.1001'),
          verdict('server-2', ''),
          verdict('server-3', 'CSBS.6007'),
          verdict('none', 'CSBS.6000'),
        ],
      },
    ])
    const restorable = (checkpoint_item_id: unknown) => ({ checkpoint_item_id, target: { resource_id: 'server-2' } })
    const check_restorable = [restorable(service.backups[0]?.id), restorable('none')]
    expect(await exchange('POST', `${providers}/resources/action`, { check_restorable })).toEqual([
      200,
      { restorable: [verdict('server-2', 'CSBS.2003'), verdict('server-2', 'CSBS.3001')] },
    ])
    expect(service.executed).toHaveLength(1)
  })
})

describe('a deletion', () => {
  it('waits for work under way, and then for others: five run at once', async () => {
    const { service, exchange } = await startCsbs({ durations: { waiting: 0, backup: 10_000, delete: 30_000 } })
    for (let made = 0; made < 6; made += 1) {
      await exchange('POST', protect('server-1'), { protect: {} })
      if (made < 5) await pass(10)
    }
    const checkpoints = service.backups.map(({ checkpoint_id }) => `${providers}/checkpoints/${checkpoint_id}`)
    expect(await exchange('DELETE', checkpoints[5] ?? '')).toEqual(refusal(400, 'CSBS.2003', 'item in executing'))
    await pass(10)
    for (const path of checkpoints) expect(await exchange('DELETE', path)).toEqual([200, {}])
    expect(await exchange('DELETE', checkpoints[0] ?? '')).toEqual(refusal(400, 'CSBS.2003'))
    const states = () => service.backups.map(({ status }) => status)
    expect(states()).toEqual([...Array(5).fill('deleting'), 'waiting_delete'])
    await pass(30)
    expect(states()).toEqual(['deleting'])
    await pass(30)
    expect(states()).toEqual([])
    expect(await exchange('DELETE', checkpoints[0] ?? '')).toEqual(refusal(404, 'CSBS.3001'))
    expect(service.executed.filter(({ action }) => action === 'backup.delete')).toHaveLength(6)
  })

  it('is refused for good while an image stands on the backup', async () => {
    const { service, exchange } = await startCsbs({ durations: { waiting: 0, backup: 0 } })
    await exchange('POST', protect('server-1'), { protect: {} })
    const [backup] = service.backups
    const path = `${providers}/checkpoints/${backup?.checkpoint_id}?checkpoint_items=${backup?.id}`
    service.setImage(backup?.id ?? '', 'image-1')
    expect(await exchange('DELETE', path)).toEqual(refusal(400, 'CSBS.8007'))
    service.setImage(backup?.id ?? '', undefined)
    expect(await exchange('DELETE', path)).toEqual([200, {}])
  })
})

describe('a restoration', () => {
  it('keeps the server and the backup busy until it ends', async () => {
    const { service, exchange } = await startCsbs({ durations: { waiting: 1_000, backup: 0 } })
    await exchange('POST', protect('server-1'), { protect: {} })
    await pass(1)
    const [backup] = service.backups
    const restore = (power_on: boolean) => ({
      restore: {
        provider_id: provider,
        checkpoint_id: backup?.checkpoint_id,
        parameters: { checkpoint_item_id: backup?.id, power_on, targets: { server_id: 'server-1', volumes: [] } },
      },
    })
    expect(await exchange('POST', `${v1}/restores`, restore(true))).toMatchObject([
      200,
      { restore: { status: 'in_progress', provider_id: provider } },
    ])
    expect(service.backups[0]?.status).toBe('waiting_restore')
    await pass(1)
    expect(service.backups[0]?.status).toBe('restoring')
    expect(await exchange('POST', `${v1}/restores`, restore(false))).toEqual(refusal(400, 'CSBS.6015'))
    expect(await exchange('POST', protect('server-1'), { protect: {} })).toEqual(refusal(400, 'CSBS.6005'))
    expect(await exchange('DELETE', `${providers}/checkpoints/${backup?.checkpoint_id}`)).toEqual(
      refusal(400, 'CSBS.2003'),
    )
    await pass(120)
    expect(service.backups[0]?.status).toBe('available')
  })

  it('is refused from a backup that failed', async () => {
    const { service, exchange } = await startCsbs({ durations: { waiting: 0, backup: 0 } })
    service.failWork('backup', { code: '1' })
    await exchange('POST', protect('server-1'), { protect: {} })
    const { id: checkpoint_item_id, checkpoint_id } = { ...service.backups[0] }
    const parameters = { checkpoint_item_id, targets: { server_id: 'server-1' } }
    expect(
      await exchange('POST', `${v1}/restores`, { restore: { provider_id: provider, checkpoint_id, parameters } }),
    ).toEqual(refusal(400, 'CSBS.4000'))
  })
})

describe('a policy', () => {
  it('is made, found, changed and removed', async () => {
    const { service, exchange } = await startCsbs({ quota: { policies: 2 } })
    const [status, made] = await exchange('POST', `${v1}/policies`, policyFor('daily', 'server-1'))
    const { id } = (made as { policy: { id: string } }).policy
    expect([status, made]).toMatchObject([
      200,
      { policy: { name: 'daily', provider_id: provider, project_id: project } },
    ])
    expect(await exchange('POST', `${v1}/policies`, policyFor('daily'))).toEqual(refusal(400, 'CSBS.9007'))
    expect(await exchange('POST', `${v1}/policies`, policyFor('weekly', 'server-1'))).toEqual(
      refusal(
        400,
        'CSBS.6004',
        `{"msg": "The resource xxx is already in service.", "plan_id": "${id}", "plan_name": "daily"}`,
      ),
    )
    await exchange('POST', `${v1}/policies`, policyFor('weekly'))
    expect(await exchange('POST', `${v1}/policies`, policyFor('monthly'))).toEqual(refusal(400, 'CSBS.0001'))
    await exchange('PUT', `${v1}/policies/${id}`, { policy: { name: 'hourly' } })
    expect(await exchange('GET', `${v1}/policies/${id}`)).toMatchObject([
      200,
      { policy: { name: 'hourly', resources: [{ id: 'server-1' }] } },
    ])
    expect(await exchange('DELETE', `${v1}/policies/${id}`)).toEqual([200, ''])
    expect(await exchange('GET', `${v1}/policies/${id}`)).toEqual(refusal(404, 'CSBS.3000', 'plan not found'))
    expect(await exchange('GET', `${v1}/policies`)).toMatchObject([200, { policies: [{ name: 'weekly' }], count: 1 }])
    expect(service.executed.map(({ action }) => action)).toEqual([
      'policy.create',
      'policy.create',
      'policy.update',
      'policy.delete',
    ])
  })

  it('that is executing is not changed, and not run again', async () => {
    const { service, exchange } = await startCsbs()
    await exchange('POST', `${v1}/policies`, policyFor('daily', 'server-1', 'server-2'))
    const [plan_id = ''] = service.policies
    const run = () => exchange('POST', `${providers}/checkpoints`, { checkpoint: { plan_id, parameters: {} } })
    expect(await run()).toMatchObject([200, { checkpoint: { status: 'protecting', protection_plan: { id: plan_id } } }])
    expect(await run()).toEqual(refusal(500, 'CSBS.1001'))
    expect(await exchange('PUT', `${v1}/policies/${plan_id}`, { policy: {} })).toEqual(refusal(400, 'CSBS.2004'))
    expect(await exchange('DELETE', `${v1}/policies/${plan_id}`)).toEqual(refusal(400, 'CSBS.2004'))
    const checkpoint = service.backups[0]?.checkpoint_id
    expect(await exchange('DELETE', `${providers}/checkpoints/${checkpoint}`)).toEqual(refusal(400, 'CSBS.2004'))
    await pass(305)
    expect(service.backups.map(({ status }) => status)).toEqual(['available', 'available'])
    service.runSchedule(plan_id)
    expect(await run()).toEqual(refusal(500, 'CSBS.6030', 'auto plan executing'))
    expect(await exchange('POST', protect('server-1'), { protect: {} })).toEqual(refusal(500, 'CSBS.6030'))
    await pass(305)
    expect(await exchange('DELETE', `${v1}/policies/${plan_id}`)).toEqual([200, ''])
  })

  it('without servers has nothing to run', async () => {
    const { service, exchange } = await startCsbs()
    await exchange('POST', `${v1}/policies`, policyFor('daily'))
    const checkpoint = { plan_id: service.policies[0], parameters: {} }
    expect(await exchange('POST', `${providers}/checkpoints`, { checkpoint })).toEqual(refusal(500, 'CSBS.6032'))
  })
})
