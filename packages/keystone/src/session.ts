import { isObject, parseObject, type Session, type SessionSource, textOf, UnusableLogin } from '@holdfast/core/plugin'
import { tokenHeader, wrongAuthUrl } from '@holdfast/openstack'
import { checkOptions, type KeystoneCredentials, type KeystoneOptions, shownMembers } from './options.ts'

/** A token of the identity service. */
export interface KeystoneSession extends Session {
  readonly token: string
}

/** The header that a new token comes in, and that names the one that is asked about. */
const subjectHeader = 'x-subject-token'

/**
 * Tokens of an OpenStack identity service (Keystone v3), got with a password for one project.
 *
 * A token is shared by all callers, and by all vendors that are given this very source and one state. It is renewed
 * shortly before it ends, and revoked when the client is closed.
 *
 * @example
 * const auth = keystone({ authUrl: 'https://iam.example/v3', username, password, userDomainName, projectId })
 *
 * @throws {OptionsError} naming the option at fault.
 */
export function keystone(options: KeystoneOptions): SessionSource<KeystoneCredentials, KeystoneSession> {
  const { origin, path, credentials } = checkOptions(options)
  const tokens = `${path}/v3/auth/tokens`
  return {
    issuer: origin,
    publicFields: shownMembers,
    shareKey: `keystone ${path}`,
    // Its counter of refused logins never goes down: only a login that succeeds, or the end of a lock, resets it
    // (keystone/identity/backends/sql.py, `_record_failed_auth`).
    lockoutDecays: false,
    accountOf: ({ userId, username = '', userDomainId, userDomainName = '' }) =>
      userId ?? `${username} ${userDomainId ?? userDomainName}`,
    credentials,
    async open(login, transport) {
      const reply = await transport.send(`${tokens}?nocatalog=true`, {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify(requestOf(login)),
      })
      const token = reply.headers.get(subjectHeader) ?? ''
      const body = parseObject(await reply.text())
      if (!/^[\x21-\x7e]+$/.test(token)) {
        const hint = reply.status === 300 ? '; `authUrl` leads to a choice of versions, not to the API' : ''
        throw new UnusableLogin(
          `The login at ${transport.origin}${tokens} was answered with status ${reply.status}, but without a token${hint}.`,
          wrongAuthUrl,
        )
      }
      const expiresAt = endOf(body?.token)
      return { token, secrets: [token, login.password ?? ''], ...(expiresAt !== undefined && { expiresAt }) }
    },
    sign: ({ headers }, { token }) => headers.set(tokenHeader, token),
    // Once: a token that is not revoked ends by itself.
    close: ({ token }, transport) =>
      transport.send(tokens, {
        method: 'DELETE',
        headers: { [tokenHeader]: token, [subjectHeader]: token },
        resilience: { retry: false },
      }),
  }
}

/** The body of a login with a password, for a project. */
function requestOf(login: KeystoneCredentials): unknown {
  const { userId, username, password, projectId, projectName } = login
  const user =
    userId === undefined
      ? { name: username, domain: domainOf(login.userDomainId, login.userDomainName), password }
      : { id: userId, password }
  const project =
    projectId === undefined
      ? { name: projectName, domain: domainOf(login.projectDomainId, login.projectDomainName) }
      : { id: projectId }
  return { auth: { identity: { methods: ['password'], password: { user } }, scope: { project } } }
}

const domainOf = (id: string | undefined, name: string | undefined) => (id === undefined ? { name } : { id })

/** Time at which a token ends, by our own clock: the server's may be wrong, but it knows how long a token lives. */
function endOf(token: unknown): number | undefined {
  if (!isObject(token)) return undefined
  const [issued, expires] = [dateOf(token.issued_at), dateOf(token.expires_at)]
  if (expires === undefined) return undefined
  // Both are cut to whole seconds, so a token may end up to a second before they say.
  return issued === undefined || expires <= issued ? expires : Date.now() + Math.max(0, expires - issued - 1_000)
}

/** Milliseconds since the epoch; the service writes microseconds, which not every runtime reads. */
function dateOf(value: unknown): number | undefined {
  const at = Date.parse((textOf(value) ?? '').replace(/(\.\d{3})\d+/, '$1'))
  return Number.isNaN(at) ? undefined : at
}
