import { writeCall } from '../src/wire/call.ts'
import { formats, urlOf } from './calls.ts'

const session = 'OpaqueRef:5a2c7b1e-own'
const ref = 'OpaqueRef:0d9f3c44-thing'
const pem = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----'
const unattend = '<unattend><AdministratorPassword><Value>hunter22-x</Value></AdministratorPassword></unattend>'

/** A method with its parameters, and those of them that are secrets: one for each that takes any, as the data model has it. */
export const secretCalls: readonly (readonly [
  method: string,
  params: readonly unknown[],
  secrets: readonly string[],
])[] = [
  ['session.login_with_password', ['root', 'hunter22-a', '1.0', 'me'], ['hunter22-a']],
  ['session.slave_login', [ref, 'pool-secret-b'], ['pool-secret-b']],
  ['session.slave_local_login', ['pool-secret-c'], ['pool-secret-c']],
  ['session.slave_local_login_with_password', ['root', 'hunter22-d'], ['hunter22-d']],
  ['session.change_password', [session, 'hunter22-old', 'hunter22-new'], [session, 'hunter22-old', 'hunter22-new']],
  ['session.logout', [session], [session]],
  ['VM.start', [session, ref, false, false], [session]],
  ['host.update_pool_secret', [session, ref, 'pool-secret-e'], ['pool-secret-e']],
  [
    'host.notify_accept_new_pool_secret',
    [session, ref, 'pool-secret-f', 'pool-secret-g'],
    ['pool-secret-f', 'pool-secret-g'],
  ],
  [
    'host.notify_send_new_pool_secret',
    [session, ref, 'pool-secret-h', 'pool-secret-i'],
    ['pool-secret-h', 'pool-secret-i'],
  ],
  ['host.cleanup_pool_secret', [session, ref, 'pool-secret-j', 'pool-secret-k'], ['pool-secret-j', 'pool-secret-k']],
  ['host.install_server_certificate', [session, ref, 'cert', 'not-pem-key', 'chain'], ['not-pem-key']],
  ['host.install_server_certificate', [session, ref, 'cert', pem, 'chain'], [pem]],
  ['host.license_apply', [session, ref, 'bGljZW5zZQ=='], ['bGljZW5zZQ==']],
  ['host.license_add', [session, ref, 'bGljZW5zZQ=='], ['bGljZW5zZQ==']],
  ['host.set_localdb_key', [session, ref, 'shared_secret', 'hunter22-l'], ['hunter22-l']],
  ['VMPP.set_archive_target_config_value', [session, ref, 'password', 'hunter22-la'], ['hunter22-la']],
  [
    'host.set_power_on_mode',
    [session, ref, 'IPMI', { power_on_user: 'me', power_on_password: 'hunter22-m' }],
    ['hunter22-m'],
  ],
  ['host.enable_external_auth', [session, ref, { user: 'me', pass: 'hunter22-n' }, 'ad.example', 'AD'], ['hunter22-n']],
  ['host.call_plugin', [session, ref, 'plug', 'fn', { user: 'me', password: 'hunter22-o' }], ['hunter22-o']],
  ['host.call_plugin', [session, ref, 'plug', 'fn', { args: '{"api_key":"hunter22-p"}' }], ['hunter22-p']],
  [
    'host.bugreport_upload',
    [session, ref, 'https://me:hunter22-q@logs.example/up', { http_proxy: 'http://me:hunter22-r@proxy.example' }],
    ['hunter22-q', 'hunter22-r'],
  ],
  ['host.call_extension', [session, ref, 'ext', { token: 'hunter22-s' }], ['hunter22-s']],
  ['pool.join', [session, 'master.example', 'root', 'hunter22-t'], ['hunter22-t']],
  ['pool.join_force', [session, 'master.example', 'root', 'hunter22-u'], ['hunter22-u']],
  [
    'pool.initialize_wlb',
    [session, 'wlb.example', 'wlb', 'hunter22-v', 'root', 'hunter22-w'],
    ['hunter22-v', 'hunter22-w'],
  ],
  [
    'pool.configure_repository_proxy',
    [session, ref, 'http://me:hunter22-x@proxy.example', 'me', 'hunter22-y'],
    ['hunter22-x', 'hunter22-y'],
  ],
  [
    'pool.sync_updates',
    [session, ref, false, 'client-token', 'token-id', 'me', 'hunter22-z'],
    ['client-token', 'hunter22-z'],
  ],
  [
    'pool.enable_external_auth',
    [session, ref, { domain: 'ad.example', user: 'me', pass: 'hunter22-1' }, 'ad', 'AD'],
    ['hunter22-1'],
  ],
  [
    'pool.sync_trusted_certificates_from',
    [session, ref, 'other.example', 'OpaqueRef:other-pool', 'cert', true],
    ['OpaqueRef:other-pool'],
  ],
  [
    'pool.test_archive_target',
    [session, ref, { location: '//x/y', username: 'me', password: 'hunter22-2' }],
    ['hunter22-2'],
  ],
  [
    'SR.create',
    [
      session,
      ref,
      { target: '10.0.0.1', chapuser: 'me', chappassword: 'hunter22-3', incoming_chappassword: 'hunter22-4' },
      '1',
      'name',
      '',
      'lvmoiscsi',
      'user',
      true,
      {},
    ],
    ['hunter22-3', 'hunter22-4'],
  ],
  ['SR.probe', [session, ref, { location: '//x/y', cifspassword: 'hunter22-5' }, 'iso', {}], ['hunter22-5']],
  ['SR.probe_ext', [session, ref, { options: 'vers=3.0,username=me,password=hunter22-6' }, 'smb', {}], ['hunter22-6']],
  ['PBD.create', [session, { host: ref, SR: ref, device_config: { password: 'hunter22-7' } }], ['hunter22-7']],
  ['PBD.set_device_config', [session, ref, { secretkey: 'hunter22-8' }], ['hunter22-8']],
  ['secret.create', [session, { value: 'hunter22-9', other_config: {} }], ['hunter22-9']],
  ['secret.introduce', [session, 'a-uuid', 'hunter22-10', {}], ['hunter22-10']],
  ['secret.set_value', [session, ref, 'hunter22-11'], ['hunter22-11']],
  ['VM.sysprep', [session, ref, unattend, 60], [unattend, 'hunter22-x']],
  ['VTPM.set_contents', [session, ref, 'dHBtLXN0YXRl'], ['dHBtLXN0YXRl']],
  ['VM.import', [session, 'https://me:hunter22-12@store.example/vm.xva', ref, false, false], ['hunter22-12']],
  [
    'VM.import_convert',
    [session, 'vmware', 'me', 'hunter22-13', ref, { hostname: 'esx', password: 'hunter22-14' }],
    ['hunter22-13', 'hunter22-14'],
  ],
  [
    'VM.call_plugin',
    [
      session,
      ref,
      'guest-agent-operation',
      'run-script',
      { username: 'me', password: 'hunter22-15', script: 'net use x: /user:me hunter22-16' },
    ],
    ['hunter22-15', 'net use x: /user:me hunter22-16'],
  ],
  ['VM.call_host_plugin', [session, ref, 'plug', 'fn', { private_key: 'hunter22-17' }], ['hunter22-17']],
  [
    'VM.migrate_send',
    [
      session,
      ref,
      {
        session_id: 'OpaqueRef:there',
        master: 'http://there/',
        SM: 'http://there/services/SM?session_id=OpaqueRef:there-2',
        host: 'h',
      },
      true,
      {},
      {},
      {},
    ],
    ['OpaqueRef:there', 'OpaqueRef:there-2'],
  ],
  ['VM.assert_can_migrate', [session, ref, { session_id: 'OpaqueRef:there' }, true, {}, {}, {}], ['OpaqueRef:there']],
  ['VM.recover', [session, ref, 'OpaqueRef:to', false], ['OpaqueRef:to']],
  ['VM_appliance.recover', [session, ref, 'OpaqueRef:to', false], ['OpaqueRef:to']],
  ['VM.add_to_xenstore_data', [session, ref, 'vm-data/root-password', 'hunter22-18'], ['hunter22-18']],
  ['VM.set_xenstore_data', [session, ref, { 'vm-data/root-password': 'hunter22-19' }], ['hunter22-19']],
  ['VM.create', [session, { name_label: 'x', xenstore_data: { 'vm-data/password': 'hunter22-20' } }], ['hunter22-20']],
  ['VM.set_other_config', [session, ref, { 'cloud-init': 'token=hunter22-21' }], ['hunter22-21']],
  ['VMPP.add_to_archive_target_config', [session, ref, 'password', 'hunter22-22'], ['hunter22-22']],
  ['DR_task.create', [session, 'lvmoiscsi', { chappassword: 'hunter22-23' }, []], ['hunter22-23']],
  ['Frob.set_private_key', [session, ref, 'hunter22-24'], ['hunter22-24']],
  ['Frob.reset_password', [session, ref, 'hunter22-25'], ['hunter22-25']],
  ['Frob.twiddle', [session, ref, { client_secret: 'hunter22-26' }], ['hunter22-26']],
]

