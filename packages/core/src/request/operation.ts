import { methodName } from '../contract/path-templates.ts'
import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'

/**
 * The name of what a request asks for, for people and as a label of metrics: the vendor's, else the HTTP method. A URL is no name,
 * because only the vendor knows which parts of it are identifiers.
 */
export function operationOf(request: RequestFacts, vendor: Vendor | undefined): string {
  try {
    return vendor?.operation?.(request) || methodName(request.method)
  } catch {
    // An exception in a hook must not replace the error.
    return methodName(request.method)
  }
}
