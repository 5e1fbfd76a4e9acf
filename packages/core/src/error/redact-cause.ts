import type { Redactor } from '../secrets/redact.ts'
import { containsSecret } from './contains-secret.ts'
import { isRefused } from './is-refused.ts'
import { isOptionsError, OptionsError } from './options-error.ts'
import { redactRequest } from './request-line.ts'
import { isVendorError, VendorError } from './vendor-error.ts'

/** Members of an error of the platform that may be told. Others hold whole requests and replies (undici's `data`). */
const KNOWN = ['code', 'errno', 'syscall', 'hostname', 'address', 'port'] as const
const DEEPEST = 5
/** Errors of one attempt that are told: happy eyeballs tries several addresses. */
const MOST_ERRORS = 20

/** A place in a chain of causes, and the number of errors that may still be told of all of it. */
interface Place {
  readonly depth: number
  readonly left: { errors: number }
}

/** A copy of what `fetch` threw that may be told: its words without secrets, and of its members those that are known. */
export const redactCause = (thrown: unknown, redactor: Redactor): unknown =>
  redactWithin(thrown, redactor, { depth: 0, left: { errors: MOST_ERRORS } })

/**
 * A rejection that the engine does not interpret: the very same value, unless a secret stands anywhere in it. Then it is a copy,
 * which has no more than its words and the members that are known.
 */
export const redactThrown = (thrown: unknown, redactor: Redactor): unknown =>
  containsSecret(thrown, redactor) ? redactCause(thrown, redactor) : thrown

function redactWithin(thrown: unknown, redactor: Redactor, { depth, left }: Place): unknown {
  if (isRefused(thrown)) return thrown
  if (!isError(thrown)) return redactor.value(thrown)
  if (depth === DEEPEST || left.errors-- <= 0) return undefined
  const inner = (error: unknown) => redactWithin(error, redactor, { depth: depth + 1, left })
  if (isOptionsError(thrown)) return redactOptionsError(thrown, inner)
  return isVendorError(thrown) ? redactVendorError(thrown, redactor, inner) : redactError(thrown, redactor, inner)
}

/** One of ours shows no value; the error that a function among the options threw may. */
function redactOptionsError(error: OptionsError, inner: (error: unknown) => unknown): OptionsError {
  const cause = read(error, 'cause')
  if (cause === undefined) return error
  const copy = new OptionsError(error.option, error.problem)
  hide(copy, 'cause', inner(cause))
  return copy
}

function redactError(thrown: Error, redactor: Redactor, inner: (error: unknown) => unknown): Error {
  const name = textIn(thrown, 'name') ?? 'Error'
  const copy = sameKind(thrown, redactor.text(textIn(thrown, 'message') ?? ''), redactor.code(name))
  if (copy.name !== name) hide(copy, 'name', redactor.code(name))
  hideStack(copy, thrown, redactor)
  const cause = read(thrown, 'cause')
  if (cause !== undefined) hide(copy, 'cause', inner(cause))
  const errors = read(thrown, 'errors')
  if (Array.isArray(errors)) hide(copy, 'errors', errors.slice(0, MOST_ERRORS).map(inner))
  for (const member of KNOWN) {
    const value = read(thrown, member)
    if (!Object.is(read(copy, member), value) && (typeof value === 'string' || typeof value === 'number'))
      Object.defineProperty(copy, member, { value: redactor.value(value), enumerable: true, configurable: true })
  }
  return copy
}

/** One of ours was redacted when it was made, but by the secrets of another call, such as the login's. */
function redactVendorError(error: VendorError, redactor: Redactor, inner: (error: unknown) => unknown): Error {
  if (!containsSecret(error, redactor)) return error
  const { code, params, request, operation, label, attempts, cause, verifyWith, response } = error
  const copy = new VendorError({
    ...error,
    response,
    code: redactor.code(code),
    params: redactor.value(params) as VendorError['params'],
    request: redactRequest({ ...request, operation, ...(label !== undefined && { label }) }, redactor),
    attempts: attempts.map((attempt) => ({
      ...attempt,
      code: redactor.code(attempt.code),
      operation: redactor.text(attempt.operation),
    })),
    verifyWith: verifyWith === undefined ? undefined : redactor.text(verifyWith),
    cause: cause === undefined ? undefined : inner(cause),
  })
  hide(copy, 'message', redactor.text(error.message))
  hideStack(copy, error, redactor)
  return copy
}

const hide = (error: Error, member: string, value: unknown) =>
  Object.defineProperty(error, member, { value, configurable: true, writable: true })

function hideStack(copy: Error, error: Error, redactor: Redactor): void {
  const stack = textIn(error, 'stack')
  hide(copy, 'stack', stack === undefined ? undefined : redactor.lines(stack))
}

/** An error of the caller's may be anything, and say no to being read. */
function read(error: Error, member: string): unknown {
  try {
    return (error as unknown as Readonly<Record<string, unknown>>)[member]
  } catch {
    return undefined
  }
}

function textIn(error: Error, member: string): string | undefined {
  const value = read(error, member)
  return typeof value === 'string' ? value : undefined
}

/** True for one of another realm, too. */
const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'

/** An error of the same class where that is one of the platform's: others may hold their secrets anywhere. */
function sameKind(thrown: Error, message: string, name: string): Error {
  if (thrown instanceof DOMException) return new DOMException(message, name)
  const Kind = [TypeError, RangeError, SyntaxError].find((one) => thrown instanceof one) ?? Error
  return new Kind(message)
}
