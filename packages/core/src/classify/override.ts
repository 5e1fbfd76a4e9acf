import type { ErrorOptions, Override } from '../contract/policy.ts'
import type { Verdict } from '../contract/verdict.ts'
import { http } from '../http/http.ts'

/** The parts of a verdict by which its override is found. */
export type Overridable = Pick<Verdict, 'fault' | 'row' | 'vendor'>

/**
 * The override for a fault: that of its finer code, else of its code, else of its row's family, else of a family that only the
 * user names, else of the status class, for a fault that is known by its status alone.
 */
export function overrideOf(found: Overridable, errors: ErrorOptions | undefined): Override | undefined {
  if (errors === undefined) return undefined
  const byCode = errors as Readonly<Record<string, Override | undefined>>
  return byName(found, byCode) ?? byBeginning(found, byCode) ?? byClass(found, byCode)
}

type ByCode = Readonly<Record<string, Override | undefined>>

function byName({ fault, row }: Overridable, byCode: ByCode): Override | undefined {
  if (row === undefined) return byCode[fault.code]
  // A refinement's code is finer than the code in the answer; a family's is coarser.
  const { code, refines } = row
  return refines === undefined
    ? (byCode[fault.code] ?? byCode[code])
    : (byCode[code] ?? byCode[fault.code] ?? byCode[refines])
}

/** The override of a family, for a code that no row lists by itself. */
function byBeginning({ fault: { code }, row }: Overridable, byCode: ByCode): Override | undefined {
  if (row !== undefined && (row.refines !== undefined || row.code === code)) return undefined
  const families = Object.keys(byCode).filter((name) => name.endsWith('*') && code.startsWith(name.slice(0, -1)))
  return byCode[families.sort((one, other) => other.length - one.length)[0] ?? '']
}

const byClass = ({ fault: { status }, vendor }: Overridable, byCode: ByCode): Override | undefined =>
  vendor === http.name && status !== undefined ? byCode[`HTTP_${Math.trunc(status / 100)}XX`] : undefined
