import type { RequestFacts } from '@holdfast/core/plugin'
import { knownMethodOf } from './web-services.ts'

/** Every vim.ManagedEntity: it lists its own tasks as `recentTask`. */
const entities =
  '(VirtualMachine|Folder|HostSystem|Datacenter|ClusterComputeResource|ComputeResource|ResourcePool|VirtualApp|Datastore|StoragePod|Network|OpaqueNetwork|DistributedVirtualSwitch|VmwareDistributedVirtualSwitch|DistributedVirtualPortgroup)'
const inJson = new RegExp(`^(/sdk/vim25/[^/]+/${entities}/[^/]+)/`)
const inSoap = new RegExp(
  `<(?:[\\w-]{1,40}:)?_this(?=\\s)[^<>]{0,300}\\stype\\s?=\\s?["'](?:[\\w-]{1,40}:)?${entities}["'][^<>]{0,300}>\\s{0,20}([\\w-]{1,80})\\s{0,20}<`,
)
const power = /^(?:(?:PowerOn|PowerOff|Suspend|Reset)VM_Task|(?:Shutdown|Reboot|Standby)Guest)$/
const maker = /^Create(?:ClusterEx|Datacenter|Folder|StoragePod)$/

/** The read of the property that shows whether a method of the Web Services API was called on its object. */
export function readOfObject(request: RequestFacts): string | undefined {
  const property = propertyFor(knownMethodOf(request) ?? '')
  if (property === undefined) return undefined
  const [, path] = inJson.exec(request.path) ?? []
  if (path !== undefined) return `GET ${path}/${property}`
  const [, type, object] = inSoap.exec(request.bodyText ?? '') ?? []
  return type === undefined ? undefined : `RetrievePropertiesEx ${type} ${object} ${property}`
}

function propertyFor(method: string): string | undefined {
  if (power.test(method)) return 'runtime'
  if (maker.test(method)) return 'childEntity'
  return method.endsWith('_Task') ? 'recentTask' : undefined
}
