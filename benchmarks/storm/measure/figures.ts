import type { Played } from '../model/play.ts'
import type { Scenario } from '../model/scenario.ts'
import { loadInFault } from './load.ts'
import { drainOf, recoveryOf } from './recovery.ts'

/** Figures of one run. Figures to which a scenario does not apply are absent. */
export interface Figures {
  /** Share of the calls that succeeded. */
  readonly success: number
  /** Attempts ÷ calls. */
  readonly attempts: number
  /** Requests that reached the servers in the fault ÷ what they can do then. */
  readonly load: number | undefined
  /** Seconds from the servers' return until 99 % of the calls that begin succeed for good; `Infinity` for never. */
  readonly recovery: number | undefined
  /** The same by when calls end: the failures of those that have waited count. */
  readonly drain: number | undefined
  /** Times that work was done once more than it was asked for, where it must not be. */
  readonly duplicates: number | undefined
  /** Logins beyond one for each client and era. */
  readonly extraLogins: number | undefined
  /** Milliseconds that 99 % of the calls take before the fault. */
  readonly p99: number | undefined
  /** Milliseconds that 99 % of the calls that succeed take in the end. */
  readonly p99Overall: number
  /** Milliseconds for which 99 % of the calls in the fault were held back in all: no attempt of theirs was under way. */
  readonly held: number
  /** Success of the important calls. */
  readonly important: number | undefined
  /** Success of the calls to the service that is well. */
  readonly neighbour: number | undefined
}

export function figuresOf(played: Played): Figures {
  const { world } = played
  const { scenario, calls } = world
  const all = calls.map((_, id) => id)
  const attempts = world.attempts.reduce((sum, count) => sum + count, 0)
  const well = all.filter((id) => isBeforeFault(calls[id]?.at ?? 0, scenario))
  const fine = all.filter((id) => played.succeeded[id] === 1)
  return {
    success: fine.length / calls.length,
    attempts: attempts / calls.length,
    load: loadInFault(world),
    recovery: recoveryOf(played),
    drain: drainOf(played),
    duplicates:
      scenario.method === 'POST' ? world.works.reduce((sum, count) => sum + Math.max(0, count - 1), 0) : undefined,
    extraLogins: world.sessions && world.sessions.logins - neededLogins(scenario),
    p99: well.length === 0 ? undefined : p99Of(played, well),
    p99Overall: p99Of(played, fine),
    held: heldOf(played),
    important:
      scenario.priorities &&
      shareOf(
        played,
        all.filter((id) => calls[id]?.priority === 'high'),
      ),
    neighbour: scenario.isOneHost
      ? shareOf(
          played,
          all.filter((id) => calls[id]?.server === 1),
        )
      : undefined,
  }
}

const neededLogins = ({ clients, sessionsEnd = [] }: Scenario): number => clients * (sessionsEnd.length + 1)

/** The first seconds are left out, which fill the servers, and the last ones before the fault, whose calls may meet it. */
const isBeforeFault = (at: number, { fault }: Scenario): boolean => at >= 2_000 && at < (fault.from - 6) * 1_000

function shareOf({ succeeded }: Played, calls: readonly number[]): number {
  return calls.filter((id) => succeeded[id] === 1).length / calls.length
}

const timeOf = ({ endedAt, world }: Played, id: number): number => (endedAt[id] ?? 0) - (world.calls[id]?.at ?? 0)

const p99Of = (played: Played, calls: readonly number[]): number => nearlyMost(calls.map((id) => timeOf(played, id)))

/** Exported for tests. */
export function heldOf(played: Played): number {
  const { scenario, calls, sentFor } = played.world
  const { from, to } = scenario.fault
  const met = calls.filter(({ at }) => at >= from * 1_000 && at < to * 1_000)
  return nearlyMost(met.map(({ id }) => Math.max(0, timeOf(played, id) - (sentFor[id] ?? 0))))
}

/** The 99th percentile. */
function nearlyMost(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0
}
