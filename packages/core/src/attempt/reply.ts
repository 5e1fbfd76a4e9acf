import { mapOfProcess } from '../error/marker.ts'
import { kindOf } from '../error/shown-value.ts'

/** Types of opaque replies, whose status is 0. */
const HIDING: readonly unknown[] = ['opaque', 'opaqueredirect']

const STREAM = '`ReadableStream`, as node-fetch does: give the global `fetch`.'

/** Checks that `fetch` returned a promise. @throws {TypeError} if it did not. */
export function promisedReply(sent: unknown): Promise<Response> {
  if (typeof (sent as Partial<Promise<Response>> | null | undefined)?.then === 'function')
    return sent as Promise<Response>
  throw new TypeError(`\`fetch\` must return the promise of a \`Response\`, got ${kindOf(sent)}.`)
}

/**
 * Checks that `fetch` resolved to a reply.
 *
 * @throws {TypeError} if it did not, if the body was read before, or if HTTP has no such status. In the last case it has the
 *   `code` that Node.js gives to such an answer of a server.
 */
export function takenReply(value: unknown): Response {
  const { status, headers, bodyUsed } = (value ?? {}) as Response
  // The body of a real `Response` is not touched: it is a stream or null, and some runtimes make it only when it is read.
  const body = value instanceof Response ? undefined : (value as Partial<Response> | null | undefined)?.body
  if (typeof status !== 'number' || !isHeaders(headers))
    throw new TypeError(`\`fetch\` must resolve to a \`Response\`, got ${kindOf(value)}.`)
  if (!isBody(body)) throw new TypeError(`\`fetch\` resolved to a reply whose body is no ${STREAM}`)
  if (bodyUsed || body?.locked)
    throw new TypeError('`fetch` gave out a `Response` whose body was taken before: it must make a new one each time.')
  if (Number.isInteger(status) && status >= 200 && status <= 999) return value as Response
  if (HIDING.includes((value as Response).type)) return value as Response
  discard(value)
  throw Object.assign(new TypeError(`\`fetch\` answered with status ${status}, which HTTP has not.`), {
    code: 'HPE_INVALID_STATUS',
  })
}

const isHeaders = (value: Partial<Headers> | null | undefined): boolean =>
  typeof value?.get === 'function' && typeof value[Symbol.iterator] === 'function'

/** False for a Node.js stream, which has no reader. */
const isBody = (value: Partial<ReadableStream> | null | undefined): boolean =>
  value === null || value === undefined || typeof value.getReader === 'function'

/** Cancels the body of a reply that nobody reads, which frees its socket. Ignores a value that is no reply. */
export function discard(value: unknown): void {
  const { body } = (value ?? {}) as Partial<Response>
  if (typeof body?.cancel === 'function') void body.cancel().catch(() => {})
}

const doubtful = /* @__PURE__ */ mapOfProcess<true>('doubtful')

/** Marks a reply that speaks for the last attempt only, while an attempt before may have done what was asked. */
export function markDoubtful(response: Response): Response {
  doubtful.set(response, true)
  return response
}

/** True for a marked reply. */
export const isDoubtful = (response: Response): boolean => doubtful.has(response)

/** A copy of a reply, if one can be made. */
export function copyOf(response: Response): Response | undefined {
  try {
    return response.clone()
  } catch {
    return undefined
  }
}
