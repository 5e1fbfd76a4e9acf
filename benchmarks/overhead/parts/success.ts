import { createHook } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import { quantile } from 'simple-statistics'
import { type Case, caseOf, interleave, type Measure } from '../../src/interleave.ts'
import type { Round } from '../../src/suite.ts'
import { calibrate, timeBatches } from '../../src/timing.ts'
import { type Contender, contenders, ownContenders, stubAlone } from '../contenders.ts'
import type { Figure, Part } from '../figure.ts'

/** Room for a whole batch of the most expensive contender, so that no garbage collection happens during one. */
export const HEAP_FLAGS = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64']
const CALLS = 500
/** Calls after which everything is compiled: a compilation during a batch would be measured, too. */
const WARM = 20_000

const casesOf = (all: readonly Contender[]): Promise<Case[]> =>
  Promise.all(all.map(({ name, call }) => caseOf(name, call)))

/** The bytes, promises and timers of a successful call, which do not depend on the machine's load. */
export const successCounts: Part = {
  name: 'success-counts',
  flags: HEAP_FLAGS,
  rounds: { full: 15, quick: 7 },
  measure: async (rounds) => countsOf(await contenders(), rounds),
}

/**
 * The same of our own alone, for the budget. Machine code is made at once, and not beside the calls: how many bytes a call
 * takes depends on how well it was compiled, and that must not depend on the load of the machine.
 */
export const ownCounts: Part = {
  name: 'own-counts',
  flags: [...HEAP_FLAGS, '--no-concurrent-recompilation'],
  rounds: { full: 15, quick: 15 },
  measure: async (rounds) => countsOf(await ownContenders(), rounds),
}

async function countsOf(contenders: readonly Contender[], rounds: number): Promise<readonly Figure[]> {
  const all = await casesOf(contenders)
  for (const { run } of all) await run(WARM)
  const readings = await interleave(all, rounds, 3, bytes)
  const figures: Figure[] = []
  for (const one of all) {
    const { promises, timers } = await resources(one)
    figures.push(
      { name: `success, bytes: ${one.name}`, value: Math.round(middle(readings, one.name)), unit: 'B' },
      { name: `success, promises: ${one.name}`, value: promises, unit: 'promises' },
      { name: `success, timers: ${one.name}`, value: timers, unit: 'timers' },
    )
  }
  return figures
}

/** The least time of a successful call. The machine has other work, so only the least of many short batches is repeatable. */
export const successTimes: Part = {
  name: 'success-times',
  flags: [],
  rounds: { full: 150, quick: 30 },
  async measure(rounds) {
    const all = await casesOf(await contenders())
    for (const { run } of all) await run(WARM)
    const calls = await calibrate(all, 3)
    const readings = await interleave(all, rounds, 10, timeBatches(calls, { width: 1, unit: 1 }))
    const base = least(readings, stubAlone)
    return all.map(({ name }) => ({
      name: `success, time added: ${name}`,
      value: Math.round(least(readings, name) - base),
      unit: 'ns',
    }))
  },
}

export const least = (rounds: readonly Round[], name: string): number => Math.min(...valuesOf(rounds, name))

const middle = (rounds: readonly Round[], name: string): number => quantile(valuesOf(rounds, name), 0.5)

const valuesOf = (rounds: readonly Round[], name: string): number[] =>
  rounds.flatMap((round) => round.filter(({ contender }) => contender === name).map(({ value }) => value))

const bytes: Measure = async ({ run }) => {
  // The young generation only: a full collection also drops machine code that has not run for a while.
  globalThis.gc?.({ type: 'minor' })
  const before = getHeapStatistics().used_heap_size
  await run(CALLS)
  return { value: (getHeapStatistics().used_heap_size - before) / CALLS, extras: {} }
}

/** Promises and timers of a call. They are counted separately from the bytes, because counting them allocates. */
async function resources({ run }: Case): Promise<{ readonly promises: number; readonly timers: number }> {
  const made = { PROMISE: 0, Timeout: 0 }
  const hook = createHook({
    init(_, type) {
      if (type === 'PROMISE' || type === 'Timeout') made[type]++
    },
  })
  await setImmediate()
  hook.enable()
  await run(CALLS)
  hook.disable()
  // A batch has a few of its own.
  return { promises: Math.round(made.PROMISE / CALLS), timers: Math.round(made.Timeout / CALLS) }
}
