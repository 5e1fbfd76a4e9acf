import { raw } from '../contenders.ts'
import { interleave } from '../interleave.ts'
import { stubCases } from '../stub.ts'
import type { Suite } from '../suite.ts'
import { calibrate, timeBatches } from '../timing.ts'

/** What each wrapper costs by itself. */
export const overhead: Suite = {
  name: 'overhead',
  title: 'No network: a stub that resolves with a prebuilt reply',
  unit: 'ns/call',
  baseline: raw,
  exact: false,
  rounds: { full: 120, quick: 20 },
  processes: { full: 3, quick: 1 },
  flags: [],
  async run(rounds) {
    const { cases, close } = await stubCases()
    const calls = await calibrate(cases, 4)
    const kept = await interleave(cases, rounds, 10, timeBatches(calls, { width: 1, unit: 1 }))
    await close()
    return kept
  },
}
