import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'
import { secretsOfHeaders, secretsOfQuery, secretsOfUrl } from '../error/credentials.ts'
import type { ReplayableRequest } from '../request/replayable-request.ts'

const MOST_WORDS = 1_000

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
    ...secretsInBody(facts, vendor),
  ]
}

/** The secrets in a body. It may be an error that is made of them: a hook that throws must not take that error's place. */
function secretsInBody(facts: RequestFacts, vendor: Vendor | undefined): readonly string[] {
  try {
    return vendor?.secretsIn?.(facts) ?? []
  } catch {
    // Any word may be one then. Secrets are long.
    const words = new Set(facts.bodyText?.match(/[^\s"'<>{}[\]()=:,;&]{3,}/g))
    return [...words].sort((one, other) => other.length - one.length).slice(0, MOST_WORDS)
  }
}
