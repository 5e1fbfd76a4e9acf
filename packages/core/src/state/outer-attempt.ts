/** The part of Node.js's `AsyncLocalStorage` that is needed; Deno and Bun have it, too. */
interface Storage {
  run<T>(store: WeakRef<object>, within: () => T): T
  getStore(): WeakRef<object> | undefined
}

interface Runtime {
  readonly process?: { getBuiltinModule?(name: string): { readonly AsyncLocalStorage?: new () => Storage } | undefined }
}

/** The attempt by which something is called at this very moment. */
let caller: object | undefined
/** Keeps it beyond an `await`; `null` in a runtime that has no such thing. */
let storage: Storage | null | undefined

/**
 * Has attempts known beyond an `await` from now on. Only where somebody wants it, for it costs every attempt more than all
 * the rest of this.
 */
export function followAwaits(): void {
  if (storage !== undefined) return
  const Class = (globalThis as Runtime).process?.getBuiltinModule?.('node:async_hooks')?.AsyncLocalStorage
  storage = Class === undefined ? null : new Class()
}

/** Runs what an attempt sends with, so that a client which is called by it knows where it is. */
export function runWithin<A extends object, G, T>(attempt: A, given: G, send: (attempt: A, given: G) => T): T {
  const before = caller
  caller = attempt
  try {
    if (storage == null) return send(attempt, given)
    // Weak, for it is known to all that was made within: to a socket as long as that is open, in Node.js 22 to every promise.
    return storage.run(new WeakRef(attempt), () => send(attempt, given))
  } finally {
    caller = before
  }
}

/** The attempt of another call that this is called by. */
export const outerAttempt = (): unknown => caller ?? storage?.getStore()?.deref()
