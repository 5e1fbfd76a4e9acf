import { capacityOf } from '../model/condition.ts'
import type { Scenario } from '../model/scenario.ts'
import type { World } from '../model/world.ts'

/**
 * Requests that reach the servers in the fault ÷ what the servers can do then. If they can do nothing at all, the divisor is what
 * they can do without a fault, which is the load that they get when they return.
 */
export function loadInFault({ scenario, attemptsAt }: World): number | undefined {
  // A request for a busy object costs no work.
  if (scenario.busy !== undefined) return undefined
  const { from, to } = scenario.fault
  const attempts = attemptsAt.slice(from, to).reduce((sum, count) => sum + count, 0)
  const able = ableIn(scenario)
  const whenWell = scenario.servers.reduce((sum, server) => sum + capacityOf(server), 0) * (to - from)
  return attempts / (able > 0 ? able : whenWell)
}

/** Requests that the servers can do from the beginning of the fault to its end. */
function ableIn({ servers, changes, fault }: Scenario): number {
  const conditions = [...servers]
  const inOrder = changes.toSorted((a, b) => a.at - b.at)
  let able = 0
  let since = fault.from
  for (const { at, to, server = 0 } of inOrder) {
    const until = Math.min(Math.max(at, since), fault.to)
    able += conditions.reduce((sum, condition) => sum + capacityOf(condition), 0) * (until - since)
    since = until
    const before = conditions[server]
    if (before !== undefined) conditions[server] = { ...before, ...to }
  }
  return able + conditions.reduce((sum, condition) => sum + capacityOf(condition), 0) * (fault.to - since)
}
