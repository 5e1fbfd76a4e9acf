import type { Decision, FailReason } from '../contract/decision.ts'
import type { Kind, OutcomeOfError } from '../contract/row.ts'
import { type CauseJson, causeJson } from './cause-json.ts'
import { bears, mark, marker } from './marker.ts'
import { describe } from './message.ts'
import type { NamedRequest } from './request-line.ts'

const VENDOR_ERROR = marker('VendorError')

/** The record of one attempt: what it met, and what was decided about it. */
export interface AttemptRecord {
  /** Counts from 1. */
  readonly attempt: number
  readonly method: string
  /** The name of what was asked for, as {@link VendorError.operation}. */
  readonly operation: string
  /** True if what was asked changes nothing at the server. */
  readonly safe: boolean
  /** Milliseconds since the call began. */
  readonly at: number
  /** Milliseconds it took. */
  readonly ms: number
  readonly status?: number
  readonly code: string
  readonly kind: Kind
  readonly outcome: OutcomeOfError
  readonly decision: Decision
}

/** A request as an error shows it: without headers, body and query. */
export interface ShownRequest {
  readonly method: string
  readonly url: string
}

/** The arguments of a {@link VendorError}. */
export interface VendorErrorInit {
  readonly vendor: string
  readonly code: string
  readonly detail?: string | undefined
  readonly kind: Kind
  readonly outcome: OutcomeOfError
  readonly params: Readonly<Record<string, unknown>>
  readonly achieved?: boolean | undefined
  readonly status?: number | undefined
  readonly hint?: string | undefined
  readonly serverMessage?: string | undefined
  readonly attempts: readonly AttemptRecord[]
  readonly reason: FailReason
  readonly retryAfter?: number | undefined
  readonly mayBeDoneBy?: number | undefined
  readonly verifyWith?: string | undefined
  /** The name of work whose end nobody will see; for the message. */
  readonly lostWork?: string | undefined
  readonly request: NamedRequest
  readonly response?: Response | undefined
  readonly cause?: unknown
}

/**
 * A call that failed for good: what the vendor said, what it means, and why the engine stopped.
 *
 * Its members hold no secret, so it may be logged. `response` is a getter of its class, which nobody prints: what a
 * server wrote is the caller's to judge.
 */
export class VendorError<Code extends string = string> extends Error {
  override readonly name = 'VendorError'
  /** The vendor whose catalogue classified it, or `http` for a bare status or a transport failure. */
  readonly vendor: string
  /** The vendor's code, as the vendor spells it. */
  readonly code: Code
  /** The finer code: of the row that spoke, or else the first that came with the code. */
  readonly detail: string | undefined
  readonly kind: Kind
  /** `rejected` where the last attempt was refused before anything was done; `unknown` where it may have been done. */
  readonly outcome: OutcomeOfError
  /** The error's parameters by the names of the code's signature; further ones by position. */
  readonly params: Readonly<Record<string, unknown>>
  /** True for a conflict whose wanted state holds already: `acceptAchieved` takes it for success. */
  readonly achieved: boolean
  readonly status: number | undefined
  /** Advice for a person, in one short line. A bundle for a browser or a worker leaves out those of rows (docs/runtimes.md, In bundles). */
  readonly hint: string | undefined
  /** Every attempt: what was seen and what was decided. */
  readonly attempts: readonly AttemptRecord[]
  /** The reason why the engine stopped. */
  readonly reason: FailReason
  /** Milliseconds after which to try again, if anybody said. */
  readonly retryAfter: number | undefined
  /** True if the request changes something and an attempt of this call may have done so. */
  readonly mayBeDone: boolean
  /** The attempt that may have done it. */
  readonly mayBeDoneBy: number | undefined
  /** For a request that may have been done: the request that finds out, if the vendor knows one. */
  readonly verifyWith: string | undefined
  readonly request: ShownRequest
  /**
   * The name of what was asked for: `VM.start`, `PUT /v2/{project}/policies/{policy}`. It holds no identifier and is one of
   * few, so it may label a metric. The HTTP method where no vendor knows one.
   */
  readonly operation: string
  /** The caller's own name for the call, from its option `label`. */
  readonly label: string | undefined
  // No member: whoever prints an error with all that is hidden in it would print the reply's headers and URL.
  readonly #response: Response | undefined

  constructor(init: VendorErrorInit) {
    super(describe(init), init.cause === undefined ? undefined : { cause: init.cause })
    this.vendor = init.vendor
    this.code = init.code as Code
    this.detail = init.detail
    this.kind = init.kind
    this.outcome = init.outcome
    this.params = init.params
    this.achieved = init.achieved ?? false
    this.status = init.status
    this.hint = init.hint
    this.attempts = init.attempts
    this.reason = init.reason
    this.retryAfter = init.retryAfter
    this.mayBeDone = init.mayBeDoneBy !== undefined
    this.mayBeDoneBy = init.mayBeDoneBy
    this.verifyWith = init.verifyWith
    const { method, url, operation, label } = init.request
    this.request = { method, url }
    this.operation = operation
    this.label = label
    this.#response = init.response
    mark(this, VENDOR_ERROR)
  }

  /** The last reply, its body readable as far as it came. */
  get response(): Response | undefined {
    return this.#response
  }

  /** All members but the reply and the stack, to be logged or sent elsewhere; `fromJSON` makes an error of it again. */
  toJSON(): VendorErrorJson {
    const cause = causeJson(this.cause)
    return { ...this, message: this.message, ...(cause && { cause }) }
  }
}

/** A {@link VendorError} as `toJSON` makes it. */
export type VendorErrorJson = Omit<VendorError, 'response' | 'toJSON' | 'stack' | 'cause'> & {
  readonly cause?: CauseJson
}

/** True for a {@link VendorError}, of one vendor if named, also one made by another copy of this package. */
export const isVendorError = (error: unknown, vendor?: string): error is VendorError =>
  bears(error, VENDOR_ERROR) && (vendor === undefined || (error as VendorError).vendor === vendor)

const ofKind =
  (kind: Kind) =>
  (error: unknown): error is VendorError =>
    isVendorError(error) && error.kind === kind

/** True for an error that time may cure. */
export const isRetryable = ofKind('retryable')
/** True for an error about the caller's session, credentials or rights. */
export const isAuth = ofKind('auth')
/** True for an error about the state of what the request names. */
export const isConflict = ofKind('conflict')
/** True for an error that neither time nor a login cures. */
export const isFatal = ofKind('fatal')
