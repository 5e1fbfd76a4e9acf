import type { Redactor } from '../secrets/redact.ts'
import { containsSecret } from './contains-secret.ts'
import { isRefused } from './is-refused.ts'
import { isOptionsError, OptionsError } from './options-error.ts'
import { redactRequest } from './request-line.ts'
import { isVendorError, VendorError } from './vendor-error.ts'

/** Members of a platform's error that may be shown. Others contain whole requests and replies (undici's `data`). */
const KNOWN = ['code', 'errno', 'syscall', 'hostname', 'address', 'port'] as const
const DEEPEST = 5
/** Most errors that are shown of one attempt: happy eyeballs tries several addresses. */
const MOST_ERRORS = 20

/** A place in a chain of causes, and the number of errors of the chain that may still be shown. */
interface Place {
  readonly depth: number
  readonly left: { errors: number }
}

/** A copy of what `fetch` threw that may be shown: its message without secrets, and its known members. */
export const redactCause = (thrown: unknown, redactor: Redactor): unknown =>
  redactWithin(thrown, redactor, { depth: 0, left: { errors: MOST_ERRORS } })

/**
 * A rejection that the engine does not interpret: the very same value, unless it contains a secret. Then it is a redacted copy
 * with its message and its known members only.
 */
export const redactThrown = (thrown: unknown, redactor: Redactor): unknown =>
  containsSecret(thrown, redactor) ? redactCause(thrown, redactor) : thrown

/** The messages of a cause and of the errors behind it, as it threw them: a function of the caller's may know secrets that nobody else does. */
export function messagesOf(cause: unknown): readonly string[] {
  const errors = [cause]
  for (let at = 0; at < errors.length && at < MOST_ERRORS; at++) {
    const error = errors[at]
    if (!isError(error)) continue
    const several = read(error, 'errors')
    errors.push(read(error, 'cause'), ...(Array.isArray(several) ? several.slice(0, MOST_ERRORS) : []))
  }
  return errors.slice(0, MOST_ERRORS).flatMap((error) => (isError(error) ? (textIn(error, 'message') ?? []) : []))
}

function redactWithin(thrown: unknown, redactor: Redactor, { depth, left }: Place): unknown {
  if (isRefused(thrown)) return thrown
  if (!isError(thrown)) return redactor.value(thrown)
  if (depth === DEEPEST || left.errors-- <= 0) return undefined
  const inner = (error: unknown) => redactWithin(error, redactor, { depth: depth + 1, left })
  if (isOptionsError(thrown)) return redactOptionsError(thrown, redactor, inner)
  return isVendorError(thrown) ? redactVendorError(thrown, redactor, inner) : redactError(thrown, redactor, inner)
}

/** An `OptionsError` shows no value, but names, and its cause, which a function of the options has thrown. */
function redactOptionsError(error: OptionsError, redactor: Redactor, inner: (error: unknown) => unknown): OptionsError {
  const cause = read(error, 'cause')
  const [option, problem] = [redactor.text(error.option), redactor.text(error.problem)]
  if (cause === undefined && option === error.option && problem === error.problem) return error
  const copy = new OptionsError(option, problem)
  if (cause !== undefined) hide(copy, 'cause', inner(cause))
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

/** A `VendorError` was redacted when it was made, but with the secrets of another call, such as a login. */
function redactVendorError(error: VendorError, redactor: Redactor, inner: (error: unknown) => unknown): Error {
  if (!containsSecret(error, redactor)) return error
  const { code, detail, hint, params, request, operation, label, attempts, cause, verifyWith, response } = error
  const shown = (text: string | undefined) => (text === undefined ? undefined : redactor.text(text))
  const copy = new VendorError({
    ...error,
    response,
    code: redactor.code(code),
    detail: shown(detail),
    hint: shown(hint),
    params: redactor.value(params) as VendorError['params'],
    request: redactRequest({ ...request, operation, ...(label !== undefined && { label }) }, redactor),
    attempts: attempts.map((attempt) => ({
      ...attempt,
      code: redactor.code(attempt.code),
      operation: redactor.text(attempt.operation),
    })),
    verifyWith: shown(verifyWith),
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

/** A member; `undefined` if it throws when it is read, as an error of the caller's may. */
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

/** True for an error, also of another realm. */
const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'

/** An error of the same class, if it is a platform class: others may contain secrets anywhere. */
function sameKind(thrown: Error, message: string, name: string): Error {
  if (thrown instanceof DOMException) return new DOMException(message, name)
  const Kind = [TypeError, RangeError, SyntaxError].find((one) => thrown instanceof one) ?? Error
  return new Kind(message)
}
