import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])
/** Beside the safe ones, which are idempotent because they are safe: not where the vendor says that one is not. */
const IDEMPOTENT = new Set(['PUT', 'DELETE'])

/** True where a request of unknown outcome may be repeated: the caller says so, or else the vendor, or else HTTP. */
export function isRepeatable(
  facts: RequestFacts,
  vendor: Vendor | undefined,
  idempotent: boolean | undefined,
  headers: () => Headers,
): boolean {
  if (idempotent !== undefined) return idempotent
  const ofVendor = vendor?.isRepeatable?.(facts)
  if (ofVendor !== undefined) return ofVendor
  if (isSafeRequest(facts, vendor)) return true
  return IDEMPOTENT.has(facts.method) || headers().has('idempotency-key')
}

/** True where a request changes nothing at the server, so that "it may have been done" is no news. */
export const isSafeRequest = (facts: RequestFacts, vendor: Vendor | undefined): boolean =>
  vendor?.isSafe?.(facts) ?? SAFE.has(facts.method)
