import { type ErrorRow, type Kind, suggestion } from '@holdfast/core/plugin'
import type { Terminal } from './terminal.ts'
import { parse, UsageError } from './usage.ts'
import { loadAll, vendorNames } from './vendors.ts'

const KINDS: readonly string[] = ['retryable', 'auth', 'conflict', 'fatal'] satisfies readonly Kind[]

/** What may be set in a row, in the order in which it is printed. */
const columns = [
  'code',
  'refines',
  'when',
  'status',
  'kind',
  'reauth',
  'ended',
  'session',
  'outcome',
  'trips',
  'pauses',
  'pace',
  'busy',
  'wait',
  'reroute',
  'achieved',
  'params',
  'hint',
  'source',
  'why',
]

/** A row as others may read it: what is set of it, and whose it is. */
function flatRow(vendor: string, row: ErrorRow): Record<string, unknown> {
  const facts = new Map<string, unknown>(Object.entries(row))
  const set = columns.filter((column) => facts.get(column) !== undefined)
  return { vendor, ...Object.fromEntries(set.map((column) => [column, facts.get(column)])) }
}

/** `holdfast catalogue`; its exit code. */
export async function catalogue(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parse(args, { kind: { type: 'string' } })
  const { kind } = values
  if (kind !== undefined && !KINDS.includes(kind))
    throw new UsageError(`--kind takes ${KINDS.join(', ')}, got ${kind}.${suggestion(kind, KINDS)}`)
  const [first = ''] = positionals
  const isVendor = vendorNames.includes(first)
  const codes = isVendor ? positionals.slice(1) : positionals
  const asked = await loadAll(isVendor ? [first] : undefined)
  const complaints: string[] = []
  const rows: Record<string, unknown>[] = []
  const add = (vendor: string, of: readonly ErrorRow[]) =>
    rows.push(...of.filter((row) => kind === undefined || row.kind === kind).map((row) => flatRow(vendor, row)))
  if (codes.length === 0) for (const each of asked) add(each.catalogue.vendor, each.catalogue.rows)
  for (const code of codes) {
    const found = asked.map(({ catalogue: { vendor, rows: all, find } }) => {
      const family = find({ code })?.code
      // Its refinements and what its family says included.
      return [vendor, all.filter((row) => row.code === code || row.refines === code || row.code === family)] as const
    })
    for (const each of found) add(...each)
    if (found.some(([, of]) => of.length > 0)) continue
    const names = asked.flatMap((each) => each.catalogue.rows.map((row) => row.code))
    const known = isVendor ? names : [...vendorNames, ...names]
    const noVendor = code === first ? 'is called so, and none ' : ''
    complaints.push(`No catalogue ${noVendor}has ${code}.${suggestion(code, known)}`)
  }
  for (const complaint of complaints) terminal.complain(`${complaint}\n`)
  if (complaints.length > 0) return 1
  terminal.write(`[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`)
  return 0
}
