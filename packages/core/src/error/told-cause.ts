/** A cause as JSON tells it: names, messages and codes, down to the root. */
export interface ToldCause {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly cause?: ToldCause
}

/** Causes that lie below one another at most; one may be its own cause. */
const DEEPEST = 5

/** Tells of a cause; `undefined` where it is no error. */
export function toldCause(cause: unknown, depth = 0): ToldCause | undefined {
  if (!(cause instanceof Error) || depth === DEEPEST) return undefined
  const { name, message, code } = cause as Error & { readonly code?: unknown }
  const below = toldCause(cause.cause, depth + 1)
  return { name, message, ...(typeof code === 'string' && { code }), ...(below && { cause: below }) }
}

/** Makes an error of what was told of a cause. */
export function causeFrom({ name, message, code, cause }: ToldCause): Error {
  const error = new Error(message, cause && { cause: causeFrom(cause) })
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
  return code === undefined ? error : Object.assign(error, { code })
}
