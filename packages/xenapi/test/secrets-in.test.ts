import { describe, expect, it } from 'vitest'
import { sessionPlaceholder, xenapi } from '../src/index.ts'
import { writeCall } from '../src/wire/call.ts'
import { requestTo } from './facts.ts'
import { secretCalls } from './secret-requests.ts'

const vendor = xenapi()
const found = (method: string, params: readonly unknown[], format: 'xml-rpc' | 'json-rpc-2.0' = 'json-rpc-2.0') =>
  vendor.secretsIn?.(requestTo('/jsonrpc', 'POST', writeCall(format, method, params, 1)))

describe.each(['json-rpc-2.0', 'xml-rpc'] as const)('the secrets of a call in %s', (format) => {
  it.each(secretCalls)('%s', (method, params, secrets) => {
    for (const name of [method, `Async.${method}`, method.replace('.', '_')])
      if (name.startsWith('Frob_') === false)
        expect(found(name, params, format)).toEqual(expect.arrayContaining([...secrets]))
  })
})

describe('what is no secret is none:', () => {
  const ref = 'OpaqueRef:a-thing'
  it.each<[string, unknown[]]>([
    ['event.from', ['', ['vm'], 'token-of-events', 30]],
    ['VBD.unpause', [ref, 'token-of-a-pause']],
    ['VM.set_name_label', [ref, 'web']],
    ['VM.add_to_other_config', [ref, 'folder', '/web']],
    ['SR.create', [ref, { target: '10.0.0.1', chapuser: 'me' }, '1', 'name', '', 'lvmoiscsi', 'user', true, {}]],
    ['host.call_plugin', [ref, 'plug', 'fn', { vdi: 'a-uuid' }]],
    ['session.login_with_password', ['root']],
    ['Cluster.create', [ref, 'corosync', true, 20, 1]],
  ])('%s', (method, params) => {
    const all = method.startsWith('session.') ? params : [sessionPlaceholder, ...params]
    expect(found(method, all)).toEqual([])
  })
})

it('of a login, the password alone', () => {
  const params = ['root', 'hunter22', '1.0', 'originator']
  expect(found('session.login_with_password', params)).toEqual(['hunter22'])
})

it('the secrets of a query and of a command line', () => {
  expect(vendor.secretsIn?.(requestTo('/export?session_id=OpaqueRef%3Aabc&uuid=x'))).toEqual(['OpaqueRef:abc'])
  expect(vendor.secretsIn?.(requestTo('/import?%73ession_id=OpaqueRef:abc', 'PUT'))).toEqual(['OpaqueRef:abc'])
  expect(vendor.secretsIn?.(requestTo('/cli', 'POST', 'vm-list\nusername=root\npassword=hunter22\n'))).toEqual([
    'hunter22',
  ])
})
