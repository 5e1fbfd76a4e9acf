// Every call is a POST to one path, so only its method tells what it does. The lists here were read from the data model
// of XAPI (xapi-project/xen-api ocaml/idl/datamodel*.ml) and its dispatcher (ocaml/idl/ocaml_backend/gen_server.ml).

import { dotted, isOfClass } from './classes.ts'

/** True for a call such as `Async.VM.start`, which runs `VM.start` as a task and answers at once. */
export const isAsync = (method: string): boolean => method.startsWith('Async.')

/** Removes `Async.` from a name. */
const withoutAsync = (method: string): string => (isAsync(method) ? method.slice('Async.'.length) : method)

/** The name of the method that runs: `VM.start` for `Async.VM.start` and for `VM_start`. */
export const nameOf = (method: string): string => dotted(withoutAsync(method))

const logins = new Set([
  'session.login_with_password',
  'session.slave_local_login_with_password',
  'session.slave_login',
  'session.slave_local_login',
])
const logouts = new Set(['session.logout', 'session.local_logout'])

/** True for a method whose first parameter is a session: all but logins and `system.*`. */
export const takesSession = (method: string): boolean => !logins.has(dotted(method)) && !/^system\./.test(method)

/** True for logins and logouts, local ones and those of pool members included. */
export const isSessionCall = (method: string): boolean => logins.has(dotted(method)) || logouts.has(dotted(method))

/** Calls that a member in emergency mode still answers (`emergency_calls` of the data model). Each is about the host that is asked. */
const localCalls = new Set([
  'host.abort_new_master',
  'host.commit_new_master',
  'host.emergency_clear_mandatory_guidance',
  'host.emergency_disable_tls_verification',
  'host.emergency_ha_disable',
  'host.emergency_reenable_tls_verification',
  'host.emergency_reset_server_certificate',
  'host.get_system_status_capabilities',
  'host.ha_xapi_healthcheck',
  'host.is_in_emergency_mode',
  'host.local_assert_healthy',
  'host.local_management_reconfigure',
  'host.management_disable',
  'host.propose_new_master',
  'host.shutdown_agent',
  'host.signal_networking_change',
  'host.update_firewalld_service_status',
  'pool.emergency_reset_master',
  'pool.emergency_transition_to_master',
  'pool.is_slave',
  'session.local_logout',
  'session.slave_local_login',
  'session.slave_local_login_with_password',
])

/** True for a call about the very host that is asked. */
export const isLocal = (method: string): boolean => localCalls.has(nameOf(method))

/**
 * True for a call for which the host calls another pool and may pass on that pool's errors: the destination of a migration, a
 * pool that is joined, the pool whose machines are recovered.
 */
export const mayRelay = (method: string): boolean =>
  /^(?:VM\.migrate_send|VM\.assert_can_migrate|pool\.join|pool\.join_force)$|\.(?:recover|assert_can_be_recovered|get_SRs_required_for_recovery)$/.test(
    nameOf(method),
  )

/** Beginnings of names of methods that only read. `query_` is not one of them: `VM.query_services` registers what it finds. */
const readerNames = /^[A-Za-z_]+\.(?:(?:get|assert|retrieve_wlb|compute|ha_compute|is|has)_\w+|list_\w+|\w+_list)$/

/** Methods that only read, under other names. */
const readers = new Set([
  'Diagnostics.db_stats',
  'Diagnostics.gc_stats',
  'Diagnostics.license_stats',
  'Diagnostics.network_stats',
  'SR.query_data_source',
  'VDI.read_database_pool_uuid',
  'VM.maximise_memory',
  'VM.query_data_source',
  'VM.wait_memory_target_live',
  'event.from',
  'host.dmesg',
  'host.ha_xapi_healthcheck',
  'host.local_assert_healthy',
  'host.query_data_source',
  'message.get',
  'pool.check_update_readiness',
  'pool.ha_failover_plan_exists',
])

/**
 * True for a call that changes nothing at the server. The other spelling of a name (`VM_get_record`) is not looked up.
 *
 * An `Async.` call never only reads, because it makes a task. Nor does `event.next`, which removes the events in its answer from
 * the session's queue: after a lost answer, a second call would not return them. `SR.probe` may log in to a storage target.
 */
export const isRead = (method: string): boolean =>
  (readerNames.test(method) && isOfClass(method)) ||
  readers.has(method) ||
  /^system\.(?:listMethods$|isAlive:)/.test(method)

/** Reads that take long: all records of a large pool, a plan for all of its machines, an answer of another server. */
const slowReaders = new Set([
  'VDI.list_changed_blocks',
  'VM.get_possible_hosts',
  'VM.maximise_memory',
  'VM.wait_memory_target_live',
  'host.get_system_status_capabilities',
  'host.get_vms_which_prevent_evacuation',
  'pool.check_update_readiness',
])
// Not `host.get_all_records`: a pool has few hosts, and a login waits for this call.
const slowReaderNames = /(?<!^host)\.get_all_records(?:_where)?$|\.(?:assert|retrieve_wlb|ha)_\w+$|^auth\./

/** Methods that only set a field of the database. */
const noteNames = /\.(?:add_to_\w+|remove_from_\w+|set_name_\w+|(?:set|add|remove)_tags|set_other_config)$/

/** The time that a host needs for an answer: that of a lookup, of a slow read, or of work. */
export function durationOf(method: string): 'lookup' | 'slow-read' | 'work' {
  if (isAsync(method) || isSessionCall(method) || noteNames.test(method)) return 'lookup'
  if (!isRead(method)) return 'work'
  return slowReaders.has(method) || slowReaderNames.test(method) ? 'slow-read' : 'lookup'
}
