import type { Writable } from 'node:stream'
import type { Selected } from './options.ts'
import { runScenarios } from './run-scenarios.ts'
import { Screen } from './screen.ts'
import { showTable, showVerdict } from './summary.ts'
import type { ScenarioResult } from './system.ts'

/** Plays the scenarios and returns the exit code; ends early if the signal aborts. */
export async function play({ selections }: Selected, stream: Writable, signal: AbortSignal): Promise<number> {
  const started = performance.now()
  const screen = new Screen(stream)
  introduce(screen)
  const results: ScenarioResult[] = []
  for (const { scenarios, open, describe } of selections) {
    if (signal.aborted) break
    const system = await open()
    try {
      screen.print()
      screen.paragraph(describe(system.url), { look: 'bold' })
      results.push(...(await runScenarios({ system, scenarios, before: results.length }, screen, signal)))
    } finally {
      await system.close()
    }
  }
  if (!signal.aborted) return conclude(results, performance.now() - started, screen) ? 0 : 1
  screen.print()
  screen.paragraph('Interrupted. Logged out, nothing is left running.')
  return 130
}

function introduce(screen: Screen): void {
  screen.paragraph('Holdfast demo: real calls, through the real client.', { look: 'bold' })
  screen.print()
  screen.paragraph(
    'Each line shows the seconds since its scenario began, the answer, and what it means; → is what the client does about it, ✔ a promise that was checked and kept.',
    { look: 'dim' },
  )
}

function conclude(results: readonly ScenarioResult[], ms: number, screen: Screen): boolean {
  screen.heading('What the client says, and what the server saw')
  showTable(results, screen)
  return showVerdict(results, ms, screen)
}
