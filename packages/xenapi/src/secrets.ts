import type { RequestFacts } from '@holdfast/core/plugin'
import { nameOf, takesSession } from './methods.ts'
import { sessionPlaceholder } from './placeholder.ts'
import { rpcOf } from './requests.ts'
import type { RpcCall } from './wire/call.ts'

/** Passwords, and sessions of another pool, by the position of their parameter; the call's own session is at 0. */
const places: ReadonlyMap<string, readonly number[]> = new Map([
  ['session.login_with_password', [1]],
  ['session.slave_local_login_with_password', [1]],
  ['session.slave_login', [1]],
  ['session.slave_local_login', [0]],
  ['session.change_password', [1, 2]],
  ['VM.import_convert', [3]],
  ['host.install_server_certificate', [3]],
  ['pool.configure_repository_proxy', [4]],
  ['pool.join', [3]],
  ['pool.join_force', [3]],
  ['pool.initialize_wlb', [3, 5]],
  ['pool.sync_updates', [3, 6]],
  ['secret.set_value', [2]],
  ['VM.recover', [2]],
  ['VM.assert_can_be_recovered', [2]],
  ['VM.get_SRs_required_for_recovery', [2]],
  ['VM_appliance.recover', [2]],
  ['VM_appliance.assert_can_be_recovered', [2]],
  ['VM_appliance.get_SRs_required_for_recovery', [2]],
])

/**
 * Calls that take a map in which one may stand: the configuration of a storage repository, a migration's destination,
 * what a plugin is told.
 */
const mapped = new Set([
  'DR_task.create',
  'PBD.create',
  'PBD.set_device_config',
  'SR.create',
  'SR.introduce',
  'SR.make',
  'SR.probe',
  'SR.probe_ext',
  'VM.assert_can_migrate',
  'VM.call_plugin',
  'VM.import_convert',
  'VM.migrate_send',
  'host.call_plugin',
  'host.enable_external_auth',
  'host.disable_external_auth',
  'pool.disable_external_auth',
  'pool.enable_external_auth',
])

const secretKey = /passw|^pass$|secret|token|session/i

/** Every secret that a request shows: its caller's own session, and the passwords of a login, a pool or a storage. */
export function secretsIn(request: RequestFacts): readonly string[] {
  const call = rpcOf(request)
  const shown = [...sessionsInQuery(request.query), ...(call === undefined ? [] : secretsOf(call))]
  return shown.filter((secret) => secret !== '' && secret !== sessionPlaceholder)
}

function secretsOf(call: RpcCall): readonly string[] {
  const name = nameOf(call.method)
  const { text = '' } = call.first ?? {}
  // Where the caller forgot the session, the first parameter names an object, which an error must show.
  const session = text.startsWith('OpaqueRef:') && takesSession(name) ? [text] : []
  const positions = places.get(name)
  const isMapped = mapped.has(name)
  if (positions === undefined && !isMapped && name !== 'secret.create') return session
  const params = call.params()
  return [
    ...session,
    ...(positions ?? []).flatMap((position) => textIn(params[position])),
    ...(isMapped ? params.slice(1).flatMap((param) => inMap(param, secretKey)) : []),
    ...(name === 'secret.create' ? inMap(params[1], /^value$/) : []),
  ]
}

/** Values of `session_id` in a query, however the name is encoded. */
const sessionsInQuery = (query: string): readonly string[] =>
  query === '' ? [] : new URLSearchParams(query).getAll('session_id')

const textIn = (value: unknown): string[] => (typeof value === 'string' ? [value] : [])

/** The texts under such keys in a map, and in the maps within: a record holds its configuration as one. */
function inMap(value: unknown, keys: RegExp, depth = 3): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth === 0) return []
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item !== 'string' ? inMap(item, keys, depth - 1) : keys.test(key) ? [item] : [],
  )
}
