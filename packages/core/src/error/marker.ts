/** The mark of a class of errors: two installed copies of this package know each other's errors by it. */
export const marker = (name: string): symbol => Symbol.for(`holdfast.${name}`)

/** Puts a mark on an error, hidden from loggers that print it. */
export function mark(error: Error, symbol: symbol): void {
  Object.defineProperty(error, symbol, { value: true, enumerable: false })
}

/** True if a value bears a mark. Not where it cannot be asked: whoever asks has met anything. */
export function bears(value: unknown, symbol: symbol): boolean {
  try {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[symbol] === true
  } catch {
    return false
  }
}

/** The mark of a refusal. */
export const REFUSED_ERROR = /* @__PURE__ */ marker('RefusedError')
