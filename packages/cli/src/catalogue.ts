import { suggestion } from '@holdfast/core/plugin'
import { selectionOf } from './selection.ts'
import type { Terminal } from './terminal.ts'
import { parse, UsageError } from './usage.ts'
import type { Known } from './vendors.ts'
import { KINDS } from './wording.ts'

const kinds = Object.keys(KINDS)

/** Runs `holdfast catalogue`. @returns its exit code. */
export async function catalogue(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parse(args, { kind: { type: 'string' } })
  const { kind } = values
  if (kind !== undefined && !kinds.includes(kind))
    throw new UsageError(`--kind takes ${kinds.join(', ')}, got ${kind}.${suggestion(kind, kinds)}`)
  const { known, codes, complaintOf } = await selectionOf(positionals)
  const found = codes.map((code) => ({ code, rows: known.flatMap((each) => rowsOf(each, code)) }))
  const unlisted = found.filter(({ rows }) => rows.length === 0)
  for (const { code } of unlisted) terminal.complain(`${complaintOf(code)}\n`)
  if (unlisted.length > 0) return 1
  const rows = codes.length > 0 ? found.flatMap((each) => each.rows) : known.flatMap((each) => rowsOf(each))
  const lines = rows.filter((row) => kind === undefined || row.kind === kind).map((row) => JSON.stringify(row))
  terminal.write(`[\n${lines.join(',\n')}\n]\n`)
  return 0
}

/** The rows of a vendor, or those of a code: its own, its refinements, and that of its family. */
function rowsOf({ catalogue: { vendor, rows, find } }: Known, code?: string) {
  const family = code === undefined ? undefined : find({ code })?.code
  return rows
    .filter((row) => code === undefined || row.code === code || row.refines === code || row.code === family)
    .map((row) => ({ vendor, ...row }))
}
