/** Members that are not copied: their identity matters, or they are copied elsewhere. */
const AS_GIVEN: ReadonlySet<string> = new Set(['vendor', 'state', 'init'])

/** Deepest nesting of options. */
const DEEPEST = 8

/**
 * A copy of options, with the plain objects and lists in them: the user may change the originals before they are used, and a
 * getter may return another value after the check.
 */
export const ownCopy = <T>(options: T): T => copyOf(options, DEEPEST) as T

function copyOf(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth === 0) return value
  if (Array.isArray(value)) return value.map((item) => copyOf(item, depth - 1))
  if (!isPlain(value)) return value
  const copy: Record<string, unknown> = { ...value }
  for (const name of Object.keys(copy)) {
    if (typeof copy[name] === 'object' && !(depth === DEEPEST && AS_GIVEN.has(name)))
      copy[name] = copyOf(copy[name], depth - 1)
  }
  return copy
}

/** True for an object that is copied. The check rejects others. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return false
  return Object.getOwnPropertyNames(value).length === Object.keys(value).length
}
