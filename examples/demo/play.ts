import { resilient } from '@holdfast/core'
import { Narrator } from './narrator.ts'
import type { Scene } from './scene.ts'
import type { Screen } from './screen.ts'
import { type Check, Stage } from './stage.ts'
import type { Seen, Tally } from './tally.ts'
import type { Embedded, World } from './world.ts'

/** A scene that has been played. */
export interface Played {
  readonly name: string
  readonly tally: Tally
  /** Absent where the server is not ours to ask. */
  readonly seen: Seen | undefined
  readonly checks: readonly Check[]
}

/** Where and for whom to play. */
export interface Setting {
  readonly world: World
  readonly screen: Screen
  /** Ends the play. */
  readonly signal: AbortSignal
}

/** Plays scenes one after another; ends early if the signal aborts or a login is refused. */
export async function play(scenes: readonly Scene[], setting: Setting): Promise<readonly Played[]> {
  const played: Played[] = []
  for (const [index, scene] of scenes.entries()) {
    if (setting.signal.aborted) break
    setting.screen.heading(`${index + 1}. ${scene.title} (${scene.name})`)
    setting.screen.paragraph(scene.about)
    setting.screen.print()
    const result = await playOne(scene, setting)
    played.push(result)
    // Another client would try the same password again, and accounts lock.
    if (result.tally.refusedLogins > 0) {
      setting.screen.paragraph('No session: the demo ends here.', { look: 'red' })
      break
    }
  }
  return played
}

async function playOne(scene: Scene, { world, screen, signal }: Setting): Promise<Played> {
  const { embedded, url, options } = world
  embedded?.calm()
  const stage = new Stage({
    url,
    narrator: new Narrator(screen),
    signal,
    makeClient: (observe) => {
      const { retry, ...others } = scene.options ?? {}
      return resilient(fetch, {
        ...options,
        ...others,
        retry: { ...options.retry, ...retry },
        init: { signal },
        observers: [observe],
      })
    },
  })
  try {
    await act(scene, stage, embedded)
  } catch (error) {
    if (!signal.aborted) stage.check(`the scene ran to its end (it did not: ${String(error)})`, false)
  } finally {
    await stage.client.close()
  }
  const seen = embedded?.seen()
  if (seen !== undefined && !signal.aborted) {
    stage.check(`client and server count the same ${seen.requests} requests`, seen.requests === stage.tally.attempts)
  }
  return { name: scene.name, tally: stage.tally, seen, checks: stage.checks }
}

function act(scene: Scene, stage: Stage, embedded: Embedded | undefined): Promise<void> {
  if (scene.readsOnly) return scene.play(stage, embedded)
  if (embedded === undefined) throw new Error('it changes things, so it is not for a real vCenter')
  return scene.play(stage, embedded)
}
