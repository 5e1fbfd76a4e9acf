import { methodName, pathTemplates, type RequestFacts } from '@holdfast/core/plugin'

const versions = new Set(['v1', 'v1.0', 'v2', 'v2.0', 'v2.1', 'v3', 'v4'])

/** The identity API below `/v3` (OpenStack Identity API v3), which may be at any service's address. */
const identity =
  'auth(tokens(OS-PKI(revoked)) catalog projects domains system) users({user}(password projects groups ' +
  'application_credentials({application_credential}) access_rules({access_rule}))) projects({project}(tags({tag}))) ' +
  'domains({domain}) regions({region}) services({service}) endpoints({endpoint}) roles({role}) groups({group}(users({user})))'

/**
 * Makes the function that names requests: method and template of the path, such as
 * `PUT /v2/{project}/policies/{policy}`. A path before the version is `{prefix}`.
 *
 * @param below the paths of a service after version and project, as a tree of `pathTemplates`.
 * @param unscoped the paths right after the version.
 */
export function operationNames(below: string, unscoped = ''): (request: RequestFacts) => string {
  const behindVersion = pathTemplates(`${identity} ${unscoped} {project}(${below})`)
  return ({ method, path }) => `${methodName(method)} ${templateOf(path, behindVersion)}`
}

function templateOf(path: string, behindVersion: (path: string) => string): string {
  const segments = path.split('/').filter((segment) => segment !== '')
  const at = segments.findIndex((segment) => versions.has(segment))
  if (at < 0) return segments.length === 0 ? '/' : '/{path}'
  const rest = segments.slice(at + 1)
  return `${at > 0 ? '/{prefix}' : ''}/${segments[at]}${rest.length === 0 ? '' : behindVersion(rest.join('/'))}`
}
