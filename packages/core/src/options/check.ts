import leven from 'leven'
import { LONGEST_TIMER } from '../contract/clock.ts'
import { OptionsError } from '../error/options-error.ts'
import { kindOf, shown, typeOf } from '../error/shown-value.ts'

/** A check of one value, which throws an error that says what is wrong. */
export type Check = (value: unknown, path: string) => void

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && typeOf(value) === 'Object'

/** Fewest letters of a beginning that is matched. */
const BEGINNING = 3

/** The known name that was most likely meant, as the end of a sentence: the first with that beginning, else the nearest. */
export function suggestion(name: string, known: readonly string[]): string {
  const wanted = name.toLowerCase()
  const whole = known.find((candidate) => candidate.toLowerCase().startsWith(wanted))
  if (whole !== undefined && name.length >= BEGINNING) return ` Did you mean \`${whole}\`?`
  const furthest = Math.max(2, Math.floor(name.length / 3))
  const [best] = known
    .map((candidate) => ({
      candidate,
      // If the lengths differ too much, so do the names.
      distance: leven(wanted, candidate.toLowerCase(), { maxDistance: furthest + 1 }),
    }))
    .sort((one, other) => one.distance - other.distance)
  return best !== undefined && best.distance <= furthest ? ` Did you mean \`${best.candidate}\`?` : ''
}

/** Most names that are all listed if none is near. */
const FEW = 8

/** The name that was most likely meant, or all names if they are few, as the end of a sentence. */
function nearOf(name: string, names: readonly string[]): string {
  const near = suggestion(name, names)
  if (near !== '' || names.length > FEW) return near
  return ` There ${names.length === 1 ? 'is' : 'are'} ${names.map((one) => `\`${one}\``).join(', ')}.`
}

const ownOf = <T>(members: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(members, name) ? members[name] : undefined

/**
 * An object of these members and no others.
 *
 * @param elsewhere the message for names that belong elsewhere.
 */
export const members =
  (checks: Readonly<Record<string, Check>>, elsewhere: Readonly<Record<string, string>> = {}): Check =>
  (value, path) => {
    if (!isObject(value))
      throw new OptionsError(path, `must be an object, got ${path === '' ? kindOf(value) : shown(value)}.`)
    const pathOf = (name: string) => (path === '' ? name : `${path}.${name}`)
    // Some code that reads options sees such members, and some does not.
    const hidden = Object.keys(checks).find(
      (name) => name in value && !Object.prototype.propertyIsEnumerable.call(value, name),
    )
    if (hidden !== undefined)
      throw new OptionsError(pathOf(hidden), 'is inherited or not enumerable: give an object with members of its own.')
    for (const [name, member] of Object.entries(value)) {
      const check = ownOf(checks, name)
      const full = pathOf(name)
      if (check === undefined)
        throw new OptionsError(full, ownOf(elsewhere, name) ?? `is not known.${nearOf(name, Object.keys(checks))}`)
      if (member !== undefined) check(member, full)
    }
  }

/** Checks an object that must have these members. */
export const complete =
  (check: Check, ...names: readonly string[]): Check =>
  (value, path) => {
    check(value, path)
    const missing = names.find((name) => (value as Readonly<Record<string, unknown>>)[name] === undefined)
    if (missing !== undefined) throw new OptionsError(`${path}.${missing}`, 'is missing.')
  }

/** An object of any members: no list, no map, no `Headers`. */
export const plainObject: Check = (value, path) => {
  if (!isObject(value)) throw new OptionsError(path, `must be an object, got ${shown(value)}.`)
}

/** Any one of several forms. The error is that of the last one. */
export const either =
  (accepts: (value: unknown) => boolean, otherwise: Check): Check =>
  (value, path) => {
    if (!accepts(value)) otherwise(value, path)
  }

export const isFalse = (value: unknown): boolean => value === false

/** A time in milliseconds, within what a timer can hold. */
const time =
  (isLongEnough: (ms: number) => boolean, range: string, none: string): Check =>
  (value, path) => {
    const hint =
      typeof value === 'string' && /^\d+(\.\d+)?\s*(ms|s|m|min|h)$/.test(value)
        ? ' Units are not read.'
        : isObject(value)
          ? ' Give the number alone.'
          : ''
    if (typeof value !== 'number' || Number.isNaN(value)) {
      throw new OptionsError(path, `must be a number of milliseconds, got ${shown(value)}.${hint}`)
    }
    if (!isLongEnough(value) || value > LONGEST_TIMER)
      throw new OptionsError(path, `must be ${range} ${LONGEST_TIMER} milliseconds, got ${value}.${none}`)
  }

const isAbove = (ms: number): boolean => ms > 0
const isFrom = (ms: number): boolean => ms >= 0
const NO_LIMIT = ' For no limit say `false`.'

/** A time in milliseconds, above 0. */
export const milliseconds: Check = time(isAbove, 'above 0 and at most', '')

/** A time in milliseconds, or none. */
export const millisecondsOrZero: Check = time(isFrom, 'from 0 to', '')

/** A time in milliseconds, above 0, or `false` for no limit. */
export const millisecondsOrFalse: Check = either(isFalse, time(isAbove, 'above 0 and at most', NO_LIMIT))

/** A time in milliseconds, or none, or `false` for no limit. */
export const millisecondsOrZeroOrFalse: Check = either(isFalse, time(isFrom, 'from 0 to', NO_LIMIT))

/** Options of a guard, or `false` for none. */
export const guard =
  (check: Check): Check =>
  (value, path) => {
    if (value === false) return
    if (typeof value === 'object' && value !== null) return check(value, path)
    const on = value === true ? ' It is on by itself.' : ''
    throw new OptionsError(path, `must be \`false\` or an object, got ${shown(value)}.${on}`)
  }

