import type { CallFailure } from '../call/call-result.ts'
import { toError } from '../call/to-error.ts'
import { isVendorError, type VendorError } from '../error/vendor-error.ts'

const failures = new WeakMap<Response, CallFailure>()

/** Keeps what is the matter with a reply that is returned all the same. */
export function rememberFailure(response: Response, failure: CallFailure): void {
  failures.set(response, failure)
}

/** Errors of other libraries lie this deep in one another, at most. */
const DEEPEST_CAUSE = 8

/**
 * The verdict on a reply that `client.fetch` returned, or on an error, though a library may have wrapped it: its `cause`s
 * and the `response` that it is about are looked at, too. `undefined` for a reply that is fine, and for anything else.
 */
export function failureOf(subject: unknown): VendorError | undefined {
  let at = subject
  for (let depth = 0; depth <= DEEPEST_CAUSE; depth++) {
    if (isVendorError(at)) return at
    if (typeof at !== 'object' || at === null) return undefined
    // A reply need not be of the runtime's own class.
    const found = [at, memberOf(at, 'response')].find((one) => failures.has(one as Response)) as Response | undefined
    const failure = found && failures.get(found)
    if (failure !== undefined) return toError(failure, found as Response)
    at = memberOf(at, 'cause')
  }
  return undefined
}

function memberOf(value: object, name: 'response' | 'cause'): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[name]
  } catch {
    return undefined
  }
}
