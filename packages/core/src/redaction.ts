import { secretsOf } from './call/shown/secrets.ts'
import type { RequestFacts } from './contract/request.ts'
import type { Vendor } from './contract/vendor.ts'
import { Redactor } from './secrets/redact.ts'

/** The parts of a request that may contain secrets. */
export interface ShownParts {
  readonly facts: RequestFacts
  readonly headers?: NonNullable<RequestInit['headers']>
}

/**
 * Finds the secrets that a request shows in its URL, headers and body: what is named like a credential, and what the vendor
 * knows to be one. Errors and events are without these.
 */
export const secretsOfRequest = (
  { facts, headers }: ShownParts,
  vendor?: Pick<Vendor, 'secretHeaders' | 'secretsIn'>,
): readonly string[] => secretsOf({ facts, headers, body: undefined }, vendor, [])

/**
 * A text without these secrets, in whichever spelling or encoding they stand in it. Strings of fewer than three characters
 * are left alone.
 *
 * @param mark stands where a secret stood.
 * @example
 * log(redact(String(error), secretsOfRequest(request)))
 */
export const redact = (text: string, secrets: readonly string[], mark = '[redacted]'): string =>
  new Redactor(secrets.flatMap(inPieces), mark).wholeText(text)

/** Characters of a piece. A text is searched in parts, which overlap by more than a piece takes in any encoding. */
const PIECE = 4_096

/** A long secret in pieces, of which each overlaps the next: where all of them stand in a row, they are one place. */
function inPieces(secret: string): readonly string[] {
  if (secret.length <= PIECE) return [secret]
  const count = Math.ceil((secret.length - 1) / (PIECE - 1))
  return Array.from({ length: count }, (_, at) => {
    const end = Math.min(secret.length, at * (PIECE - 1) + PIECE)
    return secret.slice(end - PIECE, end)
  })
}
