import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])
/** Beside the safe ones, which are idempotent because they are safe: not where the vendor says that one is not. */
const IDEMPOTENT = new Set(['PUT', 'DELETE'])

/** Whether a request may be repeated when nobody knows if it was done: the caller's word, then the vendor's, then HTTP's. */
export function isRepeatable(
  facts: RequestFacts,
  vendor: Vendor | undefined,
  idempotent: boolean | undefined,
  headers: () => Headers,
): boolean {
  if (idempotent !== undefined) return idempotent
  const said = vendor?.isRepeatable?.(facts)
  if (said !== undefined) return said
  if (isSafeRequest(facts, vendor)) return true
  return IDEMPOTENT.has(facts.method) || headers().has('idempotency-key')
}

/** Whether a request changes nothing at the server, so that "it may have been done" is no news. */
export const isSafeRequest = (facts: RequestFacts, vendor: Vendor | undefined): boolean =>
  vendor?.isSafe?.(facts) ?? SAFE.has(facts.method)
