import { type Condition, well } from '../model/condition.ts'
import type { Change, Scenario, Span } from '../model/scenario.ts'

/** Requests that a deep queue holds: ten seconds of work, twice what a client waits. */
export const DEEP = 2_000

/** The span of the fault in most scenarios. */
export const MINUTE: Span = { from: 30, to: 90 }

/** What most scenarios have in common: one server at 70 % load, 50 clients, up to two minutes to recover. */
export function story(name: string, title: string, own: Partial<Scenario>): Scenario {
  const fault = own.fault ?? MINUTE
  return { name, title, seconds: 210, clients: 50, load: 0.7, fault, servers: [well()], changes: [], ...own }
}

/** A condition that holds for a while. */
export function during({ from, to }: Span, condition: Partial<Condition>, before: Condition = well()): Change[] {
  const members = Object.keys(condition) as (keyof Condition)[]
  const back = Object.fromEntries(members.map((member) => [member, before[member]]))
  return [
    { at: from, to: condition },
    { at: to, to: back },
  ]
}
