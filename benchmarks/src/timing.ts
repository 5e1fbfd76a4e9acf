import type { Case, Measure } from './interleave.ts'

export interface TimingOptions {
  /** Calls in flight at a time. */
  readonly width: number
  /** Nanoseconds in the unit that is shown. */
  readonly unit: number
}

/**
 * Times batches of a fixed number of calls. No garbage collection is forced before a batch: that would make V8 drop the compiled
 * code of the contender that has waited longest. Contenders also differ in their garbage, which is part of their cost.
 */
export function timeBatches(calls: (turn: Case) => number, { width, unit }: TimingOptions): Measure {
  return async (turn) => {
    const count = calls(turn)
    const cpu = process.cpuUsage()
    const start = process.hrtime.bigint()
    await turn.run(count, width)
    const ns = Number(process.hrtime.bigint() - start)
    const { user, system } = process.cpuUsage(cpu)
    const perCall = (nanoseconds: number) => nanoseconds / unit / count
    return { value: perCall(ns), extras: { cpu: perCall((user + system) * 1_000) } }
  }
}

/** The number of calls of each case that take `ms` milliseconds: few for expensive cases, enough for a clock for cheap ones. */
export async function calibrate(cases: readonly Case[], ms: number): Promise<(turn: Case) => number> {
  const counts = new Map<string, number>()
  for (const { name, run } of cases) {
    await run(100)
    let count = 10
    for (let took = 0; took < ms; count *= 2) {
      const start = performance.now()
      await run(count)
      took = performance.now() - start
    }
    counts.set(name, count / 2)
  }
  return ({ name }) => counts.get(name) ?? 1
}
