import { createHook } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import { raw } from '../contenders.ts'
import { type Case, interleave, type Measure } from '../interleave.ts'
import { stubCases } from '../stub.ts'
import type { Round, Suite } from '../suite.ts'

const calls = 500

/** What each wrapper leaves for the garbage collector, and what it asks of the event loop. Does not depend on the machine's load. */
export const allocation: Suite = {
  name: 'allocation',
  title: 'Allocated by one call to the stub',
  unit: 'B/call',
  baseline: raw,
  exact: true,
  rounds: { full: 15, quick: 7 },
  processes: { full: 1, quick: 1 },
  // Room for a whole batch of the dearest contender, so that no collection falls into one.
  flags: ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'],
  async run(rounds) {
    const { cases, close } = await stubCases()
    // Until everything has been compiled for good: a compilation in a batch would be counted with it.
    for (const { run } of cases) await run(20_000)
    const kept = await interleave(cases, rounds, 3, bytes)
    const counts = new Map<string, Record<string, number>>()
    for (const turn of cases) counts.set(turn.name, await resources(turn))
    await close()
    return kept.map(
      (round): Round => round.map((sample) => ({ ...sample, extras: counts.get(sample.contender) ?? {} })),
    )
  },
}

const bytes: Measure = async ({ run }) => {
  // The young generation only: a full collection also drops machine code that has not run for a while.
  globalThis.gc?.({ type: 'minor' })
  const before = getHeapStatistics().used_heap_size
  await run(calls)
  return { value: (getHeapStatistics().used_heap_size - before) / calls, extras: {} }
}

/** Timers, immediates and promises made by a call. Apart from the bytes, because counting them allocates. */
async function resources({ run }: Case): Promise<Record<string, number>> {
  const made = new Map<string, number>()
  const hook = createHook({ init: (_id, type) => void made.set(type, (made.get(type) ?? 0) + 1) })
  await setImmediate()
  hook.enable()
  await run(calls)
  hook.disable()
  const perCall = (type: string) => Math.round(((made.get(type) ?? 0) / calls) * 100) / 100
  return { timers: perCall('Timeout'), immediates: perCall('Immediate'), promises: perCall('PROMISE') }
}
