import type { Decision, FailReason } from '../contract/decision.ts'
import type { Kind, OutcomeOfError } from '../contract/row.ts'
import { type CauseJson, causeJson } from './cause-json.ts'
import { bears, mark, marker } from './marker.ts'
import { describe } from './message.ts'
import type { NamedRequest } from './request-line.ts'

const VENDOR_ERROR = marker('VendorError')

/** The record of one attempt: its fault, and the decision about it. */
export interface AttemptRecord {
  /** Counts from 1. */
  readonly attempt: number
  readonly method: string
  /** As {@link VendorError.operation}. */
  readonly operation: string
  /** True if the request changes nothing at the server. */
  readonly safe: boolean
  /** Milliseconds since the call began. */
  readonly at: number
  /** Duration in milliseconds. */
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
  /** Name of work whose end can no longer be observed; for the message. */
  readonly lostWork?: string | undefined
  readonly request: NamedRequest
  readonly response?: Response | undefined
  readonly cause?: unknown
}

/**
 * The error of a call that failed for good: what the vendor said, what it means, and why the engine stopped.
 *
 * Its members contain no secret, so it may be logged. `response` holds the server's own words, which may contain secrets; it
 * is a getter of the class, so that loggers do not print it.
 */
export class VendorError<Code extends string = string> extends Error {
  override readonly name = 'VendorError'
  /** Name of the vendor whose catalogue has the error, or `http` for a bare status or a transport failure. */
  readonly vendor: string
  /** The vendor's code, as the vendor spells it. */
  readonly code: Code
  /** A more precise code, if the reply has one beside `code`. */
  readonly detail: string | undefined
  readonly kind: Kind
  /** `rejected` if the last attempt was refused before anything was done; `unknown` if it may have been done. */
  readonly outcome: OutcomeOfError
  /** The error's parameters by the names that the catalogue gives them; others by position. */
  readonly params: Readonly<Record<string, unknown>>
  /** True for a conflict whose wanted state holds already; the option `acceptAchieved` makes it a success. */
  readonly achieved: boolean
  readonly status: number | undefined
  /** Advice for a person, in one short line. Bundles for browsers and workers leave out the catalogue's (docs/runtimes.md, In bundles). */
  readonly hint: string | undefined
  /** The record of every attempt. */
  readonly attempts: readonly AttemptRecord[]
  /** The reason why the engine stopped. */
  readonly reason: FailReason
  /** Milliseconds after which to try again, if known. */
  readonly retryAfter: number | undefined
  /** True if the request changes something and an attempt of this call may have done so. */
  readonly mayBeDone: boolean
  /** Number of the attempt that may have done it. */
  readonly mayBeDoneBy: number | undefined
  /** If the request may have been done: the request that finds out whether it was, if the vendor knows one. */
  readonly verifyWith: string | undefined
  readonly request: ShownRequest
  /**
   * The vendor's name for the request: `VM.start`, `PUT /v2/{project}/policies/{policy}`. It contains no identifier and comes
   * from a short list, so it may label a metric. The HTTP method if the vendor has no name for it.
   */
  readonly operation: string
  /** The caller's own name for the call, from its option `label`. */
  readonly label: string | undefined
  // Private: a logger that prints hidden members too would print the reply's headers and URL.
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

  /** The last reply. Its body can be read as far as it arrived. */
  get response(): Response | undefined {
    return this.#response
  }

  /** All members but the reply and the stack, for a log or another process; `fromJSON` turns them into an error again. */
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
