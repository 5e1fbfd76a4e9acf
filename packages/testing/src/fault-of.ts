import type { Catalogue, ErrorRow, Fault } from '@holdfast/core/plugin'

/** What may be said of a fault beyond its row. */
export interface FaultDetail {
  /** HTTP status instead of the row's. */
  readonly status?: number
  /** What the server says to people. */
  readonly message?: string
  /** Parameters by position, or by the names in the row. */
  readonly params?: readonly unknown[] | Readonly<Record<string, unknown>>
  /** Finer codes, the row's own first. */
  readonly details?: readonly string[]
}

/** The fault that a row speaks for: a refining row's code travels as a detail of the code it refines. */
export function faultOf(catalogue: Catalogue, row: ErrorRow, detail: FaultDetail = {}): Fault {
  const details = [...(row.refines === undefined ? [] : [row.code]), ...(detail.details ?? [])]
  const status = detail.status ?? row.status ?? statusOfRefined(catalogue, row)
  const params = detail.params === undefined ? undefined : byPosition(row, detail.params)
  return {
    code: row.refines ?? row.code,
    ...(details.length > 0 && { details }),
    ...(status !== undefined && { status }),
    ...(detail.message !== undefined && { message: detail.message }),
    ...(params !== undefined && { params }),
  }
}

const statusOfRefined = (catalogue: Catalogue, row: ErrorRow) =>
  row.refines === undefined ? undefined : catalogue.find({ code: row.refines })?.status

function byPosition(row: ErrorRow, params: NonNullable<FaultDetail['params']>): readonly unknown[] {
  if (isList(params)) return params
  const names = row.params ?? []
  const stray = Object.keys(params).find((name) => !names.includes(name))
  if (stray !== undefined) {
    throw new TypeError(`${row.code} has no parameter ${JSON.stringify(stray)}, only ${JSON.stringify(names)}.`)
  }
  return names.map((name) => params[name])
}

const isList = (params: NonNullable<FaultDetail['params']>): params is readonly unknown[] => Array.isArray(params)
