import { IDEMPOTENCY_KEY, type IdempotencyKeyOptions, keyIn, type RequestFacts } from '../../contract/request.ts'
import type { Vendor } from '../../contract/vendor.ts'
import { isIdempotentMethod, isSafeRequest } from '../repeatable.ts'

/** The key of one call. It is the same for all attempts, so that the service recognizes them as one request. */
export interface IdempotencyKey {
  readonly header: string
  readonly value: string
}

/** The parts of a call that its key depends on. */
interface KeyedCall {
  readonly policy: { readonly idempotencyKey: IdempotencyKeyOptions | undefined }
  readonly request: { readonly facts: RequestFacts; readonly headers: HeadersInit | undefined }
  readonly destination: { readonly vendor: Vendor | undefined }
}

/**
 * The key of a call, if one is wanted and needed: not for requests that HTTP or the vendor calls safe, nor for PUT and DELETE,
 * unless the caller has given a key. A key in the request's own headers is kept.
 */
export function idempotencyKeyFor({ policy, request, destination }: KeyedCall): IdempotencyKey | undefined {
  if (policy.idempotencyKey === undefined) return undefined
  const { key = 'auto', header = IDEMPOTENCY_KEY, quoted = false } = policy.idempotencyKey
  const { facts } = request
  const given = keyIn(request.headers, header)
  if (given !== undefined) return { header, value: given }
  if (key === 'auto' && (isSafeRequest(facts, destination.vendor) || isIdempotentMethod(facts))) return undefined
  const value = key === 'auto' ? newKey() : key
  return { header, value: quoted ? `"${value}"` : value }
}

/** A UUID of version 4; not by `randomUUID`, which browsers have in secure contexts only. */
function newKey(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
