import {
  isObject,
  parseObject,
  type RequestFacts,
  type Session,
  type SessionSource,
  textOf,
  UnusableLogin,
} from '@holdfast/core/plugin'
import { isLogin, pathOf, tokenHeader, wrongAuthUrl } from '@holdfast/openstack'
import { type KeystoneCredentials, shownMembers } from './login.ts'
import { requestOf } from './login-request.ts'
import { checkOptions, type KeystoneOptions } from './options.ts'

/** A token of the identity service. */
export interface KeystoneSession extends Session {
  readonly token: string
}

/** A source of tokens, and the place of the service that gives them. */
export interface KeystoneSource extends SessionSource<KeystoneCredentials, KeystoneSession> {
  /** Address of the identity API: `https://iam.example/v3`, or with a path before the version. */
  readonly identityUrl: string
  /** The region that the options name. */
  readonly region?: string
}

/** The header that a new token comes in, and that names the one that is asked about. */
const subjectHeader = 'x-subject-token'

/**
 * Tokens of an OpenStack identity service (Keystone v3) for one project, got with a password or an application credential.
 *
 * A token is shared by all callers, and by all vendors that are given this very source and one state. It is renewed
 * shortly before it ends, and revoked when the client is closed.
 *
 * @example
 * const auth = keystone({ authUrl: 'https://iam.example/v3', username, password, userDomainName, projectId })
 *
 * @throws {OptionsError} naming the option at fault.
 */
export function keystone(options: KeystoneOptions): KeystoneSource {
  const { origin, path, region, credentials } = checkOptions(options)
  const tokens = `${path}/v3/auth/tokens`
  return {
    identityUrl: `${origin}${path}/v3`,
    ...(region !== undefined && { region }),
    issuer: origin,
    publicFields: shownMembers,
    shareKey: `keystone ${path}`,
    // Its counter of refused logins never goes down: only a login that succeeds, or the end of a lock, resets it
    // (keystone/identity/backends/sql.py, `_record_failed_auth`).
    lockoutDecays: false,
    accountOf,
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
      return {
        token,
        secrets: [token, login.password ?? login.applicationCredentialSecret ?? ''],
        ...(expiresAt !== undefined && { expiresAt }),
      }
    },
    shouldSign: (request, headers) =>
      !isUnsigned(request) && !headers.has(tokenHeader) && !headers.has('authorization'),
    sign: (_, { token }) => ({ [tokenHeader]: token }),
    // Once: a token that is not revoked ends by itself.
    close: ({ token }, transport) =>
      transport.send(tokens, {
        method: 'DELETE',
        headers: { [tokenHeader]: token, [subjectHeader]: token },
        resilience: { retry: false },
      }),
  }
}

/** A login of the caller's own, and a change of a password that has expired, show who asks by themselves. */
const isUnsigned = (request: Pick<RequestFacts, 'method' | 'path'>): boolean =>
  request.method === 'POST' && (isLogin(request) || /\/users\/[^/]+\/password$/.test(pathOf(request)))

/** Name of what the service counts refused logins of. */
function accountOf(login: KeystoneCredentials): string {
  const { userId, username = '', userDomainId, userDomainName = '' } = login
  const { applicationCredentialId, applicationCredentialName } = login
  if (applicationCredentialId !== undefined) return `application credential ${applicationCredentialId}`
  const user = userId ?? `${username} ${userDomainId ?? userDomainName}`
  return applicationCredentialName === undefined ? user : `${user} application credential ${applicationCredentialName}`
}

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
