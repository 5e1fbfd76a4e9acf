import { type CloudReply, spaced } from '@holdfast/openstack/simulator'
import { idOf, type Named } from './directory.ts'
import type { KeystoneSettings } from './options.ts'
import type { Token } from './tokens.ts'

/** The body that describes a token. The catalogue can be left out. */
export function tokenBody(token: Token, endpoints: KeystoneSettings['endpoints'], noCatalog: boolean) {
  const { user, project, applicationCredential, methods, issuedAt, expiresAt } = token
  return {
    token: {
      methods,
      user: { ...named(user), password_expires_at: null },
      audit_ids: [token.id.slice(-22)],
      expires_at: iso(expiresAt),
      issued_at: iso(issuedAt),
      ...(project && {
        project: named(project),
        is_domain: false,
        roles: user.roles.map((name) => ({ id: idOf(name), name })),
        ...(!noCatalog && { catalog: catalogOf(endpoints, project) }),
      }),
      ...(applicationCredential && {
        application_credential: { id: applicationCredential.id, name: applicationCredential.name, restricted: true },
      }),
    },
  }
}

const named = ({ id, name, domain }: Named) => ({ domain, id, name })

/** With six digits after the point, all of them 0. */
const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', '.000000Z')

/** The services that a token for this project may use. */
export const catalogOf = (endpoints: KeystoneSettings['endpoints'], project: Named) =>
  Object.entries(endpoints).map((endpoint) => service(endpoint, project))

function service([type, url]: readonly [string, string], project: Named) {
  const endpoint = {
    interface: 'public',
    region: 'RegionOne',
    region_id: 'RegionOne',
    url: url.replaceAll('{project}', project.id),
  }
  return { endpoints: [{ id: idOf(url), ...endpoint }], id: idOf(type), type, name: type }
}

const version = (uri: string) => ({
  id: 'v3.14',
  status: 'stable',
  updated: '2020-04-07T00:00:00Z',
  links: [{ rel: 'self', href: `${uri}/` }],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
})

/** The page at the root. */
export const versionChoice = (uri: string): CloudReply => ({
  ...spaced(300, { versions: { values: [version(uri)] } }, { location: `${uri}/` }),
  statusText: 'MULTIPLE CHOICES',
})

export const versionPage = (uri: string): CloudReply => spaced(200, { version: version(uri) })
