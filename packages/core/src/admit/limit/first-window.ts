/** Requests in flight with which a limit begins at least: one bad answer alone holds nothing back. */
export const LEAST = 2
/** Milliseconds between the first requests to a service of which nothing is known. */
export const FIRST_GAP = 1_000

/** Multiple of the requests that are worked on with which a limit begins where the others stand in a queue. */
const BESIDE_WORK = 2

/** Knowledge of a service when its first bad answer comes. */
interface Known {
  /** Mean milliseconds of a good answer. */
  readonly latency: number
  /** Good answers a second; 0 if nothing is known. */
  readonly rate: number
  readonly underWay: number
  /** True if it did not come in its time, and others wait, too. */
  readonly isQueued: boolean
  /** Milliseconds that the server asked to wait; 0 for none. */
  readonly hint: number
}

/** Requests in flight with which a limit begins. */
export function firstWindow({ latency, rate, underWay, isQueued, hint }: Known): number {
  // Of a service that says when to come again, and of which nothing else is known, that is the pace to begin with.
  if (hint > 0 && rate === 0) return (2 * latency) / Math.min(hint, FIRST_GAP)
  const asBefore = (LEAST * latency * rate) / 1_000
  return (underWay > 0 && !isQueued) || asBefore === 0 ? Math.max(LEAST, underWay + 1) : asBefore
}

/**
 * Requests in flight with which a limit begins that late answers show. By Little's law the share `base` ÷ `ms` of those in
 * flight is worked on; the others stand in a queue, and nothing comes of a longer one.
 *
 * @param base mean milliseconds of an answer while the service was well.
 * @param ms that the late answer took.
 */
export const lateWindow = (underWay: number, base: number, ms: number): number =>
  Math.max(LEAST, (BESIDE_WORK * base * underWay) / ms)
