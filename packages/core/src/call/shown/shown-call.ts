import type { CallFields } from '../../contract/event.ts'
import type { NamedRequest } from '../../error/request-line.ts'
import type { Policy } from '../../options/policy.ts'
import { operationOf } from '../../request/operation.ts'
import { redactName, redactUrl } from '../../secrets/redact-url.ts'
import type { Destination } from '../destination.ts'

/** The parts of a call that are shown. */
interface Shown {
  readonly id: number
  readonly destination: Destination
  readonly policy: Pick<Policy, 'label'>
  readonly engine: { readonly eventMarks?: { readonly poll: true } }
}

/** A call at one of its destinations, as errors and events show it. Made once for all of them. */
export class ShownCall {
  readonly destination: Destination
  /** The fields of all its events. Each event is a copy with another type, which is cheaper than collecting the fields again. */
  readonly fields: CallFields & { readonly type: string }

  constructor({ id, destination, policy, engine }: Shown, secrets: readonly string[]) {
    this.destination = destination
    const { target, vendor, service } = destination
    const { label } = policy
    const fields = {
      type: '',
      call: id,
      key: service.id,
      method: target.method,
      url: redactUrl(target.url, target.origin, secrets),
      operation: redactName(operationOf(target, vendor), secrets),
    }
    const named = label === undefined ? fields : { ...fields, label: redactName(label, secrets) }
    this.fields = engine.eventMarks === undefined ? named : { ...named, ...engine.eventMarks }
  }

  get request(): NamedRequest {
    const { method, url, operation, label } = this.fields
    return { method, url, operation, ...(label !== undefined && { label }) }
  }
}
