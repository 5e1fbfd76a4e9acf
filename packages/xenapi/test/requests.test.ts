import { describe, expect, it } from 'vitest'
import { sessionPlaceholder, xenapi } from '../src/index.ts'
import { jsonCall, requestTo, xmlCall } from './facts.ts'

const vendor = xenapi()
const ref = 'OpaqueRef:0f4b'
const reads = [
  'VM.get_record',
  'VM.get_all',
  'VM_metrics.get_by_uuid',
  'host_cpu.get_all_records',
  'VM.get_all_records_where',
  'event.from',
  'message.get',
  'host.dmesg',
  'host.list_methods',
  'host.certificate_list',
  'pool.is_slave',
  'host.has_extension',
  'VM.assert_can_migrate',
  'VM.query_data_source',
  'pool.ha_compute_vm_failover_plan',
  'VM.retrieve_wlb_recommendations',
]
const acts = [
  'VM.start',
  'VM.hard_shutdown',
  'VM.set_name_label',
  'VM.add_to_other_config',
  'VM.query_services',
  'VM.get_thing.start',
  'Async.VM.start',
  'Async.VM.get_possible_hosts',
  'event.next',
  'event.inject',
  'host.call_plugin',
  'host.dmesg_clear',
  'SR.probe',
  'SR.scan',
  'pool.ha_prevent_restarts_for',
  'task.cancel',
  'VM_get_record',
  'billing.get_and_reset_counters',
  'backup.list_and_prune',
  'lease.is_owner_or_acquire',
  'system.get_and_clear',
  'vm.destroy_list_entry',
]

describe('a call that reads', () => {
  it.each(reads)('%s is safe, and may be repeated', (method) => {
    for (const call of [jsonCall(method, ref), xmlCall(method, ref)]) {
      expect(vendor.isSafe?.(call)).toBe(true)
      expect(vendor.isRepeatable?.(call)).toBe(true)
    }
  })
})

describe('a call that acts', () => {
  it.each(acts)('%s is neither safe nor repeatable', (method) => {
    for (const call of [jsonCall(method, ref), xmlCall(method, ref)]) {
      expect(vendor.isSafe?.(call)).toBe(false)
      expect(vendor.isRepeatable?.(call)).toBe(false)
    }
  })
})

describe('isRepeatable', () => {
  it.each(['session.login_with_password', 'session.slave_local_login_with_password', 'session.logout'])(
    '%s: yes, though it acts',
    (method) => {
      expect(vendor.isSafe?.(jsonCall(method, 'x', 'y'))).toBe(false)
      expect(vendor.isRepeatable?.(jsonCall(method, 'x', 'y'))).toBe(true)
    },
  )

  it.each([
    ['POST', '/jsonrpc'],
    ['PUT', '/import'],
    ['POST', '/import'],
    ['PUT', '/import_raw_vdi?vdi=x'],
    ['PUT', '/blob'],
    ['GET', '/console?ref=x'],
    ['GET', '/export?uuid=x&task_id=OpaqueRef:t'],
    ['GET', '/export?uuid=x&task%5Fid=OpaqueRef:t'],
  ])('%s %s: no', (method, target) => {
    expect(vendor.isRepeatable?.(requestTo(target, method, 'not a call'))).toBe(false)
  })

  it.each(['/export?uuid=x', '/rrd_updates', '/'])('GET %s: as HTTP has it', (target) => {
    expect(vendor.isRepeatable?.(requestTo(target))).toBeUndefined()
    expect(vendor.isSafe?.(requestTo(target))).toBeUndefined()
  })

  it('knows that a console is no page', () => {
    expect(vendor.isSafe?.(requestTo('/console?ref=x'))).toBe(false)
  })
})

describe('isHostBound', () => {
  const { isHostBound } = xenapi({ url: 'https://xen.example' })

  it.each([
    ['a call', jsonCall('VM.start', ref), false],
    ['a call about the host that is asked', jsonCall('host.shutdown_agent', ref), true],
    ['the same by its other name', jsonCall('host_shutdown_agent', ref), true],
    ['the same as a task', xmlCall('Async.pool_emergency_transition_to_master', ref), true],
    ['a call that cannot be read', requestTo('/jsonrpc', 'POST'), true],
    ['what is no call at all', requestTo('/jsonrpc', 'POST', 'x'), true],
    ['a handler', requestTo('/rrd_updates'), true],
    ['a page', requestTo('/'), false],
  ])('%s', (_, request, bound) => {
    expect(isHostBound?.(request)).toBe(bound)
  })
})

