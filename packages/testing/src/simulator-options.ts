import {
  type ChecksOf,
  checkVendorOptions,
  nameInErrors,
  type OptionCheck,
  OptionsError,
  oneOf,
  text,
  wholeNumber,
} from '@holdfast/core/plugin'

export type { ChecksOf }

/**
 * Checks that a simulator's options are an object in which each member passes its check, and that there are no others.
 *
 * @param required names of the required options.
 * @throws {OptionsError} naming the simulator and the option at fault.
 */
export function checkSettings<Options extends object>(
  simulator: string,
  options: Options,
  checks: ChecksOf<Options>,
  required: readonly (keyof ChecksOf<Options>)[] = [],
): void {
  checkVendorOptions(simulator, options, checks)
  const missing = required.find((name) => (options as Readonly<Record<string, unknown>>)[name] === undefined)
  if (missing !== undefined) nameInErrors(simulator, () => checks[missing](undefined, missing))
}

/** Milliseconds, seconds: any number from 0 on, `Infinity` too. */
export const duration: OptionCheck = (value, path) => {
  if (typeof value === 'number' && value >= 0) return
  throw new OptionsError(path, `must be a number, 0 or more, got ${typeof value === 'number' ? value : typeof value}.`)
}

/** A whole number, or `Infinity` for no limit. */
export const count: OptionCheck = (value, path) => {
  if (value !== Number.POSITIVE_INFINITY) wholeNumber(0)(value, path)
}

/** The status of a reply. */
export const replyStatus: OptionCheck = (value, path) => {
  if (Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599) return
  throw new OptionsError(
    path,
    `must be a whole number from 200 to 599, got ${typeof value === 'number' ? value : typeof value}.`,
  )
}

/** Before any work, or after it was done. */
export const whenOfFault: OptionCheck = oneOf('before', 'after')

/** A text, or a pattern for it. */
export const textOrPattern: OptionCheck = (value, path) => {
  if (!(value instanceof RegExp)) text(value, path)
}

/** An object of any names, each with a value that passes. */
export const eachMember =
  (check: OptionCheck): OptionCheck =>
  (value, path) => {
    if (Object.prototype.toString.call(value) !== '[object Object]')
      throw new OptionsError(path, 'must be an object of names with a value each.')
    for (const [name, item] of Object.entries(value as object)) check(item, `${path}.${name}`)
  }

/** A list of names, or an object of names with a value each that passes. */
export const namesOr =
  (check: OptionCheck): OptionCheck =>
  (value, path) => {
    if (!Array.isArray(value)) return eachMember(check)(value, path)
    for (const [index, name] of value.entries())
      if (typeof name !== 'string' || name === '') throw new OptionsError(`${path}[${index}]`, 'must be a name.')
  }

/** The entries of such a list, whose values are `undefined`, or of such an object. */
export const entriesOf = <T extends object>(
  named: readonly string[] | Readonly<Record<string, T>>,
): readonly (readonly [string, Partial<T>])[] =>
  isList(named) ? named.map((name) => [name, {}] as const) : Object.entries(named)

// `Array.isArray` does not narrow lists that are read-only.
const isList = (named: readonly string[] | Readonly<Record<string, object>>): named is readonly string[] =>
  Array.isArray(named)

/** The given members: one that is `undefined` does not replace a default. */
export const given = <Options extends object>(options: Options = {} as Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options

/** A base URL, without a slash at its end. An empty string means any. */
export const baseOf = (url: string | URL = ''): string => String(url).replace(/\/+$/, '')
