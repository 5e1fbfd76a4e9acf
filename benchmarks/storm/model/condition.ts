/** State of a server, which changes while a scenario runs. */
export interface Condition {
  readonly reachable: 'yes' | 'refuses' | 'black-hole'
  readonly workers: number
  /** Requests that may wait for a worker; a further one is answered 503 at once. */
  readonly queue: number
  /** Mean milliseconds of one request in a worker. */
  readonly serviceTime: number
  /** A token bucket in front of the workers, which answers 429. */
  readonly rate: RateLimit | undefined
  /** Share of the requests that fall into a worker which never answers, and which takes no other's place. */
  readonly hanging: number
  /** Share of the replies that are lost after the work was done: half of them as a reset connection, half as a 502. */
  readonly losing: number
}

/** A limit on the requests a second. */
export interface RateLimit {
  readonly perSecond: number
  readonly burst: number
  /** Seconds for the header `Retry-After`; none without. */
  readonly retryAfter: number | undefined
}

/** Answer of a server: a reply, or the way the connection failed. */
export type Answer =
  | { readonly type: 'reply'; readonly status: number; readonly retryAfter?: number; readonly body?: string }
  | { readonly type: 'refused' }
  | { readonly type: 'reset' }

/** A server with `workers` workers and without a fault. */
export const well = (workers = 20, queue = 100): Condition => ({
  reachable: 'yes',
  workers,
  queue,
  serviceTime: 100,
  rate: undefined,
  hanging: 0,
  losing: 0,
})

/** Requests a second that a server in this condition can do. */
export function capacityOf({ reachable, workers, serviceTime, rate, hanging }: Condition): number {
  if (reachable !== 'yes') return 0
  const byWorkers = (workers * 1_000 * (1 - hanging)) / serviceTime
  return Math.min(byWorkers, rate?.perSecond ?? byWorkers)
}
