import { causeFrom } from './cause-json.ts'
import { RefusedError, type RefusedErrorJson } from './refused-error.ts'
import { VendorError, type VendorErrorJson } from './vendor-error.ts'

/**
 * Turns the result of an error's `toJSON` into an error again, on the other side of a worker, a queue or a log. It has every
 * member but the reply. A structured clone of the error itself would keep only its message. Reasons, kinds and codes that
 * only another version knows are kept as they are.
 *
 * @throws {TypeError} for anything else.
 * @example
 * parentPort.postMessage(error.toJSON())
 * worker.on('message', (json) => console.log(fromJSON(json).message))
 */
export function fromJSON(json: unknown): VendorError | RefusedError {
  if (!(json instanceof Error)) {
    if (isVendorErrorJson(json)) return vendorError(json)
    if (isRefusedErrorJson(json)) return refusedError(json)
  }
  throw new TypeError('`fromJSON` takes what `toJSON` of a VendorError or RefusedError made.')
}

type Members<Name extends string> = { readonly [Member in Name]?: unknown }

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const isText = (value: unknown): boolean => typeof value === 'string'

function isVendorErrorJson(json: unknown): json is VendorErrorJson {
  const { name, attempts, request, params, cause, ...texts } = (json ?? {}) as Members<keyof VendorErrorJson>
  const { method, url } = (request ?? {}) as Members<'method' | 'url'>
  const { message, reason, vendor, code, kind, outcome, operation } = texts
  return (
    name === 'VendorError' &&
    [message, reason, vendor, code, kind, outcome, operation, method, url].every(isText) &&
    Array.isArray(attempts) &&
    attempts.every(isObject) &&
    isObject(params) &&
    (cause === undefined || isObject(cause))
  )
}

function isRefusedErrorJson(json: unknown): json is RefusedErrorJson {
  const { name, message, reason, key, retryAfter } = (json ?? {}) as Members<keyof RefusedErrorJson>
  const isTime = retryAfter == null || typeof retryAfter === 'number'
  return name === 'RefusedError' && [message, reason, key].every(isText) && isTime
}

function vendorError({ message, operation, label, request, cause, ...rest }: VendorErrorJson): VendorError {
  const error = new VendorError({
    ...rest,
    response: undefined,
    request: { ...request, operation, ...(label !== undefined && { label }) },
    ...(cause !== undefined && { cause: causeFrom(cause) }),
  })
  // The server's message is in the error's message alone.
  return withMessage(error, message)
}

function refusedError({ message, reason, retryAfter, key, operation, label }: RefusedErrorJson): RefusedError {
  const named = operation === undefined ? undefined : () => ({ operation, ...(label !== undefined && { label }) })
  return withMessage(new RefusedError(reason, retryAfter ?? undefined, key, named), message)
}

const withMessage = <E extends Error>(error: E, message: string): E =>
  Object.defineProperty(error, 'message', { value: message, configurable: true, writable: true })
