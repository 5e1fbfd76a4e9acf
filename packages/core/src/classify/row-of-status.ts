import type { Fault } from '../contract/fault.ts'
import type { ErrorRow } from '../contract/row.ts'
import type { Vendor } from '../contract/vendor.ts'
import { http } from '../http/http.ts'

// With these statuses, the status decides what to do, and an unlisted code is only the reason.
const SPEAK_FOR_THEMSELVES = new Set([401, 429, 502, 503, 504])

// RFC 9110, section 15.5.10: the state of the resource is the reason. Which step met it, an unlisted code does not say:
// Neutron answers 409 by the class of an exception, and raises some of that class after it has begun.
const conflict = http.catalogue.find({ code: 'HTTP_409' })
const UNLISTED_CONFLICT: ErrorRow | undefined = conflict && { ...conflict, outcome: 'unknown' }

/** The row of the status, for a fault without a row. RFC 9110, section 15: an unknown status is the x00 of its class. */
export function rowOfStatus({ status, inTask, settled }: Fault, { name }: Pick<Vendor, 'name'>): ErrorRow | undefined {
  if (status === undefined || inTask || settled) return undefined
  if (name === http.name) {
    const byClass = status >= 500 ? 'HTTP_500' : status >= 400 ? 'HTTP_400' : ''
    return http.catalogue.find({ code: byClass })
  }
  if (status === 409) return UNLISTED_CONFLICT
  return SPEAK_FOR_THEMSELVES.has(status) ? http.catalogue.find({ code: `HTTP_${status}` }) : undefined
}
