import CircuitBreaker from 'opossum'
import type { BreakerOptions } from '../../contract/policy.ts'
import { BUCKETS, type Window } from '../window.ts'

const FAILURE = Object.freeze(new Error('A failed attempt'))

// opossum turns its buckets by a timer or by this controller; it gets one that never speaks, and the window turns by
// elapsed time when it is looked at, so that an idle circuit holds no timer.
const INERT = { listenerCount: () => 1, on: () => INERT, removeListener: () => INERT }

/** A circuit, and the settings from which it reads its open time. */
interface MadeCircuit {
  readonly circuit: CircuitBreaker<[], void>
  readonly settings: { resetTimeout: number }
}

/**
 * Makes a circuit with the counts from before there was one.
 *
 * @param counted calls by bucket.
 */
export function makeCircuit(
  { openTime, failureRate, minimum, window }: Required<BreakerOptions>,
  counted: Pick<Window, 'countsOf'>,
): MadeCircuit {
  // A new object for each circuit: opossum keeps it, and the growing open time is written into it.
  const settings = {
    // The name is shown nowhere; without one, opossum would take that of the function.
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

/** Counts a call that cannot open a circuit. opossum's own counting would also keep the latency of each failure. */
export function count(circuit: CircuitBreaker<[], void>, isFailed: boolean): void {
  const [newest] = statusOf(circuit).window
  if (newest === undefined) return
  newest.fires++
  if (isFailed) newest.failures++
}

/** A rate just below 1 for a rate of 1: opossum opens only above its threshold, and no rate is above 1. */
export const below = (rate: number): number => Math.min(rate, 1 - Number.EPSILON)

// It throws, and does not reject, so that opossum counts the failure before the next request.
function fail(): Promise<void> {
  throw FAILURE
}
