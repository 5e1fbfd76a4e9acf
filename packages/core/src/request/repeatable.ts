import { keyIn, type RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])
/** Methods that HTTP calls idempotent, without the safe ones: a vendor may say that one of its requests is not safe. */
const IDEMPOTENT = new Set(['PUT', 'DELETE'])

/** The parts of a call that decide whether it may be repeated. */
interface RepeatableCall {
  readonly policy: { readonly idempotent: boolean | undefined }
  readonly request: { readonly headers: HeadersInit | undefined }
  readonly destination: { readonly target: RequestFacts; readonly vendor: Vendor | undefined }
  readonly idempotencyKey: object | undefined
}

/** True if a call of unknown outcome may be repeated: by the caller's option, else by the vendor, else by HTTP. */
export function isRepeatableCall({ policy, request, destination, idempotencyKey }: RepeatableCall): boolean {
  const { target, vendor } = destination
  if (policy.idempotent !== undefined) return policy.idempotent
  // With a key, the service recognizes a repeated request.
  if (idempotencyKey !== undefined) return true
  const ofVendor = vendor?.isRepeatable?.(target)
  // Nobody has checked the answers of a vendor that `defineVendor` has not made.
  if (ofVendor !== undefined) return ofVendor === true
  if (isSafeRequest(target, vendor) || isIdempotentMethod(target)) return true
  return keyIn(request.headers) !== undefined
}

/** True if a request changes nothing at the server, so that it does not matter whether it was done. */
export const isSafeRequest = (facts: RequestFacts, vendor: Vendor | undefined): boolean =>
  (vendor?.isSafe?.(facts) ?? SAFE.has(facts.method)) === true

/** True for a method that changes something and that HTTP calls idempotent. */
export const isIdempotentMethod = ({ method }: RequestFacts): boolean => IDEMPOTENT.has(method)
