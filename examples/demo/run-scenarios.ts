import type { ScenarioInfo } from './scenario.ts'
import type { Screen } from './screen.ts'
import type { OpenSystem, ScenarioResult } from './system.ts'

/** The scenarios of one system that are to run. */
export interface Plan {
  readonly system: OpenSystem
  readonly scenarios: readonly ScenarioInfo[]
  /** Number of scenarios that ran before these. */
  readonly before: number
}

/** Runs scenarios one after another; ends early if the signal aborts or a login is refused. */
export async function runScenarios(
  { system, scenarios, before }: Plan,
  screen: Screen,
  signal: AbortSignal,
): Promise<readonly ScenarioResult[]> {
  const results: ScenarioResult[] = []
  for (const [index, { name, title, about }] of scenarios.entries()) {
    if (signal.aborted) break
    screen.heading(`${before + index + 1}. ${title} (${name})`)
    screen.paragraph(about)
    screen.print()
    const result = await system.run(name, screen, signal)
    results.push(result)
    // Another client would try the same password again, and accounts lock.
    if (result.client.refusedLogins > 0) {
      screen.paragraph('No session: the demo ends here.', { look: 'red' })
      break
    }
  }
  return results
}
