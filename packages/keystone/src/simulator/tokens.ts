import { randomBytes } from 'node:crypto'
import type { Clock } from '@holdfast/openstack/simulator'
import type { ApplicationCredential } from './application-credentials.ts'
import type { Named, User } from './directory.ts'

/** An issued token. */
export interface Token {
  readonly id: string
  readonly user: User
  /** The project that it is for; absent for a token without a scope. */
  readonly project?: Named
  /** The application credential of its login. */
  readonly applicationCredential?: ApplicationCredential
  readonly methods: readonly string[]
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  readonly expiresAt: number
  revoked: boolean
}

/** The issued tokens. */
export interface Tokens {
  readonly live: number
  issue(holder: Pick<Token, 'user' | 'project' | 'applicationCredential' | 'methods'>, expiresAt?: number): Token
  /** A token that was issued at some time, valid or not. */
  find(id: string | null): Token | undefined
  /** The same if it is valid. */
  valid(id: string | null): Token | undefined
  revoke(which: (token: Token) => boolean): void
  /** Refuses every token of a user that was issued until now, in whole seconds: also one of the rest of this second. */
  revokeUser(user: string): void
}

/** Starts with none. `lifetime` in milliseconds. */
export function createTokens(lifetime: number, clock: Clock): Tokens {
  const tokens = new Map<string, Token>()
  const revokedAt = new Map<string, number>()
  const isValid = ({ revoked, expiresAt, issuedAt, user }: Token) =>
    !revoked && clock.now() < expiresAt && issuedAt > (revokedAt.get(user.id) ?? Number.NEGATIVE_INFINITY)
  const find = (id: string | null) => (id === null ? undefined : tokens.get(id))
  return {
    get live() {
      return [...tokens.values()].filter(isValid).length
    },
    issue(holder, expiresAt = wholeSeconds(clock.now() + lifetime)) {
      const token = { ...holder, id: newToken(), issuedAt: wholeSeconds(clock.now()), expiresAt, revoked: false }
      tokens.set(token.id, token)
      return token
    },
    find,
    valid(id) {
      const token = find(id)
      return token !== undefined && isValid(token) ? token : undefined
    },
    revoke(which) {
      for (const token of tokens.values()) if (which(token)) token.revoked = true
    },
    revokeUser(user) {
      revokedAt.set(user, wholeSeconds(clock.now()))
    },
  }
}

const wholeSeconds = (ms: number) => Math.floor(ms / 1_000) * 1_000

/** As long as a Fernet token of Keystone's, and with its beginning. */
const newToken = () => `gAAAAAB${randomBytes(132).toString('base64url')}`