describe('scope', () => {
  it.each([
    [jsonCall('session.login_with_password', 'u', 'p'), 'login'],
    [xmlCall('session.logout', ref), 'login'],
    [jsonCall('session.get_this_host', ref), 'rpc'],
    [jsonCall('VM.get_all', ref), 'rpc'],
    [xmlCall('Async.VM.start', ref), 'rpc'],
    [requestTo('/jsonrpc', 'POST', 'no call'), 'rpc'],
    [requestTo('/export?uuid=x'), 'transfer'],
    [requestTo('/import', 'PUT'), 'transfer'],
    [requestTo('/rrd_updates'), 'transfer'],
    [requestTo('/'), 'rpc'],
  ])('%#: %s', (request, scope) => {
    expect(vendor.scope?.(request)).toBe(scope)
  })
})

describe('limits', () => {
  const minutes = (...of: [number, number]) => ({ timeout: of[0] * 60_000, totalTimeout: of[1] * 60_000 })

  it.each([
    'VM.start',
    'VM.clean_shutdown',
    'VDI.copy',
    'SR.scan',
    'host.evacuate',
    'event.next',
    'VM.set_VCPUs_number_live',
  ])('%s answers when the work is done', (method) => {
    expect(vendor.limits?.(jsonCall(method, ref))).toEqual(minutes(60, 120))
  })

  it.each(['VM.get_all_records', 'VM.get_all_records_where', 'host.assert_can_evacuate', 'auth.get_group_membership'])(
    '%s looks far and wide',
    (method) => {
      expect(vendor.limits?.(jsonCall(method, ref))).toEqual(minutes(5, 15))
    },
  )

  it.each([
    'VM.get_record',
    'Async.VM.start',
    'VM.set_name_label',
    'VM.add_to_other_config',
    'session.login_with_password',
    'session.logout',
    'task.get_record',
    'host.get_all_records',
  ])('%s answers at once', (method) => {
    expect(vendor.limits?.(jsonCall(method, ref))).toBeUndefined()
  })

  it.each([
    [60, 71_000, 300_000],
    [0.5, 30_000, 300_000],
    [600, 665_000, 1_330_000],
    ['300', 335_000, 670_000],
    [-1, 30_000, 300_000],
    ['soon', 30_000, 300_000],
    [1e9, 86_400_000, 172_800_000],
  ])('event.from for %s s has an attempt of %d ms', (seconds, timeout, totalTimeout) => {
    expect(vendor.limits?.(jsonCall('event.from', ref, ['*'], '', seconds))).toEqual({ timeout, totalTimeout })
  })

  it('of event.from hold in XML, too', () => {
    const body =
      '<methodCall><methodName>event.from</methodName><params><param><value>OpaqueRef:1</value></param>' +
      '<param><value><array><data><value>vm</value></data></array></value></param><param><value></value></param>' +
      '<param><value><double>60.1</double></value></param></params></methodCall>'
    expect(vendor.limits?.(requestTo('/', 'POST', body))).toMatchObject({ timeout: 71_110 })
  })

  it('let a transfer take as long as XAPI does', () => {
    expect(vendor.limits?.(requestTo('/export?uuid=x'))).toEqual(minutes(1_440, 1_440))
    expect(vendor.limits?.(requestTo('/import', 'PUT'))).toEqual(minutes(1_440, 1_440))
    expect(vendor.limits?.(requestTo('/rrd_updates'))).toBeUndefined()
  })
})

describe('what must be seen', () => {
  it.each([
    ['POST', '/jsonrpc'],
    ['POST', '/'],
    ['POST', '/anything'],
    ['GET', '/export?uuid=x'],
    ['GET', '/export_raw_vdi?vdi=x'],
    ['PUT', '/import'],
    ['PUT', '/import_raw_vdi'],
    ['GET', '/host_backup'],
    ['GET', '/pool/xmldbdump'],
  ])('%s %s: the beginning of the answer, anew each time', (method, target) => {
    const [one, other] = [0, 1].map(() => vendor.bodyNeed?.(requestTo(target, method)))
    expect(one).toBeTypeOf('function')
    expect(other).not.toBe(one)
  })

  it.each([
    ['GET', '/rrd_updates?start=1'],
    ['GET', '/host_rrd'],
    ['GET', '/'],
  ])('%s %s: nothing', (method, target) => {
    expect(vendor.bodyNeed?.(requestTo(target, method))).toBe('none')
  })

  it.each([
    ['POST', '/jsonrpc', true],
    ['POST', '/RPC2', true],
    ['POST', '/import', false],
    ['POST', '/cli', false],
    ['PUT', '/import', false],
    ['GET', '/jsonrpc', false],
  ])('%s %s: its own body: %s', (method, target, reads) => {
    expect(vendor.needsRequestBody?.(requestTo(target, method))).toBe(reads)
  })
})

