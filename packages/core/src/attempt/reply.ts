/** Types of replies that hide their status. */
const HIDING: readonly unknown[] = ['opaque', 'opaqueredirect']

/** Takes what `fetch` returned for the promise of a reply. @throws {TypeError} if it is none. */
export function promisedReply(sent: unknown): Promise<Response> {
  if (typeof (sent as Partial<Promise<Response>> | null | undefined)?.then === 'function')
    return sent as Promise<Response>
  throw new TypeError(`\`fetch\` must return the promise of a \`Response\`, got ${nameOf(sent)}.`)
}

/**
 * Takes what `fetch` resolved to for a reply.
 *
 * @throws {TypeError} if it is none, was given out before, or has a status that HTTP has not. The latter has the code that
 *   Node.js gives to such an answer of a server.
 */
export function takenReply(value: unknown): Response {
  const { status, headers, bodyUsed } = (value ?? {}) as Response
  // The body of a real one needs no look: it is a stream or none, and some make it only when it is asked for.
  const body = value instanceof Response ? undefined : (value as Partial<Response> | null | undefined)?.body
  if (typeof status !== 'number' || !isHeaders(headers) || !isBody(body))
    throw new TypeError(`\`fetch\` must resolve to a \`Response\`, got ${nameOf(value)}.`)
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

/** A stream of Node.js has no reader, and could not be read when its turn came. */
const isBody = (value: Partial<ReadableStream> | null | undefined): boolean =>
  value === null || value === undefined || typeof value.getReader === 'function'

/** Gives up a reply that nobody wants, and with it its socket; a value that is no reply is left alone. */
export function discard(value: unknown): void {
  const { body } = (value ?? {}) as Partial<Response>
  if (typeof body?.cancel === 'function') void body.cancel().catch(() => {})
}

const doubtful = new WeakSet<Response>()

/** Marks the reply of a call of which an attempt before it may have done what was asked: what the reply says is of the last one. */
export function markDoubtful(response: Response): Response {
  doubtful.add(response)
  return response
}

/** True for such a reply, though it may have been rebuilt. */
export const isDoubtful = (response: Response): boolean => doubtful.has(response)

const nameOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : typeof value

/** A copy of a reply, where one can be made. */
export function copyOf(response: Response): Response | undefined {
  try {
    return response.clone()
  } catch {
    return undefined
  }
}
