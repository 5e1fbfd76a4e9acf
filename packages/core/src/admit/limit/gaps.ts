/** Longest time between two requests, in milliseconds. */
const LONGEST = 10_000
/** The same for who asked seldom: longer than that nobody waits before a service that is well again. */
const LONGEST_OF_MANY = 30_000
/**
 * Milliseconds in which at least as many go out as did in a second before, and the same while requests wait at the service for
 * all of their time: what is sent then keeps it from what could still be done.
 */
const LEAST_SHARE = { usual: 3_000, inQueue: 6_000 }
/** Longest and shortest time between two requests while no connection can be made: asking costs the service nothing. */
const ABSENT = { longest: 3_500, shortest: 1_500 }
/** Milliseconds in which as many of them go out as requests a second did before. */
const ABSENT_SHARE = 4_000
/** Time between two requests while none is answered in its time. */
const SILENT = { shortest: 5_000, share: 6_000 }

/**
 * Longest time between two requests, in milliseconds.
 *
 * Who asked seldom before has many beside it: what is little for one is much for all of them.
 *
 * @param before requests a second; 0 if nothing is known.
 * @param isInQueue true if the last bad answer came too late.
 */
export const longestGap = (before: number, isInQueue: boolean): number => {
  const share = isInQueue ? LEAST_SHARE.inQueue : LEAST_SHARE.usual
  return before > 0 ? Math.min(LONGEST_OF_MANY, Math.max(LONGEST, share / before)) : LONGEST
}

/**
 * Time between two requests that ask whether anybody is there, in milliseconds. Never more go out than did before.
 *
 * @param before requests a second.
 */
export function probeGap(before: number, isAbsent: boolean): number {
  if (!isAbsent) return Math.max(SILENT.shortest, SILENT.share / before)
  const { longest, shortest } = ABSENT
  return Math.max(shortest, Math.min(longest, ABSENT_SHARE / before), 1_000 / before)
}

/** Rest after a plain refusal: times of an answer, and the same in requests that are not sent at most. */
const REST = { answers: 2, requests: 16 }

/**
 * Milliseconds without a request after a plain refusal. It comes at once, where an answer would have kept its place for its
 * time: without a rest the next would be refused a moment later.
 *
 * @param latency mean milliseconds of an answer.
 * @param window requests that may be in flight, one at least.
 */
export const restOf = (latency: number, window: number): number =>
  latency * Math.min(REST.answers, REST.requests / window)
