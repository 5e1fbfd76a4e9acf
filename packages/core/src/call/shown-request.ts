import type { NamedRequest } from '../error/request-line.ts'
import type { Policy } from '../options/policy.ts'
import { operationOf } from '../request/operation.ts'
import { redactName, redactUrl } from '../secrets/redact-url.ts'
import type { Destination } from './destination.ts'

/** The parts of a call that show its request. */
interface ShownCall {
  readonly destination: Pick<Destination, 'target' | 'vendor'>
  readonly policy: Pick<Policy, 'label'>
}

/** The request of a call as errors and events show it. */
export function shownRequestOf(
  { destination: { target, vendor }, policy }: ShownCall,
  secrets: readonly string[],
): NamedRequest {
  const { label } = policy
  return {
    method: target.method,
    url: redactUrl(target.url, secrets),
    operation: redactName(operationOf(target, vendor), secrets),
    ...(label !== undefined && { label: redactName(label, secrets) }),
  }
}
