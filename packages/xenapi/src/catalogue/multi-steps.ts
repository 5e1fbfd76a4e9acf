/**
 * Methods of several steps, each a call of its own or somebody else's work: what a later step meets is answered with
 * the code of that step, when the earlier ones are done. Read in xapi-project/xen-api ocaml/xapi, function by function;
 * those that take the steps are named with each.
 */
export interface MultiStep {
  readonly methods: readonly string[]
  /** Who does the steps: XAPI itself within the pool, another pool, or a program that XAPI calls. */
  readonly by: 'xapi' | 'other-pool' | 'program'
  /** Codes that are raised before the first step, and by none of the steps. A `*` stands for the rest of a code. */
  readonly before?: readonly string[]
}

/** Codes of another operation of the pool, before any step (`blocking_ops_table`, xapi_pool_helpers.ml). */
const POOL_IS_BUSY = [
  'HA_ENABLE_IN_PROGRESS',
  'HA_DISABLE_IN_PROGRESS',
  'CLUSTER_CREATE_IN_PROGRESS',
  'DESIGNATE_NEW_MASTER_IN_PROGRESS',
  'TLS_VERIFICATION_ENABLE_IN_PROGRESS',
  'CONFIGURE_REPOSITORIES_IN_PROGRESS',
  'SYNC_UPDATES_IN_PROGRESS',
  'SYNC_BUNDLE_IN_PROGRESS',
  'APPLY_UPDATES_IN_PROGRESS',
]