/** A share of all, 0 to 1. */
export const share: Check = (value, path) => {
  if (typeof value === 'number' && value >= 0 && value <= 1) return
  const percent = typeof value === 'number' && value > 1 && value <= 100 ? ` For ${value} % say ${value / 100}.` : ''
  throw new OptionsError(path, `must be a share from 0 to 1, got ${shown(value)}.${percent}`)
}

/** A whole number, from a least one on. */
export const whole =
  (least: number): Check =>
  (value, path) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return
    throw new OptionsError(path, `must be a whole number, ${least} or more, got ${shown(value)}.`)
  }

/** A finite number, 0 or more. */
export const amount: Check = (value, path) => {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return
  throw new OptionsError(path, `must be a finite number, 0 or more, got ${shown(value)}.`)
}

/** A text of 1 to 200 characters. */
export const shortText: Check = (value, path) => {
  if (typeof value === 'string' && value !== '' && value.length <= 200) return
  const got = typeof value === 'string' && value !== '' ? `${value.length} of them` : kindOf(value)
  throw new OptionsError(path, `must be a text of 1 to 200 characters, got ${got}.`)
}

/** One of these words. */
export const oneOf =
  (...words: readonly string[]): Check =>
  (value, path) => {
    if (typeof value === 'string' && words.includes(value)) return
    const near = typeof value === 'string' ? suggestion(value, words) : ''
    throw new OptionsError(
      path,
      `must be one of ${words.map((word) => `'${word}'`).join(', ')}, got ${shown(value)}.${near}`,
    )
  }

/** A value of this `typeof`. */
export const ofType =
  (type: 'boolean' | 'function' | 'object'): Check =>
  (value, path) => {
    if (typeof value === type && value !== null) return
    throw new OptionsError(path, `must be ${type === 'object' ? 'an' : 'a'} ${type}, got ${shown(value)}.`)
  }

/** A list of which each item passes. */
export const listOf =
  (check: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) throw new OptionsError(path, `must be a list, got ${kindOf(value)}.`)
    for (const [index, item] of value.entries()) check(item, `${path}[${index}]`)
  }

/** A host, with or without a port. */
export const host: Check = (value, path) => {
  const url = typeof value === 'string' ? URL.parse(`https://${value}`) : null
  if (url !== null && url.pathname === '/' && url.username === '' && !/[/\\?#*]/.test(String(value))) return
  // The value is not shown: a whole URL may contain a password.
  const open = typeof value === 'string' ? value.replace(/^.*@/s, '…@').replace(/[?#].*$/s, '?…') : value
  throw new OptionsError(path, `must be a host such as "vc.example" or "10.0.0.1:8443", got ${shown(open)}.`)
}
