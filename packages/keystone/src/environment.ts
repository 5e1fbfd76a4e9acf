import { nameInErrors } from '@holdfast/core/plugin'
import type { KeystoneOptions } from './options.ts'
import { optionsFrom } from './settings.ts'

/**
 * Reads the usual variables: `OS_AUTH_URL`, `OS_USERNAME` or `OS_USER_ID`, `OS_PASSWORD`, `OS_PROJECT_ID` or
 * `OS_PROJECT_NAME` (`OS_TENANT_*` in older files), `OS_USER_DOMAIN_NAME`, `OS_PROJECT_DOMAIN_NAME` (or `…_ID`),
 * `OS_DOMAIN_NAME` for both, and `OS_REGION_NAME`; or `OS_APPLICATION_CREDENTIAL_ID`, or `…_NAME` and the user, and
 * `OS_APPLICATION_CREDENTIAL_SECRET`. If both are set, `OS_AUTH_TYPE` decides.
 *
 * @example
 * const auth = keystone(fromEnvironment(process.env))
 *
 * @throws {OptionsError} naming the variable that is missing or wrong.
 */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): KeystoneOptions {
  const path = (name: string) => `OS_${name.toUpperCase()}`
  const names = Object.keys(env).flatMap((name) => (name.startsWith('OS_') ? [name.slice(3).toLowerCase()] : []))
  const settings = {
    names,
    path,
    get: (name: string) => env[path(name)] || undefined,
    type: [env.OS_AUTH_TYPE || undefined, 'OS_AUTH_TYPE'] as const,
  }
  return nameInErrors('keystone: environment', () => optionsFrom(settings))
}
