import {
  type ChecksOf,
  checkSettings,
  count,
  duration,
  eachMember,
  given,
  listOf,
  members,
  OptionsError,
  oneOf,
  text,
} from '@holdfast/testing/simulator-kit'
import type { XapiPowerState } from './records.ts'

/** One host of the pool. */
export interface XapiHostSpec {
  /** Its host name: `xen-1.example`. */
  readonly name: string
  /** Its management address, as HOST_IS_SLAVE names it: IPv4, or IPv6 without brackets. It answers there, too. */
  readonly address: string
  /** `xml-only` for a server too old for JSON-RPC: `/jsonrpc` answers as XML. @default 'all' */
  readonly formats?: 'all' | 'xml-only'
}

/** One virtual machine. */
export interface XapiVmSpec {
  readonly power: XapiPowerState
  /** Name of the host that can reach its disks. Every other one redirects an export there. @default the master's at that time */
  readonly host?: string
}

/** Settings of the simulated pool. */
export interface XapiSimulatorOptions {
  /** The master first. Each answers at its own name and address. @default one host, which answers at every origin */
  readonly hosts?: readonly [XapiHostSpec, ...XapiHostSpec[]]
  /** @default 'root' */
  readonly username?: string
  /** @default 'secret' */
  readonly password?: string
  /** Machines by name; `vm-1` has the reference `OpaqueRef:vm-1`. @default vm-1 running, vm-2 halted, vm-3 suspended */
  readonly vms?: Readonly<Record<string, XapiPowerState | XapiVmSpec>>
  /** Sessions of root without an originator; one more ends the oldest. @default 400 */
  readonly maxSessions?: number
  /** Sessions by one originator of root, or of one other user. @default 500 */
  readonly maxSessionsPerGroup?: number
  /** Milliseconds after which an unused session ends. @default 86_400_000 */
  readonly idleTimeout?: number
  /** The number of polls after which a task is done. @default 3 */
  readonly pollsUntilDone?: number
  /** Milliseconds until a task is done, in place of a number of polls; its progress increases in tenths. @default none */
  readonly taskTime?: number | undefined
  /** Pending tasks from which on work is refused with TOO_MANY_PENDING_TASKS. @default 100 */
  readonly maxPendingTasks?: number
  /** Fewest milliseconds between two `VM.call_plugin` of one machine. @default 10_000 */
  readonly pluginInterval?: number
  /** Bytes of an export. @default 65_536 */
  readonly exportSize?: number
}

/** Options with their defaults. */
export type Settings = Required<Omit<XapiSimulatorOptions, 'taskTime'>> & { readonly taskTime: number | undefined }

const defaults: Settings = {
  hosts: [{ name: 'xen-1', address: '10.0.0.1' }],
  username: 'root',
  password: 'secret',
  vms: { 'vm-1': 'Running', 'vm-2': 'Halted', 'vm-3': 'Suspended' },
  maxSessions: 400,
  maxSessionsPerGroup: 500,
  idleTimeout: 86_400_000,
  pollsUntilDone: 3,
  taskTime: undefined,
  maxPendingTasks: 100,
  pluginInterval: 10_000,
  exportSize: 65_536,
}

const power = oneOf('Running', 'Halted', 'Suspended', 'Paused')
const spec = members({ power, host: text })

const listOfHosts = listOf(members({ name: text, address: text, formats: oneOf('all', 'xml-only') }))
const hosts = (value: unknown, path: string) => {
  listOfHosts(value, path)
  if ((value as readonly unknown[]).length === 0) throw new OptionsError(path, 'must have one host at least.')
}

const checks: ChecksOf<XapiSimulatorOptions> = {
  hosts,
  username: text,
  password: text,
  vms: eachMember((value, path) => (typeof value === 'string' ? power : spec)(value, path)),
  maxSessions: count,
  maxSessionsPerGroup: count,
  idleTimeout: duration,
  pollsUntilDone: count,
  taskTime: duration,
  maxPendingTasks: count,
  pluginInterval: duration,
  exportSize: count,
}

/** Fills in the defaults. @throws {OptionsError} naming the wrong option. */
export function settingsOf(options: XapiSimulatorOptions): Settings {
  checkSettings('xapi', options, checks)
  return { ...defaults, ...given(options) }
}
