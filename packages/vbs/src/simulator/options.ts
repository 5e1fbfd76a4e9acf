import {
  type IdentityService,
  identityService,
  type StaleToken,
  type ThrottleOptions,
} from '@holdfast/openstack/simulator'
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

/** One disk. */
export interface VbsVolume {
  /** @default made of its identifier */
  readonly name?: string
  /** Only an `available` one can be restored. @default 'available' */
  readonly status?: 'available' | 'in-use' | 'error'
  /** Gigabytes. @default 10 */
  readonly size?: number
}

/** Durations of work, in milliseconds. */
export interface VbsDurations {
  /** A job is `INIT` so long; a backup is `creating` already. @default 5_000 */
  readonly waiting?: number
  /** @default 300_000 */
  readonly backup?: number
  /** @default 120_000 */
  readonly restore?: number
  /** @default 30_000 */
  readonly delete?: number
}

/** Upper limits. */
export interface VbsQuota {
  /** Backups: one more is VolumeBackup.0080, of the native API 413, of a policy AutoBackup.0218. @default 100 */
  readonly backups?: number
  /** Backups of one disk: one more is VolumeBackup.0040. @default 20 */
  readonly perVolume?: number
  /** Policies: one more is AutoBackup.0203. @default 10 */
  readonly policies?: number
}

/** Settings of the simulated Volume Backup Service. */
export interface VbsSimulatorOptions {
  /** The identity service whose tokens it accepts. */
  readonly keystone: IdentityService
  /** Its origin; the gateway answers every other path there. @default every origin */
  readonly url?: string
  /** Disks by identifier, or their identifiers. @default 'volume-1' and 'volume-2' */
  readonly volumes?: readonly string[] | Readonly<Record<string, VbsVolume>>
  readonly quota?: VbsQuota
  readonly durations?: VbsDurations
  /** The answer to a token that is no longer valid. @default '401' */
  readonly staleToken?: StaleToken
  /** The number of requests that the gateway in front accepts. @default all */
  readonly throttle?: ThrottleOptions
  /** The server's time in milliseconds since the epoch. @default Date.now, looked up at each use */
  readonly now?: () => number
}

/** Options with their defaults. */
export interface VbsSettings extends Required<Omit<VbsSimulatorOptions, 'throttle' | 'volumes'>> {
  readonly quota: Required<VbsQuota>
  readonly durations: Required<VbsDurations>
  readonly volumes: ReadonlyMap<string, Required<VbsVolume>>
  readonly throttle: ThrottleOptions | undefined
}

const checks: ChecksOf<VbsSimulatorOptions> = {
  keystone: identityService,
  url: httpUrl,
  volumes: namesOr(members({ name: text, status: oneOf('available', 'in-use', 'error'), size: count })),
  quota: members({ backups: count, perVolume: count, policies: count }),
  durations: members({ waiting: duration, backup: duration, restore: duration, delete: duration }),
  staleToken: oneOf('401', '403', 'AutoBackup.0003'),
  throttle: members({ limit: count, window: duration }),
  now: ofType('function'),
}

/** Fills in the defaults. @throws {OptionsError} naming the wrong option. */
export function settingsOf(options: VbsSimulatorOptions): VbsSettings {
  checkSettings('vbsServer', options, checks, ['keystone'])
  const { quota, durations, volumes = ['volume-1', 'volume-2'], throttle, url, ...others } = given(options)
  const whole = ([id, volume]: readonly [string, VbsVolume]) =>
    [id, { name: `disk_${id}`, status: 'available', size: 10, ...given(volume) }] as const
  return {
    staleToken: '401',
    now: () => Date.now(),
    ...others,
    url: baseOf(url),
    quota: { backups: 100, perVolume: 20, policies: 10, ...given(quota) },
    durations: { waiting: 5_000, backup: 300_000, restore: 120_000, delete: 30_000, ...given(durations) },
    volumes: new Map(entriesOf(volumes).map(whole)),
    throttle,
  }
}
