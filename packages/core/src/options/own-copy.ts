/** Members whose value is known by its identity, or is looked at by somebody else. */
const AS_GIVEN: ReadonlySet<string> = new Set(['vendor', 'state', 'init'])

/** Options do not lie deeper in one another. */
const DEEPEST = 8

/**
 * Options as they are now, with the plain objects and lists in them: their owner may change his own before the last of them is
 * used, and a getter may say something else to whoever comes after the check.
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

/** Others are for the check, which complains of what is hidden or inherited. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return false
  return Object.getOwnPropertyNames(value).length === Object.keys(value).length
}
