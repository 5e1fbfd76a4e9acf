import type { Vendor } from '../contract/vendor.ts'
import { secretsOfHeaders, secretsOfQuery, secretsOfUrl } from '../error/credentials.ts'
import type { ReplayableRequest } from '../request/replayable-request.ts'

/** Every secret of a call: those that are kept for it, and those that its request shows in headers, query and body. */
export function secretsOf(
  { headers, facts }: Pick<ReplayableRequest, 'headers' | 'facts'>,
  vendor: Vendor | undefined,
  kept: readonly (readonly string[] | undefined)[],
): readonly string[] {
  return [
    ...kept.flatMap((secrets) => secrets ?? []),
    ...secretsOfHeaders(new Headers(headers), vendor?.secretHeaders ?? []),
    ...secretsOfUrl(facts.url),
    ...secretsOfQuery(facts.query),
    ...(vendor?.secretsIn?.(facts) ?? []),
  ]
}
