import { sessionPlaceholder } from './placeholder.ts'
import { type Format, writeCall } from './wire/call.ts'

/** XAPI's limit on a call (`Client_requested_size_over_limit`), and what the session's own text is longer than ours. */
const LONGEST = 300 * 1024
const GROWTH = 'OpaqueRef:01234567-89ab-cdef-0123-456789abcdef'.length - sessionPlaceholder.length

/**
 * Writes a call that a host will take.
 *
 * @throws {RangeError} for one that is too long.
 */
export function bodyOf(format: Format, method: string, params: readonly unknown[]): string {
  const body = writeCall(format, method, format === 'xml-rpc' ? withFraction(method, params) : params)
  const bytes = new TextEncoder().encode(body).byteLength + GROWTH
  if (bytes <= LONGEST) return body
  throw new RangeError(`The call of ${method} is ${bytes} bytes long; a host takes ${LONGEST} at most.`)
}

/** Over XML, XAPI wants a fraction where it wants one: a whole number of seconds would be an integer. */
const withFraction = (method: string, params: readonly unknown[]): readonly unknown[] =>
  method === 'event.from' && Number.isInteger(params[3]) ? params.with(3, Number(params[3]) + 0.1) : params
