import { well } from '../model/condition.ts'
import type { Change, Scenario } from '../model/scenario.ts'
import { DEEP, during, story } from './story.ts'

const outage = { from: 30, to: 60 }
const restart = { from: 30, to: 40 }

/** The cache fills: from 4 workers to 20 in 30 s. */
const ramp: readonly Change[] = Array.from({ length: 17 }, (_, step) => ({
  at: outage.to + (step * 30) / 16,
  to: { reachable: 'yes', workers: 4 + step },
}))

/** A service that comes back slowly, or with little to spare. */
export const returns: readonly Scenario[] = [
  story('cold-cache', 'outage of 30 s, then capacity grows from 20 % in 30 s', {
    seconds: 180,
    servers: [well(20, DEEP)],
    fault: { from: 30, to: 90 },
    changes: [{ at: outage.from, to: { reachable: 'refuses' } }, ...ramp],
  }),
  story('load-95', 'restart of 10 s at 95 % load', {
    seconds: 150,
    load: 0.95,
    fault: restart,
    changes: during(restart, { reachable: 'refuses' }),
  }),
  story('load-95-brown-out', 'brown-out to 30 % for 20 s at 95 % load, deep queue', {
    seconds: 180,
    load: 0.95,
    servers: [well(20, DEEP)],
    fault: { from: 30, to: 50 },
    changes: during({ from: 30, to: 50 }, { workers: 6 }),
  }),
]
