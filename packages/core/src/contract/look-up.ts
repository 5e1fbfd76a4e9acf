import type { Fault } from './fault.ts'
import type { ErrorRow } from './row.ts'

/** The parts of a fault by which its row is found. */
export type Wanted = Pick<Fault, 'code' | 'status' | 'details' | 'params'>

/** @throws {Error} in a runtime that is too old, before it fails at what it lacks. */
export function checkRuntime(): void {
  if (Map.groupBy === undefined)
    throw new Error('@holdfast/core needs Node.js 22 or later, or another runtime of ES2024.')
}

/** A code that ends so is a family: its row speaks for every code that begins like it and has no row of its own. */
const FAMILY = '*'

/** True if a row's code is that of a family. */
export const isFamily = (rowCode: string): boolean => rowCode.endsWith(FAMILY)

/** True if a row's code, or the family that its code names with a `*`, is that of a fault. */
export const covers = (rowCode: string, code: string): boolean =>
  rowCode === code || (isFamily(rowCode) && code.startsWith(rowCode.slice(0, -1)))

/**
 * Makes the look-up of a catalogue's rows.
 *
 * @throws {TypeError} if two rows share code and status, or a row refines a code that no row has.
 */
export function lookUp(vendor: string, rows: readonly ErrorRow[]): (fault: Wanted) => ErrorRow | undefined {
  checkRuntime()
  const byKey = index(vendor, rows)
  const families = rows
    .filter(({ code, refines }) => refines === undefined && isFamily(code))
    .toSorted((one, other) => other.code.length - one.code.length)
  const byParam = Map.groupBy(
    rows.filter(({ when }) => when !== undefined),
    ({ refines = '' }) => refines,
  )
  const refinedByParam = (code: string, spoken: ErrorRow, params: readonly unknown[] = []) =>
    byParam.get(code)?.find(({ when }) => {
      if (when === undefined) return false
      const where = when.param === undefined ? params : [params[spoken.params?.indexOf(when.param) ?? -1]]
      return where.some((value) => says(value, when.includes))
    })
  const speaks = (code: string, status: number | undefined) => byKey.get(keyOf(code, status)) ?? byKey.get(code)
  return ({ code, status, details, params }) => {
    const kin = families.length === 0 ? undefined : families.find((row) => covers(row.code, code))
    for (const detail of details ?? []) {
      const refined = byKey.get(keyOf(code, detail)) ?? (kin && byKey.get(keyOf(kin.code, detail)))
      if (refined !== undefined) return refined
    }
    const family = kin && speaks(kin.code, status)
    const spoken = speaks(code, status) ?? family
    if (spoken === undefined || byParam.size === 0) return spoken
    return refinedByParam(code, spoken, params) ?? (family && refinedByParam(family.code, family, params)) ?? spoken
  }
}

function index(vendor: string, rows: readonly ErrorRow[]): Map<string, ErrorRow> {
  const byKey = new Map<string, ErrorRow>()
  for (const row of rows) {
    const keys = row.refines === undefined ? [keyOf(row.code, row.status), row.code] : [keyOf(row.refines, row.code)]
    const [exact, bare] = keys as [string, string?]
    if (byKey.has(exact) && byKey.get(exact)?.status === row.status) {
      throw new TypeError(
        `Catalogue of ${vendor}: two rows for ${row.code}${row.status ? ` with status ${row.status}` : ''}.`,
      )
    }
    byKey.set(exact, row)
    if (bare !== undefined && !byKey.has(bare)) byKey.set(bare, row)
  }
  for (const row of rows) checkRefinement(vendor, row, byKey)
  return byKey
}

function checkRefinement(
  vendor: string,
  { code, refines, when }: ErrorRow,
  byKey: ReadonlyMap<string, ErrorRow>,
): void {
  if (refines === undefined && when === undefined) return
  const refined = byKey.get(refines ?? '')
  if (refined === undefined) {
    throw new TypeError(`Catalogue of ${vendor}: ${code} refines ${refines ?? 'nothing'}, which has no row.`)
  }
  if (when?.param !== undefined && !refined.params?.includes(when.param)) {
    throw new TypeError(`Catalogue of ${vendor}: ${code} looks at parameter ${when.param}, which ${refines} has not.`)
  }
}

const says = (value: unknown, texts: readonly string[]): boolean => {
  if (typeof value !== 'string') return false
  const lower = value.toLowerCase()
  return texts.some((text) => lower.includes(text.toLowerCase()))
}

const keyOf = (code: string, narrowedBy: string | number | undefined) => `${code}\n${narrowedBy ?? ''}`