export const multiSteps: readonly MultiStep[] = [
  {
    // xapi_plugins.ml (call_plugin), xapi_vmss.ml (snapshot_now), xapi_vm.ml (import_convert: the conversion plug-in)
    methods: ['host.call_plugin', 'VM.call_host_plugin', 'VMSS.snapshot_now', 'VM.import_convert'],
    by: 'program',
  },
  {
    // xapi_vm.ml (call_plugin, record_call_plugin_latest)
    methods: ['VM.call_plugin'],
    by: 'program',
    before: ['VM_CALL_PLUGIN_RATE_LIMIT'],
  },
  {
    // xapi_extensions.ml (call_extension); the last three by HostExtension of ocaml/idl/datamodel.ml
    methods: ['host.call_extension', 'pool_update.precheck', 'pool_update.apply', 'LVHD.enable_thin_provisioning'],
    by: 'program',
  },
  {
    // xapi_pool_patch.ml (forward, pool_apply), xapi_pool_update.ml (pool_apply): the extensions, host by host
    methods: ['pool_patch.precheck', 'pool_patch.apply', 'pool_patch.pool_apply', 'pool_update.pool_apply'],
    by: 'program',
  },
  {
    // xapi_vm.ml (import_inner), import.ml: what an address offers, object by object
    methods: ['VM.import'],
    by: 'program',
  },
  {
    // xapi_vm_migrate.ml (with_migrate, then migrate_send’)
    methods: ['VM.migrate_send'],
    by: 'other-pool',
    before: ['TOO_MANY_STORAGE_MIGRATES'],
  },
  {
    // xapi_pool.ml (join_common: pre_join_checks, then certificates, records, the restart)
    methods: ['pool.join', 'pool.join_force'],
    by: 'other-pool',
    before: ['JOINING_HOST_*', 'POOL_JOINING_*', 'HOSTS_NOT_*', 'LICENSE_HOST_POOL_MISMATCH'],
  },
  {
    // xapi_dr.ml (recover_vms), xapi_vm_appliance.ml (recover)
    methods: ['VM.recover', 'VM_appliance.recover'],
    by: 'other-pool',
  },
  {
    // xapi_vm_clone.ml (safe_clone_disks), xapi_vm_snapshot.ml (checkpoint, revert): disk by disk
    methods: ['VM.clone', 'VM.copy', 'VM.snapshot', 'VM.snapshot_with_quiesce', 'VM.checkpoint', 'VM.revert'],
    by: 'xapi',
  },
  {
    // xapi_vm.ml (provision), xapi_templates.ml (create_disk), vm_sysprep.ml (sysprep)
    methods: ['VM.provision', 'VM.sysprep', 'VM.restart_device_models'],
    by: 'xapi',
  },
  {
    // xapi_vm_migrate.ml (pool_migrate), xapi_host.ml (evacuate): machine by machine
    methods: ['VM.pool_migrate', 'host.evacuate'],
    by: 'xapi',
  },
  {
    // xapi_vm_migrate.ml (vdi_pool_migrate: a session at the destination, then with_migrate)
    methods: ['VDI.pool_migrate'],
    by: 'xapi',
    before: ['TOO_MANY_STORAGE_MIGRATES'],
  },
  {
    // xapi_xenops.ml (suspend, resume: a disk for the image, the machine, the end of the disk)
    methods: ['VM.suspend', 'VM.resume', 'VM.resume_on'],
    by: 'xapi',
  },
  {
    // xapi_vm_appliance.ml (perform_operation): machine by machine
    methods: [
      'VM_appliance.start',
      'VM_appliance.clean_shutdown',
      'VM_appliance.hard_shutdown',
      'VM_appliance.shutdown',
    ],
    by: 'xapi',
  },
  {
    // xapi_vdi.ml (copy), xapi_sr.ml (create, destroy), xapi_vdi_helpers.ml (enable_database_replication)
    methods: [
      'VDI.copy',
      'SR.create',
      'SR.destroy',
      'SR.enable_database_replication',
      'SR.disable_database_replication',
    ],
    by: 'xapi',
  },
  {
    // xapi_dr_task.ml (create, destroy), xapi_pusb.ml (set_passthrough_enabled), xapi_pvs_site.ml (cleanup_storage)
    methods: ['DR_task.create', 'DR_task.destroy', 'PUSB.set_passthrough_enabled', 'PVS_site.forget'],
    by: 'xapi',
  },
  {
    // xapi_pool_update.ml (attach_helper, detach_helper, pool_clean)
    methods: ['pool_update.attach', 'pool_update.detach', 'pool_update.pool_clean', 'pool_patch.pool_clean'],
    by: 'xapi',
  },
  {
    // message_forwarding.ml and xapi_pool.ml (with_pool_operation), then xapi_pool.ml, xapi_ha.ml, repository.ml,
    // xapi_psr.ml
    methods: [
      ...['pool.eject', 'pool.designate_new_master', 'pool.enable_ha', 'pool.disable_ha', 'pool.sync_updates'],
      ...['pool.set_repositories', 'pool.remove_repository', 'pool.enable_tls_verification', 'pool.rotate_secret'],
    ],
    by: 'xapi',
    before: POOL_IS_BUSY,
  },
  {
    // xapi_pool.ml, xapi_pool_transition.ml, certificates_sync.ml: host by host
    methods: [
      ...[
        'pool.emergency_transition_to_master',
        'pool.emergency_reset_master',
        'pool.recover_slaves',
        'pool.sync_database',
      ],
      ...[
        'pool.management_reconfigure',
        'pool.create_VLAN',
        'pool.create_VLAN_from_PIF',
        'pool.set_igmp_snooping_enabled',
      ],
      ...[
        'pool.enable_external_auth',
        'pool.disable_external_auth',
        'pool.external_auth_set_ldaps',
        'pool.apply_edition',
      ],
      ...['pool.enable_redo_log', 'pool.disable_redo_log', 'pool.enable_binary_storage', 'pool.disable_binary_storage'],
      ...['pool.enable_local_storage_caching', 'pool.disable_local_storage_caching', 'pool.certificate_sync'],
      ...['pool.certificate_install', 'pool.certificate_uninstall', 'pool.install_ca_certificate', 'pool.crl_install'],
      ...['pool.uninstall_ca_certificate', 'pool.crl_uninstall', 'pool.install_trusted_certificate'],
      ...['pool.uninstall_trusted_certificate', 'pool.set_custom_uefi_certificates', 'pool.set_https_only'],
      ...['pool.enable_ssh', 'pool.disable_ssh', 'pool.set_ssh_enabled_timeout', 'pool.set_console_idle_timeout'],
      ...['pool.set_ssh_auto_mode', 'pool.set_vswitch_controller'],
    ],
    by: 'xapi',
  },
  {
    // xapi_host.ml (apply_updates, declare_dead), repository.ml (apply_updates)
    methods: ['host.apply_updates', 'host.declare_dead'],
    by: 'xapi',
    before: POOL_IS_BUSY,
  },
  {
    // xapi_cluster.ml (pool_create, pool_destroy_common), xapi_cluster_host.ml (join_internal, destroy_op)
    methods: [
      ...['Cluster.pool_create', 'Cluster.pool_destroy', 'Cluster.pool_force_destroy', 'Cluster.pool_resync'],
      ...['Cluster_host.create', 'Cluster_host.enable', 'Cluster_host.destroy', 'Cluster_host.force_destroy'],
      ...['Cluster_host.forget'],
    ],
    by: 'xapi',
    before: POOL_IS_BUSY,
  },
]
