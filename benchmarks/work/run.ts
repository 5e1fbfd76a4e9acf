/**
 * The polls that waiting for long work costs, against 1, 100 and 10,000 tasks of one host, in virtual time.
 *
 *   node benchmarks/work/run.ts           prints a table
 *   node benchmarks/work/run.ts --json    prints `[{ name, value, unit, goal, holds }, …]`
 */
import { commandLine } from '../../scripts/command-line.ts'
import type { Row } from '../src/row.ts'

const NUMBERS = [1, 100, 10_000]

const { values } = commandLine('Usage: pnpm -s bench:work [--json]', {
  options: { json: { type: 'boolean', default: false } },
})
// Whoever asks for the usage need not wait for all of it to be loaded.
await import('../storm/virtual-time.ts')
const { measure } = await import('./measure.ts')
const { rowsOf } = await import('./rows.ts')
const { watchers } = await import('./watchers.ts')
const rows: Row[] = []
for (const watcher of watchers)
  for (const number of NUMBERS) rows.push(...rowsOf(watcher, number, await measure(watcher, number)))

if (values.json) console.log(JSON.stringify(rows, undefined, 2))
else
  for (const { name, value, unit, goal, holds } of rows)
    console.log(`${name}: ${value} ${unit}${goal === null ? '' : `, goal ${goal}${holds ? '' : ', missed'}`}`)
