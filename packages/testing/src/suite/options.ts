import type { ErrorRow, Fault, Vendor } from '@holdfast/core/plugin'
import type { Wire, WireReply } from '../wire.ts'
import type { SecretReply, SecretRequest } from './secret-requests.ts'

/** A clock that a test turns by hand, so that back-off and breakers cost no time. */
export interface Timers {
  /** Replaces timers, `Date` and `performance`. */
  use(): void
  /** Lets so many milliseconds pass, with every timer and promise that falls due. */
  advance(ms: number): Promise<unknown>
  restore(): void
}

/** A request of the conformance suite, to which the errors are the answers. */
export interface CaseRequest {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** One documented error, as the vendor's own document lists it. */
export interface DocumentedError {
  readonly code: string
  readonly status?: number
}

/** The options of the conformance suite. */
export interface VendorSuiteOptions<Row extends ErrorRow = ErrorRow> {
  readonly vendor: Vendor<Row>
  /** Every error of the vendor's document: the measure of completeness, so read it from there, not from the catalogue. */
  readonly documented: readonly DocumentedError[]
  /** The form of the vendor's faults on the wire. */
  readonly wire: Wire
  /** Address of requests for which the wire names none. @default the root of the vendor's first origin */
  readonly url?: string
  /** A request that may be repeated whatever became of it. @default GET of the URL */
  readonly read?: CaseRequest
  /** A request that must not be repeated once it may have been done. @default POST of the URL, with a JSON body */
  readonly write?: CaseRequest
  /** Answers the vendor's logins and logouts; `undefined` for every other request. Needed by a vendor with credentials. */
  readonly login?: (request: Request) => Response | undefined | Promise<Response | undefined>
  /** A reply that means success. @default 200 with an empty JSON object */
  readonly success?: (request: Request) => Response
  /** Replies that are fine though they may not look so: the parser must find no fault in them. @default none */
  readonly fine?: readonly WireReply[]
  /** An error that the catalogue does not have; `false` if its codes are closed. @default code EXAMPLE_UNLISTED, status 400 */
  readonly unlisted?: Fault | false
  /** Requests that show secrets, one for each operation that takes any: a server repeats them, and nobody may tell. @default none */
  readonly secretRequests?: readonly SecretRequest[]
  /** Replies that show secrets, one for each operation that gives any: nobody may tell them. @default none */
  readonly secretReplies?: readonly SecretReply[]
  /** @default real time: back-off of a millisecond, and the server's own waits are not tried */
  readonly timers?: Timers
}
