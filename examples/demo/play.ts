import type { Billing } from './scene.ts'
import type { Screen } from './screen.ts'
import type { OpenSystem, Played } from './system.ts'

/** The scenes of one system that are to be played. */
export interface Bill {
  readonly system: OpenSystem
  readonly scenes: readonly Billing[]
  /** Scenes that were played before these. */
  readonly before: number
}

/** Plays scenes one after another; ends early if the signal aborts or a login is refused. */
export async function play(
  { system, scenes, before }: Bill,
  screen: Screen,
  signal: AbortSignal,
): Promise<readonly Played[]> {
  const played: Played[] = []
  for (const [index, { name, title, about }] of scenes.entries()) {
    if (signal.aborted) break
    screen.heading(`${before + index + 1}. ${title} (${name})`)
    screen.paragraph(about)
    screen.print()
    const result = await system.play(name, screen, signal)
    played.push(result)
    // Another client would try the same password again, and accounts lock.
    if (result.tally.refusedLogins > 0) {
      screen.paragraph('No session: the demo ends here.', { look: 'red' })
      break
    }
  }
  return played
}
