import { well } from '../model/condition.ts'
import type { Scenario } from '../model/scenario.ts'
import { DEEP, during, MINUTE, story } from './story.ts'

const restart = { from: 30, to: 40 }
const deep = [well(20, DEEP)]
const slow = { workers: 400, serviceTime: 2_000 }

/** A service that loses capacity, or stops. */
export const faults: readonly Scenario[] = [
  story('1a', 'brown-out to 30 %, short queue: 503', { changes: during(MINUTE, { workers: 6 }) }),
  story('1b', 'brown-out to 30 %, deep queue: time-outs', {
    servers: deep,
    changes: during(MINUTE, { workers: 6 }),
  }),
  story('2a', 'outage of 60 s, refused', { changes: during(MINUTE, { reachable: 'refuses' }) }),
  story('2b', 'outage of 60 s, black hole', { changes: during(MINUTE, { reachable: 'black-hole' }) }),
  story('2c', 'restart of 10 s, refused', {
    seconds: 150,
    fault: restart,
    changes: during(restart, { reachable: 'refuses' }),
  }),
  story('3a', 'latency × 20, capacity as before', { changes: during(MINUTE, slow) }),
  story('3b', 'latency × 20, capacity 5 %', { changes: during(MINUTE, { serviceTime: 2_000 }) }),
  story('6', 'one host of ten hangs', {
    servers: Array.from({ length: 10 }, () => well(2, 20)),
    changes: during(MINUTE, { reachable: 'black-hole' }, well(2, 20)),
  }),
  story('8', 'spike of 300 % for 10 s, deep queue', {
    seconds: 150,
    servers: deep,
    fault: restart,
    surge: { ...restart, load: 2.3 },
  }),
  story('flapping', '5 s up, 5 s down, refused', {
    changes: [0, 10, 20, 30, 40, 50].flatMap((at) => during({ from: 30 + at, to: 35 + at }, { reachable: 'refuses' })),
    seconds: 150,
    fault: { from: 30, to: 85 },
  }),
  story('slow-minority', 'one worker of ten hangs', { seconds: 150, changes: during(MINUTE, { hanging: 0.1 }) }),
]
