import { fetchFrom } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { createXenApi } from '../src/client.ts'
import { xenapi } from '../src/index.ts'
import { xapi } from '../src/simulator/index.ts'
import { jsonCall, requestTo } from './facts.ts'

const url = 'https://xen.example'

const asked = (method: string, ...params: readonly unknown[]) =>
  xenapi().verifyWith?.(jsonCall(method, 'OpaqueRef:session', ...params))

describe('whether a call was done is shown by', () => {
  it.each([
    ['VM.start', ['OpaqueRef:vm-1', false, false], 'VM.get_record OpaqueRef:vm-1'],
    ['VM_start', ['OpaqueRef:vm-1', false, false], 'VM.get_record OpaqueRef:vm-1'],
    ['Async.VM.snapshot', ['OpaqueRef:vm-1', 'before'], 'VM.get_record OpaqueRef:vm-1'],
    ['VM.set_name_label', ['OpaqueRef:vm-1', 'web'], 'VM.get_record OpaqueRef:vm-1'],
    ['VM.clone', ['OpaqueRef:vm-1', 'web-2'], 'VM.get_all_records'],
    ['VBD.create', [{ VM: 'OpaqueRef:vm-1' }], 'VBD.get_all_records'],
    ['SR.scan', ['OpaqueRef:sr-1'], 'SR.get_record OpaqueRef:sr-1'],
    ['PIF.scan', ['OpaqueRef:host-1'], 'PIF.get_all_records'],
    ['pool.designate_new_master', ['OpaqueRef:host-2'], 'pool.get_all_records'],
    ['pool.eject', ['OpaqueRef:host-2'], 'host.get_all_records'],
  ])('%s %j: %s', (method, params, call) => {
    expect(asked(method, ...params)).toBe(call)
  })

  it.each([
    ['session.change_password', ['old', 'new']],
    ['session.add_to_other_config', ['OpaqueRef:other-session', 'k', 'v']],
    ['myplugin.do', ['OpaqueRef:vm-1']],
    ['VM.start', []],
    ['host.call_plugin', ['not a reference', 'p', 'f', {}]],
  ])('nobody knows what: %s %j', (method, params) => {
    expect(asked(method, ...params)).toBeUndefined()
  })

  it('an import in the list of machines', () => {
    expect(xenapi().verifyWith?.(requestTo('/import', 'PUT'))).toBe('VM.get_all_records')
  })
})

it('the error of a call without an answer tells it, and that of a read does not', async () => {
  const pool = xapi()
  const login = { url, username: 'root', password: 'secret', retry: false } as const
  const xen = createXenApi({ ...login, fetch: fetchFrom(pool.handlers) })
  pool.faults.drop({ method: /^VM\./, when: 'after', times: 2 })
  await expect(xen.call('VM.hard_shutdown', 'OpaqueRef:vm-1')).rejects.toMatchObject({
    mayBeDone: true,
    verifyWith: 'VM.get_record OpaqueRef:vm-1',
  })
  await expect(xen.call('VM.get_all')).rejects.toMatchObject({ mayBeDone: false, verifyWith: undefined })
})
