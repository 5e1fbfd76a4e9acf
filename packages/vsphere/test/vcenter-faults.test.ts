import { describe, expect, it } from 'vitest'
import { login, power, simulate, typeOf } from './simulator.ts'

const start = simulate()

describe('faults', () => {
  it.each([
    [{ when: 'junk' }, "option `when` must be one of 'before', 'after'"],
    [{ times: -1 }, 'option `times` must be'],
    [{ method: 'GET' }, 'option `method` '],
    [{ where: '/api' }, 'option `where` must be a function'],
  ])('that can never apply are refused: %j', (scope, why) => {
    expect(() => start().faults.drop(scope as never)).toThrow(why)
  })

  it.each<[string, (vc: ReturnType<typeof start>) => void, string]>([
    [
      'a machine that is not there',
      ({ faults }) => faults.busy('vm-77'),
      'No machine vm-77; there are vm-1, vm-2, vm-3.',
    ],
    ['a count in words', ({ faults }) => faults.busy('vm-1', 'twice' as never), 'option `times` must be'],
    ['a delay with its unit', ({ faults }) => faults.slow('5s' as never), 'option `ms` must be a number'],
    ['an outage of no kind', (vc) => vc.outage({ as: 'junk' as never }), 'option `as` must be one of'],
  ])('are refused for %s', (_, script, why) => {
    const vc = start()
    expect(() => script(vc)).toThrow(why)
  })

  it('refuses under overload, before any work, for as many requests as told', async () => {
    const vc = start()
    const send = await login()
    vc.faults.overload({ times: 2, retryAfter: 3 })
    const refused = await send('POST', power('vm-2', 'start'))
    expect([refused.status, refused.headers.get('retry-after'), await typeOf(refused)]).toEqual([
      503,
      '3',
      'SERVICE_UNAVAILABLE',
    ])
    expect((await send('POST', power('vm-2', 'start'))).headers.get('retry-after')).toBe('3')
    expect((await send('POST', power('vm-2', 'start'))).status).toBe(204)
    expect(vc.executed).toHaveLength(1)
  })

  it('applies only where told, until cleared', async () => {
    const vc = start()
    const send = await login()
    vc.faults.overload({ where: ({ method, path }) => method === 'GET' && path.endsWith('/vm-1') })
    const statuses = async () => [
      (await send('GET', '/api/vcenter/vm/vm-1')).status,
      (await send('GET', '/api/vcenter/vm/vm-2')).status,
    ]
    expect(await statuses()).toEqual([503, 200])
    vc.faults.busy('vm-1', 9)
    vc.faults.clear()
    expect(await statuses()).toEqual([200, 200])
    expect((await send('POST', power('vm-1', 'stop'))).status).toBe(204)
  })

  it('goes down behind its proxy and comes back, with sessions or without', async () => {
    const vc = start()
    const send = await login()
    vc.outage()
    const down = await send('GET', '/api/vcenter/vm')
    expect([down.status, await down.text()]).toEqual([503, 'no healthy upstream'])
    vc.recover()
    expect((await send('GET', '/api/vcenter/vm')).status).toBe(200)
    vc.outage({ as: 'dropped' })
    await expect(send('GET', '/api/vcenter/vm')).rejects.toThrow('fetch failed')
    vc.restart()
    expect((await send('GET', '/api/vcenter/vm')).status).toBe(401)
  })

  it('is busy with one machine, for changes only', async () => {
    const vc = start()
    const send = await login()
    vc.faults.busy('vm-1', 2)
    const refused = await send('POST', power('vm-1', 'stop'))
    expect([refused.status, await typeOf(refused)]).toEqual([500, 'RESOURCE_BUSY'])
    expect((await send('GET', '/api/vcenter/vm/vm-1')).status).toBe(200)
    expect((await send('POST', power('vm-2', 'start'))).status).toBe(204)
    expect((await send('DELETE', '/api/vcenter/vm/vm-1')).status).toBe(500)
    expect((await send('POST', power('vm-1', 'stop'))).status).toBe(204)
  })

  it('drops the connection after the work or before it, and the account tells which', async () => {
    const vc = start()
    const send = await login()
    vc.faults.drop({ when: 'after' })
    await send('GET', '/api/vcenter/vm')
    await expect(send('POST', power('vm-2', 'start'))).rejects.toThrow('fetch failed')
    expect(vc.executed).toMatchObject([{ action: 'vm.start', target: 'vm-2' }])
    vc.faults.drop()
    await expect(send('POST', power('vm-2', 'stop'))).rejects.toThrow('fetch failed')
    expect(vc.executed).toHaveLength(1)
    expect(vc.calls.slice(1).map(({ end, executed }) => [end, executed])).toEqual([
      ['replied', undefined],
      ['dropped', 'vm.start'],
      ['dropped', undefined],
    ])
  })

  it('writes down what it saw and said, without the secrets', async () => {
    const vc = start()
    const send = await login()
    await send('POST', power('vm-1', 'start'))
    expect(vc.calls).toMatchObject([
      { method: 'POST', path: '/api/session', status: 201, headers: { authorization: '[secret 1]' } },
      { path: '/api/vcenter/vm/vm-1/power', query: 'action=start', status: 400, code: 'ALREADY_IN_DESIRED_STATE' },
    ])
    vc.clear()
    expect([vc.calls, vc.executed]).toEqual([[], []])
  })
})
