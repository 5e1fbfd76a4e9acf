import type { Played } from '../model/play.ts'

/** The figures of some seconds of a run. */
export interface Stretch {
  /** Seconds at which it begins. */
  readonly at: number
  /** Share of the calls begun in it that succeeded. */
  readonly success: number
  /** Requests a second at the servers. */
  readonly requests: number
}

/** Seconds in a stretch. */
const LENGTH = 3

/** Course of a run, for its picture. */
export function courseOf({ world, succeeded }: Played): Stretch[] {
  const stretches = Array.from({ length: Math.ceil(world.scenario.seconds / LENGTH) }, () => ({ all: 0, fine: 0 }))
  for (const { id, at } of world.calls) {
    const stretch = stretches[Math.floor(at / LENGTH / 1_000)]
    if (stretch === undefined) continue
    stretch.all++
    stretch.fine += succeeded[id] ?? 0
  }
  return stretches.map(({ all, fine }, index) => {
    const seconds = world.attemptsAt.slice(index * LENGTH, (index + 1) * LENGTH)
    return {
      at: index * LENGTH,
      success: all === 0 ? 1 : fine / all,
      requests: seconds.reduce((sum, count) => sum + count, 0) / LENGTH,
    }
  })
}
