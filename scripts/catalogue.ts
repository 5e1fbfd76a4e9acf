/** Prints every documented error of every vendor as one JSON array, and nothing else. */
import { catalogues, flatRow } from './catalogues.ts'
import { commandLine } from './command-line.ts'

commandLine('Usage: pnpm -s catalogue', { options: {} })

const rows = catalogues.flatMap(({ vendor, rows }) => rows.map((row) => flatRow(vendor, row)))
console.log(`[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]`)
