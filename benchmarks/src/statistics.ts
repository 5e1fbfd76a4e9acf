import { quantile } from 'simple-statistics'
import type { Round, Sample, Suite } from './suite.ts'

/** The middle of a set of readings and the half of them around it. */
export interface Summary {
  readonly median: number
  readonly p25: number
  readonly p75: number
}

export interface Row {
  readonly contender: string
  /** To the baseline of the same round, over all rounds. */
  readonly ratio: Summary
  readonly value: Summary
  /** Value less the baseline's of the same round. */
  readonly added: Summary
  /** Medians. */
  readonly extras: Readonly<Record<string, number>>
}

export interface SuiteResult {
  readonly name: string
  readonly title: string
  readonly unit: string
  readonly baseline: string
  readonly exact: boolean
  readonly rounds: number
  readonly processes: number
  readonly rows: readonly Row[]
}

/** Divides every reading by the baseline of its own round, in which the machine had the same load. */
export function summarise(suite: Suite, rounds: readonly Round[], processes: number): SuiteResult {
  const { name, title, unit, baseline, exact } = suite
  const contenders = rounds[0]?.map((sample) => sample.contender) ?? []
  const rows = contenders.map((contender) => rowOf(contender, baseline, rounds))
  return { name, title, unit, baseline, exact, rounds: rounds.length, processes, rows }
}

function rowOf(contender: string, baseline: string, rounds: readonly Round[]): Row {
  const pairs = rounds.map((round) => ({ own: find(round, contender), base: find(round, baseline) }))
  const columns = Object.keys(pairs[0]?.own.extras ?? {})
  return {
    contender,
    ratio: spread(pairs.map(({ own, base }) => own.value / base.value)),
    value: spread(pairs.map(({ own }) => own.value)),
    added: spread(pairs.map(({ own, base }) => own.value - base.value)),
    extras: Object.fromEntries(
      columns.map((name) => [
        name,
        quantile(
          pairs.map(({ own }) => own.extras[name] ?? Number.NaN),
          0.5,
        ),
      ]),
    ),
  }
}

function find(round: Round, contender: string): Sample {
  const sample = round.find((one) => one.contender === contender)
  if (sample === undefined) throw new Error(`A round has no reading of ${contender}.`)
  return sample
}

function spread(values: readonly number[]): Summary {
  const [p25 = Number.NaN, median = Number.NaN, p75 = Number.NaN] = quantile(values, [0.25, 0.5, 0.75])
  return { median, p25, p75 }
}
