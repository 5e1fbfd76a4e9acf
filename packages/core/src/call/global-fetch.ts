import type { Fetch } from './engine.ts'

/** The requests that clients are passing to the global `fetch` at this moment, with the `fetch` that each client replaced. */
const before = new WeakMap<Fetch, { readonly given: Fetch; isHanding: boolean }>()

/** The number of such requests: if it is 0, as for most calls, nothing more is looked up. */
let handing = 0

/**
 * The `fetch` that a client sends with: the one it was given. If that is the global one, it is looked up at each call, because
 * mocks and instrumentation may replace it after the client was made.
 */
export function sendingFetch(given: Fetch): Fetch {
  if (given !== globalThis.fetch) return given
  const state = { given, isHanding: false }
  const fetch: Fetch = (input, init) => {
    state.isHanding = true
    handing++
    try {
      return globalThis.fetch(input, init)
    } finally {
      state.isHanding = false
      handing--
    }
  }
  before.set(fetch, state)
  return fetch
}

/**
 * The original `fetch`, if a client has replaced the global one: otherwise the client would call itself for ever.
 */
export function fetchBefore(sending: Fetch): Fetch | undefined {
  if (handing === 0) return undefined
  const state = before.get(sending)
  return state?.isHanding ? state.given : undefined
}