describe('secretsIn', () => {
  it.each([
    [jsonCall('VM.get_all', ref), [ref]],
    [xmlCall('Async.VM.start', ref, 'OpaqueRef:vm'), [ref]],
    [jsonCall('VM.get_all', sessionPlaceholder), []],
    [jsonCall('session.login_with_password', 'root', 'pä"ss', '1.0', 'me'), ['pä"ss']],
    [xmlCall('session.login_with_password', 'root', 'p&lt;ss'), ['p<ss']],
    [jsonCall('session.slave_local_login', 'pool-secret'), ['pool-secret']],
    [jsonCall('session.change_password', ref, 'old', 'new'), [ref, 'old', 'new']],
    [jsonCall('pool.join', sessionPlaceholder, '10.0.0.1', 'root', 'p'), ['p']],
    [jsonCall('Async.pool.join', sessionPlaceholder, '10.0.0.1', 'root', 'p'), ['p']],
    [jsonCall('SR.create', ref, 'h', { server: 's', cifspassword: 'p' }, '0'), [ref, 'p']],
    [jsonCall('VM.recover', sessionPlaceholder, 'OpaqueRef:vm', 'OpaqueRef:there', false), ['OpaqueRef:there']],
    [jsonCall('system.listMethods'), []],
    [jsonCall('VM.get_by_uuid', 'no session'), []],
    [jsonCall('system.isAlive:x', ref), []],
    [requestTo('/export?uuid=x&session_id=OpaqueRef%3A1'), ['OpaqueRef:1']],
    [requestTo('/export?uuid=x&session_id=OpaqueRef%3ASESSION'), []],
    [requestTo('/export?uuid=x&session%5Fid=OpaqueRef%3A1'), ['OpaqueRef:1']],
    [requestTo('/export?uuid=x'), []],
    [jsonCall('session_login_with_password', 'root', 'p'), ['p']],
    [jsonCall('Async.pool_join', sessionPlaceholder, '10.0.0.1', 'root', 'p'), ['p']],
    [jsonCall('VM_appliance_recover', sessionPlaceholder, 'OpaqueRef:a', 'OpaqueRef:there'), ['OpaqueRef:there']],
    [jsonCall('SR_create', sessionPlaceholder, 'h', { chappassword: 'p' }), ['p']],
    [jsonCall('pool.configure_repository_proxy', sessionPlaceholder, 'p', 'http://proxy', 'u', 'pw'), ['pw']],
    [jsonCall('pool.sync_updates', sessionPlaceholder, 'p', false, 'token', 'id', 'u', 'pw'), ['token', 'pw']],
    [jsonCall('VM.import_convert', sessionPlaceholder, 't', 'u', 'pw', 'sr', { password: 'there' }), ['pw', 'there']],
    [jsonCall('PBD.set_device_config', sessionPlaceholder, 'pbd', { cifspassword: 'pw' }), ['pw']],
    [jsonCall('PBD.create', sessionPlaceholder, { SR: 's', device_config: { cifspassword: 'pw' } }), ['pw']],
    [jsonCall('DR_task.create', sessionPlaceholder, 'type', { chappassword: 'pw' }, []), ['pw']],
    [jsonCall('host.install_server_certificate', sessionPlaceholder, 'h', 'cert', 'key', 'chain'), ['key']],
    [jsonCall('host.call_plugin', sessionPlaceholder, 'h', 'plug', 'fn', { password: 'pw', value: 'x' }), ['pw']],
    [jsonCall('secret.create', sessionPlaceholder, { value: 'pw', other_config: {} }), ['pw']],
  ])('%#: %j', (request, secrets) => {
    expect(vendor.secretsIn?.(request)).toEqual(secrets)
  })
})
