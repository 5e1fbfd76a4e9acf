import type { Changes, RequestFacts } from '../contract/request.ts'
import type { Session } from '../contract/session.ts'
import type { Vendor } from '../contract/vendor.ts'
import { secretsOfUrl } from '../error/credentials.ts'
import { secretsOfBody, secretsOfForm } from '../error/credentials-in-body.ts'
import { secretsOfHeaders } from '../error/credentials-in-headers.ts'
import type { ReplayableRequest } from '../request/replayable-request.ts'

/** The parts of a vendor that tell secrets. */
type Knowing = Pick<Vendor, 'secretHeaders' | 'secretsIn'>

/** Every secret of a call: those that are kept for it, and those that its request shows in URL, headers and body. */
export function secretsOf(
  { headers, facts, body }: Pick<ReplayableRequest, 'headers' | 'facts' | 'body'>,
  vendor: Knowing | undefined,
  kept: readonly (readonly string[] | undefined)[],
): readonly string[] {
  return [
    ...kept.flatMap((secrets) => secrets ?? []),
    ...secretsOfHeaders(headers, vendor?.secretHeaders),
    ...secretsOfUrl(facts.url),
    ...(body instanceof FormData ? secretsOfForm(body) : secretsOfBody(facts.bodyText)),
    ...secretsKnownTo(vendor, facts),
  ]
}

/** A session, and the changes of a request that it was put into. */
export interface Signed {
  readonly session: Session | undefined
  readonly changes: Changes | undefined
}

/** The secrets of a signed request: a signature made for it is known to no session. */
export const secretsOfSigned = (
  signed: Signed | undefined,
  vendor: Pick<Vendor, 'secretHeaders'> | undefined,
): readonly string[] => [
  ...(signed?.session?.secrets ?? []),
  ...secretsOfHeaders(signed?.changes?.headers, vendor?.secretHeaders),
  ...secretsOfUrl(signed?.changes?.url ?? ''),
]

/** None where the vendor makes a mistake: the error that is to be told would be lost to it. */
function secretsKnownTo(vendor: Knowing | undefined, facts: RequestFacts): readonly string[] {
  try {
    return vendor?.secretsIn?.(facts) ?? []
  } catch {
    return []
  }
}
