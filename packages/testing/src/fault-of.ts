import type { Catalogue, ErrorRow, Fault } from '@holdfast/core/plugin'

/** Members of a fault that are not in its row. */
export interface FaultDetail {
  /** HTTP status instead of the row's. */
  readonly status?: number
  /** The server's message, for people. */
  readonly message?: string
  /** Parameters by position, or by the names in the row. */
  readonly params?: readonly unknown[] | Readonly<Record<string, unknown>>
  /** Finer codes, the row's own first. */
  readonly details?: readonly string[]
}

/** A member of a family (`SR_BACKEND_FAILURE_*`) that has no row of its own; any other code as it is. */
export const spelt = (code: string): string => code.replace(/\*$/, 'EXAMPLE')

/**
 * The fault for a row. The code of a refinement becomes a detail of the code that it refines, or the text of one of that code's
 * parameters.
 */
export function faultOf(catalogue: Catalogue, row: ErrorRow, detail: FaultDetail = {}): Fault {
  const isDetail = row.refines !== undefined && row.when === undefined
  const details = [...(isDetail ? [row.code] : []), ...(detail.details ?? [])]
  const status = detail.status ?? row.status ?? refinedBy(catalogue, row)?.status
  const params = paramsOf(catalogue, row, detail.params)
  return {
    code: spelt(row.refines ?? row.code),
    ...(details.length > 0 && { details }),
    ...(status !== undefined && { status }),
    ...(detail.message !== undefined && { message: detail.message }),
    ...(params !== undefined && { params }),
  }
}

const refinedBy = ({ rows }: Catalogue, { refines }: ErrorRow) =>
  rows.find(({ code }) => refines !== undefined && code === refines)

/** The given parameters, and the text that a refinement looks for, unless another was given. */
function paramsOf(catalogue: Catalogue, row: ErrorRow, given: FaultDetail['params']): readonly unknown[] | undefined {
  if (row.when === undefined) return given === undefined ? undefined : byPosition(row, given)
  if (given !== undefined && isList(given)) return given
  const refined = refinedBy(catalogue, row) ?? row
  const { param = refined.params?.[0], includes } = row.when
  return param === undefined ? [includes[0]] : byPosition(refined, { ...given, [param]: given?.[param] ?? includes[0] })
}

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
