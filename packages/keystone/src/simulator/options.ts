import {
  baseOf,
  type ChecksOf,
  checkSettings,
  count,
  duration,
  eachMember,
  given,
  httpUrl,
  listOf,
  members,
  OptionsError,
  ofType,
  text,
} from '@holdfast/testing/simulator-kit'

/** A user who may log in. */
export interface KeystoneUser {
  readonly name: string
  readonly password: string
  /** @default made of the name */
  readonly id?: string
  /** Name of the domain; its identifier is the same in lower case. @default 'Default' */
  readonly domain?: string
  /** Names or identifiers of projects that a token of this user may be for. @default all */
  readonly projects?: readonly string[]
  /** `admin` may do everything. @default ['member'] */
  readonly roles?: readonly string[]
}

/** A project that tokens are for. */
export interface KeystoneProject {
  readonly name: string
  /** @default made of the name */
  readonly id?: string
  /** As with a user. @default 'Default' */
  readonly domain?: string
}

/** A login for a program, in place of a user name and password. */
export interface KeystoneApplicationCredential {
  readonly name: string
  readonly secret: string
  /** @default made of the name and its user's */
  readonly id?: string
  /** Name or identifier of its user. @default the first of `users` */
  readonly user?: string
  /** Name or identifier of its project; all its tokens are for that one. @default the first of its user's */
  readonly project?: string
}

/** Settings of the simulated identity service. */
export interface KeystoneSimulatorOptions {
  /** Its address, without `/v3`: an origin, perhaps with a path. It then answers other paths below it, too. @default every origin */
  readonly url?: string
  /** @default one, `operator` with the password `secret` */
  readonly users?: readonly KeystoneUser[]
  /** @default one, `backups` */
  readonly projects?: readonly KeystoneProject[]
  /** @default none */
  readonly applicationCredentials?: readonly KeystoneApplicationCredential[]
  /** Milliseconds for which a token is valid; it ends at a whole second. @default 3_600_000 */
  readonly lifetime?: number
  /** Wrong passwords in a row, however long ago, after which the account is locked. @default never */
  readonly lockoutAttempts?: number
  /** Seconds that it stays locked; `Infinity` for always, as if Keystone has no `lockout_duration`. @default 1_800 */
  readonly lockoutSeconds?: number
  /** The catalogue in a token: URLs by type of service. `{project}` becomes the project's identifier. @default none */
  readonly endpoints?: Readonly<Record<string, string>>
  /** The server's time in milliseconds since the epoch. @default Date.now, looked up at each use */
  readonly now?: () => number
}

/** Options with their defaults. */
export type KeystoneSettings = Required<KeystoneSimulatorOptions>

const defaults: KeystoneSettings = {
  url: '',
  users: [{ name: 'operator', password: 'secret' }],
  projects: [{ name: 'backups' }],
  applicationCredentials: [],
  lifetime: 3_600_000,
  lockoutAttempts: Number.POSITIVE_INFINITY,
  lockoutSeconds: 1_800,
  endpoints: {},
  now: () => Date.now(),
}

const names = listOf(text)

const lifetime = (value: unknown, path: string) => {
  duration(value, path)
  if (value === Number.POSITIVE_INFINITY) throw new OptionsError(path, 'must be finite: a token tells its end.')
}

const credential = (value: unknown, path: string) => {
  members({ name: text, secret: text, id: text, user: text, project: text })(value, path)
  const { name, secret } = value as Partial<KeystoneApplicationCredential>
  if (name === undefined) throw new OptionsError(`${path}.name`, 'is missing.')
  if (secret === undefined) throw new OptionsError(`${path}.secret`, 'is missing.')
}

const checks: ChecksOf<KeystoneSimulatorOptions> = {
  url: httpUrl,
  users: listOf(members({ name: text, password: text, id: text, domain: text, projects: names, roles: names })),
  projects: listOf(members({ name: text, id: text, domain: text })),
  applicationCredentials: listOf(credential),
  lifetime,
  lockoutAttempts: count,
  lockoutSeconds: duration,
  endpoints: eachMember(text),
  now: ofType('function'),
}

/** Fills in the defaults. @throws {OptionsError} naming the wrong option. */
export function settingsOf(options: KeystoneSimulatorOptions): KeystoneSettings {
  checkSettings('keystoneServer', options, checks)
  return { ...defaults, ...given(options), url: baseOf(options.url) }
}
