import type { CallFields } from '../../contract/event.ts'
import type { NamedRequest } from '../../error/request-line.ts'
import type { Policy } from '../../options/policy.ts'
import { operationOf } from '../../request/operation.ts'
import { redactName, redactUrl } from '../../secrets/redact-url.ts'
import type { Destination } from '../destination.ts'

/** A call at one of its destinations, as errors and events show it. */
export interface ShownCall {
  readonly destination: Destination
  readonly request: NamedRequest
  /** The fields of each of its events. */
  readonly fields: CallFields
}

/** The parts of a call that are shown. */
interface Shown {
  readonly id: number
  readonly destination: Destination
  readonly policy: Pick<Policy, 'label'>
  readonly engine: { readonly eventMarks?: { readonly poll: true } }
}

/** Shows a call, made once for all of its events: without them a good call tells nobody. */
export function showCall({ id, destination, policy, engine }: Shown, secrets: readonly string[]): ShownCall {
  const { target, vendor, service } = destination
  const { label } = policy
  const request: NamedRequest = {
    method: target.method,
    url: redactUrl(target.url, target.origin, secrets),
    operation: redactName(operationOf(target, vendor), secrets),
    ...(label !== undefined && { label: redactName(label, secrets) }),
  }
  return { destination, request, fields: { call: id, key: service.id, ...request, ...engine.eventMarks } }
}
