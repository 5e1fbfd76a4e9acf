import { promisedReply } from '../attempt/reply.ts'
import type { Changes } from '../contract/request.ts'
import type { FetchArguments, ReplayableRequest } from '../request/replayable-request.ts'

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

/** The outer attempt: that of another call, by whose `fetch` this is called. */
export const outerAttempt = (): unknown => caller ?? storage?.getStore()?.deref()

/** The parts of a call that are needed to send. */
interface Sending {
  readonly engine: { readonly fetch: (...given: FetchArguments) => Promise<Response> }
  readonly request: ReplayableRequest
}

/** Sends the request of a call, so that a client within its `fetch` knows its outer call. */
export function sendWithin(call: Sending, changes: Changes): Promise<Response> {
  const before = caller
  caller = call
  try {
    // Weak, because everything made within keeps it: a socket while it is open, and in Node.js 22 every promise.
    return storage == null ? send(call, changes) : storage.run(new WeakRef(call), () => send(call, changes))
  } finally {
    caller = before
  }
}

const send = ({ engine, request }: Sending, changes: Changes): Promise<Response> =>
  promisedReply(request.handTo(engine.fetch, changes))
