/**
 * Parameters that are secrets although they have no names in requests: methods by the file that describes them in the data
 * model of XAPI (xapi-project/xen-api, `ocaml/idl`), with positions in a call; the call's own session is at 0. Those of
 * type `SecretString` there, and those whose name or description says password, secret, private key or session, or
 * contents that a reader of the file could use.
 */
const places: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  'datamodel.ml': {
    'session.login_with_password': [1],
    'session.slave_login': [1],
    'session.slave_local_login': [0],
    'session.slave_local_login_with_password': [1],
    'session.change_password': [1, 2],
    'secret.introduce': [2],
    'secret.set_value': [2],
    'VM_appliance.recover': [2],
    'VM_appliance.assert_can_be_recovered': [2],
    'VM_appliance.get_SRs_required_for_recovery': [2],
  },
  'datamodel_host.ml': {
    'host.update_pool_secret': [2],
    'host.notify_accept_new_pool_secret': [2, 3],
    'host.notify_send_new_pool_secret': [2, 3],
    'host.cleanup_pool_secret': [2, 3],
    'host.install_server_certificate': [3],
    'host.license_apply': [2],
    'host.license_add': [2],
  },
  'datamodel_pool.ml': {
    'pool.join': [3],
    'pool.join_force': [3],
    'pool.initialize_wlb': [3, 5],
    'pool.configure_repository_proxy': [4],
    'pool.sync_updates': [3, 6],
    'pool.sync_trusted_certificates_from': [3],
  },
  'datamodel_vm.ml': {
    'VM.import_convert': [3],
    'VM.recover': [2],
    'VM.assert_can_be_recovered': [2],
    'VM.get_SRs_required_for_recovery': [2],
    'VM.sysprep': [2],
  },
  'datamodel_vtpm.ml': {
    'VTPM.set_contents': [2],
  },
}

const positions: ReadonlyMap<string, readonly number[]> = new Map(
  Object.values(places).flatMap((methods) => Object.entries(methods)),
)

/** The positions of a method's secrets. */
export const placesOf = (method: string): readonly number[] => positions.get(method) ?? []

/**
 * Members of a map that are secrets though their names do not say so.
 *
 * - `secret.create` takes a record, whose `value` is the secret (`datamodel.ml`).
 * - A script that `VM.call_plugin` runs in a machine, and what it is given (`ocaml/xapi/xapi_vm.ml`, `run_script`).
 */
const members: ReadonlyMap<string, RegExp> = new Map([
  ['secret.create', /^value$/],
  ['VM.call_plugin', /^(?:script|arguments)$/],
])

/** The names of a method's members that are secrets, although the names do not say so. */
export const membersOf = (method: string): RegExp | undefined => members.get(method)
