/** A cause in JSON: names, messages and codes, down to the root. */
export interface CauseJson {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly cause?: CauseJson
}

/** Most causes in a chain: an error may be its own cause. */
const DEEPEST = 5

/** Writes a cause; `undefined` if it is not an error. */
export function causeJson(cause: unknown, depth = 0): CauseJson | undefined {
  if (!(cause instanceof Error) || depth === DEEPEST) return undefined
  const { name, message, code } = cause as Error & { readonly code?: unknown }
  const below = causeJson(cause.cause, depth + 1)
  return { name, message, ...(typeof code === 'string' && { code }), ...(below && { cause: below }) }
}

/** Makes an error from a cause in JSON. */
export function causeFrom({ name, message, code, cause }: CauseJson, depth = 1): Error {
  const error = new Error(message, cause && depth < DEEPEST ? { cause: causeFrom(cause, depth + 1) } : undefined)
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
  return code === undefined ? error : Object.assign(error, { code })
}
