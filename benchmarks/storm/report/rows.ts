import type { Result } from '../job.ts'
import type { Figures } from '../measure/figures.ts'
import { type Goal, goalsOf } from './goals.ts'

/** One figure with its goal. */
export interface Row {
  /** `scenario · contender · figure`. */
  readonly name: string
  /** `null` for a recovery that never came. */
  readonly value: number | null
  readonly unit: string
  /** Such as `>= 0.95`; `null` for a figure without a goal. */
  readonly goal: string | null
  readonly holds: boolean | null
}

const units: Readonly<Record<keyof Figures, string>> = {
  success: 'share',
  attempts: 'per call',
  load: 'share',
  recovery: 's',
  drain: 's',
  duplicates: 'count',
  extraLogins: 'count',
  p99: 'ms',
  p99Overall: 'ms',
  held: 'ms',
  important: 'share',
  neighbour: 'share',
}

export function rowsOf(results: readonly Result[]): Row[] {
  const byScenario = Map.groupBy(results, ({ scenario }) => scenario)
  return results.flatMap((result) => {
    const goals = goalsOf(result, byScenario.get(result.scenario) ?? [])
    const figures = Object.entries(units).flatMap(([figure, unit]) => {
      const value = result.figures[figure as keyof Figures]
      return value === undefined ? [] : [rowOf(result, figure, value, unit, goals[figure])]
    })
    const further = Object.entries(goals)
      .filter(([figure]) => !(figure in units))
      .map(([figure, goal]) => rowOf(result, figure, goal.value ?? 0, goal.unit ?? 'share', goal))
    return [...figures, ...further]
  })
}

function rowOf(
  { scenario, contender }: Result,
  figure: string,
  value: number,
  unit: string,
  goal: Goal | undefined,
): Row {
  return {
    name: `${scenario} · ${contender} · ${figure}`,
    value: Number.isFinite(value) ? Math.round(value * 1e4) / 1e4 : null,
    unit,
    goal: goal === undefined ? null : `${goal.relation} ${goal.bound}`,
    holds: goal === undefined ? null : goal.relation === '<=' ? value <= goal.bound : value >= goal.bound,
  }
}
