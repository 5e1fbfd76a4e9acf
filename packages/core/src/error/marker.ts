/** The mark of a class of errors or the like: two installed copies of this package know each other's by it. */
export const marker = (name: string): symbol => Symbol.for(`holdfast.${name}`)

/** Marks an object, with a member that loggers do not print. */
export function mark(object: object, symbol: symbol): void {
  Object.defineProperty(object, symbol, { value: true, enumerable: false })
}

/** True if a value bears a mark. False if the value throws when it is read: it may be anything. */
export function bears(value: unknown, symbol: symbol): boolean {
  try {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[symbol] === true
  } catch {
    return false
  }
}

/** The mark of a refusal. */
export const REFUSED_ERROR = /* @__PURE__ */ marker('RefusedError')

/** A map that every installed copy of this package uses: what one of them keeps in it, the others find. */
export function mapOfProcess<V>(name: string): WeakMap<object, V> {
  const maps = globalThis as { [mark: symbol]: WeakMap<object, V> | undefined }
  const mark = marker(name)
  maps[mark] ??= new WeakMap()
  return maps[mark]
}
