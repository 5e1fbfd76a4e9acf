import { unsentCode } from './unsent.ts'

/** True for the error in which undici, and so `fetch` of Node.js, wraps others. */
export const isUndici = (thrown: unknown): boolean => thrown instanceof TypeError && thrown.message === 'fetch failed'

/** Errors within errors that are looked at. */
const DEEPEST = 5

const isError = (value: unknown): value is Error => typeof value === 'object' && value !== null

/** An error and its causes: runtimes wrap a socket's error once or twice, and happy eyeballs collects several in one. */
export function chainOf(thrown: unknown): readonly unknown[] {
  const chain = [thrown]
  while (chain.length <= DEEPEST) {
    const { cause, errors } = (chain.at(-1) ?? {}) as { cause?: unknown; errors?: unknown }
    const inner = Array.isArray(errors) && errors.length > 0 ? decisive(errors) : cause
    if (!isError(inner)) break
    chain.push(inner)
  }
  return chain
}

/** Of several errors the first that does not prove that nothing was sent, or else the last. */
const decisive = (errors: readonly unknown[]): unknown => errors.find((error) => !isUnsent(error)) ?? errors.at(-1)

function isUnsent(error: unknown): boolean {
  let root = error
  for (let depth = 0; depth < DEEPEST && isError(root) && isError(root.cause); depth++) root = root.cause
  return isError(root) && unsentCode(root) !== undefined
}

/** The root cause. */
export const deepest = (thrown: unknown): unknown => chainOf(thrown).at(-1)

export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}
