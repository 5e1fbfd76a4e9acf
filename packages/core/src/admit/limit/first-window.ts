/** Fewest requests in flight with which a limit begins: one bad answer alone holds nothing back. */
export const LEAST = 2
/** Milliseconds between the first requests to an unknown service. */
export const FIRST_GAP = 1_000

/** Requests in flight with which a limit begins if some wait in a queue, as a multiple of those that the service works on. */
const BESIDE_WORK = 2

/** The known facts about a service when its first bad answer comes. */
interface Known {
  /** Mean milliseconds of a good answer. */
  readonly latency: number
  /** Good answers a second; 0 if nothing is known. */
  readonly rate: number
  readonly underWay: number
  /** True if the answer timed out while others wait at the service, too. */
  readonly isQueued: boolean
  /** Milliseconds that the server asked to wait; 0 for none. */
  readonly hint: number
}

/** Requests in flight with which a limit begins. */
export function firstWindow({ latency, rate, underWay, isQueued, hint }: Known): number {
  // If nothing is known but the wait that the service asked for, that is the first gap.
  if (hint > 0 && rate === 0) return (2 * latency) / Math.min(hint, FIRST_GAP)
  const asBefore = (LEAST * latency * rate) / 1_000
  return (underWay > 0 && !isQueued) || asBefore === 0 ? Math.max(LEAST, underWay + 1) : asBefore
}

/**
 * Requests in flight with which a limit begins because of late answers. By Little's law the service works on the share `base` ÷
 * `ms` of the requests in flight; the others wait in its queue, and a longer queue brings nothing.
 *
 * @param base mean milliseconds of an answer while the service was well.
 * @param ms milliseconds that the late answer took.
 */
export const lateWindow = (underWay: number, base: number, ms: number): number =>
  Math.max(LEAST, (BESIDE_WORK * base * underWay) / ms)
