import { dig, listAt, textAt } from '@holdfast/openstack/simulator'
import type { ApplicationCredentials } from './application-credentials.ts'
import type { Directory, Named, User } from './directory.ts'
import { expecting, forbidden, missing, scopeBesideCredential, unauthorized } from './messages.ts'
import type { Passwords } from './passwords.ts'
import { goodToken } from './subject.ts'
import type { Token, Tokens } from './tokens.ts'

/** The parts that logins need. */
export interface LoginParts {
  readonly directory: Directory
  readonly passwords: Passwords
  readonly credentials: ApplicationCredentials
  readonly tokens: Tokens
}

/** Logins and their number. */
export interface Logins {
  readonly granted: number
  readonly refused: number
  /** Reads the body of a login and issues a token. Throws a `Refusal`. */
  open(contentType: string | null, body: unknown): Token
}

/** Starts with none. */
export function createLogins(parts: LoginParts): Logins {
  const count = { granted: 0, refused: 0 }
  return {
    get granted() {
      return count.granted
    },
    get refused() {
      return count.refused
    },
    open(contentType, body) {
      try {
        const token = login(parts, contentType, body)
        count.granted += 1
        return token
      } catch (refusal) {
        count.refused += 1
        throw refusal
      }
    },
  }
}

function login(parts: LoginParts, contentType: string | null, body: unknown): Token {
  if (!/^application\/json\b/i.test(contentType ?? '')) throw expecting('application/json', 'Content-Type header')
  const identity = dig(body, 'auth', 'identity')
  if (dig(body, 'auth') === undefined) throw missing('auth', 'instance', body)
  if (identity === undefined) throw missing('identity', "instance['auth']", dig(body, 'auth'))
  const method = listAt(identity, 'methods')[0]
  if (method === 'token') return fromToken(parts, body)
  if (method === 'application_credential') return withCredential(parts, body)
  const user = method === 'password' ? withPassword(parts, dig(identity, 'password', 'user')) : undefined
  if (user === undefined) throw unauthorized()
  return parts.tokens.issue({ user, methods: ['password'], ...scopeOf(parts, user, body) })
}

function withPassword({ directory, passwords }: LoginParts, named: unknown): User | undefined {
  const user = directory.user(named)
  return user !== undefined && passwords.accepts(user.id, dig(named, 'password')) ? user : undefined
}

/** A token for the project of the credential, the only one possible. */
function withCredential({ credentials, tokens }: LoginParts, body: unknown): Token {
  if (dig(body, 'auth', 'scope') !== undefined) throw scopeBesideCredential()
  const credential = credentials.open(dig(body, 'auth', 'identity', 'application_credential'))
  const { user, project } = credential
  return tokens.issue({ user, project, applicationCredential: credential, methods: ['application_credential'] })
}

/** A token for another scope, which ends when the first one does. */
function fromToken(parts: LoginParts, body: unknown): Token {
  const token = goodToken(parts, textAt(body, 'auth', 'identity', 'token', 'id') ?? null)
  if (token.applicationCredential !== undefined) {
    throw forbidden('Using a delegated token to create another token is not allowed.')
  }
  const methods = [...new Set(['token', ...token.methods])]
  return parts.tokens.issue({ user: token.user, methods, ...scopeOf(parts, token.user, body) }, token.expiresAt)
}

/** An unknown project, and one that is not the user's, get the answer of a wrong password. */
function scopeOf({ directory }: LoginParts, user: User, body: unknown): { readonly project?: Named } {
  const scope = dig(body, 'auth', 'scope')
  if (scope === undefined || scope === 'unscoped') return {}
  const project = directory.project(dig(scope, 'project'))
  if (project === undefined || !user.projects.includes(project)) throw unauthorized()
  return { project }
}
