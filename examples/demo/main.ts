import { readOptions, type Wanted } from './options.ts'
import { play } from './play.ts'
import { Screen } from './screen.ts'
import { showTable, showVerdict } from './summary.ts'
import type { Played } from './system.ts'

const wanted = readOptions(process.argv.slice(2), process.env)
process.exitCode = 'exitCode' in wanted ? wanted.exitCode : await demo(wanted)

async function demo({ acts }: Wanted): Promise<number> {
  const started = performance.now()
  const screen = new Screen(process.stdout)
  const stopped = new AbortController()
  const { signal } = stopped
  // Once: a second Ctrl-C ends the process at once.
  process.once('SIGINT', () => stopped.abort())
  // A reader that has seen enough (`| head`) ends the demo, too.
  process.stdout.on('error', () => stopped.abort())

  introduce(screen)
  const played: Played[] = []
  for (const act of acts) {
    if (signal.aborted) break
    const system = await act.open()
    try {
      screen.print()
      screen.paragraph(act.at(system.url), { look: 'bold' })
      played.push(...(await play({ system, scenes: act.scenes, before: played.length }, screen, signal)))
    } finally {
      await system.close()
    }
  }
  if (!signal.aborted) return conclude(played, performance.now() - started, screen) ? 0 : 1
  screen.print()
  screen.paragraph('Interrupted. Logged out, nothing is left running.')
  return 130
}

function introduce(screen: Screen): void {
  screen.paragraph('Holdfast demo: real calls, through the real client.', { look: 'bold' })
  screen.print()
  screen.paragraph(
    'Each line tells, after the seconds since its scene began, what was answered and what it means; → is what the client does about it, ✔ a promise that was checked and kept.',
    { look: 'dim' },
  )
}

function conclude(played: readonly Played[], ms: number, screen: Screen): boolean {
  screen.heading('What the client says, and what the server saw')
  showTable(played, screen)
  return showVerdict(played, ms, screen)
}
