import type { ErrorRow, Fault, Vendor } from '@holdfast/core/plugin'
import type { Wire, WireReply } from '../wire.ts'
import type { SecretReply, SecretRequest } from './secret-requests.ts'

/** A clock that a test advances, so that back-off and breakers cost no time. */
export interface Timers {
  /** Replaces timers, `Date` and `performance`. */
  use(): void
  /** Advances by so many milliseconds, and runs every timer and promise that is due. */
  advance(ms: number): Promise<unknown>
  restore(): void
}

/** A request of the conformance suite, which the errors answer. */
export interface CaseRequest {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** One documented error, from the vendor's own document. */
export interface DocumentedError {
  readonly code: string
  readonly status?: number
}

/** The options of the conformance suite. */
export interface VendorSuiteOptions<Row extends ErrorRow = ErrorRow> {
  readonly vendor: Vendor<Row>
  /** Every error of the vendor's document. The catalogue is compared with it, so read it from there, not from the catalogue. */
  readonly documented: readonly DocumentedError[]
  /** The form of the vendor's faults on the wire. */
  readonly wire: Wire
  /** Default URL of requests. @default the root of the vendor's first origin */
  readonly url?: string
  /** A request that may always be repeated. @default GET of the URL */
  readonly read?: CaseRequest
  /** A request that must not be repeated if it may have been done. @default POST of the URL, with a JSON body */
  readonly write?: CaseRequest
  /** Answers the vendor's logins and logouts; `undefined` for every other request. Needed by a vendor with credentials. */
  readonly login?: (request: Request) => Response | undefined | Promise<Response | undefined>
  /** A reply that means success. @default 200 with an empty JSON object */
  readonly success?: (request: Request) => Response
  /** Good replies that may look like failures: the parser must find no fault in them. @default none */
  readonly fine?: readonly WireReply[]
  /** An error that the catalogue does not have; `false` if its codes are closed. @default code EXAMPLE_UNLISTED, status 400 */
  readonly unlisted?: Fault | false
  /** Requests with secrets, one for each operation that takes any: a server repeats them, and nothing may show them. @default none */
  readonly secretRequests?: readonly SecretRequest[]
  /** Replies with secrets, one for each operation that returns any: nothing may show them. @default none */
  readonly secretReplies?: readonly SecretReply[]
  /** @default real time: back-off of a millisecond, and the server's own waits are not tried */
  readonly timers?: Timers
}
