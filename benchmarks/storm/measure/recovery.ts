import type { Played } from '../model/play.ts'

/** Milliseconds of calls that are looked at together, and by which the time grows. */
const WINDOW = 5_000
const STEP = 500

/** Seconds after the fault from which on, in any five seconds, 99 % of the calls that begin succeed. */
export const recoveryOf = (played: Played): number | undefined =>
  lastingGoodTime(
    played,
    played.world.calls.map(({ at }) => at),
  )

/** Seconds after the fault from which on, in any five seconds, 99 % of the calls that end have succeeded. */
export const drainOf = (played: Played): number | undefined => lastingGoodTime(played, [...played.endedAt])

function lastingGoodTime({ world, succeeded }: Played, times: readonly number[]): number | undefined {
  const returned = world.scenario.fault.to * 1_000
  const steps = Math.ceil((world.scenario.seconds * 1_000 - returned) / STEP)
  if (steps < 1) return undefined
  const ended = Array.from({ length: steps }, () => ({ all: 0, failed: 0 }))
  times.forEach((time, id) => {
    const step = ended[Math.floor((time - returned) / STEP)]
    if (step === undefined) return
    step.all++
    if (succeeded[id] !== 1) step.failed++
  })
  const size = WINDOW / STEP
  let good = 0
  for (let first = 0; first + size <= steps; first++) {
    const window = ended.slice(first, first + size)
    const all = window.reduce((sum, step) => sum + step.all, 0)
    const failed = window.reduce((sum, step) => sum + step.failed, 0)
    if (failed > all * 0.01) good = first + 1
  }
  return good + size > steps ? Number.POSITIVE_INFINITY : (good * STEP) / 1_000
}
