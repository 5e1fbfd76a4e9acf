import { readOptions, type Wanted } from './options.ts'
import { type Played, play } from './play.ts'
import { Screen } from './screen.ts'
import { showTable, showVerdict } from './summary.ts'
import { embeddedWorld, realWorld, type World } from './world.ts'

const wanted = readOptions(process.argv.slice(2), process.env)
process.exitCode = 'exitCode' in wanted ? wanted.exitCode : await demo(wanted)

async function demo({ scenes, real }: Wanted): Promise<number> {
  const started = performance.now()
  const screen = new Screen(process.stdout)
  const stopped = new AbortController()
  // Once: a second Ctrl-C ends the process at once.
  process.once('SIGINT', () => stopped.abort())
  // A reader that has seen enough (`| head`) ends the demo, too.
  process.stdout.on('error', () => stopped.abort())

  const world = real === undefined ? await embeddedWorld() : realWorld(real.url, real.login)
  try {
    introduce(world, screen)
    const played = await play(scenes, { world, screen, signal: stopped.signal })
    if (!stopped.signal.aborted) return conclude(played, performance.now() - started, screen) ? 0 : 1
  } finally {
    await world.close()
  }
  screen.print()
  screen.paragraph('Interrupted. Logged out, nothing is left running.')
  return 130
}

function introduce({ url, embedded }: World, screen: Screen): void {
  screen.paragraph('Holdfast demo: real calls, through the real client.', { look: 'bold' })
  screen.paragraph(
    embedded === undefined
      ? `They go to ${url}, where nothing is changed.`
      : `They go to a vCenter embedded in this process, at ${url}.`,
  )
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
