/** Prints every documented error of every vendor as one JSON array, and nothing else. */
import { catalogues, flatRow } from './catalogues.ts'

const rows = catalogues.flatMap(({ vendor, rows }) => rows.map((row) => flatRow(vendor, row)))
console.log(`[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]`)
