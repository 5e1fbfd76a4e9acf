import type { RequestFacts } from '@holdfast/core/plugin'
import { takesSession, withoutAsync } from './methods.ts'
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
  ['pool.join', [3]],
  ['pool.join_force', [3]],
  ['pool.initialize_wlb', [3, 5]],
  ['secret.set_value', [2]],
  ['VM.recover', [2]],
  ['VM.assert_can_be_recovered', [2]],
  ['VM.get_SRs_required_for_recovery', [2]],
  ['VM_appliance.recover', [2]],
  ['VM_appliance.assert_can_be_recovered', [2]],
  ['VM_appliance.get_SRs_required_for_recovery', [2]],
])

/** Calls that take a map in which one may stand: the configuration of a storage repository, a migration's destination. */
const mapped = new Set([
  'PBD.create',
  'SR.create',
  'SR.introduce',
  'SR.make',
  'SR.probe',
  'SR.probe_ext',
  'VM.assert_can_migrate',
  'VM.migrate_send',
  'host.enable_external_auth',
  'host.disable_external_auth',
  'pool.configure_repository_proxy',
  'pool.disable_external_auth',
  'pool.enable_external_auth',
  'secret.create',
])

const secretKey = /passw|^pass$|^value$|token|session/i

/** Every secret that a request shows: its caller's own session, and the passwords of a login, a pool or a storage. */
export function secretsIn(request: RequestFacts): readonly string[] {
  const session = sessionInQuery(request.query)
  const call = rpcOf(request)
  const shown = [...(session === undefined ? [] : [session]), ...(call === undefined ? [] : secretsOf(call))]
  return shown.filter((secret) => secret !== '' && secret !== sessionPlaceholder)
}

function secretsOf(call: RpcCall): readonly string[] {
  const name = withoutAsync(call.method)
  const { text = '' } = call.first ?? {}
  // Whoever forgot his session must not lose the name of a thing to a blank.
  const session = text.startsWith('OpaqueRef:') && takesSession(name) ? [text] : []
  const positions = places.get(name)
  if (positions !== undefined) {
    const params = call.params()
    return [...session, ...positions.flatMap((position) => textIn(params[position]))]
  }
  return mapped.has(name) ? [...session, ...call.params().slice(1).flatMap(inMap)] : session
}

function sessionInQuery(query: string): string | undefined {
  return query.includes('session_id=') ? (new URLSearchParams(query).get('session_id') ?? undefined) : undefined
}

const textIn = (value: unknown): string[] => (typeof value === 'string' ? [value] : [])

const inMap = (value: unknown): string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, item]) => (secretKey.test(key) ? textIn(item) : []))
    : []
