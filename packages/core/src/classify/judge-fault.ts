import type { ErrorRow } from '../contract/row.ts'
import type { Vendor } from '../contract/vendor.ts'
import type { Verdict } from '../contract/verdict.ts'
import { http } from '../http/http.ts'
import { type JudgeInput, judge } from './judge.ts'

/** A fault that was not read from a reply by its vendor's parser. */
export interface FaultInput extends Omit<JudgeInput, 'vendor' | 'source'> {
  /** Absent for plain HTTP. */
  readonly vendor: Vendor | undefined
}

/** Judges a fault by the vendor's rows, or by the built-in vendor's if only they have its code. */
export function judgeFault({ fault, vendor, ...input }: FaultInput): Verdict {
  const bare: ErrorRow | undefined = http.catalogue.find(fault)
  const isVendors = vendor !== undefined && (bare === undefined || vendor.catalogue.find(fault) !== undefined)
  if (isVendors) return judge({ ...input, fault, vendor, source: 'vendor' })
  const status = bare?.status
  if (status === undefined) return judge({ ...input, fault, vendor: http, source: 'transport' })
  return judge({ ...input, fault: { ...fault, status }, vendor: http, source: 'status' })
}
