/** True for the error in which undici, and so `fetch` of Node.js, wraps others. */
export const isUndici = (thrown: unknown): boolean => thrown instanceof TypeError && thrown.message === 'fetch failed'

/** An error and its causes: runtimes wrap a socket's error once or twice, and happy eyeballs collects several in one. */
export function chainOf(thrown: unknown): readonly unknown[] {
  const chain = [thrown]
  while (chain.length <= 5) {
    const { cause, errors } = (chain.at(-1) ?? {}) as { cause?: unknown; errors?: unknown }
    const inner = Array.isArray(errors) && errors.length > 0 ? errors[errors.length - 1] : cause
    if (inner === undefined || inner === null || typeof inner !== 'object') break
    chain.push(inner)
  }
  return chain
}

/** The root cause. */
export const deepest = (thrown: unknown): unknown => chainOf(thrown).at(-1)

export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}
