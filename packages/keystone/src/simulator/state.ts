import { type Clock, createClock, createFaults, type Faults } from '@holdfast/openstack/simulator'
import { createRecorder, type Recorder } from '@holdfast/testing/simulator-kit'
import { createApplicationCredentials } from './application-credentials.ts'
import { createDirectory } from './directory.ts'
import { createLogins, type LoginParts, type Logins } from './logins.ts'
import type { KeystoneSettings } from './options.ts'
import { createPasswords } from './passwords.ts'
import { createTokens } from './tokens.ts'

/** The whole state of a simulated identity service. */
export interface KeystoneState extends LoginParts {
  readonly settings: KeystoneSettings
  readonly clock: Clock
  readonly logins: Logins
  readonly faults: Faults
  readonly recorder: Recorder
  /** True during an outage. */
  isDown: boolean
}

/** Starts with users and projects, and with no tokens. */
export function createState(settings: KeystoneSettings): KeystoneState {
  const clock = createClock(settings.now)
  const directory = createDirectory(settings)
  const secrets = directory.users.map(({ id }, index) => [id, settings.users[index]?.password ?? ''] as const)
  const passwords = createPasswords(settings, secrets, clock)
  const parts = {
    directory,
    passwords,
    credentials: createApplicationCredentials(settings, directory),
    tokens: createTokens(settings.lifetime, clock),
  }
  return {
    ...parts,
    settings,
    clock,
    logins: createLogins(parts),
    faults: createFaults(),
    recorder: createRecorder({ secretHeaders: ['x-auth-token', 'x-subject-token'] }),
    isDown: false,
  }
}

/** The address of the service, as the caller of a request sees it: `http://host/v3`. */
export const uriOf = ({ url }: Pick<KeystoneSettings, 'url'>, request: URL) => `${url === '' ? request.origin : url}/v3`
