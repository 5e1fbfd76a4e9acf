import { sessionPlaceholder } from './placeholder.ts'
import { type Format, writeCall } from './wire/call.ts'

/** Most bytes of a call that a host accepts (`Client_requested_size_over_limit` of XAPI). */
const MAX_BYTES = 300 * 1024
/** Bytes by which the session is longer than its placeholder. */
const GROWTH = 'OpaqueRef:01234567-89ab-cdef-0123-456789abcdef'.length - sessionPlaceholder.length

/**
 * Writes a call.
 *
 * @throws {RangeError} for one that is too long for a host.
 */
export function encodeCall(format: Format, method: string, params: readonly unknown[]): string {
  const body = writeCall(format, method, format === 'xml-rpc' ? withFraction(method, params) : params)
  const bytes = new TextEncoder().encode(body).byteLength + GROWTH
  if (bytes <= MAX_BYTES) return body
  throw new RangeError(`The call of ${method} is ${bytes} bytes long; a host takes ${MAX_BYTES} at most.`)
}

/** In XML, XAPI accepts the seconds of `event.from` only with a fraction: a whole number would be sent as an integer. */
const withFraction = (method: string, params: readonly unknown[]): readonly unknown[] =>
  method === 'event.from' && Number.isInteger(params[3]) ? params.with(3, Number(params[3]) + 0.1) : params
