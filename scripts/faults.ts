// Meets every fault on a real socket with every kind of client and request, and counts what must never be.
//
// `pnpm faults [--json] [--cells] [--sample N] [--only TEXT]`: `--json` writes the rows as one JSON array, `--cells` what
// came of each cell as well, `--only` runs the cells whose name has this text, `--sample all` every one of them. Ends with
// 1 where a row does not hold.
import { commandLine } from './command-line.ts'

const { values, number } = commandLine('Usage: pnpm faults [--json] [--cells] [--sample N|all] [--only TEXT]', {
  options: {
    json: { type: 'boolean', default: false },
    cells: { type: 'boolean', default: false },
    sample: { type: 'string', default: '10000' },
    only: { type: 'string', default: '' },
  },
})
const sample = values.sample === 'all' ? Number.POSITIVE_INFINITY : number('sample')
// Showing the usage need not wait for all modules.
const { nameOfCell } = await import('./faults/cell.ts')
const { allCells, runMatrix, sampled } = await import('./faults/matrix.ts')
const cells = sampled(
  allCells().filter((cell) => nameOfCell(cell).includes(values.only)),
  sample,
)
const { rows, results } = await runMatrix(cells)
if (values.json) console.log(JSON.stringify(values.cells ? { rows, cells: results } : rows, undefined, 2))
else {
  for (const { name, value, unit, goal, holds } of rows)
    console.log(`${holds ? '✔' : '✘'} ${name}: ${value} ${unit} (goal ${goal})`)
  for (const { cell, end, arrivals, done, flaws } of results)
    if (values.cells || flaws.length > 0)
      console.log(`${flaws.join(', ') || 'fine'} · ${cell} → ${end}, arrived ${arrivals}, done ${done}`)
}
process.exitCode = rows.every(({ holds }) => holds) ? 0 : 1
