/**
 * The classes of XenAPI's data model in all its versions (`datamodel_common.ml`, `datamodel.ml`). A method of no class runs an
 * extension of the host, whatever its name (`gen_server.ml`, the last case).
 */
const classes: ReadonlySet<string> = new Set([
  ...['Bond', 'Caller', 'Certificate', 'Cluster', 'Cluster_host', 'DR_task', 'Diagnostics', 'Driver_variant'],
  ...['Feature', 'GPU_group', 'Host_driver', 'LVHD', 'Observer', 'PBD', 'PCI', 'PGPU', 'PIF', 'PIF_metrics', 'PUSB'],
  ...['PVS_cache_storage', 'PVS_proxy', 'PVS_server', 'PVS_site', 'Rate_limit', 'Repository', 'SDN_controller'],
  ...['SM', 'SR', 'USB_group', 'VBD', 'VBD_metrics', 'VDI', 'VGPU', 'VGPU_type', 'VIF', 'VIF_metrics', 'VLAN'],
  ...['VM', 'VMPP', 'VMSS', 'VM_appliance', 'VM_group', 'VM_guest_metrics', 'VM_metrics', 'VTPM', 'VUSB', 'alert'],
  ...['auth', 'blob', 'console', 'crashdump', 'data_source', 'event', 'host', 'host_cpu', 'host_crashdump'],
  ...['host_metrics', 'host_patch', 'message', 'network', 'network_sriov', 'pool', 'pool_patch', 'pool_update'],
  ...['role', 'secret', 'session', 'subject', 'task', 'tunnel', 'user', 'vdi_nbd_server_info'],
])

/** True for a method of a class of the data model; false for an extension. */
export const isOfClass = (method: string): boolean => classes.has(method.slice(0, method.indexOf('.')))

const longestFirst = [...classes].toSorted((one, other) => other.length - one.length)

/** `VM.start` for `VM_start`: the dispatcher takes either for every call (`alternative_wire_name`). */
export function dotted(method: string): string {
  if (method.includes('.')) return method
  const of = longestFirst.find((name) => method.startsWith(`${name}_`))
  return of === undefined ? method : `${of}.${method.slice(of.length + 1)}`
}
