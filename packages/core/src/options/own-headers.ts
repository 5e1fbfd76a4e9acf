import type { CallOptions } from '../contract/policy.ts'
import type { DeadlineHeaderOptions, HedgeOptions, IdempotencyKeyOptions } from '../contract/request.ts'
import { OptionsError } from '../error/options-error.ts'
import { kindOf } from '../error/shown-value.ts'
import { type Check, complete, either, members, ofType, oneOf, plainObject } from './check.ts'
import { ignoredIn } from './names/elsewhere.ts'

const isHeaderName = (value: unknown): boolean => typeof value === 'string' && /^[\w!#$%&'*+.^`|~-]{1,200}$/.test(value)

/** The name of a header. A wrong value may be a secret, so the error does not show it. */
export const headerName: Check = (value, path) => {
  if (!isHeaderName(value)) throw new OptionsError(path, `must be the name of a header, got ${kindOf(value)}.`)
}

/** A key. The error does not show it: a caller who confuses two options may have given a secret. */
const key: Check = (value, path) => {
  if (typeof value !== 'string' || !/^[!#-[\]-~]{1,255}$/.test(value))
    throw new OptionsError(path, `must be 'auto' or a key of 1 to 255 visible signs, got ${kindOf(value)}.`)
}

/** The check of `idempotencyKey`. */
export const idempotencyKey: Check = (value, path) => {
  if (value === false) return
  if (typeof value === 'object') members({ key, header: headerName, quoted: ofType('boolean') })(value, path)
  else key(value, path)
}

/**
 * Checks the `idempotencyKey` of a client: with one key for all calls, the service would do only the first.
 *
 * @throws {OptionsError} for one.
 */
export function checkKey({ idempotencyKey }: CallOptions): void {
  const key = typeof idempotencyKey === 'object' ? idempotencyKey.key : idempotencyKey
  if (key === undefined || key === false || key === 'auto') return
  throw new OptionsError('idempotencyKey', "must be 'auto' for a client: a key of one's own is for one call alone.")
}

/** The check of `deadlineHeader`. */
export const deadlineHeader: Check = either(isHeaderName, (value, path) => {
  if (typeof value !== 'object' || value === null)
    throw new OptionsError(
      path,
      `must be the name of a header, or an object with it and a \`unit\`, got ${kindOf(value)}.`,
    )
  complete(members({ name: headerName, unit: oneOf('ms', 's', 'grpc') }), 'name')(value, path)
})

/** The check of `init`: what no request can be sent with is told at once. Its headers may be secret. */
export const init: Check = (value, path) => {
  plainObject(value, path)
  const { headers, signal } = value as RequestInit
  if (headers !== undefined && !isSendable(headers))
    throw new OptionsError(`${path}.headers`, `must be headers that \`fetch\` can send, got ${kindOf(headers)}.`)
  if (signal != null && typeof signal.addEventListener !== 'function')
    throw new OptionsError(`${path}.signal`, `must be an \`AbortSignal\`, got ${kindOf(signal)}.`)
}

/** @throws {OptionsError} for a member of `init` that `fetch` would ignore, which its caller cannot have intended. */
export function checkInit(given: object = {}, optionNames: readonly string[]): void {
  const ignored: Readonly<Record<string, string>> = {
    ...ignoredIn(optionNames, 'is an option of its own, beside `init`.'),
    resilience: 'would be ignored: its members are options beside `init`.',
  }
  for (const [name, value] of Object.entries(given)) {
    const problem = Object.hasOwn(ignored, name) ? ignored[name] : undefined
    if (problem !== undefined && value !== undefined) throw new OptionsError(`init.${name}`, problem)
  }
}

function isSendable(headers: HeadersInit): boolean {
  try {
    new Headers(headers)
    return true
  } catch {
    return false
  }
}

/** The `idempotencyKey` option in its longest form, over that of the client. */
export function keyOptions(given: CallOptions['idempotencyKey'], under: IdempotencyKeyOptions | undefined) {
  if (given === undefined) return under
  if (given === false) return undefined
  return typeof given === 'string' ? { ...under, key: given } : { ...under, ...given }
}

/** The `deadlineHeader` option in its longest form. */
export const deadlineOptions = (given: CallOptions['deadlineHeader']): DeadlineHeaderOptions | undefined =>
  typeof given === 'string' ? { name: given } : given

/** The `hedge` option in its longest form, over that of the client. */
export function hedgeOptions(given: CallOptions['hedge'], under: HedgeOptions | undefined): HedgeOptions | undefined {
  if (given === undefined) return under
  if (given === false) return undefined
  return given === true ? (under ?? {}) : { ...under, ...given }
}
