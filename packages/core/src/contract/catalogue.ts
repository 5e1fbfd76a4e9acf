import type { Fault } from './fault.ts'
import { lookUp } from './look-up.ts'
import type { ErrorRow } from './row.ts'

/** Every documented error of one vendor. */
export interface Catalogue<Row extends ErrorRow = ErrorRow> {
  readonly vendor: string
  readonly rows: readonly Row[]
  /**
   * The row that speaks for a fault: a refinement by its first known detail or by what a parameter says, then code and
   * status, then code, then the family with the longest beginning.
   */
  find(fault: Pick<Fault, 'code' | 'status' | 'details' | 'params'>): Row | undefined
}

/** A code as an answer carries it: any that begins like a family's, for a family. */
export type Spelt<Code extends string> = Code extends `${infer Beginning}*` ? `${Beginning}${string}` : Code

type Status = 400 | 401 | 403 | 404 | 408 | 409 | 422 | 423 | 425 | 429 | 500 | 502 | 503 | 504 | '4XX' | '5XX'

/** Codes of common statuses, and of classes of them, for which there is no such row. */
export type StatusCode<Row extends ErrorRow> = string extends Row['code']
  ? `HTTP_${Status}`
  : Exclude<`HTTP_${Status}`, Row['code']>

/** The literal union of the codes in a catalogue, refinements included. */
export type CodeOf<C extends Catalogue> = C['rows'][number]['code']

/** The names of the parameters that a code's signature has. */
export type ParamOf<Row extends ErrorRow, Code extends string> =
  Extract<Row, { readonly code: Code }> extends { readonly params: readonly (infer Name extends string)[] }
    ? Name
    : never

/**
 * Builds a vendor's catalogue from its rows and keeps their literal types, so that options and errors are typed by code.
 *
 * @throws {TypeError} if two rows share code and status, a row refines a code or parameter that no row has, or has a class, a
 *   unit or the name of a parameter that there is not.
 */
export function defineCatalogue<const Rows extends readonly ErrorRow[]>(
  vendor: string,
  rows: Rows,
): Catalogue<Rows[number]> {
  const named = rows.map((row) => Object.freeze(withParams(row, rows)))
  for (const row of named) checkRow(vendor, row)
  return Object.freeze({ vendor, rows: Object.freeze(named), find: lookUp(vendor, named) }) as Catalogue<Rows[number]>
}

/** A row that refines another has the parameters of the code that the answer carries. */
function withParams(row: ErrorRow, rows: readonly ErrorRow[]): ErrorRow {
  if (row.refines === undefined || row.params !== undefined) return row
  const params = rows.find(({ code, refines }) => code === row.refines && refines === undefined)?.params
  return params === undefined ? row : { ...row, params }
}

const KINDS = ['retryable', 'auth', 'conflict', 'fatal']
const OUTCOMES = ['rejected', 'unknown']
const PACES = ['fast', 'slow']
const UNITS = ['s', 'ms']

/** Checks what types tell to those who compile: a class that is misspelt would be acted on as another. */
function checkRow(vendor: string, row: ErrorRow): void {
  const { code, kind, outcome, params = [] } = row
  const { pace, wait, reroute, session } = row as Places
  // Each comparison by itself, without an array for each row: hundreds of rows are checked as a program starts.
  if (!KINDS.includes(kind)) throw misspelt(vendor, code, 'kind', kind, KINDS)
  if (!OUTCOMES.includes(outcome)) throw misspelt(vendor, code, 'outcome', outcome, OUTCOMES)
  if (kind === 'retryable' && !PACES.includes(pace ?? '')) throw misspelt(vendor, code, 'pace', pace, PACES)
  if (wait !== undefined && !UNITS.includes(wait.unit ?? ''))
    throw misspelt(vendor, code, 'wait.unit', wait.unit, UNITS)
  const param = unknownParam(wait, params) ?? unknownParam(reroute, params) ?? unknownParam(session, params)
  if (param !== undefined) throw misspelt(vendor, code, 'param', param, params)
}

const unknownParam = (place: Place | undefined, params: readonly string[]): string | undefined =>
  place?.param !== undefined && !params.includes(place.param) ? place.param : undefined

function misspelt(vendor: string, code: string, name: string, given: unknown, wanted: readonly string[]): TypeError {
  const all = wanted.join(' or ') || 'in `params`'
  return new TypeError(`Catalogue of ${vendor}: the \`${name}\` of ${code} must be ${all}, got ${String(given)}.`)
}

/** The members that rows of some classes have. */
interface Places extends Partial<Record<'wait' | 'reroute' | 'session', Place>> {
  readonly pace?: string
}

interface Place {
  readonly param?: string
  readonly unit?: string
}
