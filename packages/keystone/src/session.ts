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

/** A source of tokens, with the address of the service that gives them. */
export interface KeystoneSource extends SessionSource<KeystoneCredentials, KeystoneSession> {
  /** Address of the identity API: `https://iam.example/v3`, or with a path before the version. */
  readonly identityUrl: string
  /** The region that the options name. */
  readonly region?: string
}

/** The header of a new token in a reply, and of the token that a request is about. */
const subjectHeader = 'x-subject-token'

/**
 * Tokens of an OpenStack identity service (Keystone v3) for one project, by a password or an application credential.
 *
 * A token is shared by all callers, and by all vendors with this same source and one state. It is renewed shortly before it
 * expires, and revoked when the client is closed.
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
    // Sent once: a token that is not revoked expires by itself.
    close: ({ token }, transport) =>
      transport.send(tokens, {
        method: 'DELETE',
        headers: { [tokenHeader]: token, [subjectHeader]: token },
        resilience: { retry: false },
      }),
  }
}

/** True for requests with credentials of their own: a caller's own login, or the change of an expired password. */
const isUnsigned = (request: Pick<RequestFacts, 'method' | 'path'>): boolean =>
  request.method === 'POST' && (isLogin(request) || /\/users\/[^/]+\/password$/.test(pathOf(request)))

/** The name of the account whose refused logins the service counts. */
function accountOf(login: KeystoneCredentials): string {
  const { userId, username = '', userDomainId, userDomainName = '' } = login
  const { applicationCredentialId, applicationCredentialName } = login
  if (applicationCredentialId !== undefined) return `application credential ${applicationCredentialId}`
  const user = userId ?? `${username} ${userDomainId ?? userDomainName}`
  return applicationCredentialName === undefined ? user : `${user} application credential ${applicationCredentialName}`
}

/** Time at which a token expires, by our own clock and the token's life: the server's clock may be wrong. */
function endOf(token: unknown): number | undefined {
  if (!isObject(token)) return undefined
  const [issued, expires] = [dateOf(token.issued_at), dateOf(token.expires_at)]
  if (expires === undefined) return undefined
  // Both times are cut to whole seconds, so a token may expire up to a second earlier.
  return issued === undefined || expires <= issued ? expires : Date.now() + Math.max(0, expires - issued - 1_000)
}

/** A time in milliseconds since the epoch. The service writes microseconds, which not every runtime can parse. */
function dateOf(value: unknown): number | undefined {
  const at = Date.parse((textOf(value) ?? '').replace(/(\.\d{3})\d+/, '$1'))
  return Number.isNaN(at) ? undefined : at
}
