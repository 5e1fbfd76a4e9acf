import type { ErrorRow } from '@holdfast/core/plugin'

/** Rows that one client is used for: few enough that the test which sets it up is over in no time. */
const SHARE = 25

/** The ways to find out something about a row. */
export interface Ways<Result> {
  /** Finds it out about many rows, one after the other, with one client. */
  readonly atOnce: (rows: readonly ErrorRow[]) => Promise<ReadonlyMap<ErrorRow, Result>>
  /** Finds it out about one row with a client of its own. */
  readonly alone: (row: ErrorRow) => Promise<Result>
  readonly isGood: (row: ErrorRow, result: Result) => boolean
}

/**
 * Finds out something about rows, many at once as the first of them is asked for: to set a client up takes longer than a call.
 *
 * A row with a bad result, and every row of a share that could not be tried, is tried alone, and that result counts: none fails by
 * what another has left behind.
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

/** False for a row whose client remembers a session that was rejected, or trusts hosts of its own. */
export const sharesClient = ({ kind, ...row }: ErrorRow): boolean =>
  kind !== 'auth' && !('reroute' in row && row.reroute !== undefined)
