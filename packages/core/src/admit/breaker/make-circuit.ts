import CircuitBreaker from 'opossum'
import type { BreakerOptions } from '../../contract/policy.ts'
import type { Window } from './window.ts'

const FAILURE = Object.freeze(new Error('A failed attempt'))

// opossum turns its buckets by a timer or by this controller; it gets one that never speaks.
const INERT = { listenerCount: () => 1, on: () => INERT, removeListener: () => INERT }

/** A circuit, and the settings from which it reads its open time. */
interface MadeCircuit {
  readonly circuit: CircuitBreaker<[], void>
  readonly settings: { resetTimeout: number }
}

/** Makes a circuit. After each failure that it is fired with, opossum decides by the counts of the window whether to open. */
export function makeCircuit(
  { openTime, failureRate, minimum }: Required<BreakerOptions>,
  counts: Pick<Window, 'sum'>,
): MadeCircuit {
  // A new object for each circuit: opossum keeps it, and the growing open time is written into it.
  const settings = {
    // The name is shown nowhere; without one, opossum would take that of the function.
    name: 'circuit',
    timeout: false as const,
    resetTimeout: openTime,
    errorThresholdPercentage: below(failureRate) * 100,
    volumeThreshold: minimum,
    rollingCountBuckets: 1,
    enableSnapshots: false,
    rotateBucketController: INERT as unknown as NodeJS.EventEmitter,
  }
  const circuit = new CircuitBreaker<[], void>(fail, settings)
  // Its own counts would begin with the circuit, need a timer, and keep the latency of each failure.
  Object.defineProperty(circuit, 'stats', {
    get() {
      const { calls, failed } = counts.sum()
      return { fires: calls, failures: failed }
    },
  })
  circuit.removeAllListeners('fire')
  circuit.removeAllListeners('failure')
  return { circuit, settings }
}

/** A rate just below 1 for a rate of 1: opossum opens only above its threshold, and no rate is above 1. */
export const below = (rate: number): number => Math.min(rate, 1 - Number.EPSILON)

// It throws, and does not reject, so that opossum decides before the next request.
function fail(): Promise<void> {
  throw FAILURE
}
