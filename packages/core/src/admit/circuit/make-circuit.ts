import CircuitBreaker from 'opossum'
import type { BreakerOptions } from '../../contract/policy.ts'
import { BUCKETS, type Window } from '../window.ts'

const FAILURE = Object.freeze(new Error('A failed attempt'))

// opossum turns its buckets by a timer or by this controller; it gets one that never speaks, and the window turns by
// elapsed time when it is looked at, so that an idle circuit holds no timer.
const INERT = { listenerCount: () => 1, on: () => INERT, removeListener: () => INERT }

/** A circuit, and the settings that it reads its open time from. */
interface MadeCircuit {
  readonly circuit: CircuitBreaker<[], void>
  readonly settings: { resetTimeout: number }
}

/**
 * Makes a circuit out of what was counted before there was one.
 *
 * @param counted calls by bucket.
 */
export function makeCircuit(
  { openTime, failureRate, minimum, window }: Required<BreakerOptions>,
  counted: Pick<Window, 'countsOf'>,
): MadeCircuit {
  // An object of this circuit's own: opossum keeps it, and the growing open time is written into it.
  const settings = {
    // Nobody is shown it: without one the name of the function would do.
    name: 'circuit',
    timeout: false as const,
    resetTimeout: openTime,
    errorThresholdPercentage: below(failureRate) * 100,
    volumeThreshold: minimum,
    rollingCountTimeout: window,
    rollingCountBuckets: BUCKETS,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    rotateBucketController: INERT as unknown as NodeJS.EventEmitter,
  }
  const circuit = new CircuitBreaker<[], void>(fail, settings)
  for (const [at, bucket] of statusOf(circuit).window.entries()) {
    const { calls, failed } = counted.countsOf(at)
    bucket.fires = calls
    bucket.failures = failed
  }
  return { circuit, settings }
}

/** The part that opossum's types leave out. */
export interface Status {
  rotateBucket(): void
  /** The newest bucket first. */
  readonly window: readonly { fires: number; failures: number }[]
}

/** The counts of a circuit. */
export const statusOf = (circuit: CircuitBreaker<[], void>): Status => circuit.status as unknown as Status

/** Counts a call that cannot open a circuit. By opossum's own counting a failure would leave its latency behind. */
export function count(circuit: CircuitBreaker<[], void>, isFailed: boolean): void {
  const [newest] = statusOf(circuit).window
  if (newest === undefined) return
  newest.fires++
  if (isFailed) newest.failures++
}

/** A rate is passed by what lies above it, and nothing lies above all. */
export const below = (rate: number): number => Math.min(rate, 1 - Number.EPSILON)

// Throwing at once, not by a promise, makes opossum judge a failure before the next request asks.
function fail(): Promise<void> {
  throw FAILURE
}
