import {
  baseOf,
  type ChecksOf,
  checkSettings,
  count,
  duration,
  eachMember,
  given,
  httpUrl,
  oneOf,
  text,
} from '@holdfast/testing/simulator-kit'
import type { PowerState } from './machines.ts'

/** Settings of the simulated vCenter. */
export interface VcenterSimulatorOptions {
  /** @default 'administrator@vsphere.local' */
  readonly username?: string
  /** @default 'secret' */
  readonly password?: string
  /** Machines by identifier, with their power states. @default vm-1 on, vm-2 off, vm-3 suspended */
  readonly vms?: Readonly<Record<string, PowerState>>
  /** Live sessions from which on a login answers 503. @default 550, as vCenter before 8.0 U3 */
  readonly maxSessions?: number
  /** Wrong passwords in a row that lock the account. @default 5 */
  readonly lockoutAfter?: number
  /** Milliseconds after which an unused session ends. @default 1_800_000 */
  readonly idleTimeout?: number
  /** The number of polls after which a task is done: PENDING at first, then RUNNING. @default 3 */
  readonly pollsUntilDone?: number
  /** Milliseconds until a task is done, in place of a number of polls. @default none */
  readonly taskTime?: number | undefined
  /** Answer at this origin only. @default at every origin */
  readonly origin?: string
}

/** Options with their defaults. */
export type VcenterSettings = Required<Omit<VcenterSimulatorOptions, 'taskTime'>> & {
  readonly taskTime: number | undefined
}

const vms: Readonly<Record<string, PowerState>> = { 'vm-1': 'POWERED_ON', 'vm-2': 'POWERED_OFF', 'vm-3': 'SUSPENDED' }

/** Defaults of `vcenter`. */
const defaults: VcenterSettings = {
  username: 'administrator@vsphere.local',
  password: 'secret',
  vms,
  maxSessions: 550,
  lockoutAfter: 5,
  idleTimeout: 1_800_000,
  pollsUntilDone: 3,
  taskTime: undefined,
  origin: '',
}

const checks: ChecksOf<VcenterSimulatorOptions> = {
  username: text,
  password: text,
  vms: eachMember(oneOf('POWERED_ON', 'POWERED_OFF', 'SUSPENDED')),
  maxSessions: count,
  lockoutAfter: count,
  idleTimeout: duration,
  pollsUntilDone: count,
  taskTime: duration,
  origin: httpUrl,
}

/** Fills in the defaults. @throws {OptionsError} naming the wrong option. */
export function settingsOf(options: VcenterSimulatorOptions): VcenterSettings {
  checkSettings('vcenter', options, checks)
  return { ...defaults, ...given(options), origin: baseOf(options.origin) }
}
