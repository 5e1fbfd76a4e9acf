import type { BreakerOptions } from '../contract/policy.ts'

/** Growth of the open time with each opening since the circuit was closed. */
const GROWTH = 1.5
/** Largest share of the open time that is taken off at random, so that many clients do not come back together. */
const SPREAD = 0.25

/** Milliseconds for which a circuit opens that has opened `openings` times since it was closed. `chance` is from 0 to 1. */
export function openTimeOf(
  { openTime, maxOpenTime }: Required<BreakerOptions>,
  openings: number,
  chance: number,
): number {
  return Math.min(maxOpenTime, openTime * GROWTH ** Math.min(openings, 60)) * (1 - SPREAD * chance)
}
