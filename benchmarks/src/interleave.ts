import { setImmediate } from 'node:timers/promises'
import { shuffle } from 'simple-statistics'
import type { Round, Sample } from './suite.ts'

// Own code, because the benchmark libraries do not do the one thing that matters here. mitata and tinybench run each
// task to its end before the next one starts, so a neighbour that wakes up in the middle is charged to whoever runs
// just then; and tinybench reads the clock around every call, which for a stub of 40 ns measures the clock. Here the
// contenders take turns in short batches, in a new order each round, and only ratios within a round are kept.

/** A case that is measured in every round. */
export interface Case {
  readonly name: string
  /** Makes calls one after the other, or `width` at a time; a call is over when all it brought has been dealt with. */
  run(calls: number, width?: number): Promise<void>
}

/** A case with a loop of its own around `call`. */
export async function caseOf(name: string, call: () => Promise<unknown>): Promise<Case> {
  const { batch } = (await import(`./batch.ts?for=${encodeURIComponent(name)}`)) as typeof import('./batch.ts')
  return { name, run: (calls, width) => batch(call, calls, width) }
}

/** Measures one batch of a case. */
export type Measure = (turn: Case) => Promise<Omit<Sample, 'contender'>>

/** Measures all cases in turn, in a new random order each round. The first `warmUp` rounds are discarded. */
export async function interleave(
  cases: readonly Case[],
  rounds: number,
  warmUp: number,
  measure: Measure,
): Promise<Round[]> {
  const kept: Round[] = []
  for (let round = -warmUp; round < rounds; round++) {
    const samples = new Map<string, Sample>()
    for (const turn of shuffle([...cases])) {
      // Sockets and timers that the case before has left are handled before the time is taken.
      await setImmediate()
      samples.set(turn.name, { contender: turn.name, ...(await measure(turn)) })
    }
    if (round >= 0) kept.push(cases.flatMap(({ name }) => samples.get(name) ?? []))
  }
  return kept
}
