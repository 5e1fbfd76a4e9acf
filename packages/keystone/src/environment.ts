import type { KeystoneOptions } from './options.ts'
import { optionsFrom } from './settings.ts'

/**
 * Reads the usual variables: `OS_AUTH_URL`, `OS_USERNAME` or `OS_USER_ID`, `OS_PASSWORD`, `OS_PROJECT_ID` or
 * `OS_PROJECT_NAME` (`OS_TENANT_*` in older files), `OS_USER_DOMAIN_NAME`, `OS_PROJECT_DOMAIN_NAME` (or `…_ID`),
 * `OS_DOMAIN_NAME` for both, and `OS_REGION_NAME`.
 *
 * @example
 * const auth = keystone(fromEnvironment(process.env))
 *
 * @throws {TypeError} naming the variable that is missing.
 */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): KeystoneOptions {
  const variable = (name: string) => `OS_${name.toUpperCase()}`
  return optionsFrom(
    (name) => env[variable(name)] || undefined,
    (...names) => new TypeError(`keystone: the environment has no ${names.map(variable).join(' or ')}.`),
  )
}
