import type { BreakerOptions } from '../contract/policy.ts'

/** Growth of the open time with each opening that no closing came between. */
const GROWTH = 1.5
/** Share of the open time that chance may take away, so that many clients do not come back together. */
const SPREAD = 0.25

/** Milliseconds for which a circuit opens that has opened so many times since it was closed. `chance` is from 0 to 1. */
export function openTimeOf(
  { openTime, maxOpenTime }: Required<BreakerOptions>,
  openings: number,
  chance: number,
): number {
  return Math.min(maxOpenTime, openTime * GROWTH ** Math.min(openings, 60)) * (1 - SPREAD * chance)
}
