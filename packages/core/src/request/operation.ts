import { methodName } from '../contract/path-templates.ts'
import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'

/**
 * The name of what a request asks for, for people and as a label of metrics: the vendor's, and without one the HTTP method.
 * A URL is no name, for nobody but the vendor knows which parts of it are names and which are identifiers.
 */
export function operationOf(request: RequestFacts, vendor: Vendor | undefined): string {
  try {
    return vendor?.operation?.(request) || methodName(request.method)
  } catch {
    // A hook that throws must not take the place of the error that is told.
    return methodName(request.method)
  }
}
