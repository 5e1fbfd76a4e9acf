import type { Fetch } from './call/engine.ts'

/** The requests that the global `fetch` is handed at this moment, by who hands them, and the `fetch` before it. */
const before = new WeakMap<Fetch, { readonly given: Fetch; isHanding: boolean }>()

/** Requests that the global `fetch` is handed at this moment: most calls need not look any further. */
let handing = 0

/**
 * The `fetch` that a client sends with: the one it was given. Was that the global one, it is looked up at each call, because
 * mocks and instrumentation take its place after clients were made.
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
 * The `fetch` to go on with where a client has taken the place of the global one: what it hands to that comes back to it, and
 * would for ever.
 */
export function fetchBefore(sending: Fetch): Fetch | undefined {
  if (handing === 0) return undefined
  const state = before.get(sending)
  return state?.isHanding ? state.given : undefined
}
