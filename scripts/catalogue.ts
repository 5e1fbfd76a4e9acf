/** Prints the documented errors of the vendors as one JSON array, and nothing else: all of them, or those that were asked for. */
import { suggestion } from '@holdfast/core/plugin'
import { catalogues, flatRow } from './catalogues.ts'
import { commandLine } from './command-line.ts'

const { positionals, fail } = commandLine(
  `Usage: pnpm -s catalogue [VENDOR] [CODE]...
VENDOR is one of ${catalogues.map(({ vendor }) => vendor).join(', ')}; CODE is spelt as the answer has it: xenapi VM_BAD_POWER_STATE.`,
  { options: {}, allowPositionals: true },
)
const [first] = positionals
const chosen = catalogues.filter(({ vendor }) => vendor === first)
const asked = chosen.length > 0 ? chosen : catalogues
const codes = chosen.length > 0 ? positionals.slice(1) : positionals

/** The rows of a code, its refinements and what its family says included. */
const rowsOf = (code: string) =>
  asked.flatMap(({ vendor, rows, find }) => {
    const family = find({ code })?.code
    const named = rows.filter((row) => row.code === code || row.refines === code || row.code === family)
    return named.map((row) => flatRow(vendor, row))
  })

const found = codes.map((code) => [code, rowsOf(code)] as const)
for (const [code, rows] of found) {
  if (rows.length > 0) continue
  const names = asked.flatMap(({ rows }) => rows.map((row) => row.code))
  const known = chosen.length > 0 ? names : [...catalogues.map(({ vendor }) => vendor), ...names]
  fail(`No catalogue ${first === code ? 'is called so, and none ' : ''}has ${code}.${suggestion(code, known)}`)
}
const printed =
  codes.length > 0
    ? found.flatMap(([, rows]) => rows)
    : asked.flatMap(({ vendor, rows }) => rows.map((row) => flatRow(vendor, row)))
console.log(`[\n${printed.map((row) => JSON.stringify(row)).join(',\n')}\n]`)
