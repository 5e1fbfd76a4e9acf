import { checkVendorOptions, kindOf, type OptionCheck, OptionsError } from '@holdfast/core/plugin'
import { type Dispatcher, globalDispatcher, isDispatcher } from './dispatcher.ts'
import { planOf } from './plan.ts'
import { Sending } from './sending.ts'

/** Options of {@link undiciFetch}. */
export interface UndiciFetchOptions {
  /**
   * The dispatcher for requests, of undici 6, 7 or 8: an `Agent`, a `ProxyAgent`, one with interceptors, a `MockAgent`.
   * A `dispatcher` in the init of a request takes its place.
   *
   * @default the one that `fetch` uses at the time of the request: that of `setGlobalDispatcher`, or Node's own
   */
  readonly dispatcher?: Dispatcher
}

/** A function like `fetch`, whose init may have a `dispatcher`, as Node's does. */
export type UndiciFetch = (
  input: string | URL | Request,
  init?: RequestInit & { readonly dispatcher?: Dispatcher | undefined },
) => Promise<Response>

/** Node's own `fetch`, which a client may have replaced by the time of a request. */
const platformFetch = globalThis.fetch

/**
 * Makes a `fetch` for Node.js that uses undici's dispatcher directly.
 *
 * @throws {OptionsError} naming the option at fault.
 * @example
 * const client = resilient(undiciFetch(), { vendor })
 */
export function undiciFetch(options: UndiciFetchOptions = {}): UndiciFetch {
  checkVendorOptions<UndiciFetchOptions>('undiciFetch', options, { dispatcher })
  const { dispatcher: own } = options

  const fetch: UndiciFetch = (input, init) => {
    const given = (init as { readonly dispatcher?: unknown } | null | undefined)?.dispatcher ?? own
    const plan = given === undefined || isDispatcher(given) ? planFor(input, init) : undefined
    if (plan === undefined) {
      // Node's types have no dispatcher, but its fetch does.
      const handed = own === undefined || init?.dispatcher !== undefined ? init : { ...init, dispatcher: own }
      return platformFetch(input, handed as RequestInit)
    }
    return new Promise((resolve, reject) => {
      new Sending(plan, (given as Dispatcher | undefined) ?? globalDispatcher(), fetch, resolve, reject).start()
    })
  }
  return fetch
}

const dispatcher: OptionCheck = (value, path) => {
  if (isDispatcher(value)) return
  throw new OptionsError(path, `must be a dispatcher of undici, with a method \`dispatch\`, got ${kindOf(value)}.`)
}

/** The plan of a request; `undefined` for one that Node's own fetch sends or rejects. */
function planFor(input: string | URL | Request, init: RequestInit | undefined): ReturnType<typeof planOf> {
  try {
    return planOf(input, init ?? {})
  } catch {
    return undefined
  }
}
