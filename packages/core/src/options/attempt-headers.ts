import { OptionsError } from '../error/options-error.ts'
import { kindOf } from '../error/shown-value.ts'

/** Headers that belong to the body, to the connection, or to the whole call. */
const OF_OTHERS =
  /^(?:content-(?:length|type|encoding)|host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|idempotency-key)$/i

/**
 * Checks what `beforeAttempt` returned. No error shows a value, which may be a secret.
 *
 * @throws {OptionsError} if it is not headers, or has a header that belongs to more than one attempt.
 */
export function attemptHeaders(answer: unknown): Headers | undefined {
  if (answer === undefined || answer === null) return undefined
  const option = 'beforeAttempt()'
  const isHeaders = answer instanceof Headers
  if (!isHeaders && (typeof answer !== 'object' || Symbol.iterator in answer))
    throw new OptionsError(option, `must return headers or nothing, got ${kindOf(answer)}.`)
  const headers = new Headers()
  for (const [name, value] of isHeaders ? answer : Object.entries(answer)) {
    if (value === undefined) continue
    const path = `${option}.${name}`
    if (OF_OTHERS.test(name)) throw new OptionsError(path, 'is no header of one attempt: give it with the request.')
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new OptionsError(path, `must be a text or a number, got ${kindOf(value)}.`)
    if (!fits(headers, name, String(value)))
      throw new OptionsError(path, 'cannot be sent: HTTP has no such name, or no such value.')
  }
  return headers
}

function fits(headers: Headers, name: string, value: string): boolean {
  try {
    headers.set(name, value)
    return true
  } catch {
    return false
  }
}
