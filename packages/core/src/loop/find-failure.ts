import { isRefused } from '../error/is-refused.ts'
import { mapOfProcess } from '../error/marker.ts'
import { isOptionsError } from '../error/options-error.ts'
import type { RefusedError } from '../error/refused-error.ts'
import { isVendorError, type VendorError } from '../error/vendor-error.ts'

/** The functions that make the errors, by reply or request, so that `failureOf` brings no error class into a bundle. */
const failures = /* @__PURE__ */ mapOfProcess<() => VendorError>('failures')

/** Remembers the failure of a reply that is returned all the same: a library's error may carry only its headers. */
export function rememberFailure(response: Response, makeError: () => VendorError): void {
  failures.set(response, makeError)
  failures.set(response.headers, makeError)
}

/** Remembers the failure of a call by its caller's `Request`: a library's error may carry only that. */
export function rememberResult(request: Request, makeError: (() => VendorError) | undefined): void {
  if (makeError === undefined) failures.delete(request)
  else failures.set(request, makeError)
}

/** Most causes in a chain of other libraries' errors. */
const DEEPEST_CAUSE = 8

/**
 * Returns the verdict on a reply that `client.fetch` returned, or on an error, even if a library has wrapped it: its `cause`s,
 * its `response`, its `request` and its `headers` are searched too. `undefined` for a reply that is fine, and for anything
 * else.
 */
export const failureOf = (subject: unknown): VendorError | undefined => findCause(subject, failureAt)

/** The refusal by a client behind an error, even if a library has wrapped it. */
export const refusalOf = (subject: unknown): RefusedError | undefined =>
  findCause(subject, (cause) => (isRefused(cause) ? cause : undefined))

function failureAt(subject: object): VendorError | undefined {
  if (isVendorError(subject)) return subject
  // A reply may be of another class than the runtime's.
  const members = ['response', 'request', 'headers'].map((name) => memberOf(subject, name))
  const behind = [subject, ...members, memberOf(members[0], 'headers'), memberOf(memberOf(subject, 'meta'), 'response')]
  return behind.map((one) => (isObject(one) ? failures.get(one) : undefined)).find((known) => known !== undefined)?.()
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function memberOf(value: unknown, name: string): unknown {
  try {
    return isObject(value) ? (value as Readonly<Record<string, unknown>>)[name] : undefined
  } catch {
    return undefined
  }
}

/** The first result for an object in a chain of causes. It makes no list, because it runs for every failed reply. */
function findCause<T>(subject: unknown, ask: (cause: object) => T | undefined): T | undefined {
  let at = subject
  for (let depth = 0; depth <= DEEPEST_CAUSE && isObject(at); depth++) {
    const answer = ask(at)
    if (answer !== undefined) return answer
    at = memberOf(at, 'cause') ?? memberOf(at, 'detail') ?? memberOf(at, 'networkError')
  }
  return undefined
}

/** Retries of the other library, if no call of this library has failed. */
const OWN_RETRIES = 3

/**
 * The `retry` option for a library that retries by itself, such as TanStack Query. It returns false for an error with which a
 * resilient client has failed or refused a call, because two layers of retries would multiply, and true for the first three
 * failures of anything else.
 *
 * @param failureCount number of failures before this one.
 * @example
 * new QueryClient({ defaultOptions: { queries: { retry: shouldRetry } } })
 */
export function shouldRetry(failureCount: number, error: unknown): boolean {
  return findCause(error, isOurs) === undefined && failureCount < OWN_RETRIES
}

const isOurs = (cause: object): true | undefined =>
  failureAt(cause) !== undefined || isRefused(cause) || isOptionsError(cause) || undefined
