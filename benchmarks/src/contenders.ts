import { circuitBreaker, ExponentialBackoff, handleAll, retry, SamplingBreaker, wrap } from 'cockatiel'
import ky from 'ky'
import CircuitBreaker from 'opossum'
import pRetry from 'p-retry'

export type Fetch = typeof globalThis.fetch

/** A way to make an HTTP request that survives a bad moment, or the bare way to compare it with. */
export interface Contender {
  readonly name: string
  readonly get: () => Promise<Response>
  readonly close?: () => unknown
}

/** The bare `fetch` itself. */
export const raw = 'raw fetch'

/** Other libraries, set up as their documentation does, over the same `fetch`. */
export function competitors(fetch: Fetch, url: string): Contender[] {
  const kyDefaults = ky.create({ fetch })
  const kyBare = ky.create({ fetch, retry: 0, timeout: false })
  return [
    { name: raw, get: () => fetch(url) },
    { name: 'raw fetch again (control)', get: () => fetch(url) },
    { name: 'ky', get: () => kyDefaults.get(url) },
    { name: 'ky, retry 0, timeout false', get: () => kyBare.get(url) },
    cockatiel(fetch, url),
    naive(fetch, url),
  ]
}

/** Policies and breakers see only exceptions, so each competitor that is not an HTTP client needs this step first. */
export function okOnly(fetch: Fetch, url: string): () => Promise<Response> {
  return async () => {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return response
  }
}

/** With the breaker that keeps a window, as ours and opossum's do: the consecutive one is cheaper and does less. */
export function cockatiel(fetch: Fetch, url: string): Contender {
  const attempt = okOnly(fetch, url)
  const policy = wrap(
    retry(handleAll, { maxAttempts: 4, backoff: new ExponentialBackoff() }),
    circuitBreaker(handleAll, {
      halfOpenAfter: 5_000,
      breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000 }),
    }),
  )
  return { name: 'cockatiel retry + breaker', get: () => policy.execute(attempt) }
}

/** p-retry inside opossum, the usual way. */
export function naive(fetch: Fetch, url: string): Contender {
  const attempt = okOnly(fetch, url)
  const breaker = new CircuitBreaker(() => pRetry(attempt, { retries: 4 }), opossumOptions)
  return { name: 'opossum(p-retry), naive', get: () => breaker.fire(), close: () => breaker.shutdown() }
}

/**
 * opossum keeps the latency of every call in its window. A stub is called a million times a second, and the default
 * window of 10 s would charge opossum for arrays that no service fills: shortened, it holds some ten thousand calls.
 * Snapshots sort the window on a timer, which fires between batches and disturbs the others without showing here.
 */
export const opossumOptions = { timeout: false, rollingCountTimeout: 100, enableSnapshots: false } as const
