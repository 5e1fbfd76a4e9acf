/** An undici dispatcher, of any version from 6 on: an `Agent`, a `ProxyAgent`, a `MockAgent`, one with interceptors. */
export interface Dispatcher {
  // A method, whose parameters may be narrower: each version of undici has its own types for them.
  dispatch(options: object, handler: object): boolean
}

/** The two places of the global dispatcher, by the interface of handlers: only undici 8 and later read the second. */
const PLACES = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')] as const

/**
 * The dispatcher that `fetch` itself would use at this moment: that of `setGlobalDispatcher`, or Node's own.
 *
 * @throws {TypeError} if there is none, as in other runtimes.
 */
export function globalDispatcher(): Dispatcher {
  // Node.js makes it when the first of these globals is read.
  const dispatcher = registered() ?? (globalThis.Response && registered())
  if (dispatcher === undefined)
    throw new TypeError('`undiciFetch` found no dispatcher of Node.js: give one of the package undici as `dispatcher`.')
  return dispatcher
}

const isLater = Number.parseInt(globalThis.process?.versions?.undici ?? '', 10) >= 8

function registered(): Dispatcher | undefined {
  const places = globalThis as unknown as Record<symbol, Dispatcher | undefined>
  return places[PLACES[isLater ? 1 : 0]]
}

/** True for a value that can be used as a dispatcher. */
export const isDispatcher = (value: unknown): value is Dispatcher =>
  typeof (value as Partial<Dispatcher> | null | undefined)?.dispatch === 'function'
