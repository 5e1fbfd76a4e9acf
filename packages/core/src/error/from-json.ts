import { causeFrom } from './cause-json.ts'
import { RefusedError, type RefusedErrorJson } from './refused-error.ts'
import { VendorError, type VendorErrorJson } from './vendor-error.ts'

/**
 * Makes an error again of what its `toJSON` made, on the other side of a worker, a queue or a log: with every member but
 * the reply, which stays where it was. Clones of the error itself lose all but its message.
 *
 * @throws {TypeError} for anything else.
 * @example
 * parentPort.postMessage(error.toJSON())
 * worker.on('message', (json) => console.log(fromJSON(json).message))
 */
export function fromJSON(json: unknown): VendorError | RefusedError {
  const { name, message, reason, attempts, request } = (json ?? {}) as Partial<VendorErrorJson>
  const isOurs = typeof message === 'string' && typeof reason === 'string' && !(json instanceof Error)
  if (isOurs && name === 'VendorError' && Array.isArray(attempts) && typeof request === 'object')
    return vendorError(json as VendorErrorJson)
  if (isOurs && (name as string) === 'RefusedError') {
    const { retryAfter, key, operation, label, ...refused } = json as unknown as RefusedErrorJson
    const named = operation === undefined ? undefined : () => ({ operation, ...(label !== undefined && { label }) })
    return new RefusedError(refused.reason, retryAfter, key, named)
  }
  throw new TypeError('`fromJSON` takes what `toJSON` of a VendorError or RefusedError made.')
}

function vendorError(json: VendorErrorJson): VendorError {
  const { message, operation, label, request, cause, ...rest } = json
  const error = new VendorError({
    ...rest,
    request: { ...request, operation, ...(label !== undefined && { label }) },
    ...(cause !== undefined && { cause: causeFrom(cause) }),
  })
  // The server's words are in the message alone.
  return Object.defineProperty(error, 'message', { value: message, configurable: true, writable: true })
}
