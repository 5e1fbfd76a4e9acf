/** The part of Node.js's `AsyncLocalStorage` that is needed; Deno and Bun have it, too. */
interface Storage {
  run<T>(store: WeakRef<object>, within: () => T): T
  getStore(): WeakRef<object> | undefined
}

interface Runtime {
  readonly process?: { getBuiltinModule?(name: string): { readonly AsyncLocalStorage?: new () => Storage } | undefined }
}

/** The attempt whose `fetch` is being called at this moment. */
let caller: object | undefined
/** Keeps it beyond an `await`; `null` in a runtime without an `AsyncLocalStorage`. */
let storage: Storage | null | undefined

/**
 * Keeps attempts known beyond an `await` from now on. Only on demand, because it costs every attempt more than all the rest of
 * this file.
 */
export function followAwaits(): void {
  if (storage !== undefined) return
  const Class = (globalThis as Runtime).process?.getBuiltinModule?.('node:async_hooks')?.AsyncLocalStorage
  storage = Class === undefined ? null : new Class()
}

/** Calls the `fetch` of an attempt, so that a client within it knows its outer attempt. */
export function runWithin<A extends object, G, T>(attempt: A, given: G, send: (attempt: A, given: G) => T): T {
  const before = caller
  caller = attempt
  try {
    if (storage == null) return send(attempt, given)
    // Weak, because everything made within keeps it: a socket while it is open, and in Node.js 22 every promise.
    return storage.run(new WeakRef(attempt), () => send(attempt, given))
  } finally {
    caller = before
  }
}

/** The outer attempt: that of another call, by whose `fetch` this is called. */
export const outerAttempt = (): unknown => caller ?? storage?.getStore()?.deref()
