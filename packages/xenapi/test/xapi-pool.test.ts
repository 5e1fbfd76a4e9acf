import { fetchFrom } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { xapi } from '../src/simulator/index.ts'
import { get, hosts, login, master, member, post, say, simulate, url, xml } from './xapi-rpc.ts'

const start = simulate()

describe('a pool of hosts', () => {
  it('names its master to whoever asks a member, whatever the password', async () => {
    const pool = start({ hosts })
    const slave = { error: ['HOST_IS_SLAVE', '10.0.0.1'] }
    expect(await say(member, 'session.login_with_password', 'root', 'wrong')).toEqual(slave)
    expect(await say(member, 'VM.get_all', await login(master))).toEqual(slave)
    expect(await say(member, 'VM.get_all', 'OpaqueRef:old')).toEqual({ error: ['SESSION_INVALID', 'OpaqueRef:old'] })
    expect(pool.calls.map(({ host }) => host)).toEqual(['member', 'master', 'member', 'member'])
  })

  it('is asked by name and by address, IPv6 too, and leaves other hosts alone', async () => {
    const addresses = xapi({
      hosts: [
        { name: 'xen-1.example', address: 'fd00::1' },
        { name: 'xen-2.example', address: 'fd00::2' },
      ],
      vms: { 'vm-1': { power: 'Halted', host: 'xen-2.example' } },
    })
    const ask = fetchFrom(addresses.handlers)
    const body = xml('session.login_with_password', 'root', 'secret')
    const basic = { headers: { authorization: `Basic ${btoa('root:secret')}` } }
    const answer = async (origin: string) => (await ask(origin, { method: 'POST', body })).text()
    expect(await answer('https://xen-1.example')).toContain('<value>Success</value>')
    expect(await answer('http://[fd00::1]:8080')).toContain('<value>Success</value>')
    expect((await ask('https://[fd00::1]/export?ref=OpaqueRef:vm-1', basic)).headers.get('location')).toBe(
      'https://[fd00::2]/export?ref=OpaqueRef:vm-1',
    )
    expect(await answer('https://[fd00::2]')).toContain('<value>HOST_IS_SLAVE</value><value>fd00::1</value>')
    await expect(answer('https://elsewhere.example')).rejects.toThrow('No handler takes')
  })

  it('tells its members', async () => {
    start({ hosts })
    const session = await login(master)
    const records = await get<Record<string, { address: string }>>(master, 'host.get_all_records', session)
    expect(Object.values(records).map(({ address }) => address)).toEqual(['10.0.0.1', '10.0.0.2'])
    const pools = await get<Record<string, { master: string }>>(master, 'pool.get_all_records', session)
    expect(Object.values(pools)).toMatchObject([{ master: 'OpaqueRef:master' }])
  })

  it('changes its master: the old one knows no session any more, then names the new one', async () => {
    const pool = start({ hosts })
    const session = await login(master)
    pool.promote('member')
    expect(await say(master, 'VM.get_all', session)).toEqual({ error: ['SESSION_INVALID', session] })
    expect(await say(master, 'session.login_with_password', 'root', 'secret')).toEqual({
      error: ['HOST_IS_SLAVE', '10.0.0.2'],
    })
    const renewed = await login(member)
    const pools = await get<Record<string, { master: string }>>(member, 'pool.get_all_records', renewed)
    expect(Object.values(pools)).toMatchObject([{ master: 'OpaqueRef:member' }])
    expect(pool.master).toBe('member')
  })

  it('loses a host and gets it back, and with the master every session', async () => {
    const pool = start({ hosts })
    const session = await login(master)
    pool.kill('member')
    await expect(say(member, 'VM.get_all', session)).rejects.toThrow('fetch failed')
    expect(await say(master, 'VM.get_all', session)).toMatchObject({ result: expect.any(Array) })
    pool.kill('master')
    await expect(login(master)).rejects.toThrow('fetch failed')
    pool.revive('master')
    expect(await say(master, 'VM.get_all', session)).toEqual({ error: ['SESSION_INVALID', session] })
    expect(() => pool.kill('nobody')).toThrow('No host nobody; there are master, member.')
  })
})

describe('a restart', () => {
  it('loses sessions and tasks, and boots until told', async () => {
    const pool = start()
    const session = await login()
    const task = await get(url, 'Async.VM.start', session, 'OpaqueRef:vm-2', false, false)
    pool.restart()
    const reply = await post(url, '/jsonrpc', '{"method":"session.login_with_password","params":[],"id":1}')
    expect(await reply.text()).toBe('{"jsonrpc":"2.0","error":["HOST_STILL_BOOTING"],"id":0}')
    const local = await get(url, 'session.slave_local_login_with_password', 'root', 'secret')
    expect(await get(url, 'host.is_in_emergency_mode', local)).toBe(true)
    pool.ready()
    expect(await say(url, 'VM.get_all', session)).toEqual({ error: ['SESSION_INVALID', session] })
    const renewed = await login()
    expect(await say(url, 'task.get_record', renewed, task)).toEqual({ error: ['HANDLE_INVALID', 'task', task] })
    expect(pool.vms.get('OpaqueRef:vm-2')?.power_state).toBe('Halted')
  })

  it('of a member leaves the sessions of the pool alone', async () => {
    const pool = start({ hosts })
    const session = await login(master)
    pool.restart('member')
    expect(await say(member, 'VM.get_all', session)).toEqual({ error: ['HOST_STILL_BOOTING'] })
    expect(await say(master, 'VM.get_all', session)).toMatchObject({ result: expect.any(Array) })
  })

  it('drops what was waiting for an answer', async () => {
    const pool = start()
    const session = await login()
    const token = await get(url, 'event.inject', session, 'pool', 'OpaqueRef:pool')
    const { token: now } = await get<{ token: string }>(url, 'event.from', session, ['*'], token, 0)
    const waiting = say(url, 'event.from', session, ['*'], now, 3_600)
    pool.faults.hang({ method: 'VM.get_all' })
    const hanging = say(url, 'VM.get_all', session)
    await expect.poll(() => pool.calls.length).toBe(5)
    pool.restart()
    await expect(waiting).rejects.toThrow('fetch failed')
    await expect(hanging).rejects.toThrow('fetch failed')
  })

  it('may find any error in the way', async () => {
    const pool = start({ hosts })
    pool.emergency('member', 'HOST_MASTER_CANNOT_TALK_BACK', '10.0.0.2')
    expect(await say(member, 'VM.get_all', 'x')).toEqual({ error: ['HOST_MASTER_CANNOT_TALK_BACK', '10.0.0.2'] })
    pool.ready('member')
    expect(await say(member, 'VM.get_all', 'x')).toEqual({ error: ['SESSION_INVALID', 'x'] })
  })
})
