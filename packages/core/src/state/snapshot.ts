import type { Admission } from '../admit/admission.ts'

/** The present state of a key, as a client's state shows it. */
export function snapshotOf(
  { breaker, budget, pause, waiting, gate: { limit, underWay, remaining } }: Admission,
  now: number,
) {
  return {
    circuit: breaker?.state ?? 'closed',
    budget: budget?.tokens(now) ?? Number.POSITIVE_INFINITY,
    pausedFor: Math.ceil(pause?.remaining(now) ?? 0),
    waiting,
    underWay,
    limit: limit?.window ?? Number.POSITIVE_INFINITY,
    remaining,
    rate: limit?.rate ?? Number.POSITIVE_INFINITY,
  } as const
}
