import { well } from '../model/condition.ts'
import type { Scenario } from '../model/scenario.ts'
import { DEEP, during, MINUTE, story } from './story.ts'

/** Sessions, busy objects, work that must not be done twice, work that can wait. */
export const work: readonly Scenario[] = [
  story('7', 'sessions end three times', { seconds: 120, fault: { from: 30, to: 91 }, sessionsEnd: [30, 60, 90] }),
  story('9', 'busy objects that succeed in the end', {
    seconds: 60,
    fault: { from: 0, to: 60 },
    method: 'PUT',
    busy: 8,
  }),
  story('10', 'POSTs: time-outs and lost replies', {
    seconds: 150,
    method: 'POST',
    servers: [well(20, DEEP)],
    changes: [
      ...during({ from: 30, to: 60 }, { losing: 0.3 }),
      ...during({ from: 60, to: 90 }, { workers: 6 }, well(20, DEEP)),
    ],
  }),
  story('priorities', 'brown-out to 40 %, two thirds of the calls can wait', {
    seconds: 150,
    changes: during(MINUTE, { workers: 8 }),
    priorities: { high: 0.3, normal: 0, low: 0.7 },
  }),
  story('two-services', 'two services behind one key, one is down', {
    seconds: 150,
    isOneHost: true,
    servers: [well(10, 50), well(10, 50)],
    changes: during(MINUTE, { reachable: 'refuses' }),
  }),
]
