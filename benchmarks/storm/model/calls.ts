import { capacityOf } from './condition.ts'
import { exponential, logNormal, type Random, seeded, seedOf } from './random.ts'
import type { Priority, Scenario } from './scenario.ts'

/** One call, the same for every contender. */
export interface PlannedCall {
  readonly id: number
  /** Milliseconds. */
  readonly at: number
  readonly client: number
  readonly server: number
  readonly priority: Priority
  /** Milliseconds for which its object is busy from its first attempt on. */
  readonly busyFor: number
}

/** Longest time that an object is busy, in milliseconds: well within the patience of a caller. */
const LONGEST_BUSY = 40_000

/** Independent streams of random numbers. */
const ARRIVALS = 1
const ATTEMPTS = 2

/** The calls of a scenario: a Poisson process. */
export function planCalls(scenario: Scenario, seed: number): PlannedCall[] {
  const random = seeded(seedOf(seed, ARRIVALS))
  const capacity = scenario.servers.reduce((sum, server) => sum + capacityOf(server), 0)
  const calls: PlannedCall[] = []
  let at = 0
  for (;;) {
    const { surge } = scenario
    const isSurging = surge !== undefined && at >= surge.from * 1_000 && at < surge.to * 1_000
    const perSecond = capacity * (scenario.load + (isSurging ? surge.load : 0))
    at += (exponential(random) * 1_000) / perSecond
    if (at >= scenario.seconds * 1_000) return calls
    calls.push(planned(calls.length, at, scenario, random))
  }
}

function planned(id: number, at: number, scenario: Scenario, random: Random): PlannedCall {
  const { clients, servers, priorities, busy = 0 } = scenario
  return {
    id,
    at: Math.round(at),
    client: Math.floor(random() * clients),
    server: Math.floor(random() * servers.length),
    priority: priorityOf(priorities, random()),
    busyFor: Math.min(LONGEST_BUSY, exponential(random) * busy * 1_000),
  }
}

function priorityOf(shares: Scenario['priorities'], draw: number): Priority {
  if (shares === undefined) return 'normal'
  if (draw < shares.high) return 'high'
  return draw < shares.high + shares.low ? 'low' : 'normal'
}

/** The random numbers of an attempt: the same for the same attempt of the same call, for every contender. */
export function chanceOf(
  seed: number,
  call: number,
  attempt: number,
): { readonly length: number; readonly luck: number } {
  const random = seeded(seedOf(seed, ATTEMPTS, call, attempt))
  random()
  return { length: logNormal(random), luck: random() }
}
