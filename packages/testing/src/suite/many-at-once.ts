import type { ErrorRow } from '@holdfast/core/plugin'

/** Most rows for one client: few enough that the test which makes it ends quickly. */
const SHARE = 25

/** The two ways to check rows. */
export interface Ways<Result> {
  /** Checks many rows, one after the other, with one client. */
  readonly atOnce: (rows: readonly ErrorRow[]) => Promise<ReadonlyMap<ErrorRow, Result>>
  /** Checks one row with a client of its own. */
  readonly alone: (row: ErrorRow) => Promise<Result>
  readonly isGood: (row: ErrorRow, result: Result) => boolean
}

/**
 * Checks rows, many at once when the first of them is needed, because making a client takes longer than a call.
 *
 * A row with a bad result, and every row of a group that could not be checked, is checked again alone, and that result counts: no
 * row fails because of another.
 */
export function manyAtOnce<Result>(
  rows: readonly ErrorRow[],
  { atOnce, alone, isGood }: Ways<Result>,
): (row: ErrorRow) => Promise<Result> {
  const shares = new Map<ErrorRow, () => Promise<ReadonlyMap<ErrorRow, Result>>>()
  for (let at = 0; at < rows.length; at += SHARE) {
    const some = rows.slice(at, at + SHARE)
    let running: Promise<ReadonlyMap<ErrorRow, Result>> | undefined
    const run = () => {
      running ??= atOnce(some).catch(() => new Map())
      return running
    }
    for (const row of some) shares.set(row, run)
  }
  return async (row) => {
    const result = (await shares.get(row)?.())?.get(row)
    return result !== undefined && isGood(row, result) ? result : alone(row)
  }
}

/** False for a row whose client remembers a rejected session, or needs its own trusted hosts. */
export const sharesClient = ({ kind, ...row }: ErrorRow): boolean =>
  kind !== 'auth' && !('reroute' in row && row.reroute !== undefined)
