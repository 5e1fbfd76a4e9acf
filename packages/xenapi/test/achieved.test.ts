import { acceptedOf, resilient, type VendorError } from '@holdfast/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { xenapi } from '../src/index.ts'
import { parse } from '../src/parse.ts'
import { readAnswer } from '../src/wire/answer.ts'
import { callOf, failureOfCall, formats, one, password, urlOf, username, xenOf } from './calls.ts'
import { jsonCall } from './facts.ts'
import { error, Pool, value } from './pool.ts'
import { useServer } from './use-server.ts'

const server = useServer()
let pool: Pool

beforeEach(() => {
  pool = new Pool(one)
  server.use(pool.handler)
})

const vm = 'OpaqueRef:vm'
const runs = () => error('VM_BAD_POWER_STATE', vm, 'Halted', 'Running')

const faultOf = (method: string, actual: string, ...more: unknown[]) =>
  parse({
    status: 200,
    headers: new Headers(),
    text: JSON.stringify({
      jsonrpc: '2.0',
      error: { code: 1, message: 'VM_BAD_POWER_STATE', data: [vm, 'Halted', actual] },
      id: 1,
    }),
    complete: true,
    request: jsonCall(method, 'OpaqueRef:session', vm, ...more),
  })

describe('a power state in the way is the wanted one', () => {
  it.each([
    ['VM.start', 'Running'],
    ['VM.start', 'running'],
    ['VM_start', 'Running'],
    ['VM.resume', 'Running'],
    ['VM.unpause', 'Running'],
    ['VM.pause', 'Paused'],
    ['VM.suspend', 'Suspended'],
    ['VM.shutdown', 'Halted'],
    ['VM.clean_shutdown', 'Halted'],
    ['VM.hard_shutdown', 'Halted'],
    ['VM.power_state_reset', 'Halted'],
  ])('of %s where it is %s', (method, actual) => {
    expect(faultOf(method, actual)).toMatchObject({ code: 'VM_BAD_POWER_STATE', achieved: true })
  })

  it('of a start that is to stay paused where it is paused', () => {
    expect(faultOf('VM.start', 'Paused', true, false)).toMatchObject({ achieved: true })
    expect(faultOf('VM.start', 'Running', true, false)).not.toHaveProperty('achieved')
  })

  it.each([
    ['VM.start', 'Paused'],
    ['VM.start_on', 'Running'],
    ['VM.clean_reboot', 'Halted'],
    ['VM.clone', 'Halted'],
    ['VM.clean_shutdown', 'Suspended'],
  ])('and not of %s where it is %s', (method, actual) => {
    expect(faultOf(method, actual)).not.toHaveProperty('achieved')
  })

  it('and not of another machine', () => {
    const fault = parse({
      ...{ status: 200, headers: new Headers(), complete: true },
      text: '{"jsonrpc":"2.0","error":{"code":1,"message":"VM_BAD_POWER_STATE","data":["OpaqueRef:b","Halted","Running"]},"id":1}',
      request: jsonCall('VM.start', 'OpaqueRef:session', vm),
    })
    expect(fault).not.toHaveProperty('achieved')
  })
})

describe('with `acceptAchieved`', () => {
  it.each(formats)(
    'a start of a machine that runs is a success in %s, and the conflict is attached',
    async (format) => {
      pool.outcomes.set('VM.start', runs)
      const client = resilient(fetch, { vendor: xenapi({ url: one, username, password }), acceptAchieved: true })
      const reply = await client(urlOf(format), callOf(format, 'VM.start', vm))
      expect(reply.ok).toBe(true)
      expect(readAnswer(await reply.text())).toMatchObject({ type: 'success', value: '' })
      const conflict = acceptedOf(reply)
      expect(conflict).toMatchObject({ code: 'VM_BAD_POWER_STATE', operation: 'VM.start', achieved: true })
      expect(await conflict?.response?.text()).toContain('VM_BAD_POWER_STATE')
      await client.close()
    },
  )

  it('the answer bears the number of the call', async () => {
    pool.outcomes.set('VM.start', runs)
    const client = resilient(fetch, { vendor: xenapi({ url: one, username, password }), acceptAchieved: true })
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'VM.start', params: ['OpaqueRef:SESSION', vm], id: 'a"7' })
    const reply = await client(`${one}/jsonrpc`, { method: 'POST', body })
    expect(await reply.json()).toEqual({ jsonrpc: '2.0', result: '', id: 'a"7' })
    await client.close()
  })

  it('a call returns what a start returns, and a task too', async () => {
    pool.outcomes.set('VM.start', runs)
    pool.outcomes.set('Async.VM.start', () => value('OpaqueRef:task'))
    const failed = { status: 'failure', error_info: ['VM_BAD_POWER_STATE', vm, 'Halted', 'Running'] }
    pool.outcomes.set('task.get_record', () => value(failed))
    const xen = xenOf()
    const accepting = xen.with({ acceptAchieved: true })
    expect(await accepting.call('VM.start', vm)).toBe('')
    expect(await accepting.callAsync('VM.start', vm)).toBe('')
    const one = xen.with({ errors: { VM_BAD_POWER_STATE: { acceptAchieved: true } } })
    expect(await one.callAsync('VM.start', vm)).toBe('')
    for (const call of [xen.call('VM.start', vm), xen.callAsync('VM.start', vm)])
      expect((await failureOfCall(call)) as VendorError).toMatchObject({ kind: 'conflict', achieved: true })
    await xen.close()
  })
})
