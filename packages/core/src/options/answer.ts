import { bears, mark, marker } from '../error/marker.ts'
import { kindOf } from '../error/shown-value.ts'

/** A test for one value. */
export type Test = (value: unknown) => boolean

export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
export const isText = (value: unknown): value is string => typeof value === 'string'
export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
export const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText)

/** Passes that, or nothing. */
export const maybe =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value)

/** Passes an object whose members pass; further members are ignored. */
export const isAnd =
  (tests: Readonly<Record<string, Test>>): Test =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(tests).every(([name, test]) => test((value as Readonly<Record<string, unknown>>)[name]))

/** The error that names a function of a vendor and what it must do. It shows no value, which may be a secret. */
export function mistakeOf(vendor: string, hook: string, what: string): TypeError {
  const mistake = new TypeError(`Vendor ${vendor}: \`${hook}\` must ${what}.`)
  mark(mistake, MISTAKE)
  return mistake
}

const MISTAKE = /* @__PURE__ */ marker('mistakeOfVendor')

/** Ignores the rejection of a promise that should not have been returned: unhandled, it would end the process. */
export function ignoreRejection(answer: unknown): void {
  if (answer instanceof Promise) answer.catch(() => {})
}

/** True for an error that names a function of a vendor, whose code has a bug. */
export const isMistake = (error: unknown): boolean => bears(error, MISTAKE)

/** Wraps a function of a vendor's so that what it returns is checked. */
export function answering(
  vendor: string,
  hook: string,
  owner: unknown,
  ask: (...given: never[]) => unknown,
  test: Test,
  wanted: string,
): (...given: unknown[]) => unknown {
  return (...given) => {
    const answer = Reflect.apply(ask, owner, given)
    if (test(answer)) return answer
    ignoreRejection(answer)
    throw mistakeOf(vendor, hook, `return ${wanted}, got ${kindOf(answer)}`)
  }
}
