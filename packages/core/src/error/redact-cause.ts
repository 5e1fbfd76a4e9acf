import { isOptionsError } from './options-error.ts'
import type { Redactor } from './redact.ts'
import { isRefused } from './refused-error.ts'
import { isVendorError } from './vendor-error.ts'

/** Members of an error of the platform that may be told. Others hold whole requests and replies (undici's `data`). */
const KNOWN = ['code', 'errno', 'syscall', 'hostname', 'address', 'port'] as const
const DEEPEST = 5
/** Errors of one attempt that are told: happy eyeballs tries several addresses. */
const MOST_ERRORS = 10

/** A copy of what `fetch` threw that may be told: its words without secrets, and of its members those that are known. */
export function redactCause(thrown: unknown, redactor: Redactor, depth = 0): unknown {
  // Ours have been through here.
  if (isVendorError(thrown) || isRefused(thrown) || isOptionsError(thrown)) return thrown
  if (!(thrown instanceof Error)) return redactor.value(thrown)
  if (depth === DEEPEST) return undefined
  const { name, message, stack, cause } = thrown
  const { errors } = thrown as { errors?: unknown }
  const copy = sameKind(thrown, redactor.text(message), redactor.code(name))
  const hide = (member: string, value: unknown) =>
    Object.defineProperty(copy, member, { value, configurable: true, writable: true })
  if (copy.name !== name) copy.name = redactor.code(name)
  hide('stack', stack === undefined ? undefined : redactor.lines(stack))
  if (cause !== undefined) hide('cause', redactCause(cause, redactor, depth + 1))
  if (Array.isArray(errors))
    hide(
      'errors',
      errors.slice(0, MOST_ERRORS).map((one) => redactCause(one, redactor, depth + 1)),
    )
  for (const member of KNOWN) {
    const value = (thrown as unknown as Readonly<Record<string, unknown>>)[member]
    if (!Object.is(copy[member as keyof Error], value) && (typeof value === 'string' || typeof value === 'number'))
      Object.defineProperty(copy, member, { value: redactor.value(value), enumerable: true, configurable: true })
  }
  return copy
}

/** An error of the same class where that is one of the platform's: others may hold their secrets anywhere. */
function sameKind(thrown: Error, message: string, name: string): Error {
  if (thrown instanceof DOMException) return new DOMException(message, name)
  const Kind = [TypeError, RangeError, SyntaxError].find((one) => thrown instanceof one) ?? Error
  return new Kind(message)
}
