import type { Refusal } from '@holdfast/openstack/simulator'
import type { ApplicationCredentials } from './application-credentials.ts'
import { noCredential, noToken, unreadableToken } from './messages.ts'
import type { Token, Tokens } from './tokens.ts'

interface Parts {
  readonly tokens: Tokens
  readonly credentials: ApplicationCredentials
}

/** The token that a request is about, which must be valid. Throws a `Refusal`. */
export function goodToken(parts: Parts, id: string | null): Token {
  const token = parts.tokens.valid(id)
  if (token !== undefined) return token
  throw withoutCredential(parts, id) ?? (parts.tokens.find(id) === undefined ? unreadableToken() : noToken())
}

/** The refusal of a token whose application credential is deleted, which the service does not call stale. */
export function withoutCredential({ tokens, credentials }: Parts, id: string | null): Refusal | undefined {
  const credential = tokens.find(id)?.applicationCredential
  return credential !== undefined && credentials.isDeleted(credential) ? noCredential(credential.id) : undefined
}
