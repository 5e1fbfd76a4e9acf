import type { Measured } from './measure.ts'
import type { Watcher } from './watchers.ts'

/** One figure beside its goal. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** At most. */
  readonly goal: number | null
  readonly holds: boolean | null
}

/** Seconds after which nineteen of twenty ends are to be known. */
const LATE = 15

/** The figures of one run. */
export function rowsOf({ name, goal }: Watcher, number: number, { perSecond, most, late }: Measured): readonly Row[] {
  const of = `${name}, ${number.toLocaleString('en')} ${number === 1 ? 'task' : 'tasks'}`
  const row = (what: string, value: number, unit: string, wanted: number | undefined): Row => {
    const rounded = Math.round(value * 100) / 100
    return {
      name: `${of}: ${what}`,
      value: rounded,
      unit,
      goal: wanted ?? null,
      holds: wanted === undefined ? null : rounded <= wanted,
    }
  }
  const isOurs = goal !== undefined
  return [
    row('questions a second', perSecond, '1/s', goal),
    row('most questions in a second', most, '1', isOurs ? 3 : undefined),
    row('until the end of 19 in 20 is known', late / 1_000, 's', isOurs ? LATE : undefined),
  ]
}
