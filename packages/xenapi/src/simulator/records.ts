import { double, type Struct } from './value.ts'

/** Power states as XenAPI spells them in a record; in an error they are lower-case. */
export type XapiPowerState = 'Halted' | 'Running' | 'Suspended' | 'Paused'

/** The reference that means no object. */
export const nullRef = 'OpaqueRef:NULL'

/** A new reference. */
export const newRef = () => `OpaqueRef:${crypto.randomUUID()}`

interface Named {
  readonly uuid: string
  readonly name: string
}

export const vmRecord = ({ uuid, name, power, host }: Named & { power: XapiPowerState; host: string }): Struct => ({
  uuid,
  name_label: name,
  name_description: '',
  power_state: power,
  is_a_template: false,
  is_control_domain: false,
  is_a_snapshot: false,
  resident_on: power === 'Running' || power === 'Paused' ? host : nullRef,
  affinity: host,
  current_operations: {},
  memory_static_max: 4_294_967_296,
  VCPUs_max: 2,
  tags: [],
  other_config: {},
})

export const hostRecord = ({ uuid, name, address }: Named & { address: string }): Struct => ({
  uuid,
  name_label: name,
  name_description: '',
  address,
  hostname: name,
  enabled: true,
  tags: [],
  API_version_major: 2,
  API_version_minor: 21,
  API_version_vendor: 'XenSource',
  software_version: { product_version: '8.3.0', xapi_build: '26.21.0' },
  other_config: {},
})

export const poolRecord = ({ uuid, name, master }: Named & { master: string }): Struct => ({
  uuid,
  name_label: name,
  name_description: '',
  master,
  default_SR: nullRef,
  tags: [],
  other_config: {},
})

/** A storage that all hosts share. */
export const srRecord = ({ uuid, name }: Named): Struct => ({
  uuid,
  name_label: name,
  name_description: '',
  VDIs: [],
  PBDs: [],
  virtual_allocation: 0,
  physical_utilisation: 0,
  physical_size: 1_099_511_627_776,
  type: 'nfs',
  content_type: 'user',
  shared: true,
  tags: [],
  other_config: {},
})

export const networkRecord = ({ uuid, name }: Named): Struct => ({
  uuid,
  name_label: name,
  name_description: '',
  VIFs: [],
  PIFs: [],
  MTU: 1_500,
  bridge: 'xenbr0',
  managed: true,
  tags: [],
  other_config: {},
})

export const taskRecord = ({ uuid, name, host }: Named & { host: string }): Struct => ({
  uuid,
  name_label: name,
  name_description: '',
  created: new Date(),
  finished: new Date(0),
  status: 'pending',
  resident_on: host,
  progress: double(0),
  type: '<none/>',
  result: '',
  error_info: [],
  other_config: {},
  subtask_of: nullRef,
  subtasks: [],
})

export const sessionRecord = ({
  host,
  user,
  originator,
}: {
  host: string
  user: string
  originator: string
}): Struct => ({
  uuid: crypto.randomUUID(),
  this_host: host,
  this_user: 'OpaqueRef:user',
  last_active: new Date(),
  pool: false,
  is_local_superuser: user === 'root',
  auth_user_name: user,
  originator,
})
