import { type Row, rowOf } from '../src/row.ts'
import type { Measured } from './measure.ts'
import type { Watcher } from './watchers.ts'

/** Seconds after which nineteen of twenty ends are to be known. */
const LATE = 15

/** The figures of one run. */
export function rowsOf({ name, goal }: Watcher, number: number, { perSecond, most, late }: Measured): readonly Row[] {
  const of = `${name}, ${number.toLocaleString('en')} ${number === 1 ? 'task' : 'tasks'}`
  const row = (what: string, value: number, unit: string, wanted: number | undefined): Row =>
    rowOf({ name: `${of}: ${what}`, value: Math.round(value * 100) / 100, unit }, wanted)
  const isOurs = goal !== undefined
  return [
    row('polls a second', perSecond, '1/s', goal),
    row('most polls in a second', most, '1', isOurs ? 3 : undefined),
    row('until the end of 19 in 20 is known', late / 1_000, 's', isOurs ? LATE : undefined),
  ]
}
