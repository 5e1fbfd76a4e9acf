import { readThrown } from '../../../packages/core/src/http/transport.ts'
import { ensure, type Target, textOf } from '../target.ts'

export const transportTarget: Target = {
  name: 'transport',
  covers: /packages\/core\/src\/http\/transport/,
  seeds: [
    '{"message":"fetch failed","cause":{"code":"ECONNREFUSED","syscall":"connect"}}',
    '{"message":"fetch failed","cause":{"errors":[{"code":"ETIMEDOUT","syscall":"connect"}]}}',
    '{"message":"fetch failed","cause":{"message":"Proxy response (502) !== 200 when HTTP Tunneling"}}',
    '{"message":"fetch failed","cause":{"code":"ERR_SSL_WRONG_VERSION_NUMBER"}}',
    '{"message":"fetch failed","cause":{"name":"HTTPParserError"}}',
    '{"message":"Failed to fetch"}',
    '{"cause":{"code":"CERT_HAS_EXPIRED","cause":{"code":"HPE_INVALID"}}}',
  ],
  run(input) {
    let thrown: unknown = textOf(input)
    try {
      thrown = asError(JSON.parse(textOf(input)))
    } catch {
      // A text may be thrown, too.
    }
    const fault = readThrown(thrown, false)
    ensure(fault === undefined || (typeof fault.code === 'string' && fault.code !== ''), 'a fault has a code')
    return fault?.code ?? 'none'
  },
}

/** An error with these members, and errors as its causes. */
function asError(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const { message, cause, errors, ...members } = value as Readonly<Record<string, unknown>>
  const error = new TypeError(String(message ?? ''))
  if (cause !== undefined) error.cause = asError(cause)
  return Object.defineProperties(
    error,
    Object.getOwnPropertyDescriptors({ ...members, ...(Array.isArray(errors) && { errors: errors.map(asError) }) }),
  )
}
