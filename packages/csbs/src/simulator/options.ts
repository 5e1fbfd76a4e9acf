import { type IdentityService, identityService, type ThrottleOptions } from '@holdfast/openstack/simulator'
import {
  baseOf,
  type ChecksOf,
  checkSettings,
  count,
  duration,
  entriesOf,
  given,
  httpUrl,
  members,
  namesOr,
  ofType,
  oneOf,
  text,
} from '@holdfast/testing/simulator-kit'

/** One cloud server. */
export interface CsbsServer {
  /** @default made of its identifier */
  readonly name?: string
  /** The reason why it cannot be backed up or restored, as a code: CSBS.6007 for one without disks. @default it can */
  readonly refuses?: string
}

/** Durations of work, in milliseconds. */
export interface CsbsDurations {
  /** In a `waiting_…` state, before any work begins. @default 5_000 */
  readonly waiting?: number
  /** `protecting`. @default 300_000 */
  readonly backup?: number
  /** `restoring`. @default 120_000 */
  readonly restore?: number
  /** `deleting`; at most five at once, the others wait. @default 30_000 */
  readonly delete?: number
}

/** Upper limits. */
export interface CsbsQuota {
  /** Backups; one more is CSBS.9006. @default 600 */
  readonly backups?: number
  /** Policies; one more is CSBS.0001. @default 32 */
  readonly policies?: number
}

/** Settings of the simulated Cloud Server Backup Service. */
export interface CsbsSimulatorOptions {
  /** The identity service whose tokens it accepts. */
  readonly keystone: IdentityService
  /** Its origin; the gateway answers every other path there. @default every origin */
  readonly url?: string
  /** Servers by identifier, or their identifiers. @default 'server-1' and 'server-2' */
  readonly servers?: readonly string[] | Readonly<Record<string, CsbsServer>>
  readonly quota?: CsbsQuota
  readonly durations?: CsbsDurations
  /** The answer to a token that is no longer valid. @default '401' */
  readonly staleToken?: '401' | '403'
  /** The number of requests that the gateway in front accepts. @default all */
  readonly throttle?: ThrottleOptions
  /** The server's time in milliseconds since the epoch. @default Date.now, looked up at each use */
  readonly now?: () => number
}

/** Options with their defaults. */
export interface CsbsSettings extends Required<Omit<CsbsSimulatorOptions, 'throttle' | 'servers'>> {
  readonly quota: Required<CsbsQuota>
  readonly durations: Required<CsbsDurations>
  readonly servers: ReadonlyMap<string, CsbsServer>
  readonly throttle: ThrottleOptions | undefined
}

const checks: ChecksOf<CsbsSimulatorOptions> = {
  keystone: identityService,
  url: httpUrl,
  servers: namesOr(members({ name: text, refuses: text })),
  quota: members({ backups: count, policies: count }),
  durations: members({ waiting: duration, backup: duration, restore: duration, delete: duration }),
  staleToken: oneOf('401', '403'),
  throttle: members({ limit: count, window: duration }),
  now: ofType('function'),
}

/** Fills in the defaults. @throws {OptionsError} naming the wrong option. */
export function settingsOf(options: CsbsSimulatorOptions): CsbsSettings {
  checkSettings('csbsServer', options, checks, ['keystone'])
  const { quota, durations, servers = ['server-1', 'server-2'], throttle, url, ...others } = given(options)
  return {
    staleToken: '401',
    now: () => Date.now(),
    ...others,
    url: baseOf(url),
    quota: { backups: 600, policies: 32, ...given(quota) },
    durations: { waiting: 5_000, backup: 300_000, restore: 120_000, delete: 30_000, ...given(durations) },
    servers: new Map(entriesOf(servers)),
    throttle,
  }
}