/** Each of them in each format, as the suite takes them. */
export const secretRequests = formats.flatMap((format) =>
  secretCalls.map(([method, params, secrets]) => ({
    method: 'POST',
    url: urlOf(format),
    headers: { 'content-type': format === 'xml' ? 'text/xml' : 'application/json' },
    body: writeCall(format === 'xml' ? 'xml-rpc' : 'json-rpc-2.0', method, params, 1),
    secrets,
  })),
)

const result = (value: unknown) => JSON.stringify({ jsonrpc: '2.0', result: value, id: 1 })
const call = (method: string, ...params: unknown[]) => ({
  method: 'POST',
  url: urlOf('json'),
  body: writeCall('json-rpc-2.0', method, params, 1),
})

// What has no name comes with a 200, as every answer of the server.
const always = { statuses: [200] }

/** Replies that show secrets, as the suite takes them. */
export const secretReplies = [
  {
    request: call('session.login_with_password', 'root', 'x'),
    body: result('OpaqueRef:new'),
    secrets: ['OpaqueRef:new'],
    ...always,
  },
  { request: call('secret.get_value', session, ref), body: result('hunter22-a'), secrets: ['hunter22-a'], ...always },
  {
    request: call('secret.get_record', session, ref),
    body: result({ uuid: 'u', value: 'hunter22-b' }),
    secrets: ['hunter22-b'],
    ...always,
  },
  {
    request: call('host.migrate_receive', session, ref, ref, {}),
    body: result({ session_id: 'OpaqueRef:x1', SM: 'http://h/services/SM?session_id=OpaqueRef:x2' }),
    secrets: ['OpaqueRef:x1', 'OpaqueRef:x2'],
  },
  {
    request: call('VDI.get_nbd_info', session, ref),
    body: result([{ exportname: '/u?session_id=OpaqueRef:x3' }]),
    secrets: ['OpaqueRef:x3'],
  },
]
