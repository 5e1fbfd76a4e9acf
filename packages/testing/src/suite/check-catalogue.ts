import type { Catalogue, ErrorRow } from '@holdfast/core/plugin'
import type { DocumentedError } from './options.ts'

/** Longest hint that still fits on a line, in characters. */
const maxHint = 120

/** Names a row as test titles do. */
export const labelOf = ({ code, status, refines }: ErrorRow): string =>
  [refines === undefined ? code : `${refines} › ${code}`, status].filter((part) => part !== undefined).join(' ')

const labelOfDocumented = ({ code, status }: DocumentedError) => (status === undefined ? code : `${code} ${status}`)

const speaksFor = (row: ErrorRow, { code, status }: DocumentedError) =>
  isOrCovers(row.code, code) && row.refines === undefined && (status === undefined || row.status === status)

/** A family's row speaks for each of its members. */
const isOrCovers = (own: string, code: string): boolean =>
  own === code || (own.endsWith('*') && code.startsWith(own.slice(0, -1)))

/** Documented errors that no row speaks for. */
export function findMissing({ rows }: Catalogue, documented: readonly DocumentedError[]): string[] {
  return documented.filter((error) => !rows.some((row) => speaksFor(row, error))).map(labelOfDocumented)
}

/** Rows that are not documented, refine nothing and name no source. */
export function findStrays({ rows }: Catalogue, documented: readonly DocumentedError[]): string[] {
  return rows
    .filter((row) => row.refines === undefined && row.source === undefined)
    .filter((row) => !documented.some((error) => speaksFor(row, error)))
    .map(labelOf)
}

/** The mistakes of single rows. */
export function findFlaws({ rows }: Catalogue): string[] {
  return rows.flatMap((row) =>
    [...flawsOfCode(row), ...flawsOfHint(row), ...flawsOfClass(row)].map((flaw) => `${labelOf(row)}: ${flaw}`),
  )
}

/** `ZS-2xx` is how documents write a family, and what no server sends. */
const flawsOfCode = ({ code, refines }: ErrorRow): string[] =>
  refines === undefined && /[\d._-]x{2,}$/.test(code)
    ? [`is a family in the document’s words: write ${code.replace(/x+$/, '*')}`]
    : []

function flawsOfHint({ hint }: ErrorRow): string[] {
  if (typeof hint !== 'string' || hint.trim() === '') return ['has no hint']
  return [
    ...(hint.length > maxHint ? [`its hint has ${hint.length} characters, more than ${maxHint}`] : []),
    ...(hint.includes('\n') ? ['its hint has more than one line'] : []),
  ]
}

function flawsOfClass(row: ErrorRow): string[] {
  const proof = `${row.kind} proves that the service is alive, so it must not trip`
  return row.trips && (row.kind === 'auth' || row.kind === 'conflict') ? [proof] : []
}
