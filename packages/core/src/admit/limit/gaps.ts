/** Longest time between two requests, in milliseconds. */
const LONGEST = 10_000
/** The same for clients that sent few requests: two of them fit into the minute of a call. */
const LONGEST_OF_MANY = 22_000
/**
 * The same after plain refusals: a multiple of the time between two requests before, the least of it, and what holds if that is
 * unknown.
 */
const LONGEST_IF_REFUSED = { times: 30, least: 1_000, unknown: 2_000 }
/**
 * Most milliseconds for as many requests as were sent in a second before, and the same while requests time out in the queue of
 * the service: requests that will time out keep it from those that would not.
 */
const LEAST_SHARE = { usual: 3_000, inQueue: 6_000 }
/** Longest and shortest time between two requests while no connection can be made: they cost the service nothing. */
const ABSENT = { longest: 3_500, shortest: 1_500 }
/** Milliseconds for as many of these as requests were sent in a second before. */
const ABSENT_SHARE = 4_000
/** Milliseconds between two requests while all time out or are refused. */
const SILENT = { shortest: 5_000, share: 6_000 }

/** The reason why a gap is needed. */
export interface BadForGap {
  /** True if it was a time-out while others wait at the service, too. */
  readonly isQueued: boolean
  /** True if no connection could be made. */
  readonly isUnreachable: boolean
  /** Milliseconds that the server asked to wait; 0 for none. */
  readonly hint: number
}

/**
 * Longest time between two requests, in milliseconds.
 *
 * A client that sent few requests before is probably one of many: a rate that is low for one is high for all together. A refusal
 * that names no time lets go out a thirtieth of the rate before, but at most one request a second and at least one in ten seconds, or
 * one in two seconds if nothing is known: it costs the service little, and says nothing of how long it will last.
 *
 * @param before requests a second before the trouble; 0 if nothing is known.
 */
export function longestGap(before: number, { isQueued, isUnreachable, hint }: BadForGap): number {
  const { times, least, unknown } = LONGEST_IF_REFUSED
  const isPlain = !isQueued && !isUnreachable && hint === 0
  if (before === 0) return isPlain ? unknown : LONGEST
  const most = isPlain ? Math.min(LONGEST, Math.max(least, (1_000 * times) / before)) : LONGEST
  const share = isQueued ? LEAST_SHARE.inQueue : LEAST_SHARE.usual
  return Math.min(LONGEST_OF_MANY, Math.max(most, share / before))
}

/**
 * Milliseconds between two probes. They are never more frequent than the requests before.
 *
 * @param before requests a second before the trouble.
 */
export function probeGap(before: number, isUnreachable: boolean): number {
  if (!isUnreachable) return Math.max(SILENT.shortest, SILENT.share / before)
  const { longest, shortest } = ABSENT
  return Math.max(shortest, Math.min(longest, ABSENT_SHARE / before), 1_000 / before)
}

/** Requests that may go without a gap after a quiet time, and the gap from which on they may. */
const BURST = { requests: 3, from: 100 }
/** Milliseconds that a timer may be late. */
const TIMER = 5

/** Requests that may go without a gap after a quiet time. With short gaps, a service that counts may refuse the second. */
export const burstOf = (gap: number): number => (gap >= BURST.from ? BURST.requests : Math.max(1, TIMER / gap))

/** Rest after a refusal, as a multiple of the latency, and the most requests that may be left out for it. */
const REST = { answers: 2, requests: 16 }

/**
 * Milliseconds without a request after a refusal. A refusal comes at once, while an answer would have taken its time. Without a
 * rest, the next request would be refused a moment later.
 *
 * @param latency mean milliseconds of an answer.
 * @param window requests that may be in flight, one at least.
 */
export const restOf = (latency: number, window: number): number =>
  latency * Math.min(REST.answers, REST.requests / window)
