import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { operation } from '../src/operation.ts'
import { writeCall } from '../src/wire/call.ts'
import { jsonCall, requestTo, xmlCall } from './facts.ts'

describe('a call is named by its method', () => {
  it.each([
    ['VM.start', 'VM.start'],
    ['VM_start', 'VM.start'],
    ['Async.VM.start', 'Async.VM.start'],
    ['VM.get_all_records', 'VM.get_all_records'],
    ['VM.set_name_label', 'VM.set_name_label'],
    ['VM.add_to_other_config', 'VM.add_to_other_config'],
    ['host_cpu.get_record', 'host_cpu.get_record'],
    ['session.login_with_password', 'session.login_with_password'],
    ['session.slave_login', 'session.slave_login'],
    ['event.from', 'event.from'],
    ['system.listMethods', 'system.listMethods'],
    ['system.isAlive:4711', 'system.isAlive'],
    ['VM.start4711', 'VM.{method}'],
    ['VM.get_my_secret', 'VM.{method}'],
    ['Async.VM.nightly-job', 'Async.VM.{method}'],
    ['nightly.job', '{extension}'],
    ['job-4711', '{extension}'],
    ['Async.nightly', 'Async.{extension}'],
  ])('%s: %s', (method, name) => {
    expect(operation(jsonCall(method, 'OpaqueRef:1'))).toBe(name)
    expect(operation(xmlCall(method, 'OpaqueRef:1'))).toBe(name)
    expect(operation(requestTo('/json', 'POST', writeCall('json-rpc-1.0', method, ['OpaqueRef:1'])))).toBe(name)
  })

  it('as methods.ts spells those that it lists', () => {
    const source = readFileSync(new URL('../src/methods.ts', import.meta.url), 'utf8')
    const listed = [...source.matchAll(/'([A-Za-z_]+\.[A-Za-z_]+)'/g)].map(([, name = '']) => name)
    expect(listed.length).toBeGreaterThan(50)
    expect(listed.filter((name) => operation(jsonCall(name)) !== name)).toEqual([])
  })
})

describe('any other request by method and path', () => {
  it.each([
    ['GET', '/export?uuid=4711&session_id=OpaqueRef:1', 'GET /export'],
    ['PUT', '/import', 'PUT /import'],
    ['GET', '/services/xenops/4711', 'GET /services/{path}'],
    ['GET', '/somewhere/else', 'GET /{path}'],
    ['GET', '/', 'GET /'],
    ['BREW', '/export', '_OTHER /export'],
    ['POST', '/jsonrpc', 'POST /jsonrpc'],
    ['POST', '/', 'POST /'],
    ['POST', '/by/4711', 'POST /{path}'],
  ])('%s %s: %s', (method, path, name) => {
    expect(operation(requestTo(path, method))).toBe(name)
  })

  it('so, too, a call whose body says nothing', () => {
    expect(operation(requestTo('/jsonrpc', 'POST', '{"no":"call"}'))).toBe('POST /jsonrpc')
  })
})
